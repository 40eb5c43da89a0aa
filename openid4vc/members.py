"""Read the members of an outside JSON object: each of the one kind its specification names, or a refusal that says which."""

from dataclasses import dataclass
from typing import NoReturn

from doors.json import JsonObject, JsonValue
from doors.refusals import Refused
from openid4vc.urls import is_web_url


@dataclass(frozen=True, slots=True)
class Members:
    """One JSON object being read; a missing or wrong member raises ``refusal`` with the member's JSON pointer."""

    document: JsonObject
    refusal: type[Refused]
    pointer: str = ""

    @classmethod
    def of(cls, value: JsonValue, refusal: type[Refused], pointer: str = "") -> "Members":
        """The members of ``value``, which must be an object."""
        if not isinstance(value, dict):
            raise refusal(f"{pointer or 'message'}: expected an object, got {_kind(value)}", pointer=pointer)
        return cls(value, refusal, pointer)

    def has(self, name: str) -> bool:
        return name in self.document

    def refuse(self, name: str, expected: str) -> NoReturn:
        got = _kind(self.document[name]) if name in self.document else "nothing"
        raise self.refusal(f"{name}: expected {expected}, got {got}", pointer=self.at(name))

    def at(self, name: str | int) -> str:
        """The JSON pointer of the member ``name`` (RFC 6901 §3)."""
        return f"{self.pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"

    def text(self, name: str) -> str:
        value = self.document.get(name)
        if not isinstance(value, str) or not value:
            self.refuse(name, "a non-empty string")
        return value

    def text_or(self, name: str, default: str) -> str:
        return self.text(name) if name in self.document else default

    def words(self, name: str) -> str:
        """Text for people: may be empty or absent, which are the same."""
        value = self.document.get(name, "")
        if not isinstance(value, str):
            self.refuse(name, "a string")
        return value

    def url(self, name: str) -> str:
        value = self.text(name)
        if not is_web_url(value):
            self.refuse(name, "an https URL without user name and fragment")
        return value

    def url_or(self, name: str, default: str) -> str:
        return self.url(name) if name in self.document else default

    def flag_or(self, name: str, *, default: bool) -> bool:
        value = self.document.get(name, default)
        if not isinstance(value, bool):
            self.refuse(name, "true or false")
        return value

    def whole(self, name: str, *, least: int) -> int:
        value = self.document.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self.refuse(name, f"a whole number of at least {least}")
        return value

    def items(self, name: str) -> tuple[JsonValue, ...]:
        """The items of a non-empty array."""
        value = self.document.get(name)
        if not isinstance(value, list) or not value:
            self.refuse(name, "a non-empty array")
        return tuple(value)

    def texts(self, name: str) -> tuple[str, ...]:
        values = self.items(name)
        if not all(isinstance(value, str) and value for value in values):
            self.refuse(name, "an array of non-empty strings")
        return values

    def texts_or(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        return self.texts(name) if name in self.document else default

    def inner(self, name: str) -> "Members":
        if name not in self.document:
            self.refuse(name, "an object")
        return Members.of(self.document[name], self.refusal, self.at(name))

    def inner_or_none(self, name: str) -> "Members | None":
        return self.inner(name) if name in self.document else None

    def inners(self, name: str) -> tuple["Members", ...]:
        """The objects of a non-empty array."""
        return tuple(Members.of(item, self.refusal, f"{self.at(name)}/{index}") for index, item in enumerate(self.items(name)))

    def inners_or_none(self, name: str) -> tuple["Members", ...]:
        return self.inners(name) if name in self.document else ()


def _kind(value: JsonValue) -> str:
    return {dict: "an object", list: "an array", str: "a string", bool: "true or false", type(None): "null"}.get(type(value), "a number")


def without_absent(members: JsonObject) -> JsonObject:
    """``members`` without those that are None, empty text, empty list or empty object: absent in a message means left out."""
    return {name: value for name, value in members.items() if value is not None and value not in ("", [], {})}
