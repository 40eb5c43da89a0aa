"""Take a person in: put on record, sealed, what was proved about them, and hand it out again only with its own proof."""

import hmac
import json
import sqlite3
from dataclasses import dataclass, field
from datetime import datetime

import rfc8785

from credentials.id_card import FACE_CHECK
from doors.json import JsonObject
from doors.refusals import CredentialRequestDenied, EvidenceMismatch, EvidenceMissing
from issuer import crash_points
from issuer.office import Office
from issuer.store import applications
from runtime import journal


@dataclass(frozen=True, slots=True, repr=False)
class ProvedPerson:
    """What the desk's checks came to: the card's claims, the evidence for them, and the person's recorded consent."""

    claims: JsonObject
    evidence: tuple[JsonObject, ...]
    consent: JsonObject


@dataclass(frozen=True, slots=True)
class HeldSubject:
    """A person on record, as long as their credentials are to be made; ``citizen_tag`` finds them again without naming them."""

    application_id: str
    citizen_tag: bytes
    claims: JsonObject = field(repr=False)
    evidence: tuple[JsonObject, ...]


def record_person(
    connection: sqlite3.Connection, person: ProvedPerson, *, office: Office, actor: str, now: datetime
) -> applications.ApplicationRecord:
    """Put a proved person on record, claims sealed; raises ``EvidenceMissing`` where no face check is among the evidence."""
    _refuse_without_face_check(person.evidence)
    application_id = office.new_id("application")
    claims = (
        person.claims if office.terms.portrait_on_card else {name: value for name, value in person.claims.items() if name != "portrait"}
    )
    record = applications.ApplicationRecord(
        id=application_id,
        state="proven",
        citizen_tag=citizen_tag(str(claims["citizen_number"]), office),
        claims_sealed=office.vault.seal(json.dumps(claims).encode(), about=application_id, random_bytes=office.random_bytes),
        evidence=person.evidence,
        evidence_seal=_evidence_seal(application_id, claims, person.evidence, office),
        consent=person.consent,
        recorded_at=now,
        erase_at=now + office.terms.application_life,
    )
    applications.insert(connection, record)
    journal.append(connection, key=office.journal_key, actor=actor, act="application.prove", object_id=application_id, reason="", now=now)
    office.reached(crash_points.ENROL_IN_TRANSACTION)
    return record


def open_subject(record: applications.ApplicationRecord, *, office: Office) -> HeldSubject:
    """The person of an application.

    Raises ``CredentialRequestDenied`` once the claims are erased, ``EvidenceMissing`` where the face step is not on record, and
    ``EvidenceMismatch`` where the evidence is another person's or another session's.
    """
    if record.claims_sealed is None:
        raise CredentialRequestDenied("application: its personal data have been erased; enrol again")
    _refuse_without_face_check(record.evidence)
    claims: JsonObject = json.loads(office.vault.open(record.claims_sealed, about=record.id))
    if not hmac.compare_digest(_evidence_seal(record.id, claims, record.evidence, office), record.evidence_seal):
        raise EvidenceMismatch("evidence: expected the one that was made for this person in this application, got another")
    return HeldSubject(record.id, record.citizen_tag, claims, record.evidence)


def citizen_tag(citizen_number: str, office: Office) -> bytes:
    """By what a person's records are found: a keyed hash of the citizen number."""
    return office.vault.tag(citizen_number, purpose="citizen number")


def _refuse_without_face_check(evidence: tuple[JsonObject, ...]) -> None:
    if not any(FACE_CHECK in entry.get("type", ()) for entry in evidence):
        raise EvidenceMissing("evidence: expected an accepted face check, got none")


def _evidence_seal(application_id: str, claims: JsonObject, evidence: tuple[JsonObject, ...], office: Office) -> bytes:
    """Binds the evidence to its application and its person, so that it cannot be moved to another."""
    bound = rfc8785.dumps({"application": application_id, "claims": claims, "evidence": list(evidence)})
    return office.vault.tag(bound.decode(), purpose="evidence")
