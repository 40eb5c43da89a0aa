"""Make the credential: draft it, put it on record, and only then sign it."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from credentials.credential import Credential
from credentials.formats import FORMATS
from credentials.keys import PublicKey, public_key_from_jwk
from credentials.wire import VerifiableCredential
from doors.json import JsonObject
from doors.refusals import CredentialRequestDenied, InvalidNonce, NotFound
from issuer import crash_points
from issuer.configurations import CONFIGURATIONS
from issuer.enrol import HeldSubject
from issuer.id_card import id_card
from issuer.keys import Keyring
from issuer.offer import ENTITLEMENT, entitlement
from issuer.office import Office
from issuer.permutation import StatusPlace, place
from issuer.store import applications, credentials
from runtime import journal
from runtime.spend import NotSpendable, spend

NONCE = "c_nonce"
_ON_RECORD = object()


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """A credential to be: about whom, for which key, in which configuration; it has no place on a status list yet."""

    id: str
    configuration: str
    subject: HeldSubject
    holder: PublicKey
    issued_at: datetime
    valid_until: datetime

    def placed(self, where: StatusPlace, keys: Keyring) -> Credential:
        """The credential as ``keys`` will sign it, with its status at ``where``; raises what the data model and the schema refuse."""
        return id_card(
            self.subject,
            configuration=CONFIGURATIONS[self.configuration],
            holder=self.holder,
            credential_id=self.id,
            where=where,
            keys=keys,
            valid_from=self.issued_at,
            valid_until=self.valid_until,
        )


@dataclass(frozen=True, slots=True, repr=False)
class LintedDraft:
    """A draft that the verifier's own checks have passed. Made by ``issuer.lint.lint``."""

    draft: Draft


@dataclass(frozen=True, slots=True, repr=False)
class RecordedDraft:
    """A draft on record, which alone can be signed; ``wire`` holds the bytes where it was signed before. Only ``record`` makes one."""

    id: str
    configuration: str
    credential: Credential
    issued_at: datetime
    wire: bytes | None
    witness: object

    def __post_init__(self) -> None:
        if self.witness is not _ON_RECORD:
            raise TypeError("a RecordedDraft is made by record() alone")


@dataclass(frozen=True, slots=True, repr=False)
class IssueOrder:
    """What one credential request comes to: the nonces its proofs spend, and a linted draft for each holder key."""

    offer_id: str
    nonces: frozenset[str]
    drafts: tuple[LintedDraft, ...]


def draft(subject: HeldSubject, configuration_id: str, holder: PublicKey, *, office: Office, now: datetime) -> Draft:
    return Draft(
        id=f"urn:uuid:{UUID(bytes=office.random_bytes(16), version=4)}",
        configuration=configuration_id,
        subject=subject,
        holder=holder,
        issued_at=now.replace(microsecond=0),
        valid_until=now.replace(microsecond=0) + office.terms.validity,
    )


def record(connection: sqlite3.Connection, order: IssueOrder, *, office: Office, now: datetime) -> tuple[RecordedDraft, ...]:
    """One transaction: spend the nonces and what the code entitled to, take a status index for each draft, write draft and journal.

    A key whose credential is on record and may not have arrived gets that one again, and nothing more is spent than the nonces.
    Raises ``InvalidNonce``, ``CredentialRequestDenied`` where the offer has been used up by another key, ``ClockBehind``.
    """
    journal.check_clock(connection, now=now)
    _refuse_erased(connection, order)
    _spend_nonces(connection, order.nonces, now=now)
    office.reached(crash_points.CREDENTIAL_AFTER_NONCE)
    found = {one.draft.id: _undelivered(connection, one.draft, office) for one in order.drafts}
    fresh = {one.draft.configuration for one in order.drafts if found[one.draft.id] is None}
    for configuration_id in sorted(fresh):
        _spend_entitlement(connection, order.offer_id, configuration_id, now=now)
    return tuple(found[one.draft.id] or _record_one(connection, order.offer_id, one.draft, office=office, now=now) for one in order.drafts)


def secure(recorded: RecordedDraft, *, office: Office) -> VerifiableCredential:
    """The signed credential: the bytes kept from before where there are some, else a new signature dated as the record is."""
    kind = CONFIGURATIONS[recorded.configuration]
    if recorded.wire is not None:
        return FORMATS[kind.format].parse(recorded.wire)
    return FORMATS[kind.format].secure(recorded.credential, office.keys.for_credentials(kind.algorithm), now=recorded.issued_at)


def keep(connection: sqlite3.Connection, recorded: RecordedDraft, signed: VerifiableCredential, *, office: Office) -> bytes:
    """Keep the signed bytes for the delivery window; the bytes to send, which are those of whoever was first to keep some.

    Raises ``CredentialRequestDenied`` where the draft was voided meanwhile.
    """
    sealed = office.vault.seal(signed.wire, about=_about(recorded.id, "wire"), random_bytes=office.random_bytes)
    try:
        kept = credentials.keep_wire(connection, recorded.id, sealed)
    except NotFound as error:
        raise CredentialRequestDenied("credential: its delivery window is over; ask for a new offer") from error
    return office.vault.open(kept, about=_about(recorded.id, "wire"))


def _refuse_erased(connection: sqlite3.Connection, order: IssueOrder) -> None:
    """The draft was made from what was read a moment ago; who has withdrawn since then gets no record any more."""
    for application_id in {one.draft.subject.application_id for one in order.drafts}:
        if applications.find(connection, application_id).state != "proven":
            raise CredentialRequestDenied("application: its personal data have been erased; enrol again")


def _spend_nonces(connection: sqlite3.Connection, nonces: frozenset[str], *, now: datetime) -> None:
    try:
        for nonce in sorted(nonces):
            spend(connection, NONCE, nonce, now=now)
    except NotSpendable as error:
        raise InvalidNonce("proof: expected a nonce that was issued here and not used yet; ask the nonce endpoint for one") from error


def _spend_entitlement(connection: sqlite3.Connection, offer_id: str, configuration_id: str, *, now: datetime) -> None:
    try:
        spend(connection, ENTITLEMENT, entitlement(offer_id, configuration_id), now=now)
    except NotSpendable as error:
        raise CredentialRequestDenied("credential: expected one that was not issued by this offer yet") from error


def _record_one(connection: sqlite3.Connection, offer_id: str, made: Draft, *, office: Office, now: datetime) -> RecordedDraft:
    where = place(credentials.next_count(connection), key=office.vault.derived("status index"))
    office.reached(crash_points.CREDENTIAL_AFTER_INDEX)
    credential = made.placed(where, office.keys)
    credentials.insert(connection, _record_of(made, offer_id, where, credential, office))
    applications.keep_until(connection, made.subject.application_id, now + office.terms.delivery_window)
    journal.append(connection, key=office.journal_key, actor="wallet", act="credential.record", object_id=made.id, reason="", now=now)
    office.reached(crash_points.CREDENTIAL_AFTER_JOURNAL)
    return RecordedDraft(made.id, made.configuration, credential, made.issued_at, None, _ON_RECORD)


def _record_of(made: Draft, offer_id: str, where: StatusPlace, credential: Credential, office: Office) -> credentials.CredentialRecord:
    key = credential.holder_key
    content = {"document": credential.document, "holder_key": None if key is None else key.jwk()}
    return credentials.CredentialRecord(
        number=0,
        id=made.id,
        application_id=made.subject.application_id,
        offer_id=offer_id,
        configuration=made.configuration,
        holder_tag=holder_tag(made.holder, office),
        citizen_tag=made.subject.citizen_tag,
        place=where,
        state="recorded",
        status="valid",
        status_reason="",
        status_at=made.issued_at,
        recorded_at=made.issued_at,
        valid_until=made.valid_until,
        draft_sealed=office.vault.seal(json.dumps(content).encode(), about=_about(made.id, "draft"), random_bytes=office.random_bytes),
        wire_sealed=None,
    )


def _undelivered(connection: sqlite3.Connection, made: Draft, office: Office) -> RecordedDraft | None:
    found = credentials.find_undelivered(
        connection,
        application_id=made.subject.application_id,
        configuration=made.configuration,
        holder_tag=holder_tag(made.holder, office),
    )
    if found is None or found.draft_sealed is None:
        return None
    content: JsonObject = json.loads(office.vault.open(found.draft_sealed, about=_about(found.id, "draft")))
    wire = None if found.wire_sealed is None else office.vault.open(found.wire_sealed, about=_about(found.id, "wire"))
    key = None if content["holder_key"] is None else public_key_from_jwk(content["holder_key"])
    credential = Credential(content["document"], key)
    return RecordedDraft(found.id, found.configuration, credential, found.recorded_at, wire, _ON_RECORD)


def holder_tag(holder: PublicKey, office: Office) -> bytes:
    return office.vault.tag(holder.thumbprint(), purpose="holder key")


def _about(credential_id: str, part: str) -> str:
    return f"{part} of {credential_id}"
