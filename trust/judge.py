"""The one way to believe a credential: numbered steps, each recorded, on facts that were gathered before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from credentials.credential import Credential
from credentials.formats import FORMATS, Format, ProofPeriod
from credentials.keys import PublicKey
from credentials.wire import VerifiableCredential
from didresolver import expand_self_certifying, is_self_certifying
from doors.refusals import (
    ClaimsNotFromProof,
    ContextInvalid,
    ContextNotAllowed,
    DataModelMismatch,
    DidStale,
    InputMalformed,
    IriNotAbsolute,
    KeyNotAllowed,
    KidUnknown,
    Refused,
    SchemaMismatch,
    TermUndefined,
)
from trust.checks import Check, Findings, Ledger
from trust.entries import IssuerEntry
from trust.facts import Facts
from trust.instants import age_of
from trust.policy import TrustPolicy
from trust.snapshot import Snapshot
from trust.standing import Standing, issuer_standing
from trust.status import judge_status
from trust.type_names import SHAPES, type_names

_OF_THE_DATA = (ContextInvalid, ContextNotAllowed, DataModelMismatch, IriNotAbsolute, SchemaMismatch, TermUndefined)
"""Refusals of a format that are about the document, not about its signature."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A credential that is believed: what its issuer signed, the issuer's entry, the holder's key (None: no holder), and every check."""

    credential: Credential
    issuer: IssuerEntry
    holder_key: PublicKey | None
    checks: tuple[Check, ...]


def judge(vc: VerifiableCredential, *, facts: Facts, policy: TrustPolicy, now: datetime) -> Judged:
    """Believe ``vc`` at the time ``now`` on ``facts``, by ``policy``; pure: the same arguments give the same verdict in ten years.

    With ``now`` in the past the trust list's granted periods of that time count. Raises ``Rejected`` with the checks made so far
    and the code of the one that ended it.
    """
    ledger = Ledger()
    # 1. The format is one that is read here.
    with ledger.step("format"):
        form = _format_of(vc)
    # 2. The issuer is trusted for these types at this time. (gather asks the same before it fetches anything.)
    with ledger.step("issuer") as findings:
        standing = issuer_standing(vc.unverified_issuer, vc.unverified_types, facts=facts, policy=policy, now=now)
        _rest_on(standing.source, findings, now)
    # 3. The key that signed is one of the issuer's for assertions, and young enough.
    with ledger.step("key") as findings:
        key = _issuer_key(vc, findings, facts=facts, policy=policy, now=now)
    # 4. and 5. The signature holds by exactly that key, and what was signed follows its data model.
    credential = _verified(vc, form, key, ledger)
    # 6. What was signed is what the trust was asked for.
    with ledger.step("claims"):
        _same_as_asked(vc, credential, standing)
    # 7. The moment lies between the credential's dates, and between its proof's where that has its own.
    with ledger.step("dates"):
        credential.valid_at(now, policy.skew)
        if isinstance(form, ProofPeriod):
            form.check_proof_period(vc, now=now, skew=policy.skew)
    # 8. It is neither revoked nor suspended, by every status entry it has. (Token Status List §8.3: not before the rest is valid.)
    with ledger.step("status") as findings:
        for entry in credential.status:
            judge_status(entry, issuer=standing.entry, findings=findings, facts=facts, policy=policy, now=now)
        findings.detail = f"{len(credential.status)} entries"
    # 9. The holder's key is of a type that can be checked.
    with ledger.step("holder_key"):
        holder_key = holder_key_of(credential)
    return Judged(credential, standing.entry, holder_key, ledger.checks)


def holder_key_of(credential: Credential) -> PublicKey | None:
    """The key that a presenter must show to hold: the ``cnf`` key, or the one of the subject's DID; None where there is neither.

    Raises ``KeyNotAllowed`` where the subject is a DID that is not its own key, ``DidInvalid`` where it is a broken one.
    """
    if credential.holder_key is not None:
        return credential.holder_key
    if not credential.holder.startswith("did:"):
        return None
    if not is_self_certifying(credential.holder):
        raise KeyNotAllowed("holder: expected a DID that is its own key (did:key, did:jwk)")
    return _key_of(credential.holder)


@lru_cache(maxsize=1_024)
def _key_of(did: str) -> PublicKey:
    return next(iter(expand_self_certifying(did).methods.values())).key


def _format_of(vc: VerifiableCredential) -> Format:
    form = FORMATS.get(vc.format)
    if form is None:
        raise InputMalformed(f"format: expected one of {', '.join(FORMATS)}, got another")
    return form


def _issuer_key(vc: VerifiableCredential, findings: Findings, *, facts: Facts, policy: TrustPolicy, now: datetime) -> PublicKey:
    source = facts.keys_snapshot(vc.unverified_issuer)
    _rest_on(source, findings, now)
    if source is not None:
        _refuse_stale_keys(age_of(source.fetched_at, now), policy.stale_limit("did_document"))
    if not vc.unverified_key_id:
        raise KidUnknown("key: expected the credential to name its issuer's key, got no name")
    return facts.issuer_key(vc.unverified_issuer, vc.unverified_key_id)


def _refuse_stale_keys(age: timedelta, limit: timedelta) -> None:
    if age > limit:
        raise DidStale(f"issuer's keys: expected them fetched in the last {limit}, got keys of {age} ago")


def _verified(vc: VerifiableCredential, form: Format, key: PublicKey, ledger: Ledger) -> Credential:
    """One call of the format makes both checks; the refusal says which of them it was."""
    try:
        credential = form.verify(vc, key)
        for kind in SHAPES.keys() & type_names(credential.types):
            SHAPES[kind](credential.claims)
    except _OF_THE_DATA as refusal:
        ledger.reject("data_model", refusal)
    except Refused as refusal:
        ledger.reject("signature", refusal)
    ledger.passed("signature")
    ledger.passed("data_model")
    return credential


def _same_as_asked(vc: VerifiableCredential, credential: Credential, standing: Standing) -> None:
    """Issuer, types and status were read before anything was verified; the signed ones must be the same."""
    if credential.issuer not in standing.entry.identifiers or credential.issuer != vc.unverified_issuer:
        raise ClaimsNotFromProof("issuer: expected the signed one to be the one that was looked up")
    if type_names(credential.types) != type_names(vc.unverified_types) or set(credential.status) != set(vc.unverified_status):
        raise ClaimsNotFromProof("types and status: expected the signed ones to be those that were looked up")


def _rest_on(source: Snapshot | None, findings: Findings, now: datetime) -> None:
    if source is not None:
        findings.rests_on(source.fetched_at, now)
