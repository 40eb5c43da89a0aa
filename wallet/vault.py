"""The wallet's lock: a passphrase opens a vault key, and the vault key opens everything else."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import nacl.exceptions
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.pwhash import argon2id

from doors.refusals import InputMalformed, StoreCorrupt, UnlockFailed

KEY_BYTES = 32
NONCE_BYTES = 24
Randomness = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess of the passphrase costs: argon2id passes, and memory in bytes (RFC 9106)."""

    passes: int
    memory: int

    def bounded(self) -> "Cost":
        """This cost, if it lies between ``FLOOR`` and ``CEILING``; a file that asks for more is a trap, for less a weakness."""
        if not (FLOOR.passes <= self.passes <= CEILING.passes and FLOOR.memory <= self.memory <= CEILING.memory):
            raise StoreCorrupt("wallet: expected key-derivation costs within the stated bounds")
        return self


MEBIBYTE = 1024 * 1024
FLOOR = Cost(passes=3, memory=64 * MEBIBYTE)
CEILING = Cost(passes=16, memory=2048 * MEBIBYTE)
MODERATE = Cost(passes=3, memory=256 * MEBIBYTE)


SHORTEST_PASSPHRASE = 10


def long_enough(passphrase: str) -> str:
    """A new passphrase of at least ``SHORTEST_PASSPHRASE`` characters; raises ``InputMalformed``."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise InputMalformed(f"passphrase: expected at least {SHORTEST_PASSPHRASE} characters")
    return passphrase


def wrapping_key(passphrase: str, *, salt: bytes, cost: Cost) -> bytes:
    """The key that wraps the vault key, derived from the passphrase by argon2id."""
    checked, normal = cost.bounded(), unicodedata.normalize("NFC", passphrase)  # RFC 8265 §4.2: typed alike, taken alike
    return bytes(argon2id.kdf(KEY_BYTES, normal.encode(), salt, opslimit=checked.passes, memlimit=checked.memory))


def seal(plain: bytes, *, key: bytes, bound_to: bytes, random: Randomness) -> bytes:
    """``plain``, sealed with XChaCha20-Poly1305; it opens only with the same ``bound_to``."""
    nonce = random(NONCE_BYTES)
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(plain, bound_to, nonce, key)


def unseal(sealed: bytes, *, key: bytes, bound_to: bytes) -> bytes:
    """What ``seal`` sealed; raises ``StoreCorrupt`` where a single bit differs."""
    try:
        return bytes(crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[NONCE_BYTES:], bound_to, sealed[:NONCE_BYTES], key))
    except (nacl.exceptions.CryptoError, ValueError, TypeError):
        raise StoreCorrupt("wallet: a sealed record does not open") from None


def wrap(vault_key: bytes, *, passphrase: str, salt: bytes, cost: Cost, bound_to: bytes, random: Randomness) -> bytes:
    """The vault key, sealed under the passphrase."""
    return seal(vault_key, key=wrapping_key(passphrase, salt=salt, cost=cost), bound_to=bound_to, random=random)


def unwrap(wrapped: bytes, *, passphrase: str, salt: bytes, cost: Cost, bound_to: bytes) -> bytes:
    """The vault key; raises ``UnlockFailed`` for a wrong passphrase."""
    try:
        return unseal(wrapped, key=wrapping_key(passphrase, salt=salt, cost=cost), bound_to=bound_to)
    except StoreCorrupt:
        raise UnlockFailed("wallet: the passphrase does not open it") from None
