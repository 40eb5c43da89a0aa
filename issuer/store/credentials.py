"""Credentials on record: drafts before they are signed, and afterwards their place and status, without what they say."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from doors.refusals import NotFound
from issuer.permutation import StatusPlace
from issuer.store.moments import from_seconds, to_seconds


@dataclass(frozen=True, slots=True)
class CredentialRecord:
    """One credential; ``draft_sealed`` and ``wire_sealed`` are None once they are erased."""

    number: int
    id: str
    application_id: str
    offer_id: str
    configuration: str
    holder_tag: bytes
    citizen_tag: bytes
    place: StatusPlace
    state: str
    status: str
    status_reason: str
    status_at: datetime
    recorded_at: datetime
    valid_until: datetime
    draft_sealed: bytes | None
    wire_sealed: bytes | None


@dataclass(frozen=True, slots=True)
class Search:
    """Which credentials are asked for; empty members ask for nothing. ``after`` is the number of the last one already seen."""

    citizen_tag: bytes | None = None
    application_id: str | None = None
    status: str | None = None
    after: int = 0
    limit: int = 50


def insert(connection: sqlite3.Connection, record: CredentialRecord) -> int:
    """Write a new record, whatever ``record.number`` says; the number it got."""
    cursor = connection.execute(
        "INSERT INTO credential (id, application_id, offer_id, configuration, holder_tag, citizen_tag, list_number, list_index,"
        " state, status_at, recorded_at, valid_until, draft_sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            record.id,
            record.application_id,
            record.offer_id,
            record.configuration,
            record.holder_tag,
            record.citizen_tag,
            record.place.list_number,
            record.place.index,
            record.state,
            to_seconds(record.status_at),
            to_seconds(record.recorded_at),
            to_seconds(record.valid_until),
            record.draft_sealed,
        ),
    )
    return cursor.lastrowid or 0


def next_count(connection: sqlite3.Connection) -> int:
    """How many places were given before; from now on one more."""
    row = connection.execute("UPDATE status_counter SET next = next + 1 RETURNING next - 1").fetchone()
    return int(row[0])


def places_given(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT next FROM status_counter").fetchone()[0])


def find(connection: sqlite3.Connection, credential_id: str) -> CredentialRecord:
    """Raises ``NotFound``."""
    row = connection.execute(_SELECT + "WHERE id = ?", (credential_id,)).fetchone()
    if row is None:
        raise NotFound("credential: expected the id of one on record")
    return _read(row)


def find_undelivered(
    connection: sqlite3.Connection, *, application_id: str, configuration: str, holder_tag: bytes
) -> CredentialRecord | None:
    """The one recorded for this holder key that may not have arrived yet; None once its delivery window is over."""
    row = connection.execute(
        _SELECT + "WHERE application_id = ? AND configuration = ? AND holder_tag = ? AND draft_sealed IS NOT NULL"
        " AND status <> 'revoked' ORDER BY number DESC LIMIT 1",
        (application_id, configuration, holder_tag),
    ).fetchone()
    return None if row is None else _read(row)


def search(connection: sqlite3.Connection, asked: Search) -> tuple[CredentialRecord, ...]:
    """At most ``asked.limit`` records, in the order they were made."""
    rows = connection.execute(
        _SELECT
        + "WHERE number > :after AND (:tag IS NULL OR citizen_tag = :tag) AND (:application IS NULL OR application_id = :application)"
        " AND (:status IS NULL OR status = :status) ORDER BY number LIMIT :limit",
        {
            "after": asked.after,
            "tag": asked.citizen_tag,
            "application": asked.application_id,
            "status": asked.status,
            "limit": asked.limit,
        },
    )
    return tuple(_read(row) for row in rows.fetchall())


def keep_wire(connection: sqlite3.Connection, credential_id: str, wire_sealed: bytes) -> bytes:
    """Keep the signed bytes; where two signed at once the first kept are the ones. The sealed bytes that are kept; raises ``NotFound``."""
    connection.execute(
        "UPDATE credential SET wire_sealed = ?, state = 'secured' WHERE id = ? AND state = 'recorded' AND draft_sealed IS NOT NULL",
        (wire_sealed, credential_id),
    )
    row = connection.execute(
        "SELECT wire_sealed FROM credential WHERE id = ? AND wire_sealed IS NOT NULL AND state = 'secured'", (credential_id,)
    ).fetchone()
    if row is None:
        raise NotFound("credential: expected a draft that may still be signed")
    kept: bytes = row[0]
    return kept


def set_status(connection: sqlite3.Connection, credential_id: str, *, status: str, reason: str, now: datetime) -> None:
    connection.execute(
        "UPDATE credential SET status = ?, status_reason = ?, status_at = ? WHERE id = ?", (status, reason, to_seconds(now), credential_id)
    )
    _count_change(connection)


def revision(connection: sqlite3.Connection) -> int:
    """A number that grows with every change of any status."""
    return int(connection.execute("SELECT revision FROM status_counter").fetchone()[0])


def indices_with(connection: sqlite3.Connection, *, list_number: int, status: str) -> tuple[int, ...]:
    rows = connection.execute("SELECT list_index FROM credential WHERE list_number = ? AND status = ?", (list_number, status))
    return tuple(row[0] for row in rows.fetchall())


def settle_past(connection: sqlite3.Connection, moment: datetime) -> tuple[str, ...]:
    """Erase what credentials recorded up to ``moment`` say, and void the unsigned; the ids of the voided."""
    voided = connection.execute(
        "UPDATE credential SET state = 'void', status = 'revoked', status_reason = 'void', draft_sealed = NULL"
        " WHERE state = 'recorded' AND draft_sealed IS NOT NULL"
        " AND recorded_at <= ? RETURNING id",
        (to_seconds(moment),),
    ).fetchall()
    connection.execute(
        "UPDATE credential SET draft_sealed = NULL, wire_sealed = NULL WHERE draft_sealed IS NOT NULL AND recorded_at <= ?",
        (to_seconds(moment),),
    )
    if voided:
        _count_change(connection)
    return tuple(row[0] for row in voided)


def erase_drafts_of(connection: sqlite3.Connection, application_id: str) -> None:
    """Erase what the credentials of one application say; those that were never signed are void from now on."""
    connection.execute(
        "UPDATE credential SET state = 'void', status = 'revoked', status_reason = 'void', draft_sealed = NULL"
        " WHERE state = 'recorded' AND application_id = ?",
        (application_id,),
    )
    connection.execute("UPDATE credential SET draft_sealed = NULL, wire_sealed = NULL WHERE application_id = ?", (application_id,))
    _count_change(connection)


def _count_change(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE status_counter SET revision = revision + 1")


_SELECT = (
    "SELECT number, id, application_id, offer_id, configuration, holder_tag, citizen_tag, list_number, list_index, state, status,"
    " status_reason, status_at, recorded_at, valid_until, draft_sealed, wire_sealed FROM credential "
)
_Row = tuple[int, str, str, str, str, bytes, bytes, int, int, str, str, str, int, int, int, bytes | None, bytes | None]


def _read(row: _Row) -> CredentialRecord:
    return CredentialRecord(
        number=row[0],
        id=row[1],
        application_id=row[2],
        offer_id=row[3],
        configuration=row[4],
        holder_tag=row[5],
        citizen_tag=row[6],
        place=StatusPlace(row[7], row[8]),
        state=row[9],
        status=row[10],
        status_reason=row[11],
        status_at=from_seconds(row[12]),
        recorded_at=from_seconds(row[13]),
        valid_until=from_seconds(row[14]),
        draft_sealed=row[15],
        wire_sealed=row[16],
    )
