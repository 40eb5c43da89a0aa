"""One state of the wallet as a file: a small readable head, and everything else sealed.

Layout: ``MAGIC``, the head (JSON, filled up with spaces to a fixed size), its SHA-256, then the sealed body. The head
holds only what is needed before the passphrase is known. Its fixed size and its digest tell a file that was cut short
(the previous generation is still good) from one that was damaged (nothing in it is believed).
"""

import hashlib
from dataclasses import dataclass

import orjson

from doors import base64url
from doors.json import JsonObject, parse_object
from doors.refusals import InputMalformed, Refused, StoreCorrupt
from wallet.vault import Cost

MAGIC = b"tiger-tally-wallet/1\n"
HEAD_BYTES = 1024
DIGEST_BYTES = 32


class NotWhole(Exception):
    """The file ends before its head says it does: the last save was cut short."""


@dataclass(frozen=True, slots=True)
class Head:
    """What may be read without the passphrase."""

    wallet_id: str
    generation: int
    salt: bytes
    cost: Cost
    wrapped_key: bytes
    body_length: int

    def lock(self) -> bytes:
        """The bytes that the wrapped vault key is bound to: the wallet and the price of a guess."""
        return orjson.dumps([MAGIC.decode(), self.wallet_id, self.cost.passes, self.cost.memory, base64url.encode(self.salt)])

    def binding(self) -> bytes:
        """The bytes that the body is bound to: the lock, this generation and the wrapped key."""
        return hashlib.sha256(self.lock() + self.generation.to_bytes(8) + self.wrapped_key).digest()


def to_bytes(head: Head, body: bytes) -> bytes:
    text = orjson.dumps(
        {
            "wallet_id": head.wallet_id,
            "generation": head.generation,
            "salt": base64url.encode(head.salt),
            "passes": head.cost.passes,
            "memory": head.cost.memory,
            "wrapped_key": base64url.encode(head.wrapped_key),
            "body_length": head.body_length,
        }
    )
    filled = text.ljust(HEAD_BYTES)
    return MAGIC + filled + hashlib.sha256(filled).digest() + body


def from_bytes(content: bytes) -> tuple[Head, bytes]:
    """Head and sealed body; raises ``NotWhole`` where the file is cut, ``StoreCorrupt`` where it is damaged."""
    if not content.startswith(MAGIC[: len(content)]):
        raise StoreCorrupt("wallet: the file is not a wallet of this version, or is damaged")
    start, end = len(MAGIC), len(MAGIC) + HEAD_BYTES
    if len(content) < end + DIGEST_BYTES:
        raise NotWhole
    if hashlib.sha256(content[start:end]).digest() != content[end : end + DIGEST_BYTES]:
        raise StoreCorrupt("wallet: the head of the file is damaged")
    head, body = _head(content[start:end]), content[end + DIGEST_BYTES :]
    if len(body) < head.body_length:
        raise NotWhole
    if len(body) > head.body_length:
        raise StoreCorrupt("wallet: the file is longer than its head says")
    return head, body


def _head(text: bytes) -> Head:
    try:
        members = parse_object(text)
        return _head_of(members)
    except (Refused, KeyError, TypeError, ValueError):
        raise StoreCorrupt("wallet: the head of the file is damaged") from None


def _head_of(members: JsonObject) -> Head:
    numbers = [members[name] for name in ("generation", "passes", "memory", "body_length")]
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise InputMalformed("wallet: expected whole numbers in the head")
    return Head(
        wallet_id=str(members["wallet_id"]),
        generation=numbers[0],
        salt=base64url.decode(members["salt"]),
        cost=Cost(passes=numbers[1], memory=numbers[2]).bounded(),
        wrapped_key=base64url.decode(members["wrapped_key"]),
        body_length=numbers[3],
    )
