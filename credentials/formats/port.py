"""What a wire format is: how a credential is sealed, read, verified and shown in it."""

from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from credentials.credential import Credential
from credentials.keys import PublicKey, SigningKey
from credentials.wire import ClaimPath, VerifiableCredential, VerifiablePresentation

__all__ = ["ClaimPath", "Format", "ProofPeriod", "SelectiveDisclosure"]


class Format(Protocol):
    """One format, known by its OpenID format identifier ``name``."""

    @property
    def name(self) -> str: ...

    def secure(self, credential: Credential, key: SigningKey, *, now: datetime) -> VerifiableCredential:
        """Seal ``credential`` by the issuer's key at ``now``."""

    def parse(self, wire: bytes) -> VerifiableCredential:
        """Read the wire form; nothing is verified."""

    def verify(self, vc: VerifiableCredential, key: PublicKey) -> Credential:
        """The credential signed by exactly ``key``; dates, status and trust are the caller's to judge."""

    def present(
        self, vc: VerifiableCredential, holder_key: SigningKey, *, nonce: str, audience: str, now: datetime
    ) -> VerifiablePresentation:
        """Show ``vc`` to ``audience`` in answer to ``nonce``."""

    def parse_presentation(self, wire: bytes) -> VerifiablePresentation:
        """Read a presentation; nothing is verified."""

    def verify_presentation(
        self, vp: VerifiablePresentation, holder_key: PublicKey, *, nonce: str, audience: str, now: datetime, skew: timedelta
    ) -> None:
        """Return if the holder of ``holder_key`` shows these credentials to ``audience`` for ``nonce``; raise otherwise."""


@runtime_checkable
class SelectiveDisclosure(Protocol):
    """A format in which the holder can show some claims and keep others."""

    def disclose(self, vc: VerifiableCredential, paths: frozenset[ClaimPath]) -> VerifiableCredential:
        """``vc`` with only the claims at ``paths`` shown."""

    def disclosable(self, vc: VerifiableCredential) -> tuple[ClaimPath, ...]:
        """The claims that can be shown or kept."""


@runtime_checkable
class ProofPeriod(Protocol):
    """A format whose proofs have dates of their own, beside those of the credential."""

    def check_proof_period(self, vc: VerifiableCredential, *, now: datetime, skew: timedelta) -> None:
        """Return if the proofs are neither from the future nor expired; raise ``ProofExpired``."""
