"""Take members out of a JSON object that must have exactly the members it may have."""

from collections.abc import Callable
from typing import TypeVar

from doors.json import JsonObject, JsonValue
from doors.refusals import InputMalformed

T = TypeVar("T")


def only_members(table: JsonValue, allowed: frozenset[str], *, pointer: str) -> JsonObject:
    """``table`` itself, an object without unknown members; raises ``InputMalformed``."""
    if not isinstance(table, dict):
        raise InputMalformed("expected an object", pointer=pointer)
    unknown = sorted(set(table) - allowed)
    if unknown:
        raise InputMalformed(f"expected only the members {', '.join(sorted(allowed))}, got {len(unknown)} other", pointer=pointer)
    return table


def text_in(table: JsonObject, name: str, *, pointer: str) -> str:
    value = table.get(name)
    if not isinstance(value, str) or not value:
        raise InputMalformed(f"{name}: expected a text", pointer=f"{pointer}/{name}")
    return value


def texts_in(table: JsonObject, name: str, *, pointer: str) -> tuple[str, ...]:
    """The list of texts under ``name``; an absent member is an empty list."""
    return texts(table.get(name, []), pointer=f"{pointer}/{name}")


def texts(value: JsonValue, *, pointer: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise InputMalformed("expected a list of texts", pointer=pointer)
    return tuple(value)


def whole_number(value: JsonValue, *, pointer: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InputMalformed("expected a whole number that is not negative", pointer=pointer)
    return value


def each(table: JsonObject, name: str, parse: Callable[[JsonValue, str], T], *, pointer: str) -> tuple[T, ...]:
    """Every item of the list under ``name`` through ``parse(item, pointer)``; an absent member is an empty list."""
    value = table.get(name, [])
    if not isinstance(value, list):
        raise InputMalformed(f"{name}: expected a list", pointer=f"{pointer}/{name}")
    return tuple(parse(item, f"{pointer}/{name}/{position}") for position, item in enumerate(value))
