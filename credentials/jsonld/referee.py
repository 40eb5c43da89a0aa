"""A second opinion before signing: what an issuer is about to sign says the same to another JSON-LD processor.

PyLD is that other processor, over the same bundled contexts. Verifiers of other makes use their own processors; a document that two
of them read differently must not be signed. Only issuers import this room; a verifier never needs it.
"""

import re
from functools import lru_cache
from itertools import count
from typing import Any

import orjson
from pyld import jsonld

from credentials.jsonld.bundle import context_bytes
from credentials.jsonld.graph import canonicalize
from credentials.model.iri import is_absolute_iri
from doors.json import JsonObject, JsonValue
from doors.refusals import DataModelMismatch

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_VERBATIM = frozenset({"@context", "type", "@type"})


def second_opinion(document: JsonObject) -> None:
    """Raises ``DataModelMismatch`` where PyLD makes other statements of ``document`` than we do, and what ``canonicalize`` raises.

    Which statements a document makes hangs on its shape, not on its texts: each shape is asked about once. (That both processors
    write the same texts alike is held by a differential test.)
    """
    _agreed(orjson.dumps(_shape(document, "", count()), option=orjson.OPT_SORT_KEYS))


@lru_cache(maxsize=256)
def _agreed(shape: bytes) -> None:
    document = orjson.loads(shape)
    ours = canonicalize(document)
    if _by_pyld(document) != ours:
        raise DataModelMismatch("JSON-LD: expected a document that two processors read alike")


def _by_pyld(document: JsonObject) -> str:
    """RDFC-1.0 is URDNA2015 under its final name; PyLD knows it by the older one."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _load}
    try:
        return str(jsonld.normalize(document, options))
    except jsonld.JsonLdError as error:
        raise DataModelMismatch(f"JSON-LD: expected a document that a second processor reads ({error.type})") from None


def _load(address: str, _options: Any) -> dict[str, Any]:
    """PyLD's door to contexts: the pinned bytes, never the network."""
    return {"contextUrl": None, "documentUrl": address, "document": orjson.loads(context_bytes(address)), "tag": "static"}


def _shape(value: JsonValue, name: str, places: "count[int]") -> JsonValue:
    """The document with every text, but for names of types and contexts, replaced by another of its kind, each time a new one."""
    if name in _VERBATIM:
        return value
    if isinstance(value, dict):
        return {inner: _shape(value[inner], inner, places) for inner in sorted(value)}
    if isinstance(value, list):
        return [_shape(item, name, places) for item in value]
    return _like(value, next(places)) if isinstance(value, str) else value


def _like(text: str, place: int) -> str:
    """A text of the same kind as ``text``: a number, a moment, a date, an identifier, or words."""
    if _NUMBER.fullmatch(text):
        return f"{place}.5" if "." in text else str(place)
    if _MOMENT.fullmatch(text):
        return f"2000-01-01T00:{place % 3600 // 60:02}:{place % 60:02}Z"
    if _DATE.fullmatch(text):
        return f"{2000 + place % 1000}-01-01"
    return f"urn:example:{place}" if is_absolute_iri(text) else f"text {place}"
