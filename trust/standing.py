"""Who is on the list: whether an issuer or a relying party has standing for this, at this time. Asked before anything is fetched."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from doors.refusals import CredentialTypeMismatch, IssuerUntrusted, RequestUntrusted, TrustListInvalid, TrustListStale
from trust.entries import IssuerEntry, RelyingPartyEntry
from trust.facts import Facts
from trust.instants import age_of
from trust.policy import ANY_LISTED, TrustPolicy
from trust.snapshot import Snapshot
from trust.trust_list import TrustList, read_trust_list
from trust.type_names import type_names


@dataclass(frozen=True, slots=True)
class Standing:
    """An issuer's entry, and the trust list's snapshot that it stands on (None for a pinned issuer)."""

    entry: IssuerEntry
    source: Snapshot | None


def issuer_standing(issuer: str, types: Collection[str], *, facts: Facts, policy: TrustPolicy, now: datetime) -> Standing:
    """The standing of ``issuer`` for all of ``types`` at ``now``, by the policy's pins or the trust list's granted periods.

    Raises ``IssuerUntrusted``, ``CredentialTypeMismatch`` where the policy does not take the type from anyone,
    ``TrustListInvalid``, ``TrustListStale`` and, where no list was gathered, the reason.
    """
    wanted = _policy_types(types, policy)
    standing = _granted(issuer, facts=facts, policy=policy, now=now)
    if not wanted <= type_names(standing.entry.types):
        raise IssuerUntrusted("issuer: expected one that is trusted for this credential type, got one trusted for others")
    return standing


def listed_issuer(issuer: str, *, facts: Facts, policy: TrustPolicy, now: datetime) -> IssuerEntry:
    """The entry of an issuer that is trusted at ``now`` for anything at all: before an offer of it is looked at.

    Raises ``IssuerUntrusted``, ``TrustListInvalid``, ``TrustListStale`` and, where no list was gathered, the reason.
    """
    return _granted(issuer, facts=facts, policy=policy, now=now).entry


def _granted(issuer: str, *, facts: Facts, policy: TrustPolicy, now: datetime) -> Standing:
    standing = _pinned(issuer, policy) or _listed(issuer, facts=facts, policy=policy, now=now)
    if not standing.entry.is_granted_at(now):
        raise IssuerUntrusted("issuer: expected one that is trusted at this time, got one whose grant does not cover it")
    return standing


def _policy_types(types: Collection[str], policy: TrustPolicy) -> frozenset[str]:
    wanted = type_names(types)
    if not wanted & type_names(policy.types):
        raise CredentialTypeMismatch("type: expected a credential type that the policy names, got another")
    return wanted


def _pinned(issuer: str, policy: TrustPolicy) -> Standing | None:
    return next((Standing(entry, None) for entry in policy.pinned if issuer in entry.identifiers), None)


def _listed(issuer: str, *, facts: Facts, policy: TrustPolicy, now: datetime) -> Standing:
    if not policy.issuers or not policy.anchors:
        raise IssuerUntrusted("issuer: expected one that the policy names, and it names none")
    trust_list, source = current_trust_list(facts=facts, policy=policy, now=now)
    entry = trust_list.issuer(issuer)
    if entry is None or not (ANY_LISTED in policy.issuers or policy.issuers & set(entry.identifiers)):
        raise IssuerUntrusted("issuer: expected one of the trust list that the policy allows, got another")
    return Standing(entry, source)


def current_trust_list(*, facts: Facts, policy: TrustPolicy, now: datetime) -> tuple[TrustList, Snapshot]:
    """The gathered trust list, its signature and age checked against the policy.

    A list issued later than ``now`` answers too: its history covers the time before. Raises ``TrustListInvalid``,
    ``TrustListStale`` and, where none was gathered, the reason.
    """
    source = facts.snapshot("trust-list", policy.trust_list_url)
    trust_list = read_trust_list(source.content, policy.anchors)
    if trust_list.expires_at <= trust_list.issued_at:
        raise TrustListInvalid("trust list: expected an end after its beginning")
    if now - policy.skew >= trust_list.expires_at:
        raise TrustListStale("trust list: expected one that has not expired")
    age = age_of(source.fetched_at, now)
    if age > policy.stale_limit("trust_list"):
        raise TrustListStale(f"trust list: expected one fetched in the last {policy.stale_limit('trust_list')}, got one of {age} ago")
    return trust_list, source


def relying_party_standing(client_id: str, *, facts: Facts, policy: TrustPolicy, now: datetime) -> RelyingPartyEntry:
    """The registered relying party of ``client_id``; raises ``RequestUntrusted`` and what ``current_trust_list`` raises."""
    if not policy.anchors:
        raise RequestUntrusted("relying party: expected one of a trust list, and the policy names no signer of one")
    trust_list, _ = current_trust_list(facts=facts, policy=policy, now=now)
    entry = trust_list.relying_party(client_id)
    if entry is None or not entry.is_granted_at(now):
        raise RequestUntrusted("relying party: expected one that is registered at this time, got another")
    return entry
