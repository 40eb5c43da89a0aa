"""Fetching the facts one by one: from the cache where they are young, else from where they lie, else a note of why not."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from didresolver import Resolver, is_self_certifying
from doors.json import parse_object
from doors.refusals import DidDeactivated, FetchFailed, MetadataMismatch, Refused, TrustListInvalid, UrlBlocked
from trust.entries import IssuerEntry, host_of
from trust.facts import Facts, facts_of, issuer_metadata_url, key_set_url, keys_kind
from trust.policy import TrustPolicy
from trust.snapshot import Missing, Snapshot, SnapshotCache, SnapshotKind, snapshot
from trust.trust_list import TRUST_LIST_SIZE, TrustList, read_trust_list, refuse_rollback

if TYPE_CHECKING:
    from runtime.fetch import Fetch

STATUS_LIST_SIZE = 4 * 1024 * 1024
KEYS_SIZE = 64 * 1024
Read = Callable[[], Awaitable[Snapshot]]


@dataclass(slots=True)
class Errand:
    """One gathering under way: its ports and its time, and what has come together so far. Ask the network through ``take`` alone."""

    policy: TrustPolicy
    resolver: Resolver
    fetch: "Fetch"
    now: datetime
    cache: SnapshotCache
    snapshots: dict[tuple[str, str], Snapshot] = field(default_factory=dict)
    missing: dict[tuple[str, str], Missing] = field(default_factory=dict)
    asked: set[tuple[str, str]] = field(default_factory=set)

    def facts(self) -> Facts:
        return facts_of(self.snapshots.values(), gathered_at=self.now, missing=self.missing.values())

    async def take(self, kind: SnapshotKind, name: str, read: Read, *, fresh_for: timedelta) -> None:
        """The cached snapshot where it is fresh; else a new one; else the old one, with a note of why there is none newer.

        A DID whose end was told just now leaves no old one: its keys are nobody's any more, however young they are.
        """
        if (kind, name) in self.asked:
            return
        self.asked.add((kind, name))
        kept = await self.cache.newest(kind, name)
        if kept is not None:
            self.snapshots[kept.key] = kept
            if timedelta(0) <= self.now - kept.fetched_at <= fresh_for:
                return
        try:
            fetched = await read()
        except Refused as refusal:
            self.missing[(kind, name)] = Missing(kind, name, refusal.code, refusal.detail, self.now)
            if isinstance(refusal, DidDeactivated):
                self.snapshots.pop((kind, name), None)
            return
        self.snapshots[fetched.key] = fetched
        await self.cache.keep(fetched)

    async def download(self, kind: SnapshotKind, name: str, url: str, *, max_bytes: int, accept: str) -> Snapshot:
        fetched = await self.fetch(url, max_bytes=max_bytes, accept=accept)
        if fetched.status != 200:
            raise FetchFailed(f"{kind}: expected status 200, got {fetched.status}")
        return snapshot(kind, name, fetched.content, fetched_at=self.now)


async def take_trust_list(errand: Errand) -> None:
    url = errand.policy.trust_list_url
    if url and errand.policy.anchors:
        await errand.take("trust-list", url, lambda: _read_trust_list(url, errand), fresh_for=_half(errand.policy.max_age.trust_list))


async def _read_trust_list(url: str, errand: Errand) -> Snapshot:
    """A new edition, signed and not older than the one seen before; else the old one stays."""
    accept = "application/trust-list+jwt, application/jwt"
    fetched = await errand.download("trust-list", url, url, max_bytes=TRUST_LIST_SIZE, accept=accept)
    kept = errand.snapshots.get(fetched.key)
    refuse_rollback(read_trust_list(fetched.content, errand.policy.anchors), seen=_seen(kept, errand.policy))
    return fetched


def _seen(kept: Snapshot | None, policy: TrustPolicy) -> TrustList | None:
    """The edition in the cache, where the policy's anchors are still the ones that signed it."""
    try:
        return None if kept is None else read_trust_list(kept.content, policy.anchors)
    except TrustListInvalid:
        return None


async def take_keys(identifier: str, errand: Errand) -> None:
    """The keys of a DID, or of an https issuer with its key set where that lies apart."""
    if is_self_certifying(identifier):
        return
    kind = keys_kind(identifier)
    read = _read_did_document if kind == "did-document" else _read_issuer_keys
    fresh_for = _half(errand.policy.max_age.did_document)
    await errand.take(kind, identifier, lambda: read(identifier, errand), fresh_for=fresh_for)
    metadata = errand.snapshots.get(("issuer-keys", identifier))
    url = "" if metadata is None else key_set_url(metadata.content)
    if url:
        await errand.take("issuer-keys", url, lambda: _read_key_set(url, identifier, errand), fresh_for=fresh_for)


async def _read_did_document(did: str, errand: Errand) -> Snapshot:
    resolution = await errand.resolver.resolve(did)
    return snapshot("did-document", did, resolution.content, fetched_at=resolution.retrieved_at)


async def _read_issuer_keys(issuer: str, errand: Errand) -> Snapshot:
    metadata = await errand.download("issuer-keys", issuer, issuer_metadata_url(issuer), max_bytes=KEYS_SIZE, accept="application/json")
    if parse_object(metadata.content).get("issuer") != issuer:
        raise MetadataMismatch("issuer metadata: expected the issuer whose address it lies under, got another")
    return metadata


async def _read_key_set(url: str, issuer: str, errand: Errand) -> Snapshot:
    if host_of(url) != host_of(issuer):
        raise UrlBlocked("jwks_uri: expected an address on the issuer's own host")
    return await errand.download("issuer-keys", url, url, max_bytes=KEYS_SIZE, accept="application/jwk-set+json, application/json")


async def take_status(url: str, entry: IssuerEntry, errand: Errand, *, accept: str) -> None:
    """A status list of the issuer of ``entry``; nothing is asked of a host that is not its own."""
    fresh_for = min(errand.policy.refetch_status_after, _half(errand.policy.max_age.status))
    await errand.take("status-list", url, lambda: _read_status(url, entry, errand, accept), fresh_for=fresh_for)


async def _read_status(url: str, entry: IssuerEntry, errand: Errand, accept: str) -> Snapshot:
    if not entry.serves(url):
        raise UrlBlocked("status list: expected an address on the issuer's own host")
    return await errand.download("status-list", url, url, max_bytes=STATUS_LIST_SIZE, accept=accept)


def _half(age: timedelta) -> timedelta:
    """Asked for anew from half its greatest age on, so that a judgement a little later still finds it young enough."""
    return age / 2
