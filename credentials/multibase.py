"""Multibase text: bytes written as ``z`` (base58btc) or ``u`` (base64url), each value in one spelling only (CID 1.0 §2.4)."""

from doors import base64url
from doors.refusals import InputMalformed

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
LONGEST = 512
"""Base58 costs the square of its length, so no text longer than this is read; keys and signatures need less than 140."""
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


def encode_base58btc(value: bytes) -> str:
    """``value`` as multibase text with the prefix ``z``."""
    number, digits = int.from_bytes(value, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return "z" + "1" * (len(value) - len(value.lstrip(b"\0"))) + digits


def decode_base58btc(text: str, *, longest: int = LONGEST) -> bytes:
    """The bytes of multibase text with the prefix ``z``; raises ``InputMalformed`` for anything else."""
    if not text.startswith("z") or len(text) > longest:
        raise InputMalformed(f"multibase: expected 'z' and at most {longest} characters")
    digits, number = text[1:], 0
    for character in digits:
        if character not in _VALUES:
            raise InputMalformed("multibase: expected the base58btc alphabet only")
        number = number * 58 + _VALUES[character]
    zeros = len(digits) - len(digits.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode_base64url(value: bytes) -> str:
    """``value`` as multibase text with the prefix ``u``."""
    return "u" + base64url.encode(value)


def decode_base64url(text: str) -> bytes:
    """The bytes of multibase text with the prefix ``u``; raises ``InputMalformed`` for anything else."""
    if not text.startswith("u"):
        raise InputMalformed("multibase: expected the prefix 'u'")
    return base64url.decode(text[1:])
