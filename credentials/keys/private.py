"""Private keys: what signs. A key in a file, in hardware or in a browser is all the same ``SigningKey``."""

from dataclasses import dataclass, field, replace
from typing import Protocol

from credentials.keys.algorithms import ALGORITHMS, algorithm_of
from credentials.keys.public import PublicKey, jwk_algorithm
from doors import base64url
from doors.json import JsonObject
from doors.refusals import InputMalformed, KeyNotAllowed


class SigningKey(Protocol):
    """Anything that can sign under one public key and name."""

    @property
    def kid(self) -> str: ...
    @property
    def algorithm(self) -> str: ...
    @property
    def public(self) -> PublicKey: ...
    def sign(self, message: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A private key held in memory; its secret is never part of ``repr``."""

    public: PublicKey
    secret: bytes = field(repr=False)

    @property
    def kid(self) -> str:
        return self.public.kid

    @property
    def algorithm(self) -> str:
        return self.public.algorithm

    def sign(self, message: bytes) -> bytes:
        """The signature over ``message``: 64 bytes, for ES384 96; of ECDSA r and s side by side."""
        return ALGORITHMS[self.algorithm].sign(self.secret, self.public.raw, message)

    def named(self, kid: str) -> "PrivateKey":
        """The same key under another name."""
        return replace(self, public=self.public.named(kid))

    def private_jwk(self) -> JsonObject:
        """The private JWK (RFC 7517), with ``kid`` where the key has a name. Handle as a secret."""
        named = {"kid": self.kid} if self.kid else {}
        return {**self.public.jwk(), "d": base64url.encode(self.secret), **named}


def generate_key(algorithm: str, *, kid: str = "") -> PrivateKey:
    """A new key from the system's randomness; raises ``AlgNotAllowed``."""
    chosen = algorithm_of(algorithm)
    return _private_key(algorithm, chosen.generate(), kid=kid)


def private_key_from_jwk(jwk: JsonObject, *, kid: str = "") -> PrivateKey:
    """The key of a private JWK; raises ``KeyNotAllowed``, also where its public and private half do not belong together."""
    algorithm, secret = jwk_algorithm(jwk), jwk.get("d")
    if not isinstance(secret, str):
        raise KeyNotAllowed("JWK: expected a private key")
    try:
        decoded = base64url.decode(secret)
    except InputMalformed:
        raise KeyNotAllowed("JWK: expected d as base64url") from None
    if len(decoded) != algorithm.secret_size:
        raise KeyNotAllowed(f"JWK: expected a secret of {algorithm.secret_size} bytes")
    key = _private_key(algorithm.name, decoded, kid=kid or str(jwk.get("kid", "")))
    if key.public.raw != algorithm.from_jwk(jwk):
        raise KeyNotAllowed("JWK: expected the public half that belongs to the private one")
    return key


def _private_key(algorithm: str, secret: bytes, *, kid: str) -> PrivateKey:
    return PrivateKey(PublicKey(algorithm, ALGORITHMS[algorithm].public(secret), kid), secret)
