"""Keeps what the office must remember for a while unreadable to whoever takes the database alone."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt, crypto_aead_xchacha20poly1305_ietf_encrypt
from nacl.exceptions import CryptoError

from doors.refusals import StoreCorrupt

_NONCE_SIZE = 24


@dataclass(frozen=True, slots=True, repr=False)
class Vault:
    """Everything that is derived from the office's one secret of 32 bytes; each purpose has a key of its own."""

    secret: bytes

    def derived(self, purpose: str) -> bytes:
        return hmac.digest(self.secret, b"tigertally/" + purpose.encode(), hashlib.sha256)

    def seal(self, plain: bytes, *, about: str, random_bytes: Callable[[int], bytes]) -> bytes:
        """``plain`` sealed by XChaCha20-Poly1305 and bound to the record it is ``about``, so that records cannot be swapped."""
        nonce = random_bytes(_NONCE_SIZE)
        return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(plain, about.encode(), nonce, self.derived("seal"))

    def open(self, sealed: bytes, *, about: str) -> bytes:
        """What ``seal`` was given; raises ``StoreCorrupt`` for changed bytes and for another record's."""
        try:
            return crypto_aead_xchacha20poly1305_ietf_decrypt(
                sealed[_NONCE_SIZE:], about.encode(), sealed[:_NONCE_SIZE], self.derived("seal")
            )
        except (CryptoError, ValueError, TypeError):
            raise StoreCorrupt("sealed record: expected the bytes that were sealed for it, got others") from None

    def tag(self, text: str, *, purpose: str) -> bytes:
        """A keyed hash by which ``text`` can be found again, and not be guessed from the database alone."""
        return hmac.digest(self.derived(purpose), text.encode(), hashlib.sha256)
