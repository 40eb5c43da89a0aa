"""Lay in everything for working without a network: of every issuer that the policy trusts its keys and all its status lists."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from credentials.jsonld.bundle import PINS, context_bytes
from didresolver import Resolver
from doors.json import JsonObject, parse_object
from doors.refusals import FetchFailed, Refused
from trust.entries import IssuerEntry
from trust.errand import Errand, take_keys, take_status, take_trust_list
from trust.facts import Facts
from trust.policy import ANY_LISTED, TrustPolicy
from trust.snapshot import SnapshotCache, snapshot
from trust.standing import current_trust_list
from trust.type_names import type_names

if TYPE_CHECKING:
    from runtime.fetch import Fetch

MOST_LISTS = 100
_SIZE = 64 * 1024
_ACCEPT = "application/statuslist+jwt, application/vc, application/json"
_LISTS = ("status_lists", "bitstring_status_lists")
"""The members of an aggregation: the Token Status List's (§9.3), and beside it this project's for Bitstring lists."""


async def gather_stock(
    *, policy: TrustPolicy, resolver: Resolver, fetch: "Fetch", now: datetime, cache: SnapshotCache, lists: Sequence[str] = ()
) -> Facts:
    """The facts for a pack: the trust list, each trusted issuer's keys and status lists, the verifiers' own context documents.

    An issuer says where its lists are by ``status_list_aggregation_endpoint`` in its authorization server metadata (Token Status
    List §9.1); ``lists`` names further ones, such as those seen before. What cannot be had is noted in ``Facts.missing``.
    """
    errand = Errand(policy, resolver, fetch, now, cache)
    await take_trust_list(errand)
    await asyncio.gather(*(_take_issuer(entry, lists, errand) for entry in _trusted(errand)))
    for address in PINS:
        kept = snapshot("context", address, context_bytes(address), fetched_at=now)
        errand.snapshots[kept.key] = kept
    return errand.facts()


def _trusted(errand: Errand) -> tuple[IssuerEntry, ...]:
    """The entries that the policy trusts at this time for at least one of its types."""
    candidates = (*errand.policy.pinned, *_listed(errand))
    types = type_names(errand.policy.types)
    return tuple(entry for entry in candidates if entry.is_granted_at(errand.now) and types & type_names(entry.types))


def _listed(errand: Errand) -> Iterable[IssuerEntry]:
    allowed = errand.policy.issuers
    try:
        trust_list, _ = current_trust_list(facts=errand.facts(), policy=errand.policy, now=errand.now)
    except Refused:
        return ()
    return [entry for entry in trust_list.issuers if ANY_LISTED in allowed or allowed & set(entry.identifiers)]


async def _take_issuer(entry: IssuerEntry, lists: Sequence[str], errand: Errand) -> None:
    await asyncio.gather(*(take_keys(identifier, errand) for identifier in entry.identifiers))
    found = {url for identifier in entry.identifiers for url in await _aggregated(identifier, entry, errand)}
    own = found | {url for url in lists if entry.serves(url)}
    await asyncio.gather(*(take_status(url, entry, errand, accept=_ACCEPT) for url in sorted(own)))


async def _aggregated(identifier: str, entry: IssuerEntry, errand: Errand) -> frozenset[str]:
    """The addresses of an https issuer's status lists, as it publishes them; none where it does not."""
    if not identifier.startswith(("https://", "http://")):
        return frozenset()
    try:
        metadata = await _read_object(_metadata_url(identifier), errand)
        endpoint = metadata.get("status_list_aggregation_endpoint")
        if not isinstance(endpoint, str) or not entry.serves(endpoint):
            return frozenset()
        aggregation = await _read_object(endpoint, errand)
    except Refused:
        return frozenset()
    named = (aggregation.get(member, []) for member in _LISTS)
    return frozenset(
        url for urls in named if isinstance(urls, list) for url in urls[:MOST_LISTS] if isinstance(url, str) and entry.serves(url)
    )


async def _read_object(url: str, errand: Errand) -> JsonObject:
    fetched = await errand.fetch(url, max_bytes=_SIZE, accept="application/json")
    if fetched.status != 200:
        raise FetchFailed(f"metadata: expected status 200, got {fetched.status}")
    return parse_object(fetched.content)


def _metadata_url(issuer: str) -> str:
    """RFC 8414 §3.1: the well-known name goes between host and path."""
    parts = urlsplit(issuer)
    return f"{parts.scheme}://{parts.netloc}/.well-known/oauth-authorization-server{parts.path.rstrip('/')}"
