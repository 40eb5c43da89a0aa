"""Base64url without padding, read strictly: one spelling for one value (RFC 4648 §3.5, RFC 7515 §2)."""

import base64
import binascii

from doors.refusals import InputMalformed


def encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes of ``text``; raises ``InputMalformed`` for padding, foreign characters and loose trailing bits."""
    try:
        value = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise InputMalformed("base64url: not well-formed") from None
    if encode(value) != text:
        raise InputMalformed("base64url: expected the one canonical spelling, without padding")
    return value
