"""Offers on record: what a person may fetch, and by which code."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from doors.refusals import NotFound
from issuer.store.moments import from_seconds, to_seconds


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """One credential offer; codes are kept as keyed hashes only."""

    id: str
    application_id: str
    state: str
    reference_tag: bytes
    code_tag: bytes
    tx_code_tag: bytes | None
    configurations: tuple[str, ...]
    recorded_at: datetime
    expires_at: datetime


def insert(connection: sqlite3.Connection, record: OfferRecord) -> None:
    connection.execute(
        "INSERT INTO offer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            record.id,
            record.application_id,
            record.state,
            record.reference_tag,
            record.code_tag,
            record.tx_code_tag,
            json.dumps(record.configurations),
            to_seconds(record.recorded_at),
            to_seconds(record.expires_at),
        ),
    )


def find(connection: sqlite3.Connection, offer_id: str) -> OfferRecord:
    """Raises ``NotFound``."""
    return _one(connection, "id", offer_id)


def find_by_code(connection: sqlite3.Connection, code_tag: bytes) -> OfferRecord:
    """Raises ``NotFound``."""
    return _one(connection, "code_tag", code_tag)


def find_by_reference(connection: sqlite3.Connection, reference_tag: bytes) -> OfferRecord:
    """Raises ``NotFound``."""
    return _one(connection, "reference_tag", reference_tag)


def find_by_access(connection: sqlite3.Connection, token_tag: bytes, now: datetime) -> OfferRecord:
    """The offer that a live access token was given for; raises ``NotFound``."""
    row = connection.execute(
        "SELECT offer.* FROM access JOIN offer ON offer.id = access.offer_id WHERE access.token_tag = ? AND access.expires_at > ?",
        (token_tag, to_seconds(now)),
    ).fetchone()
    return _found(row)


def give_access(connection: sqlite3.Connection, offer_id: str, token_tag: bytes, expires_at: datetime) -> None:
    connection.execute("INSERT INTO access VALUES (?, ?, ?)", (token_tag, offer_id, to_seconds(expires_at)))


def set_state(connection: sqlite3.Connection, offer_id: str, state: str) -> None:
    connection.execute("UPDATE offer SET state = ? WHERE id = ?", (state, offer_id))


def forget_access(connection: sqlite3.Connection, now: datetime) -> None:
    connection.execute("DELETE FROM access WHERE expires_at <= ?", (to_seconds(now),))


_BY = {
    "id": "SELECT * FROM offer WHERE id = ?",
    "code_tag": "SELECT * FROM offer WHERE code_tag = ?",
    "reference_tag": "SELECT * FROM offer WHERE reference_tag = ?",
}


def _one(connection: sqlite3.Connection, column: str, value: str | bytes) -> OfferRecord:
    return _found(connection.execute(_BY[column], (value,)).fetchone())


def _found(row: tuple[str, str, str, bytes, bytes, bytes | None, str, int, int] | None) -> OfferRecord:
    if row is None:
        raise NotFound("offer: expected one on record")
    return OfferRecord(
        id=row[0],
        application_id=row[1],
        state=row[2],
        reference_tag=row[3],
        code_tag=row[4],
        tx_code_tag=row[5],
        configurations=tuple(json.loads(row[6])),
        recorded_at=from_seconds(row[7]),
        expires_at=from_seconds(row[8]),
    )
