"""Gives each credential a place on its status list that nobody can guess and nobody else ever gets."""

import hashlib
import hmac
from dataclasses import dataclass

LIST_SIZE = 131_072
"""Places on one list: the least that gives herd privacy (Bitstring Status List 1.0 §6.1)."""
_LEFT, _RIGHT = 9, 8
_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class StatusPlace:
    """Where one credential's status stands: the list's number, from 1, and the index on it."""

    list_number: int
    index: int


def place(count: int, *, key: bytes) -> StatusPlace:
    """The place of the ``count``-th credential, counted from 0: two counts never share one, and the order shows nothing."""
    number, position = divmod(count, LIST_SIZE)
    return StatusPlace(number + 1, permuted(position, key=key, tweak=number + 1))


def permuted(position: int, *, key: bytes, tweak: int) -> int:
    """A keyed permutation of ``range(LIST_SIZE)``: an unbalanced Feistel network of 9 and 8 bits, ten rounds of HMAC-SHA-256."""
    left, right = divmod(position, 1 << _RIGHT)
    widths = (_LEFT, _RIGHT)
    for turn in range(_ROUNDS):
        left, right = right, left ^ _mixed(right, key=key, tweak=tweak, turn=turn) & ((1 << widths[turn % 2]) - 1)
    return (left << _RIGHT) | right


def _mixed(half: int, *, key: bytes, tweak: int, turn: int) -> int:
    message = tweak.to_bytes(8, "big") + bytes((turn,)) + half.to_bytes(2, "big")
    return int.from_bytes(hmac.digest(key, message, hashlib.sha256)[:2], "big")
