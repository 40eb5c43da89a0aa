"""The floor: the raw signatures that an operation cannot do without, by the fastest libraries there are, and nothing else."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from nacl.signing import SigningKey

from tests.bench.timing import Act, Pace, per_second

_MESSAGE = bytes(64)


def _ed25519() -> dict[str, Act]:
    key = SigningKey.generate()
    signature, public = key.sign(_MESSAGE).signature, key.verify_key
    return {"sign": lambda: key.sign(_MESSAGE), "verify": lambda: public.verify(_MESSAGE, signature)}


def _p256() -> dict[str, Act]:
    key, algorithm = generate_private_key(SECP256R1()), ECDSA(hashes.SHA256())
    signature, public = key.sign(_MESSAGE, algorithm), key.public_key()
    return {"sign": lambda: key.sign(_MESSAGE, algorithm), "verify": lambda: public.verify(signature, _MESSAGE, algorithm)}


def signature_floors(pace: Pace) -> dict[tuple[str, str], float]:
    """Raw signatures per second by what is done and the algorithm."""
    raw = {"EdDSA": _ed25519(), "ES256": _p256()}
    return {(done, algorithm): per_second(act, pace) for algorithm, acts in raw.items() for done, act in acts.items()}
