"""The floor: the raw signatures that an operation cannot do without, by the fastest libraries there are, and nothing else."""

from collections.abc import Mapping

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from nacl.signing import SigningKey

from tests.bench.timing import Act

_MESSAGE = bytes(64)


def _ed25519() -> dict[str, Act]:
    key = SigningKey.generate()
    signature, public = key.sign(_MESSAGE).signature, key.verify_key
    return {"sign": lambda: key.sign(_MESSAGE), "verify": lambda: public.verify(_MESSAGE, signature)}


def _p256() -> dict[str, Act]:
    key, algorithm = generate_private_key(SECP256R1()), ECDSA(hashes.SHA256())
    signature, public = key.sign(_MESSAGE, algorithm), key.public_key()
    return {"sign": lambda: key.sign(_MESSAGE, algorithm), "verify": lambda: public.verify(signature, _MESSAGE, algorithm)}


RAW: Mapping[tuple[str, str], Act] = {
    (done, algorithm): act for algorithm, acts in (("EdDSA", _ed25519()), ("ES256", _p256())) for done, act in acts.items()
}
"""One raw signature, by what is done and the algorithm."""
