"""Gather, while there is a network, all that verdicts will need when there is none: trust list, keys, status lists, contexts."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from urllib.parse import urlsplit

from credentials.jsonld import PINS, context_bytes
from credentials.wire import StatusEntry, VerifiableCredential
from doors.refusals import FactsMissing
from trust.entries import IssuerEntry
from trust.facts import Facts
from trust.policy import TrustPolicy
from trust.snapshot import snapshot
from trust.standing import current_trust_list
from trust.type_names import type_names
from verifier.gathering import FactsSource

MOST_LISTS = 64
_LIST_KINDS = (("BitstringStatusListEntry", "revocation"), ("BitstringStatusListEntry", "suspension"), ("status_list", "token"))


async def collect(
    source: FactsSource, *, policy: TrustPolicy, status_lists: Iterable[str] = (), now: datetime, known: Facts | None = None
) -> Facts:
    """Everything about every issuer that ``policy`` trusts now: its keys, and its status lists under ``/status/1``, ``/status/2``, …
    of each of its https addresses (where this project's issuers publish them), and the ``status_lists`` named beside.

    ``known``: facts to add to. Raises ``FactsMissing`` where a trusted issuer's keys cannot be had, and what ``current_trust_list`` raises.
    """
    gathered = await source.facts([], policy=policy, now=now)
    facts = gathered if known is None else _joined(known, gathered)
    for entry in _trusted(facts, policy, now):
        facts = _joined(facts, await _of_issuer(source, entry, policy=policy, named=tuple(status_lists), now=now))
    return _joined(facts, _contexts(facts, now))


async def _of_issuer(source: FactsSource, entry: IssuerEntry, *, policy: TrustPolicy, named: tuple[str, ...], now: datetime) -> Facts:
    own = [StatusEntry("status_list", "", 0, url) for url in named if entry.serves(url)]
    facts = await source.facts([_asking(identifier, entry, policy, own) for identifier in entry.identifiers], policy=policy, now=now)
    lacking = [kind for kind, name in facts.missing if kind in {"did-document", "issuer-keys"} and (kind, name) not in facts.snapshots]
    if lacking:
        raise FactsMissing(
            "pack: expected the keys of every trusted issuer, and could not have all; look at the network and the trust list"
        )
    for address in (identifier for identifier in entry.identifiers if urlsplit(identifier).scheme in {"https", "http"}):
        facts = _joined(facts, await _lists_of(source, address, entry, policy=policy, now=now))
    return facts


async def _lists_of(source: FactsSource, address: str, entry: IssuerEntry, *, policy: TrustPolicy, now: datetime) -> Facts:
    """List after list of one address, until there is none of that number."""
    facts = Facts(MappingProxyType({}), now)
    for number in range(1, MOST_LISTS + 1):
        entries = [StatusEntry(kind, name, 0, f"{address.rstrip('/')}/status/{number}/{name}") for kind, name in _LIST_KINDS]
        found = await source.facts([_asking(address, entry, policy, entries)], policy=policy, now=now)
        if not any(("status-list", each.list_url) in found.snapshots for each in entries):
            return facts
        facts = _joined(facts, found)
    return facts


def _asking(identifier: str, entry: IssuerEntry, policy: TrustPolicy, status: list[StatusEntry]) -> VerifiableCredential:
    """What makes ``gather`` fetch for an issuer: a credential's outside, with nothing in it."""
    types = tuple(kind for kind in sorted(entry.types) if type_names([kind]) <= type_names(policy.types))
    return VerifiableCredential("", b"", identifier, "", types, tuple(status))


def _trusted(facts: Facts, policy: TrustPolicy, now: datetime) -> Iterator[IssuerEntry]:
    listed = current_trust_list(facts=facts, policy=policy, now=now)[0].issuers if policy.anchors else ()
    for entry in (*policy.pinned, *listed):
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
