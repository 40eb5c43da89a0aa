"""What was known, and when: the snapshots that a judgement rests on, and what could not be had."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import urlsplit

from credentials.did_document import DidDocument
from credentials.keys import PublicKey, public_key_from_jwk
from didresolver import expand_self_certifying, is_self_certifying
from doors.json import JsonLimits, parse_object
from doors.refusals import (
    REFUSALS,
    DidDocumentInvalid,
    FactsMissing,
    IssuerKeyMismatch,
    KeyNotAllowed,
    KidUnknown,
    MetadataMismatch,
    ProofPurposeMismatch,
    Refused,
)
from trust.snapshot import Missing, Snapshot, SnapshotKind

_LIMITS = JsonLimits(size=64 * 1024)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a judgement may look at beside the credential itself, by kind and name; made by ``gather`` or read from a pack."""

    snapshots: Mapping[tuple[str, str], Snapshot]
    gathered_at: datetime
    missing: Mapping[tuple[str, str], Missing] = field(default_factory=lambda: MappingProxyType({}))

    def newest(self, kind: SnapshotKind, name: str) -> Snapshot | None:
        return self.snapshots.get((kind, name))

    def snapshot(self, kind: SnapshotKind, name: str) -> Snapshot:
        """The snapshot under this name; else raises the refusal that was met when it was gathered, or ``FactsMissing``."""
        found = self.snapshots.get((kind, name))
        if found is None:
            raise self.why_missing(kind, name)
        return found

    def why_missing(self, kind: SnapshotKind, name: str) -> Refused:
        """The refusal that was met when this fact was gathered; ``FactsMissing`` where nobody tried."""
        missing = self.missing.get((kind, name))
        if missing is None:
            return FactsMissing(f"{kind}: expected a snapshot among the facts, got none")
        return REFUSALS.get(missing.code, FactsMissing)(missing.detail)

    def keys_snapshot(self, identifier: str) -> Snapshot | None:
        """The snapshot that the keys of ``identifier`` come from; None where the identifier itself says its key."""
        if is_self_certifying(identifier):
            return None
        return self.snapshot(keys_kind(identifier), identifier)

    def did_document(self, did: str) -> DidDocument:
        """Raises ``DidDocumentInvalid`` and what ``snapshot`` raises."""
        if is_self_certifying(did):
            return expand_self_certifying(did)
        return _did_document(self.snapshot("did-document", did).content, did)

    def issuer_key(self, issuer: str, kid: str, *, purpose: str = "assertionMethod") -> PublicKey:
        """The key ``kid`` of ``issuer``, which may be a DID or an https address (SD-JWT VC, JWT VC Issuer Metadata).

        Raises ``KidUnknown``, ``ProofPurposeMismatch``, ``IssuerKeyMismatch`` where the key belongs to somebody else, and what
        ``snapshot`` raises.
        """
        if issuer.startswith("did:"):
            return self._key_of_did(issuer, kid, purpose=purpose)
        metadata = self.snapshot("issuer-keys", issuer).content
        _refuse_other_issuer(metadata, issuer)
        apart = key_set_url(metadata)
        return _key_of_set(self.snapshot("issuer-keys", apart).content if apart else metadata, kid)

    def _key_of_did(self, did: str, kid: str, *, purpose: str) -> PublicKey:
        url = f"{did}{kid}" if kid.startswith("#") else kid
        if not url:
            raise KidUnknown("key: expected the DID URL of a verification method, got none")
        if url.split("#", 1)[0] != did:
            raise IssuerKeyMismatch("key: expected one of the issuer's own, got one of another DID")
        return self.did_document(did).key(url, purpose=purpose)


def facts_of(snapshots: Iterable[Snapshot], *, gathered_at: datetime, missing: Iterable[Missing] = ()) -> Facts:
    return Facts(
        MappingProxyType({kept.key: kept for kept in snapshots}),
        gathered_at,
        MappingProxyType({absent.key: absent for absent in missing}),
    )


def keys_kind(identifier: str) -> SnapshotKind:
    """Under which kind the keys of ``identifier`` are kept."""
    return "did-document" if identifier.startswith("did:") else "issuer-keys"


def issuer_metadata_url(issuer: str) -> str:
    """Where the keys of an https issuer lie: ``/.well-known/jwt-vc-issuer`` between host and path (SD-JWT VC, JWT VC Issuer Metadata)."""
    parts = urlsplit(issuer)
    return f"{parts.scheme}://{parts.netloc}/.well-known/jwt-vc-issuer{parts.path.rstrip('/')}"


@lru_cache(maxsize=256)
def key_set_url(metadata: bytes) -> str:
    """Where the key set of an https issuer lies, where it is not in the metadata itself; else empty."""
    document = parse_object(metadata, _LIMITS)
    return "" if "jwks" in document else str(document.get("jwks_uri", ""))


@lru_cache(maxsize=256)
def _did_document(content: bytes, did: str) -> DidDocument:
    try:
        return DidDocument.parse(parse_object(content, _LIMITS), did=did)
    except KeyNotAllowed:
        raise
    except Refused as refusal:
        raise DidDocumentInvalid(refusal.detail) from refusal


@lru_cache(maxsize=256)
def _refuse_other_issuer(metadata: bytes, issuer: str) -> None:
    if parse_object(metadata, _LIMITS).get("issuer") != issuer:
        raise MetadataMismatch("issuer metadata: expected the issuer whose address it lies under, got another")


@lru_cache(maxsize=256)
def _key_of_set(content: bytes, kid: str) -> PublicKey:
    """The one key named ``kid`` of a JWK set (RFC 7517 §5), which stands in the metadata or by itself."""
    document = parse_object(content, _LIMITS)
    keys = document["jwks"].get("keys") if isinstance(document.get("jwks"), dict) else document.get("keys")
    named = [jwk for jwk in keys if isinstance(jwk, dict) and jwk.get("kid") == kid] if isinstance(keys, list) and kid else []
    if len(named) != 1:
        raise KidUnknown(f"key: expected exactly one of that name among the issuer's keys, got {len(named)}")
    if named[0].get("use", "sig") != "sig":
        raise ProofPurposeMismatch("key: expected one for signatures, got one for another use")
    return public_key_from_jwk(named[0], kid=kid)
