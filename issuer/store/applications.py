"""Proved persons, from the desk's check until their credentials are handed out."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from doors.json import JsonObject
from doors.refusals import NotFound
from issuer.store.moments import from_seconds, to_seconds


@dataclass(frozen=True, slots=True)
class ApplicationRecord:
    """One application on record; ``claims_sealed`` is None once the person's fields are erased."""

    id: str
    state: str
    citizen_tag: bytes
    claims_sealed: bytes | None
    evidence: JsonObject
    evidence_seal: bytes
    consent: JsonObject
    recorded_at: datetime
    erase_at: datetime


def insert(connection: sqlite3.Connection, record: ApplicationRecord) -> None:
    connection.execute(
        "INSERT INTO application VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            record.id,
            record.state,
            record.citizen_tag,
            record.claims_sealed,
            json.dumps(record.evidence),
            record.evidence_seal,
            json.dumps(record.consent),
            to_seconds(record.recorded_at),
            to_seconds(record.erase_at),
        ),
    )


def find(connection: sqlite3.Connection, application_id: str) -> ApplicationRecord:
    """Raises ``NotFound``."""
    row = connection.execute("SELECT * FROM application WHERE id = ?", (application_id,)).fetchone()
    if row is None:
        raise NotFound("application: expected the id of one on record")
    return _read(row)


def keep_until(connection: sqlite3.Connection, application_id: str, moment: datetime) -> None:
    """Bring the end of the application's life forward to ``moment``; never push it back."""
    connection.execute("UPDATE application SET erase_at = min(erase_at, ?) WHERE id = ?", (to_seconds(moment), application_id))


def erase_past(connection: sqlite3.Connection, now: datetime) -> tuple[str, ...]:
    """Erase the personal fields of every application past its time; the ids of those that were erased."""
    rows = connection.execute(
        "UPDATE application SET state = 'erased', claims_sealed = NULL WHERE state = 'proven' AND erase_at <= ? RETURNING id",
        (to_seconds(now),),
    )
    return tuple(row[0] for row in rows.fetchall())


def erase(connection: sqlite3.Connection, application_id: str) -> None:
    """Erase the personal fields of one application now."""
    connection.execute("UPDATE application SET state = 'erased', claims_sealed = NULL WHERE id = ?", (application_id,))


def _read(row: tuple[str, str, bytes, bytes | None, str, bytes, str, int, int]) -> ApplicationRecord:
    return ApplicationRecord(
        id=row[0],
        state=row[1],
        citizen_tag=row[2],
        claims_sealed=row[3],
        evidence=json.loads(row[4]),
        evidence_seal=row[5],
        consent=json.loads(row[6]),
        recorded_at=from_seconds(row[7]),
        erase_at=from_seconds(row[8]),
    )
