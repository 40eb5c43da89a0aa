"""Fetch everything a judgement will need, before it is made: trust list, issuer keys, status lists. Nothing for a stranger."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from credentials.wire import VerifiableCredential
from didresolver import Resolver
from doors.refusals import Refused
from trust.entries import IssuerEntry
from trust.errand import Errand, take_keys, take_status, take_trust_list
from trust.facts import Facts
from trust.policy import TrustPolicy
from trust.relying_party import DID_PREFIX
from trust.snapshot import SnapshotCache
from trust.standing import issuer_standing, relying_party_standing
from trust.status import list_signer

if TYPE_CHECKING:
    from runtime.fetch import Fetch

ACCEPTED: Mapping[str, str] = MappingProxyType(
    {"BitstringStatusListEntry": "application/vc, application/json", "status_list": "application/statuslist+jwt"}
)
"""The media types asked for, by the kind of status entry; a list of another kind is not fetched."""
MOST_LISTS = 8


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
    errand = Errand(policy, resolver, fetch, now, cache)
    await take_trust_list(errand)
    trusted = tuple(_trusted(credentials, errand))
    await asyncio.gather(*(_take_for(vc, entry, errand) for vc, entry in trusted))
    await asyncio.gather(*(_take_list_signer(vc, entry, errand) for vc, entry in trusted))
    return errand.facts()


async def gather_relying_party(
    client_id: str, *, policy: TrustPolicy, resolver: Resolver, fetch: "Fetch", now: datetime, cache: SnapshotCache
) -> Facts:
    """The facts that ``judge_relying_party`` and ``request_key`` need; the DID is resolved only where the list has the client."""
    errand = Errand(policy, resolver, fetch, now, cache)
    await take_trust_list(errand)
    try:
        relying_party_standing(client_id, facts=errand.facts(), policy=policy, now=now)
    except Refused:
        return errand.facts()
    if client_id.startswith(DID_PREFIX):
        await take_keys(client_id.removeprefix(DID_PREFIX), errand)
    return errand.facts()


def _trusted(credentials: Iterable[VerifiableCredential], errand: Errand) -> Iterable[tuple[VerifiableCredential, IssuerEntry]]:
    facts = errand.facts()
    for vc in credentials:
        try:
            standing = issuer_standing(vc.unverified_issuer, vc.unverified_types, facts=facts, policy=errand.policy, now=errand.now)
        except Refused:
            continue
        yield vc, standing.entry


async def _take_for(vc: VerifiableCredential, entry: IssuerEntry, errand: Errand) -> None:
    """At most ``MOST_LISTS``: until the signature is checked, anybody may have written the card in a trusted issuer's name."""
    readable = [status for status in vc.unverified_status if status.kind in ACCEPTED][:MOST_LISTS]
    lists = (take_status(status.list_url, entry, errand, accept=ACCEPTED[status.kind]) for status in readable)
    await asyncio.gather(take_keys(vc.unverified_issuer, errand), *lists)


async def _take_list_signer(vc: VerifiableCredential, entry: IssuerEntry, errand: Errand) -> None:
    """A list may be signed under another identifier of the same entry; its keys are needed then as well."""
    for status in vc.unverified_status:
        kept = errand.snapshots.get(("status-list", status.list_url))
        signer = "" if kept is None else list_signer(kept.content, status.kind)
        if signer in entry.identifiers:
            await take_keys(signer, errand)
