"""Encrypted messages understand, and are understood by, another implementation (joserfc)."""

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey

from doors.refusals import RequestInvalid
from openid4vc.jwe import DecryptionKey, decrypt, encrypt, recipient_key


@pytest.mark.parametrize("enc", ["A128GCM", "A256GCM"])
def test_what_the_peer_seals_opens_here(enc: str, response_key: DecryptionKey) -> None:
    key = ECKey.import_key(response_key.public_jwk())
    text = jwe.encrypt_compact({"alg": "ECDH-ES", "enc": enc, "kid": "enc-1"}, b"secret", key)
    assert decrypt(text, response_key) == b"secret"


@pytest.mark.parametrize("enc", ["A128GCM", "A256GCM"])
def test_what_is_sealed_here_opens_at_the_peer(enc: str, response_key: DecryptionKey) -> None:
    text = encrypt(b"secret", recipient_key(response_key.public_jwk(), refusal=RequestInvalid), enc=enc)
    opened = jwe.decrypt_compact(text, ECKey.import_key(response_key.private_jwk), algorithms=["ECDH-ES", enc])
    assert opened.plaintext == b"secret"
