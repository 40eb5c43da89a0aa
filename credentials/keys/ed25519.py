"""Ed25519 (RFC 8032), by libsodium: strict about the one spelling of a signature."""

import os
from dataclasses import dataclass

from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair
from nacl.exceptions import BadSignatureError, CryptoError

from doors import base64url
from doors.json import JsonObject
from doors.refusals import InputMalformed, KeyNotAllowed, SigInvalid


@dataclass(frozen=True, slots=True)
class Ed25519:
    """EdDSA over Curve25519; public keys are 32 bytes, signatures 64."""

    name: str = "EdDSA"
    codec: bytes = b"\xed\x01"
    kind: tuple[str, str] = ("OKP", "Ed25519")
    secret_size: int = 32

    def check(self, raw: bytes) -> None:
        """Only the length is looked at: a small-order or impossible point is refused by every verification (RFC 8032 §5.1.7)."""
        if len(raw) != 32:
            raise KeyNotAllowed(f"Ed25519 key: expected 32 bytes, got {len(raw)}")

    def verify(self, raw: bytes, message: bytes, signature: bytes) -> None:
        if len(signature) != 64:
            raise SigInvalid(f"Ed25519 signature: expected 64 bytes, got {len(signature)}")
        try:
            crypto_sign_open(signature + message, raw)
        except (BadSignatureError, CryptoError, ValueError):
            raise SigInvalid("Ed25519 signature: does not match the bytes and the key") from None

    def sign(self, secret: bytes, public: bytes, message: bytes) -> bytes:
        return crypto_sign(message, secret + public)[:64]

    def generate(self) -> bytes:
        return os.urandom(32)

    def public(self, secret: bytes) -> bytes:
        return crypto_sign_seed_keypair(secret)[0]

    def to_jwk(self, raw: bytes) -> JsonObject:
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(raw)}

    def from_jwk(self, jwk: JsonObject) -> bytes:
        """The raw key of an OKP JWK (RFC 8037 §2)."""
        x = jwk.get("x")
        if not isinstance(x, str) or "y" in jwk:
            raise KeyNotAllowed("JWK: expected an Ed25519 key with the member x alone")
        try:
            return base64url.decode(x)
        except InputMalformed:
            raise KeyNotAllowed("JWK: expected x as base64url") from None
