"""Keys that sign and check credentials: Ed25519, P-256 and P-384, read and written as JWK, Multikey and did:key."""

from credentials.keys.algorithms import ALGORITHMS, algorithm_of
from credentials.keys.private import PrivateKey, SigningKey, generate_key, private_key_from_jwk
from credentials.keys.public import PublicKey, public_key_from_jwk, public_key_from_multikey, public_keys_from_jwk_set

__all__ = [
    "ALGORITHMS",
    "PrivateKey",
    "PublicKey",
    "SigningKey",
    "algorithm_of",
    "generate_key",
    "private_key_from_jwk",
    "public_key_from_jwk",
    "public_key_from_multikey",
    "public_keys_from_jwk_set",
]
