"""The signature algorithms in use, one small object each; the key decides the algorithm, never the message."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from credentials.keys.ecdsa import P256, P384
from credentials.keys.ed25519 import Ed25519
from doors.json import JsonObject
from doors.refusals import AlgNotAllowed


class Algorithm(Protocol):
    """One signature algorithm: how its keys look and how it signs and checks."""

    @property
    def name(self) -> str: ...  # the JOSE name that is written
    @property
    def codec(self) -> bytes: ...  # the multicodec prefix of its public keys
    @property
    def kind(self) -> tuple[str, str]: ...  # JWK `kty` and `crv`
    @property
    def secret_size(self) -> int: ...  # in bytes
    def check(self, raw: bytes) -> None: ...  # KeyNotAllowed for what is not such a public key
    def verify(self, raw: bytes, message: bytes, signature: bytes) -> None: ...  # SigInvalid
    def sign(self, secret: bytes, public: bytes, message: bytes) -> bytes: ...
    def generate(self) -> bytes: ...  # a new secret
    def public(self, secret: bytes) -> bytes: ...
    def to_jwk(self, raw: bytes) -> JsonObject: ...
    def from_jwk(self, jwk: JsonObject) -> bytes: ...


ALGORITHMS: Mapping[str, Algorithm] = MappingProxyType({"EdDSA": Ed25519(), "ES256": P256, "ES384": P384})
NAMES: Mapping[str, str] = MappingProxyType({"EdDSA": "EdDSA", "Ed25519": "EdDSA", "ES256": "ES256", "ES384": "ES384"})
"""Every JOSE name that is read, and the algorithm it means; ``Ed25519`` is the second name of RFC 9864 §2.2."""


def algorithm_of(name: str) -> Algorithm:
    """The algorithm called ``name``; raises ``AlgNotAllowed``."""
    if name not in ALGORITHMS:
        raise AlgNotAllowed(f"algorithm: expected one of {', '.join(ALGORITHMS)}")
    return ALGORITHMS[name]
