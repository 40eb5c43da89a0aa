"""One hidden claim: its salt, its name and its value, in the envelope that its digest stands for."""

from dataclasses import dataclass

import orjson

from doors import base64url
from doors.json import LIMITS, JsonValue, parse_json
from doors.refusals import DisclosureInvalid

RESERVED = frozenset({"_sd", "...", "_sd_alg"})


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A disclosure as it travels (``text``) and what it says; ``name`` is ``None`` for an array element (RFC 9901 §4.2)."""

    text: str
    name: str | None
    value: JsonValue


def make_disclosure(salt: bytes, value: JsonValue, *, name: str | None) -> Disclosure:
    """Hide ``value`` behind ``salt`` (at least 16 random bytes, RFC 9901 §9.3); raises ``DisclosureInvalid`` for a reserved name."""
    if name in RESERVED:
        raise DisclosureInvalid("disclosure: the claim name is reserved (RFC 9901 §4.2.1)")
    parts = [base64url.encode(salt), value] if name is None else [base64url.encode(salt), name, value]
    return Disclosure(text=base64url.encode(orjson.dumps(parts)), name=name, value=value)


def parse_disclosure(text: str) -> Disclosure:
    """Read a disclosure from outside: an array of salt, name and value, or of salt and value (RFC 9901 §4.2.1, §4.2.2).

    Raises ``InputMalformed`` for broken encoding, ``DuplicateMember``, ``InputTooLarge`` and ``DisclosureInvalid`` for all else.
    """
    parts = _parts(base64url.decode(text))
    if not isinstance(parts, list) or len(parts) not in (2, 3) or not isinstance(parts[0], str):
        raise DisclosureInvalid("disclosure: expected an array of a salt, for a member its name, and a value (RFC 9901 §4.2)")
    if len(parts) == 2:
        return Disclosure(text=text, name=None, value=parts[1])
    if not isinstance(parts[1], str) or parts[1] in RESERVED:
        raise DisclosureInvalid("disclosure: expected a claim name that is a string and not reserved (RFC 9901 §7.1)")
    return Disclosure(text=text, name=parts[1], value=parts[2])


def _parts(content: bytes) -> JsonValue:
    """The strict reading; a flat array of strings and booleans, which has nothing to be strict about, is read in one step."""
    if b"{" not in content and len(content) <= LIMITS.string:
        try:
            parts = orjson.loads(content)
        except orjson.JSONDecodeError:
            return parse_json(content)
        if isinstance(parts, list) and len(parts) <= 3 and all(isinstance(part, str | bool) for part in parts):
            return parts
    return parse_json(content)
