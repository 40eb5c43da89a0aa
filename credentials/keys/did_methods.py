"""Which keys of a DID document can be used here, which are passed over, and which spoil the whole document."""

from credentials.keys.algorithms import ALGORITHMS
from credentials.keys.public import PRIVATE_MEMBERS, PublicKey, public_key_from_jwk, public_key_from_multikey
from credentials.multibase import decode_base58btc
from doors import base64url
from doors.json import JsonObject
from doors.refusals import DidDocumentInvalid, InputMalformed, KeyNotAllowed

SOUND_CURVES = frozenset({"Ed25519", "X25519", "Ed448", "X448", "P-256", "P-384", "P-521", "secp256k1"})
SMALLEST_RSA = 2048
_USED = frozenset(algorithm.kind for algorithm in ALGORITHMS.values())


def usable_key(method: JsonObject, *, kid: str) -> PublicKey | None:
    """The key of a verification method, or nothing for a sound key of a kind that is not used here.

    Raises ``KeyNotAllowed`` for a private, symmetric or weak key and for bytes that are no key of the kind they name,
    ``DidDocumentInvalid`` for a method with two keys (CID 1.0 §2.2).
    """
    jwk, multikey = method.get("publicKeyJwk"), method.get("publicKeyMultibase")
    if jwk is not None and multikey is not None:
        raise DidDocumentInvalid("DID document: expected one key in a verification method, got two")
    if isinstance(jwk, dict):
        return _from_jwk(jwk, kid)
    if isinstance(multikey, str):
        return _from_multikey(multikey, kid)
    return None


def _from_jwk(jwk: JsonObject, kid: str) -> PublicKey | None:
    refuse_weak_jwk(jwk)
    if (jwk.get("kty"), jwk.get("crv")) not in _USED or jwk.get("use") == "enc":
        return None
    return public_key_from_jwk(jwk, kid=kid)


def _from_multikey(text: str, kid: str) -> PublicKey | None:
    if text.startswith("z") and not decode_base58btc(text).startswith(tuple(algorithm.codec for algorithm in ALGORITHMS.values())):
        return None
    return public_key_from_multikey(text, kid=kid)


def refuse_weak_jwk(jwk: JsonObject) -> None:
    """Raise ``KeyNotAllowed`` for a private or symmetric key, RSA below 2048 bits, or a curve that is not known to be sound."""
    if jwk.get("kty") == "oct" or PRIVATE_MEMBERS & jwk.keys():
        raise KeyNotAllowed("JWK: expected a public key, got a private or symmetric one")
    if jwk.get("kty") == "RSA":
        if _bits(jwk.get("n")) < SMALLEST_RSA:
            raise KeyNotAllowed(f"JWK: expected RSA of at least {SMALLEST_RSA} bits")
    elif jwk.get("crv") not in SOUND_CURVES:
        raise KeyNotAllowed("JWK: expected a curve that is in use")


def _bits(modulus: object) -> int:
    try:
        return int.from_bytes(base64url.decode(modulus), "big").bit_length() if isinstance(modulus, str) else 0
    except InputMalformed:
        return 0
