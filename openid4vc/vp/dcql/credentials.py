"""What a query is held against: a credential in the wallet, or one that was shown to the verifier."""

from dataclasses import dataclass, field
from typing import Protocol

from doors.json import JsonObject
from openid4vc.claims_path import ClaimPath


class Shown(Protocol):
    """The sides of a credential that DCQL speaks of."""

    @property
    def format(self) -> str: ...
    @property
    def types(self) -> frozenset[str]: ...
    @property
    def claims(self) -> JsonObject: ...


@dataclass(frozen=True, slots=True)
class HeldCredential:
    """A credential in the wallet.

    ``id`` is the wallet's own name for it. ``types`` are the fully expanded types of a W3C credential (B.1.1), or the vct of an SD-JWT VC
    and those that it extends. ``claims`` is where claims paths start: the whole document of an ``ldp_vc``, the processed payload of a
    ``dc+sd-jwt``. ``disclosable`` lists the claims that can be kept back, and is None where the format shows all or nothing.
    ``holder_bound`` says whether the wallet can prove that it holds the credential. ``authorities`` are (type, value) pairs as in §6.1.1.
    """

    id: str
    format: str
    types: frozenset[str]
    claims: JsonObject
    disclosable: tuple[ClaimPath, ...] | None = None
    holder_bound: bool = True
    authorities: frozenset[tuple[str, str]] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class ShownCredential:
    """A verified credential in front of the verifier, with the claims that were disclosed; ``holder_bound`` once that is verified too."""

    format: str
    types: frozenset[str]
    claims: JsonObject
    holder_bound: bool
