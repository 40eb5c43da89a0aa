"""Does the credential still stand? Each of its status entries against the issuer's own signed, fresh status list."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache

import orjson

from credentials.data_integrity import check_period
from credentials.formats import LdpVc
from credentials.keys import PublicKey
from credentials.status import (
    INVALID,
    SUSPENDED,
    VALID,
    BitstringStatusList,
    TokenStatusList,
    UnverifiedTokenStatusList,
    parse_token_status_list,
    read_bitstring,
    verify_token_status_list,
)
from credentials.wire import StatusEntry, VerifiableCredential
from doors.json import JsonObject
from doors.refusals import (
    DidStale,
    InputTooLarge,
    ProofExpired,
    Refused,
    StatusInvalid,
    StatusIssuerMismatch,
    StatusRevoked,
    StatusStale,
    StatusSuspended,
    StatusUnavailable,
    Undecided,
    UrlBlocked,
)
from trust.checks import Findings
from trust.entries import IssuerEntry
from trust.facts import Facts
from trust.instants import age_of
from trust.policy import TrustPolicy
from trust.snapshot import Snapshot

BITSTRING, TOKEN = "BitstringStatusListEntry", "status_list"
_FORMAT = LdpVc()
"""A Bitstring Status List is itself a credential, secured in this format (Bitstring Status List 1.0 §2.2)."""
_SAYS_NOTHING_OF_VALIDITY = frozenset({"message", "refresh"})
"""Purposes that inform but do not end a credential (Bitstring Status List 1.0 §2.2)."""
_SET_MEANS = {"revocation": INVALID, "suspension": SUSPENDED}


def judge_status(entry: StatusEntry, *, issuer: IssuerEntry, findings: Findings, facts: Facts, policy: TrustPolicy, now: datetime) -> None:
    """Return if ``entry`` says that the credential stands at ``now``.

    The list must come from ``issuer``, by its own keys and from its own host. Raises ``StatusRevoked``, ``StatusSuspended``,
    ``StatusInvalid``, ``StatusIssuerMismatch``, ``StatusIndexInvalid``, ``UrlBlocked``, ``InputTooLarge``; and, undecided,
    ``StatusStale``, ``StatusUnavailable`` and what is missing for the list's own key.
    """
    if entry.purpose in _SAYS_NOTHING_OF_VALIDITY:
        return
    source = _source(entry, issuer, facts)
    findings.rests_on(source.fetched_at, now)
    _refuse_stale(source, policy, now)
    status_list = _verified_list(entry, source, issuer, facts=facts, policy=policy, now=now)
    if source.fetched_at > now + policy.skew:
        _judge_by_later_list(entry, status_list, source, policy)
        return
    status_list.fresh_at(now, policy.skew)
    if entry.kind == BITSTRING:
        _refuse_proof_out_of_time(source.content, policy, now)
    _refuse_ended(_status(entry, status_list))


def list_signer(content: bytes, kind: str) -> str:
    """The identifier that a status list claims to be signed by, before anything is verified; empty where it cannot be read."""
    try:
        return _token_issuer(_token(content)) if kind == TOKEN else _secured(content).unverified_issuer
    except Refused:
        return ""


def _source(entry: StatusEntry, issuer: IssuerEntry, facts: Facts) -> Snapshot:
    if entry.kind not in {BITSTRING, TOKEN} or (entry.kind == BITSTRING and entry.purpose not in _SET_MEANS):
        raise StatusUnavailable("status: expected a mechanism and purpose that are read here, got another")
    if not issuer.serves(entry.list_url):
        raise UrlBlocked("status list: expected an address on the issuer's own host")
    source = facts.newest("status-list", entry.list_url)
    if source is not None:
        return source
    reason = facts.why_missing("status-list", entry.list_url)
    if isinstance(reason, UrlBlocked | InputTooLarge):
        raise reason
    raise StatusUnavailable(f"status list: expected it among the facts, and it could not be had ({reason.code})") from reason


def _refuse_stale(source: Snapshot, policy: TrustPolicy, now: datetime) -> None:
    age, limit = age_of(source.fetched_at, now), policy.stale_limit("status")
    if age > limit:
        raise StatusStale(f"status list: expected one fetched in the last {limit}, got one of {age} ago")


def _judge_by_later_list(
    entry: StatusEntry, status_list: BitstringStatusList | TokenStatusList, source: Snapshot, policy: TrustPolicy
) -> None:
    """A list of a later time answers for an earlier one only where it says "not revoked": revocation is never taken back."""
    status_list.fresh_at(source.fetched_at, policy.skew)
    if _status(entry, status_list) != VALID or entry.purpose != "revocation":
        raise StatusStale("status list: expected one of the time that is asked about, got a later one")


def _refuse_proof_out_of_time(content: bytes, policy: TrustPolicy, now: datetime) -> None:
    try:
        for proof in _proofs(content):
            check_period(proof, now=now, skew=policy.skew)
    except ProofExpired as refusal:
        raise StatusStale(f"status list: {refusal.detail}") from refusal


def _status(entry: StatusEntry, status_list: BitstringStatusList | TokenStatusList) -> int:
    """The entry's status in the words of the Token Status List (§7.1), for both kinds of list."""
    value = status_list.get(entry.index)
    return value if isinstance(status_list, TokenStatusList) else value * _SET_MEANS[entry.purpose]


def _refuse_ended(status: int) -> None:
    if status == INVALID:
        raise StatusRevoked("status: expected a credential that stands, got one that its issuer has revoked")
    if status == SUSPENDED:
        raise StatusSuspended("status: expected a credential that stands, got one that its issuer has suspended")
    if status != VALID:
        raise StatusUnavailable("status: expected valid, revoked or suspended, got a status of the issuer's own")


def _verified_list(
    entry: StatusEntry, source: Snapshot, issuer: IssuerEntry, *, facts: Facts, policy: TrustPolicy, now: datetime
) -> BitstringStatusList | TokenStatusList:
    with _as_status_invalid():
        signer, kid = _signer(entry, source, issuer)
        _refuse_stale_keys(signer, facts=facts, policy=policy, now=now)
        key = facts.issuer_key(signer, kid)
        if entry.kind == TOKEN:
            return _read_token(source.content, key, entry.list_url)
        return _read_bitstring(source.content, key, entry.list_url, entry.purpose)


def _signer(entry: StatusEntry, source: Snapshot, issuer: IssuerEntry) -> tuple[str, str]:
    """Who signed the list by which key, before the signature is checked; must be an identifier of the credential's issuer."""
    if entry.kind == TOKEN:
        token = _token(source.content)
        signer, kid = _token_issuer(token) or issuer.identifiers[0], token.unverified_key_id
    else:
        vc = _secured(source.content)
        signer, kid = vc.unverified_issuer, vc.unverified_key_id
    if signer not in issuer.identifiers:
        raise StatusIssuerMismatch("status list: expected the signature of the credential's own issuer, got another's")
    return signer, kid


def _token_issuer(token: UnverifiedTokenStatusList) -> str:
    """Its ``iss``, which is optional; else the DID of its key."""
    named = token.unverified_key_id.split("#", 1)[0]
    return token.unverified_issuer or (named if named.startswith("did:") else "")


def _refuse_stale_keys(signer: str, *, facts: Facts, policy: TrustPolicy, now: datetime) -> None:
    source = facts.keys_snapshot(signer)
    if source is not None and age_of(source.fetched_at, now) > policy.stale_limit("did_document"):
        raise DidStale("status list: expected its signer's keys to be of the age that the policy allows")


@contextmanager
def _as_status_invalid() -> Iterator[None]:
    """What is wrong with the list is ``StatusInvalid``; what cannot be decided, is too large or foreign keeps its own name."""
    try:
        yield
    except (Undecided, InputTooLarge, StatusInvalid, StatusIssuerMismatch):
        raise
    except Refused as refusal:
        raise StatusInvalid(f"status list: {refusal}") from refusal


@lru_cache(maxsize=32)
def _token(content: bytes) -> UnverifiedTokenStatusList:
    try:
        return parse_token_status_list(content.decode("ascii").strip())
    except UnicodeDecodeError:
        raise StatusInvalid("status list: expected a signed token") from None


@lru_cache(maxsize=32)
def _proofs(content: bytes) -> tuple[JsonObject, ...]:
    """The proofs of a list that has been verified, so that their dates can be looked at without reading it again."""
    proofs = orjson.loads(content)["proof"]
    return tuple(proofs) if isinstance(proofs, list) else (proofs,)


@lru_cache(maxsize=32)
def _secured(content: bytes) -> VerifiableCredential:
    return _FORMAT.parse(content)


@lru_cache(maxsize=16)
def _read_token(content: bytes, key: PublicKey, list_url: str) -> TokenStatusList:
    token = _token(content)
    return verify_token_status_list(token, key, list_url=list_url, issuer=token.unverified_issuer)


@lru_cache(maxsize=16)
def _read_bitstring(content: bytes, key: PublicKey, list_url: str, purpose: str) -> BitstringStatusList:
    return read_bitstring(_FORMAT.verify(_secured(content), key), list_url=list_url, purpose=purpose)
