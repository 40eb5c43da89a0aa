"""How a credential or presentation stands inside a JSON message: as an object or as a text, by its format."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from doors.json import JsonValue, parse_object
from doors.refusals import InputMalformed


def _text(value: JsonValue) -> bytes:
    if not isinstance(value, str) or not value.isascii():
        raise InputMalformed("credential: expected a text in this format, got another JSON value")
    return value.encode("ascii")


def _object(value: JsonValue) -> bytes:
    if not isinstance(value, dict):
        raise InputMalformed("credential: expected an object in this format, got another JSON value")
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


_TO_WIRE: Mapping[str, Callable[[JsonValue], bytes]] = MappingProxyType({"ldp_vc": _object, "dc+sd-jwt": _text, "jwt_vc_json": _text})
_FROM_WIRE: Mapping[str, Callable[[bytes], JsonValue]] = MappingProxyType(
    {"ldp_vc": parse_object, "dc+sd-jwt": lambda wire: wire.decode("ascii"), "jwt_vc_json": lambda wire: wire.decode("ascii")}
)
WIRE_FORMATS = frozenset(_TO_WIRE)
"""Formats whose place in JSON is known: ``ldp_vc`` is an object, the compact ones a text (OpenID4VCI Appendix A, OpenID4VP Appendix B)."""


def to_wire(value: JsonValue, *, format_name: str) -> bytes:
    """The bytes of a credential or presentation that stands in a message as ``value``; raises ``InputMalformed`` for the wrong kind."""
    if format_name not in _TO_WIRE:
        raise InputMalformed(f"format: expected one of {', '.join(sorted(_TO_WIRE))}, got another")
    return _TO_WIRE[format_name](value)


def from_wire(wire: bytes, *, format_name: str) -> JsonValue:
    """What stands in a message for a credential or presentation of these bytes."""
    if format_name not in _FROM_WIRE:
        raise InputMalformed(f"format: expected one of {', '.join(sorted(_FROM_WIRE))}, got another")
    return _FROM_WIRE[format_name](wire)
