"""The canonical statements of a proof's options: what a proof says about itself is signed beside the document."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from credentials.jsonld import Contexts, canonicalize
from credentials.timestamps import parse_timestamp
from doors.json import JsonObject
from doors.refusals import Refused

_METHOD = re.compile(r"did:[a-z0-9]{1,32}:(?:[A-Za-z0-9._:-]|%[0-9A-F]{2}){1,512}#[A-Za-z0-9._:-]{1,512}", re.ASCII)
_TEXT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:/-]{0,512}", re.ASCII)
_SAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "created": "2000-01-01T00:00:01Z",
        "expires": "2000-01-01T00:00:02Z",
        "verificationMethod": "did:example:sample#sample",
        "challenge": "sample.challenge",
        "domain": "sample.domain",
        "nonce": "sample.nonce",
    }
)
"""Values in the place of those that are another for each proof."""

Piece = tuple[str, str]
"""Text, and the member whose value comes after it; no member at the end."""


def canonical_configuration(options: JsonObject, context: object, *, contexts: Contexts, digest: str = "sha256") -> str:
    """The canonical N-Quads of proof options under the document's ``context`` (Data Integrity EdDSA and ECDSA Cryptosuites §3.2.5).

    Options that differ only in plain moments, keys and texts make the same statements about other values: these are read as linked
    data once, and the values, each of which is held against a pattern, are put in. All others are read as linked data every time.
    Raises as ``canonicalize``.
    """
    pieces = _pieces_for(options, context, contexts, digest)
    if pieces is None:
        return canonicalize({**options, "@context": context}, contexts=contexts, digest=digest)
    return "".join(text + options[name] if name else text for text, name in pieces)


def _pieces_for(options: JsonObject, context: object, contexts: Contexts, digest: str) -> tuple[Piece, ...] | None:
    """None where ``options`` are not plain ones."""
    if not isinstance(context, list) or not all(isinstance(entry, str) and entry in contexts.documents for entry in context):
        return None
    if not all(isinstance(value, str) and name in _PLAIN and _PLAIN[name](value) for name, value in options.items()):
        return None
    shape = tuple((name, "" if name in _SAMPLES else value) for name, value in sorted(options.items()))
    return _pieces(shape, tuple(context), contexts, digest)


@lru_cache(maxsize=128)
def _pieces(shape: tuple[Piece, ...], context: tuple[str, ...], contexts: Contexts, digest: str) -> tuple[Piece, ...] | None:
    """What stands between the values; None where their place could depend on them, or where the sample is refused."""
    sample = {name: _SAMPLES.get(name, value) for name, value in shape}
    try:
        lines = canonicalize({**sample, "@context": list(context)}, contexts=contexts, digest=digest).splitlines(keepends=True)
    except Refused:
        return None
    told_apart = {tuple(line.split(" ", 2)[:2]) for line in lines}
    names = [name for name in sample if name in _SAMPLES]
    if len(told_apart) != len(lines) or len({subject for subject, _ in told_apart}) != 1:
        return None
    return _cut("".join(lines), names)


def _cut(text: str, names: list[str]) -> tuple[Piece, ...] | None:
    """``text`` cut at the sample of each member, which has to stand there once, as a whole name or literal."""
    places = []
    for name in names:
        whole = re.findall(rf'["<]{re.escape(_SAMPLES[name])}[">]', text)
        if len(whole) != 1 or text.count(_SAMPLES[name]) != 1:
            return None
        places.append((text.index(_SAMPLES[name]), name))
    pieces, start = [], 0
    for place, name in sorted(places):
        pieces.append((text[start:place], name))
        start = place + len(_SAMPLES[name])
    return (*pieces, (text[start:], ""))


def _is_word(text: str) -> bool:
    return len(text) <= 64


def _is_moment(text: str) -> bool:
    try:
        parse_timestamp(text, pointer="")
    except Refused:
        return False
    return True


def _is_method(text: str) -> bool:
    return _METHOD.fullmatch(text) is not None


def _is_text(text: str) -> bool:
    return _TEXT.fullmatch(text) is not None


_PLAIN: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        **dict.fromkeys(("type", "cryptosuite", "proofPurpose"), _is_word),
        **dict.fromkeys(("created", "expires"), _is_moment),
        "verificationMethod": _is_method,
        **dict.fromkeys(("challenge", "domain", "nonce"), _is_text),
    }
)
"""Which members plain options may have, and how."""
