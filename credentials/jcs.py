"""One spelling for one JSON value: the JSON Canonicalization Scheme (RFC 8785)."""

import orjson
import rfc8785

from doors.json import JsonValue
from doors.refusals import InputMalformed

_LARGEST = 2**53 - 1


def canonical_json(value: JsonValue) -> bytes:
    """The canonical UTF-8 bytes of ``value``; raises ``InputMalformed`` for what I-JSON cannot carry (RFC 7493 §2.2)."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS) if _is_plain(value) else rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, TypeError, ValueError, RecursionError):
        raise InputMalformed("JSON: expected what RFC 8785 can write: finite numbers, integers below 2^53, Unicode text") from None


def _is_plain(value: JsonValue) -> bool:
    """Whether the faster writer gives the same bytes: member names in ASCII, no fractions, no large integers."""
    if isinstance(value, dict):
        return all(isinstance(name, str) and name.isascii() and _is_plain(item) for name, item in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, int):
        return -_LARGEST <= value <= _LARGEST
    return value is None or isinstance(value, str)
