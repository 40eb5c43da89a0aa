"""Fetch everything a judgement will need, before it is made: trust list, issuer keys, status lists. Nothing for a stranger."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from credentials.wire import StatusEntry, VerifiableCredential
from didresolver import Resolver, is_self_certifying
from doors.json import parse_object
from doors.refusals import FetchFailed, MetadataMismatch, Refused, TrustListInvalid, UrlBlocked
from trust.entries import IssuerEntry, host_of
from trust.facts import Facts, facts_of, issuer_metadata_url, keys_kind
from trust.policy import TrustPolicy
from trust.relying_party import DID_PREFIX
from trust.snapshot import Missing, Snapshot, SnapshotCache, SnapshotKind, snapshot
from trust.standing import issuer_standing, relying_party_standing
from trust.status import list_signer
from trust.trust_list import TRUST_LIST_SIZE, TrustList, read_trust_list, refuse_rollback

if TYPE_CHECKING:
    from runtime.fetch import Fetch

STATUS_LIST_SIZE = 4 * 1024 * 1024
KEYS_SIZE = 64 * 1024
_ACCEPT_STATUS = {"BitstringStatusListEntry": "application/vc, application/json", "status_list": "application/statuslist+jwt"}
Read = Callable[[], Awaitable[Snapshot]]


@dataclass(slots=True)
class _Gathering:
    """One gathering under way: its ports and its time, and what has come together so far."""

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
        """The cached snapshot where it is fresh; else a new one; else the old one, with a note of why there is none newer."""
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
            return
        self.snapshots[fetched.key] = fetched
        await self.cache.keep(fetched)

    async def download(self, kind: SnapshotKind, name: str, url: str, *, max_bytes: int, accept: str) -> Snapshot:
        fetched = await self.fetch(url, max_bytes=max_bytes, accept=accept)
        if fetched.status != 200:
            raise FetchFailed(f"{kind}: expected status 200, got {fetched.status}")
        return snapshot(kind, name, fetched.content, fetched_at=self.now)


async def gather(
    credentials: Sequence[VerifiableCredential],
    *,
    policy: TrustPolicy,
    resolver: Resolver,
    fetch: "Fetch",
    now: datetime,
    cache: SnapshotCache,
) -> Facts:
    """The facts that ``judge`` needs for ``credentials``: the trust list first, then keys and status lists side by side.

    For an issuer that the policy does not trust nothing is fetched, and nothing from a host that is not its own. What cannot be
    had is noted with its reason in ``Facts.missing``; never raises for that. Rollback of the trust list is refused by what
    ``cache`` has seen.
    """
    gathering = _Gathering(policy, resolver, fetch, now, cache)
    await _take_trust_list(gathering)
    trusted = tuple(_trusted(credentials, gathering))
    await asyncio.gather(*(_take_for(vc, entry, gathering) for vc, entry in trusted))
    await asyncio.gather(*(_take_list_signer(vc, entry, gathering) for vc, entry in trusted))
    return gathering.facts()


async def gather_relying_party(
    client_id: str, *, policy: TrustPolicy, resolver: Resolver, fetch: "Fetch", now: datetime, cache: SnapshotCache
) -> Facts:
    """The facts that ``judge_relying_party`` and ``request_key`` need; the DID is resolved only where the list has the client."""
    gathering = _Gathering(policy, resolver, fetch, now, cache)
    await _take_trust_list(gathering)
    try:
        relying_party_standing(client_id, facts=gathering.facts(), policy=policy, now=now)
    except Refused:
        return gathering.facts()
    if client_id.startswith(DID_PREFIX):
        await _take_keys(client_id.removeprefix(DID_PREFIX), gathering)
    return gathering.facts()


async def _take_trust_list(gathering: _Gathering) -> None:
    url = gathering.policy.trust_list_url
    if url and gathering.policy.anchors:
        await gathering.take(
            "trust-list", url, lambda: _read_trust_list(url, gathering), fresh_for=_half(gathering.policy.max_age.trust_list)
        )


async def _read_trust_list(url: str, gathering: _Gathering) -> Snapshot:
    """A new edition, signed and not older than the one seen before; else the old one stays."""
    accept = "application/trust-list+jwt, application/jwt"
    fetched = await gathering.download("trust-list", url, url, max_bytes=TRUST_LIST_SIZE, accept=accept)
    kept = gathering.snapshots.get(fetched.key)
    refuse_rollback(read_trust_list(fetched.content, gathering.policy.anchors), seen=_seen(kept, gathering.policy))
    return fetched


def _seen(kept: Snapshot | None, policy: TrustPolicy) -> TrustList | None:
    """The edition in the cache, where the policy's anchors are still the ones that signed it."""
    try:
        return None if kept is None else read_trust_list(kept.content, policy.anchors)
    except TrustListInvalid:
        return None


def _trusted(credentials: Iterable[VerifiableCredential], gathering: _Gathering) -> Iterable[tuple[VerifiableCredential, IssuerEntry]]:
    facts = gathering.facts()
    for vc in credentials:
        try:
            standing = issuer_standing(vc.unverified_issuer, vc.unverified_types, facts=facts, policy=gathering.policy, now=gathering.now)
        except Refused:
            continue
        yield vc, standing.entry


async def _take_for(vc: VerifiableCredential, entry: IssuerEntry, gathering: _Gathering) -> None:
    lists = (_take_status(status, entry, gathering) for status in vc.unverified_status if status.kind in _ACCEPT_STATUS)
    await asyncio.gather(_take_keys(vc.unverified_issuer, gathering), *lists)


async def _take_keys(identifier: str, gathering: _Gathering) -> None:
    if is_self_certifying(identifier):
        return
    kind = keys_kind(identifier)
    read = _read_did_document if kind == "did-document" else _read_issuer_keys
    await gathering.take(kind, identifier, lambda: read(identifier, gathering), fresh_for=_half(gathering.policy.max_age.did_document))


async def _read_did_document(did: str, gathering: _Gathering) -> Snapshot:
    resolution = await gathering.resolver.resolve(did)
    return snapshot("did-document", did, resolution.content, fetched_at=resolution.retrieved_at)


async def _read_issuer_keys(issuer: str, gathering: _Gathering) -> Snapshot:
    """The metadata of an https issuer, and its key set where that lies apart, on the same host."""
    metadata = await gathering.download("issuer-keys", issuer, issuer_metadata_url(issuer), max_bytes=KEYS_SIZE, accept="application/json")
    document = parse_object(metadata.content)
    if document.get("issuer") != issuer:
        raise MetadataMismatch("issuer metadata: expected the issuer whose address it lies under, got another")
    if "jwks" not in document:
        await _take_key_set(str(document.get("jwks_uri", "")), issuer, gathering)
    return metadata


async def _take_key_set(url: str, issuer: str, gathering: _Gathering) -> None:
    if not url or host_of(url) != host_of(issuer):
        raise UrlBlocked("jwks_uri: expected an address on the issuer's own host")
    accept = "application/jwk-set+json, application/json"
    fetched = await gathering.download("issuer-keys", url, url, max_bytes=KEYS_SIZE, accept=accept)
    gathering.snapshots[fetched.key] = fetched
    await gathering.cache.keep(fetched)


async def _take_status(status: StatusEntry, entry: IssuerEntry, gathering: _Gathering) -> None:
    fresh_for = min(gathering.policy.refetch_status_after, _half(gathering.policy.max_age.status))
    await gathering.take("status-list", status.list_url, lambda: _read_status(status, entry, gathering), fresh_for=fresh_for)


async def _read_status(status: StatusEntry, entry: IssuerEntry, gathering: _Gathering) -> Snapshot:
    url = status.list_url
    if not entry.serves(url):
        raise UrlBlocked("status list: expected an address on the issuer's own host")
    return await gathering.download("status-list", url, url, max_bytes=STATUS_LIST_SIZE, accept=_ACCEPT_STATUS.get(status.kind, "*/*"))


async def _take_list_signer(vc: VerifiableCredential, entry: IssuerEntry, gathering: _Gathering) -> None:
    """A list may be signed under another identifier of the same entry; its keys are needed then as well."""
    for status in vc.unverified_status:
        kept = gathering.snapshots.get(("status-list", status.list_url))
        signer = "" if kept is None else list_signer(kept.content, status.kind)
        if signer in entry.identifiers:
            await _take_keys(signer, gathering)


def _half(age: timedelta) -> timedelta:
    """Asked for anew from half its greatest age on, so that a judgement a little later still finds it young enough."""
    return age / 2
