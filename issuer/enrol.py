"""Take a person in: put on record, sealed, what was proved about them, and hand it out again only with its own proof."""

import json
import sqlite3
from dataclasses import dataclass, field
from datetime import datetime

from doors.json import JsonObject
from doors.refusals import CredentialRequestDenied
from issuer import crash_points
from issuer.office import Office
from issuer.store import applications
from proofing.consent import Consent
from proofing.evidence import Evidence, check_evidence, seal_evidence
from proofing.prove import Subject
from runtime import journal


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
