"""Answer a wallet that asks for its credential: check its key proofs, then record, then sign, then send."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from credentials.keys import PublicKey
from didresolver import expand_self_certifying
from doors.json import JsonValue
from doors.refusals import (
    CredentialRequestDenied,
    InvalidEncryptionParameters,
    InvalidToken,
    NotFound,
    Refused,
    UnknownCredentialConfiguration,
)
from issuer import crash_points
from issuer.configurations import Configuration, configuration
from issuer.enrol import HeldSubject, open_subject
from issuer.issue import NONCE, Draft, IssueOrder, LintedDraft, RecordedDraft, draft, keep, record, secure
from issuer.lint import LintBench, lint
from issuer.metadata import PROOFS
from issuer.offer import access_tag
from issuer.office import Office
from issuer.store import applications, offers
from openid4vc.embedding import from_wire
from openid4vc.vci.credential_request import CredentialRequest, Proofs
from openid4vc.vci.proofs import ExpectedProof, ProvenKey, check_proofs
from runtime.clock import Clock
from runtime.database import Database
from runtime.log import logger
from runtime.spend import NotSpendable, peek

_PROOF_LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, repr=False)
class Counter:
    """The place where credentials are handed out: the office with its cabinet, its clock and the bench for its lints."""

    office: Office
    database: Database
    bench: LintBench
    clock: Clock


async def hand_out(request: CredentialRequest, *, token: str, counter: Counter) -> tuple[JsonValue, ...]:
    """The signed credentials, one for each key proof, as they stand in the response (OpenID4VCI 1.0 §8).

    Raises ``InvalidToken``, ``UnknownCredentialConfiguration``, ``InvalidProof``, ``InvalidNonce``, ``EvidenceMissing``,
    ``EvidenceMismatch``, ``CredentialRequestDenied``; nothing is signed or spent after a refusal.
    """
    now, office = counter.clock(), counter.office
    order = await counter.database.read(
        lambda connection: prepare(connection, request, token=token, office=office, bench=counter.bench, now=now)
    )
    office.reached(crash_points.CREDENTIAL_BEFORE_RECORD)
    recorded = await counter.database.write(lambda connection: record(connection, order, office=office, now=now))
    office.reached(crash_points.CREDENTIAL_AFTER_RECORD)
    return tuple([await _sign_and_keep(one, counter) for one in recorded])


def prepare(
    connection: sqlite3.Connection, request: CredentialRequest, *, token: str, office: Office, bench: LintBench, now: datetime
) -> IssueOrder:
    """Everything that can be refused before anything is written: token, configuration, proofs, evidence, lint."""
    offer = _offer_of(connection, token, office=office, now=now)
    kind = _configuration_of(request, offer)
    if request.response_encryption is not None:
        raise InvalidEncryptionParameters("credential_response_encryption: expected none, for the metadata offers none")
    proven = _check_proofs(connection, request.proofs, kind, office=office, now=now)
    subject = _subject_of(connection, offer, office)
    drafts = tuple(draft(subject, kind.id, one.key, office=office, now=now) for one in proven)
    linted = tuple(_linted(one, bench=bench, now=now) for one in drafts)
    return IssueOrder(offer.id, frozenset(one.nonce for one in proven), linted)


def _linted(made: Draft, *, bench: LintBench, now: datetime) -> LintedDraft:
    """What does not pass the lint is the office's fault, not the wallet's, and is told so."""
    try:
        return lint(made, bench=bench, now=now)
    except Refused as error:
        logger().error("lint refused a draft", code=error.code, format=made.configuration)
        raise CredentialRequestDenied(f"credential: did not pass the office's own check ({error.code}); the office has to act") from error


async def _sign_and_keep(recorded: RecordedDraft, counter: Counter) -> JsonValue:
    office = counter.office
    signed = secure(recorded, office=office)
    office.reached(crash_points.CREDENTIAL_AFTER_SIGN)
    if recorded.wire is None:
        wire = await counter.database.write(lambda connection: keep(connection, recorded, signed, office=office))
    else:
        wire = recorded.wire
    office.reached(crash_points.CREDENTIAL_AFTER_KEEP)
    return from_wire(wire, format_name=signed.format)


def _offer_of(connection: sqlite3.Connection, token: str, *, office: Office, now: datetime) -> offers.OfferRecord:
    try:
        return offers.find_by_access(connection, access_tag(token, office), now)
    except NotFound as error:
        raise InvalidToken("access token: expected one that was given here and has not expired") from error


def _configuration_of(request: CredentialRequest, offer: offers.OfferRecord) -> Configuration:
    """The kind asked for, which the token must be for (OpenID4VCI 1.0 §8.2); an identifier of a data set is the configuration's own."""
    kind = configuration(request.configuration_id or request.credential_identifier)
    if kind.id not in offer.configurations:
        raise UnknownCredentialConfiguration("credential_configuration_id: expected one of the offer, got another")
    return kind


def _subject_of(connection: sqlite3.Connection, offer: offers.OfferRecord, office: Office) -> HeldSubject:
    return open_subject(applications.find(connection, offer.application_id), office=office)


def _check_proofs(
    connection: sqlite3.Connection, proofs: Proofs | None, kind: Configuration, *, office: Office, now: datetime
) -> tuple[ProvenKey, ...]:
    """Each proof's key, every one another (OpenID4VCI 1.0 §8.2, Appendix F.4)."""
    supported = PROOFS[kind.format]
    algorithms = supported[proofs.type].algorithms if proofs is not None and proofs.type in supported else ()
    expected = ExpectedProof(
        issuer=office.keys.public_url,
        nonce_known=lambda nonce: _is_live(connection, nonce, now),
        algorithms=frozenset(algorithms),
        resolve_kid=_authentication_key,
        client_id="",
        now=now,
        lifetime=_PROOF_LIFE,
        skew=office.terms.skew,
    )
    return check_proofs(proofs, expected, accepted=frozenset(supported), most=office.terms.batch_size)


def _is_live(connection: sqlite3.Connection, nonce: str, now: datetime) -> bool:
    try:
        peek(connection, NONCE, nonce, now=now)
    except NotSpendable:
        return False
    return True


def _authentication_key(kid: str) -> PublicKey:
    """The holder's key by the DID URL of a self-certifying DID; raises what the DID method refuses."""
    return expand_self_certifying(kid.partition("#")[0]).key(kid, purpose="authentication")
