"""Base64url without padding, read strictly: one spelling for one value (RFC 4648 §3.5, RFC 7515 §2)."""

import binascii

from doors.refusals import InputMalformed

_TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/-__")
"""Spells base64url as base64, and what base64 alone may hold as what it may not."""
_FROM_STANDARD = bytes.maketrans(b"+/", b"-_")
_ENDS = (None, "", "AQgw", "AEIMQUYcgkosw048")
"""By length modulo 4: the last characters whose unused bits are zero; none for a length that no value has."""
_PADDING = (b"", b"", b"==", b"=")


def encode(value: bytes) -> str:
    return binascii.b2a_base64(value, newline=False).translate(_FROM_STANDARD).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes of ``text``; raises ``InputMalformed`` for padding, foreign characters and loose trailing bits."""
    left = len(text) % 4
    ends = _ENDS[left]
    if ends is not None and text[-1] not in ends:
        raise InputMalformed("base64url: expected the one canonical spelling, without padding")
    try:
        return binascii.a2b_base64(text.encode("ascii").translate(_TO_STANDARD) + _PADDING[left], strict_mode=True)
    except (binascii.Error, ValueError):
        raise InputMalformed("base64url: not well-formed") from None
