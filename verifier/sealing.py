"""Keep what a guest disclosed, and the keys of open sessions, under seal in the desk's own database."""

import json

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
)
from nacl.exceptions import CryptoError
from nacl.utils import random

from doors.json import JsonObject
from doors.refusals import StoreCorrupt

_NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES


class Seal:
    """One 32-byte key that seals JSON objects; ``place`` (table and row) is bound in, so that no seal fits elsewhere."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def close(self, members: JsonObject, *, place: str) -> bytes:
        nonce = random(_NONCE)
        text = json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()
        return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(text, place.encode(), nonce, self._key)

    def open(self, sealed: bytes, *, place: str) -> JsonObject:
        """What was sealed for ``place``; raises ``StoreCorrupt`` where one bit of it was changed or it belongs elsewhere."""
        try:
            text = crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[_NONCE:], place.encode(), sealed[:_NONCE], self._key)
        except (CryptoError, ValueError):
            raise StoreCorrupt("sealed record: expected the bytes that were written here") from None
        members: JsonObject = json.loads(text)
        return members
