"""Credentials and presentations as they travel: bytes, and what they claim before anything is verified."""

from dataclasses import dataclass

ClaimPath = tuple[str | int | None, ...]
"""A claims path pointer as DCQL writes it (OpenID4VP 1.0 §7): names, places in lists, and None for all of a list."""


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where a credential's status stands: which list, which place in it.

    ``kind`` is ``BitstringStatusListEntry`` or ``status_list`` (Token Status List); any other value is an entry that cannot be
    read here, so that a judge can say so instead of passing over it. ``purpose`` is ``revocation``, ``suspension``,
    ``message`` or empty.
    """

    kind: str
    purpose: str
    index: int
    list_url: str


@dataclass(frozen=True, slots=True)
class VerifiableCredential:
    """A secured credential in one format; the ``unverified_*`` members serve to look up keys and facts, nothing else."""

    format: str
    wire: bytes
    unverified_issuer: str
    unverified_key_id: str
    unverified_types: tuple[str, ...]
    unverified_status: tuple[StatusEntry, ...]


@dataclass(frozen=True, slots=True)
class VerifiablePresentation:
    """What a holder shows: credentials, bound to one verifier and one question.

    ``unverified_holder`` is the holder's DID, empty for an SD-JWT (whose holder is the credential's ``cnf`` key).
    """

    format: str
    wire: bytes
    credentials: tuple[VerifiableCredential, ...]
    unverified_holder: str
    unverified_key_id: str
