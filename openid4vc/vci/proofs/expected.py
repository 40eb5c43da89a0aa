"""What an issuer expects of a key proof, and what it knows after checking one (OpenID4VCI 1.0 Appendix F)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from credentials.keys import PublicKey
from doors.refusals import InvalidNonce

ResolveKid = Callable[[str], PublicKey]
"""From the DID URL of a verification method to its key for authentication, named by that URL; raises a ``Refused`` where there is none."""


@dataclass(frozen=True, slots=True)
class ExpectedProof:
    """The expectations of one credential request; every one is stated, none can be forgotten.

    ``algorithms`` are those of the configuration's metadata (JOSE names for jwt, cryptosuites for di_vp); an empty set refuses all.
    ``nonce_known`` says whether a c_nonce was issued here and is alive; it does not spend it, the caller does that when recording.
    ``client_id`` is "" where the token was had anonymously with a pre-authorised code. ``lifetime`` is how old a proof may be, ``skew``
    how far the wallet's clock may be ahead.
    """

    issuer: str
    nonce_known: Callable[[str], bool]
    algorithms: frozenset[str]
    resolve_kid: ResolveKid
    client_id: str
    now: datetime
    lifetime: timedelta
    skew: timedelta

    def check_nonce(self, nonce: object) -> str:
        """The proof's c_nonce, known here; raises ``InvalidNonce`` also where there is none."""
        if not isinstance(nonce, str) or not nonce or len(nonce) > 512 or not self.nonce_known(nonce):
            raise InvalidNonce("nonce: expected one from the nonce endpoint that is not used or expired")
        return nonce


@dataclass(frozen=True, slots=True)
class ProvenKey:
    """A key whose holder has just shown that they have it: what a credential may be bound to. Made by the checks only.

    ``did`` is the DID that the proof names, or the did:key of the key. ``nonce`` is still to be spent, once, by who records the issuance.
    """

    key: PublicKey
    did: str
    nonce: str
