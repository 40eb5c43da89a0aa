"""Who asks, and may they ask for this? The wallet's judgement of a relying party, before anything is shown or sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from credentials.keys import PublicKey
from doors.refusals import Overasking, ProofPurposeMismatch, RequestUntrusted
from trust.entries import Bilingual, RelyingPartyEntry, host_of
from trust.facts import Facts
from trust.instants import age_of
from trust.policy import TrustPolicy
from trust.standing import relying_party_standing
from trust.type_names import one_name

DID_PREFIX = "decentralized_identifier:"
"""The client identifier prefix whose client signs with a key of its DID document (OpenID4VP 1.0 §5.9.3)."""

ClaimPath = tuple[str | int | None, ...]
Asked = Mapping[str, Collection[ClaimPath]]
"""For each credential type asked for, the claim paths asked of it (DCQL §7)."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """A relying party that was found on the trust list, asking only for what it is registered for."""

    client_id: str
    name: Bilingual
    purpose: Bilingual
    privacy_url: str
    hosts: tuple[str, ...]


def judge_relying_party(
    client_id: str, *, asked: Asked, response_uri: str, facts: Facts, policy: TrustPolicy, now: datetime
) -> RelyingParty:
    """The relying party behind ``client_id``, believed by the trust list's entry for it at ``now``.

    The request's own signature is checked by the caller with ``request_key``. Raises ``RequestUntrusted`` where it is not
    registered now or the answer would go to a host that is not its own, ``Overasking`` for types or attributes that it is not
    registered for (``overasked`` lists them), and the trust list's refusals.
    """
    entry = relying_party_standing(client_id, facts=facts, policy=policy, now=now)
    if host_of(response_uri) not in {host.lower() for host in entry.hosts}:
        raise RequestUntrusted("response_uri: expected one on the relying party's registered hosts, got another")
    excess = _excess(entry, asked)
    if excess:
        raise Overasking(f"attributes: expected only registered ones, got also {', '.join(_named(item) for item in excess)}")
    return RelyingParty(entry.client_id, entry.name, entry.purpose, entry.privacy_url, entry.hosts)


def overasked(client_id: str, *, asked: Asked, facts: Facts, policy: TrustPolicy, now: datetime) -> tuple[tuple[str, str], ...]:
    """Each (type, attribute) that is asked for without being registered; the attribute is empty where the whole type is not."""
    return _excess(relying_party_standing(client_id, facts=facts, policy=policy, now=now), asked)


def request_key(client_id: str, kid: str, *, facts: Facts, policy: TrustPolicy, now: datetime) -> PublicKey:
    """The key that a signed request of ``client_id`` must verify with (OpenID4VP 1.0 §5.9.3, decentralized_identifier).

    Raises ``RequestUntrusted`` for any other client identifier prefix, for a client that is not registered now, and for a DID
    document above the policy's age; ``KidUnknown`` for a ``kid`` that is not one of its keys.
    """
    if not client_id.startswith(DID_PREFIX):
        raise RequestUntrusted(f"client_id: expected the prefix {DID_PREFIX}, got another")
    relying_party_standing(client_id, facts=facts, policy=policy, now=now)
    did = client_id.removeprefix(DID_PREFIX)
    source = facts.keys_snapshot(did)
    if source is not None and age_of(source.fetched_at, now) > policy.stale_limit("did_document"):
        raise RequestUntrusted("DID document of the relying party: expected a newer one")
    try:
        return facts.issuer_key(did, kid, purpose="authentication")
    except ProofPurposeMismatch:
        return facts.issuer_key(did, kid, purpose="assertionMethod")


def attribute_of(path: ClaimPath) -> str:
    """The name under which a claim is registered: the first name below the subject, whatever the format's path looks like."""
    names = path[1:] if path[:1] == ("credentialSubject",) else path
    return str(names[0]) if names else ""


def _excess(entry: RelyingPartyEntry, asked: Asked) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(excess for kind, paths in asked.items() for excess in _excess_of_type(entry, kind, paths)))


def _excess_of_type(entry: RelyingPartyEntry, kind: str, paths: Collection[ClaimPath]) -> set[tuple[str, str]]:
    registered = {name for listed, names in entry.attributes.items() if one_name(listed) == one_name(kind) for name in names}
    if not registered:
        return {(kind, "")}
    return {(kind, attribute_of(path)) for path in paths} - {(kind, name) for name in registered}


def _named(item: tuple[str, str]) -> str:
    kind, attribute = item
    return attribute[:64] or f"the type {kind[:128]}"
