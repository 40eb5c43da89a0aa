"""Public keys: what anybody may know, and what checks a signature."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from credentials import multibase
from credentials.keys.algorithms import ALGORITHMS, NAMES, Algorithm
from doors import base64url
from doors.json import JsonObject
from doors.refusals import AlgKeyMismatch, DuplicateMember, InputMalformed, KeyNotAllowed

PRIVATE_MEMBERS = frozenset({"d", "k", "p", "q", "dp", "dq", "qi", "oth", "priv"})


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One public key; two are equal when algorithm and bytes are, whatever they are called.

    ``algorithm`` is ``EdDSA`` (Ed25519, ``raw`` of 32 bytes), ``ES256`` (P-256, ``raw`` a compressed point of 33 bytes) or ``ES384``
    (P-384, 49 bytes).
    ``kid`` is the DID URL of the verification method or the JWK's ``kid``, and empty where the key has no name.
    Raises ``KeyNotAllowed`` for any other algorithm or bytes.
    """

    algorithm: str
    raw: bytes
    kid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.algorithm not in ALGORITHMS:
            raise KeyNotAllowed(f"key: expected an algorithm of {', '.join(ALGORITHMS)}")
        ALGORITHMS[self.algorithm].check(self.raw)

    def verify(self, message: bytes, signature: bytes) -> None:
        """Return if ``signature`` is this key's over ``message``; raise ``SigInvalid`` otherwise.

        ES256 and ES384 signatures are r and s of 32 or 48 bytes each (RFC 7518 §3.4); Ed25519 as in RFC 8032 §5.1.7, small-order keys and
        every spelling but the canonical one refused.
        """
        ALGORITHMS[self.algorithm].verify(self.raw, message, signature)

    def jwk(self) -> JsonObject:
        """The public JWK (RFC 7517) without ``kid``."""
        return ALGORITHMS[self.algorithm].to_jwk(self.raw)

    def multikey(self) -> str:
        """The ``publicKeyMultibase`` of a Multikey (CID 1.0 §2.2.2)."""
        return multibase.encode_base58btc(ALGORITHMS[self.algorithm].codec + self.raw)

    def thumbprint(self) -> str:
        """The JWK thumbprint with SHA-256 (RFC 7638), as base64url."""
        members = ",".join(f'"{name}":"{value}"' for name, value in sorted(self.jwk().items()))
        return base64url.encode(hashlib.sha256(f"{{{members}}}".encode()).digest())

    def named(self, kid: str) -> "PublicKey":
        """The same key under another name."""
        return replace(self, kid=kid)


def public_key_from_jwk(jwk: JsonObject, *, kid: str = "") -> PublicKey:
    """The key of a public JWK; ``kid`` names it, or else the JWK's own ``kid`` does.

    Raises ``KeyNotAllowed`` for a private or symmetric key, another type or curve, a key for encryption, or a point off the
    curve; ``AlgKeyMismatch`` where the JWK's own ``alg`` is not the one of its curve (RFC 7517 §4.4).
    """
    if PRIVATE_MEMBERS & jwk.keys():
        raise KeyNotAllowed("JWK: expected a public key, got private members")
    algorithm = jwk_algorithm(jwk)
    named = kid or jwk.get("kid") or ""
    if not isinstance(named, str):
        raise KeyNotAllowed("JWK: expected kid as text")
    return PublicKey(algorithm.name, algorithm.from_jwk(jwk), named)


def jwk_algorithm(jwk: JsonObject) -> Algorithm:
    """The algorithm of a JWK by its ``kty`` and ``crv``; its ``alg``, ``use`` and ``key_ops`` must agree."""
    kind = (jwk.get("kty"), jwk.get("crv"))
    found = next((algorithm for algorithm in ALGORITHMS.values() if algorithm.kind == kind), None)
    if found is None:
        raise KeyNotAllowed("JWK: expected an Ed25519, P-256 or P-384 key")
    if "alg" in jwk and (not isinstance(jwk["alg"], str) or NAMES.get(jwk["alg"]) != found.name):
        raise AlgKeyMismatch(f"JWK: expected alg {found.name} for this curve")
    _refuse_other_use(jwk)
    return found


def _refuse_other_use(jwk: JsonObject) -> None:
    if jwk.get("use", "sig") != "sig":
        raise KeyNotAllowed("JWK: expected a key for signatures (use: sig)")
    operations = jwk.get("key_ops", ["verify"])
    if not isinstance(operations, list) or not {"verify", "sign"} & {item for item in operations if isinstance(item, str)}:
        raise KeyNotAllowed("JWK: expected a key for signatures (key_ops)")


def public_keys_from_jwk_set(jwks: JsonObject) -> Mapping[str, PublicKey]:
    """The usable keys of a JWK Set (RFC 7517 §5) by ``kid``; keys of other public kinds are left out.

    Raises ``KeyNotAllowed`` where any member is private or symmetric, ``DuplicateMember`` where two share a ``kid``,
    ``InputMalformed`` where it is no set.
    """
    members = jwks.get("keys")
    if not isinstance(members, list) or not all(isinstance(jwk, dict) for jwk in members):
        raise InputMalformed("JWK Set: expected keys as a list of objects")
    keys: dict[str, PublicKey] = {}
    for jwk in members:
        if jwk.get("kty") == "oct" or PRIVATE_MEMBERS & jwk.keys():
            raise KeyNotAllowed("JWK Set: expected public keys only")
        if (jwk.get("kty"), jwk.get("crv")) not in {algorithm.kind for algorithm in ALGORITHMS.values()}:
            continue
        key = public_key_from_jwk(jwk)
        if key.kid in keys:
            raise DuplicateMember("JWK Set: expected each kid once")
        keys[key.kid] = key
    return keys


def public_key_from_multikey(text: str, *, kid: str = "") -> PublicKey:
    """The key of a Multikey's ``publicKeyMultibase``; raises ``InputMalformed`` or ``KeyNotAllowed`` (CID 1.0 §2.2.2)."""
    content = multibase.decode_base58btc(text)
    for algorithm in ALGORITHMS.values():
        if content.startswith(algorithm.codec):
            return PublicKey(algorithm.name, content[len(algorithm.codec) :], kid)
    raise KeyNotAllowed("Multikey: expected an Ed25519, P-256 or P-384 public key")
