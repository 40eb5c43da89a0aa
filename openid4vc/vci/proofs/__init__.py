"""Key proofs: the wallet shows that it holds the keys to which credentials will be bound (OpenID4VCI 1.0 Appendix F)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from doors.json import JsonValue
from doors.refusals import InvalidProof
from openid4vc.vci.credential_request import Proofs
from openid4vc.vci.proofs.di_vp import check_di_vp_proof, make_di_vp_proof
from openid4vc.vci.proofs.expected import ExpectedProof, ProvenKey, ResolveKid
from openid4vc.vci.proofs.jwt import check_jwt_proof, make_jwt_proof

PROOF_TYPES: Mapping[str, Callable[[JsonValue, ExpectedProof], ProvenKey]] = MappingProxyType(
    {"jwt": check_jwt_proof, "di_vp": check_di_vp_proof}
)
"""Adding a proof type is one file and one line."""


def check_proofs(proofs: Proofs | None, expected: ExpectedProof, *, accepted: frozenset[str], most: int) -> tuple[ProvenKey, ...]:
    """The keys that ``proofs`` show to be held, in their order, each one once (§8.3: a key binds at most one credential).

    ``accepted`` are the proof types of the configuration, ``most`` the issuer's batch size. Raises ``InvalidProof`` and ``InvalidNonce``.
    """
    if proofs is None:
        raise InvalidProof("proofs: expected a proof of the key to bind to, got none", pointer="/proofs")
    if proofs.type not in accepted or proofs.type not in PROOF_TYPES:
        raise InvalidProof(
            f"proofs: expected the type {' or '.join(sorted(accepted & PROOF_TYPES.keys()))}, got another", pointer="/proofs"
        )
    if len(proofs.values) > most:
        raise InvalidProof(f"proofs: expected at most {most}, got {len(proofs.values)}", pointer=f"/proofs/{proofs.type}")
    proven = tuple(PROOF_TYPES[proofs.type](value, expected) for value in proofs.values)
    if len({found.key for found in proven}) != len(proven):
        raise InvalidProof("proofs: expected each key once, got one twice", pointer=f"/proofs/{proofs.type}")
    return proven


__all__ = [
    "PROOF_TYPES",
    "ExpectedProof",
    "ProvenKey",
    "ResolveKid",
    "check_di_vp_proof",
    "check_jwt_proof",
    "check_proofs",
    "make_di_vp_proof",
    "make_jwt_proof",
]
