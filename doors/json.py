"""Read JSON from outside: no duplicate members, no NaN, nothing too deep, too large or too long."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from doors.refusals import DuplicateMember, InputMalformed, InputTooLarge

JsonValue = Any
"""Any of None, bool, int, float, str, list and dict, as JSON has them."""
JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class JsonLimits:
    """How much JSON is read at most: bytes in all, nesting, members and items in all, characters a string, digits a number."""

    size: int = 256 * 1024
    depth: int = 32
    members: int = 5_000
    string: int = 64 * 1024
    digits: int = 64


LIMITS = JsonLimits()


def parse_json(text: bytes | str, limits: JsonLimits = LIMITS) -> JsonValue:
    """The value that ``text`` holds, strictly by RFC 8259 and I-JSON (RFC 7493).

    Raises ``InputTooLarge`` above ``limits.size``, ``DuplicateMember``, and ``InputMalformed`` for all else.
    """
    if len(text) > limits.size:
        raise InputTooLarge(f"JSON: expected at most {limits.size} bytes, got {len(text)}")
    _refuse_deep(text, limits.depth)
    try:
        value = _decoder(limits.digits).decode(text if isinstance(text, str) else text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputMalformed(f"JSON: not well-formed ({type(error).__name__})") from None
    if not _is_modest(text, limits):
        _refuse_excess(value, limits)
    return value


def parse_object(text: bytes | str, limits: JsonLimits = LIMITS) -> JsonObject:
    """Like ``parse_json``, and the value must be an object."""
    value = parse_json(text, limits)
    if not isinstance(value, dict):
        raise InputMalformed(f"JSON: expected an object, got {type(value).__name__}")
    return value


@lru_cache(maxsize=8)
def _decoder(digits: int) -> json.JSONDecoder:
    """Made once for numbers of so many digits; a decoder keeps nothing of what it reads."""
    return json.JSONDecoder(
        object_pairs_hook=_without_duplicates,
        parse_constant=_refuse_constant,
        parse_int=lambda text: _whole(_bounded(text, digits)),
        parse_float=lambda text: _finite(_bounded(text, digits)),
    )


def _refuse_deep(text: bytes | str, limit: int) -> None:
    """Count brackets before parsing, so that no parser ever recurses on hostile nesting."""
    opened = text.count(b"[") + text.count(b"{") if isinstance(text, bytes) else text.count("[") + text.count("{")
    if opened > limit and _depth(text) > limit:
        raise InputMalformed(f"JSON: expected at most {limit} levels of nesting")


def _depth(text: bytes | str) -> int:
    deepest = depth = 0
    for bracket in _brackets(text if isinstance(text, str) else text.decode("utf-8", "replace")):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _brackets(text: str) -> Iterator[str]:
    """The brackets of ``text`` that do not stand inside strings."""
    in_string = escaped = False
    for character in text:
        if in_string:
            in_string = escaped or character != '"'
            escaped = not escaped and character == "\\"
        elif character == '"':
            in_string = True
        elif character in "[]{}":
            yield character


def _without_duplicates(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise DuplicateMember("JSON: expected each member once in an object, got one twice")
    return members


def _refuse_constant(_name: str) -> float:
    raise InputMalformed("JSON: expected a number, got NaN or Infinity")


def _bounded(digits: str, limit: int) -> str:
    if len(digits) > limit:
        raise InputMalformed(f"JSON: expected numbers of at most {limit} digits")
    return digits


def _whole(digits: str) -> int:
    """At most 64 bits: larger numbers are not read alike by all programs, and some cannot write them (RFC 7493 §2.2)."""
    number = int(digits)
    if not -(2**63) <= number < 2**64:
        raise InputMalformed("JSON: expected whole numbers of at most 64 bits")
    return number


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise InputMalformed("JSON: expected a number that fits, got one too large")
    return number


def _is_modest(text: bytes | str, limits: JsonLimits) -> bool:
    """Whether already the text is too short, and too plain, to hold anything that ``_refuse_excess`` would find.

    Each value and each name but the first stands behind a comma, a colon or an opening bracket; a string is no longer than the
    text; and a lone surrogate comes out of well-formed UTF-8 only by an escape.
    """
    if len(text) > limits.string or not (isinstance(text, bytes) or text.isascii()):
        return False
    octets = text if isinstance(text, bytes) else text.encode("ascii")
    return b"\\u" not in octets and sum(octets.count(mark) for mark in (b",", b":", b"[", b"{")) < 2 * limits.members


def _refuse_excess(value: JsonValue, limits: JsonLimits) -> None:
    """Bound the number of values and the length of strings, and refuse lone surrogates."""
    count, pending = 0, [value]
    while pending:
        item = pending.pop()
        count += 1
        if isinstance(item, str):
            _refuse_text(item, limits.string)
        elif isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, dict):
            pending.extend(item.values())
            pending.extend(item)
        if count > 2 * limits.members:
            raise InputTooLarge(f"JSON: expected at most {limits.members} members")


def _refuse_text(text: str, limit: int) -> None:
    if len(text) > limit:
        raise InputTooLarge(f"JSON: expected strings of at most {limit} characters")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise InputMalformed("JSON: expected Unicode text, got a lone surrogate")
