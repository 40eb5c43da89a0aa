"""Take a person in: put on record, sealed, what was proved about them, and hand it out again only with its own proof."""

import json
import sqlite3
from dataclasses import dataclass, field
from datetime import datetime

from doors.json import JsonObject
from doors.refusals import CredentialRequestDenied
from issuer import crash_points
from issuer.office import Office
from issuer.store import applications, credentials
from proofing.consent import Consent, check_consent
from proofing.evidence import Evidence, check_evidence, seal_evidence
from proofing.prove import Application, PictureWorker, Subject, prove
from proofing.register import PopulationRegister
from proofing.settings import FaceSettings
from runtime import journal
from runtime.clock import Clock
from runtime.database import Database


@dataclass(frozen=True, slots=True)
class HeldSubject:
    """A person on record, as long as their credentials are to be made; ``citizen_tag`` finds them again without naming them."""

    application_id: str
    citizen_tag: bytes
    claims: JsonObject = field(repr=False)
    evidence: tuple[JsonObject, ...]


def record_subject(
    connection: sqlite3.Connection, subject: Subject, consent: Consent, *, office: Office, actor: str, now: datetime
) -> applications.ApplicationRecord:
    """Put a proved person on record, claims sealed, the portrait among them only where it goes onto the card.

    Raises ``EvidenceMissing`` where a step of the proof is not on record, ``EvidenceMismatch`` where the evidence is another
    person's or another session's.
    """
    proved = check_evidence(subject.evidence, key=office.evidence_key, application_id=subject.application_id, claims=subject.claims())
    claims = _kept_claims(subject, office)
    evidence = seal_evidence(office.evidence_key, application_id=subject.application_id, entries=proved.entries, claims=claims)
    record = applications.ApplicationRecord(
        id=subject.application_id,
        state="proven",
        citizen_tag=citizen_tag(subject.document.citizen_number, office),
        claims_sealed=office.vault.seal(json.dumps(claims).encode(), about=subject.application_id, random_bytes=office.random_bytes),
        evidence=evidence.to_json(),
        evidence_seal=evidence.seal,
        consent=consent.to_json(),
        recorded_at=now,
        erase_at=now + office.terms.application_life,
    )
    applications.insert(connection, record)
    journal.append(connection, key=office.journal_key, actor=actor, act="application.prove", object_id=record.id, reason="", now=now)
    office.reached(crash_points.ENROL_IN_TRANSACTION)
    return record


def open_subject(record: applications.ApplicationRecord, *, office: Office) -> HeldSubject:
    """The person of an application.

    Raises ``CredentialRequestDenied`` once the claims are erased, ``EvidenceMissing`` where a step of the proof is not on record, and
    ``EvidenceMismatch`` where the evidence is another person's or another session's.
    """
    if record.claims_sealed is None:
        raise CredentialRequestDenied("application: its personal data have been erased; enrol again")
    claims: JsonObject = json.loads(office.vault.open(record.claims_sealed, about=record.id))
    evidence = Evidence.from_record(record.evidence, record.evidence_seal)
    checked = check_evidence(evidence, key=office.evidence_key, application_id=record.id, claims=claims)
    return HeldSubject(record.id, record.citizen_tag, claims, checked.entries)


def citizen_tag(citizen_number: str, office: Office) -> bytes:
    """By what a person's records are found: a keyed hash of the citizen number."""
    return office.vault.tag(citizen_number, purpose="citizen number")


def _kept_claims(subject: Subject, office: Office) -> JsonObject:
    claims = subject.claims()
    return claims if office.terms.portrait_on_card else {name: value for name, value in claims.items() if name != "portrait"}


@dataclass(frozen=True, slots=True, repr=False)
class Desk:
    """The place where people are taken in: the office with its cabinet and clock, the register it asks, and where it opens pictures."""

    office: Office
    database: Database
    clock: Clock
    register: PopulationRegister
    pictures: PictureWorker
    faces: FaceSettings


async def enrol(application: Application, *, desk: Desk, actor: str) -> applications.ApplicationRecord:
    """Prove the applicant and put them on record; the pictures end with this call. Raises what ``proofing.prove`` refuses."""
    office, now = desk.office, desk.clock()
    subject = await prove(
        application, register=desk.register, worker=desk.pictures, evidence_key=office.evidence_key, now=now, settings=desk.faces
    )
    given = check_consent(application.consent, birth_date=application.document.birth_date, now=now)
    office.reached(crash_points.ENROL_BEFORE_RECORD)
    record = await desk.database.write(lambda connection: record_subject(connection, subject, given, office=office, actor=actor, now=now))
    office.reached(crash_points.ENROL_AFTER_RECORD)
    return record


def withdraw(connection: sqlite3.Connection, application_id: str, *, office: Office, actor: str, now: datetime) -> None:
    """The person withdraws: what is held of them is erased at once. Credentials that were handed out stay on their status lists.

    Raises ``NotFound``.
    """
    record = applications.find(connection, application_id)
    applications.erase(connection, record.id)
    credentials.erase_drafts_of(connection, record.id)
    journal.append(
        connection,
        key=office.journal_key,
        actor=actor,
        act="application.withdraw",
        object_id=record.id,
        reason="consent withdrawn",
        now=now,
    )
