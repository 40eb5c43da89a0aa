"""Gather, while there is a network, all that verdicts will need when there is none: trust list, keys, status lists, contexts."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from credentials.jsonld import PINS, context_bytes
from credentials.wire import StatusEntry, VerifiableCredential
from doors.refusals import FactsMissing, Refused
from trust.aggregation import aggregated_lists
from trust.entries import IssuerEntry
from trust.facts import Facts
from trust.gather import MOST_LISTS
from trust.policy import ANY_LISTED, TrustPolicy
from trust.snapshot import Missing, snapshot
from trust.standing import current_trust_list
from trust.type_names import type_names
from verifier.gathering import FactsSource

if TYPE_CHECKING:
    from runtime.fetch import Fetch


async def collect(
    source: FactsSource, *, fetch: "Fetch", policy: TrustPolicy, status_lists: Iterable[str] = (), now: datetime, known: Facts | None = None
) -> Facts:
    """Everything about every issuer that ``policy`` trusts now: its keys, and each status list that it names itself
    (``trust.aggregation``), beside the ``status_lists`` named here.

    ``known``: facts to add to. What an issuer does not publish, or a list that could not be had, stands in ``Facts.missing``. Raises
    ``FactsMissing`` where a trusted issuer's keys cannot be had, and what ``current_trust_list`` raises.
    """
    gathered = await source.facts([], policy=policy, now=now)
    facts = gathered if known is None else _joined(known, gathered)
    for entry in _trusted(facts, policy, now):
        named = [StatusEntry("status_list", "", 0, url) for url in status_lists if entry.serves(url)]
        facts = _joined(facts, await _of_issuer(source, entry, named, fetch=fetch, policy=policy, now=now))
    return _joined(facts, _contexts(facts, now))


async def _of_issuer(
    source: FactsSource, entry: IssuerEntry, named: list[StatusEntry], *, fetch: "Fetch", policy: TrustPolicy, now: datetime
) -> Facts:
    facts = await source.facts([_asking(identifier, entry, policy, []) for identifier in entry.identifiers], policy=policy, now=now)
    lacking = [kind for kind, name in facts.missing if kind in {"did-document", "issuer-keys"} and (kind, name) not in facts.snapshots]
    if lacking:
        raise FactsMissing(
            "pack: expected the keys of every trusted issuer, and could not have all; look at the network and the trust list"
        )
    lists = list(named)
    for address in (identifier for identifier in entry.identifiers if urlsplit(identifier).scheme in {"https", "http"}):
        try:
            lists += await aggregated_lists(address, entry, fetch=fetch)
        except Refused as refusal:
            facts = _joined(facts, _without(address, refusal, now))
    for few in (lists[place : place + MOST_LISTS] for place in range(0, len(lists), MOST_LISTS)):
        facts = _joined(facts, await source.facts([_asking(entry.identifiers[0], entry, policy, few)], policy=policy, now=now))
    return facts


def _without(issuer: str, refusal: Refused, now: datetime) -> Facts:
    """No lists, and why: noted under the issuer's own address."""
    missing = Missing("status-list", issuer, refusal.code, refusal.detail, now)
    return Facts(MappingProxyType({}), now, MappingProxyType({missing.key: missing}))


def _asking(identifier: str, entry: IssuerEntry, policy: TrustPolicy, status: list[StatusEntry]) -> VerifiableCredential:
    """What makes ``gather`` fetch for an issuer: a credential's outside, with nothing in it."""
    types = tuple(kind for kind in sorted(entry.types) if type_names([kind]) <= type_names(policy.types))
    return VerifiableCredential("", b"", identifier, "", types, tuple(status))


def _trusted(facts: Facts, policy: TrustPolicy, now: datetime) -> Iterator[IssuerEntry]:
    listed = current_trust_list(facts=facts, policy=policy, now=now)[0].issuers if policy.anchors else ()
    allowed = [entry for entry in listed if ANY_LISTED in policy.issuers or policy.issuers & set(entry.identifiers)]
    for entry in (*policy.pinned, *allowed):
        if entry.is_granted_at(now) and type_names(entry.types) & type_names(policy.types):
            yield entry


def _contexts(facts: Facts, now: datetime) -> Facts:
    """The bundled contexts, so that the pack says by hash which words its reader must know."""
    kept = [snapshot("context", url, context_bytes(url), fetched_at=now) for url in PINS]
    return replace(facts, snapshots=MappingProxyType({each.key: each for each in kept}), missing=MappingProxyType({}))


def _joined(first: Facts, second: Facts) -> Facts:
    return replace(
        first,
        snapshots=MappingProxyType({**first.snapshots, **second.snapshots}),
        missing=MappingProxyType({**first.missing, **second.missing}),
    )
