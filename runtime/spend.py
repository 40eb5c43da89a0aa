"""Things that are good once: codes, nonces, sessions; whoever tears the ticket off first has it, nobody has it twice."""

import hashlib
import sqlite3
from datetime import datetime
from typing import Literal

from sqlite_utils import Database as SqliteDatabase

Reason = Literal["unknown", "spent", "expired"]


class NotSpendable(Exception):
    """The token cannot be spent; ``reason`` says why. Callers answer with the code of their own protocol."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def spend_tables(database: SqliteDatabase) -> None:
    database.execute(
        "CREATE TABLE spendable (kind TEXT NOT NULL, token_hash BLOB NOT NULL, expires_at REAL NOT NULL, spent_at REAL,"
        " tries INTEGER NOT NULL DEFAULT 0, payload BLOB NOT NULL, PRIMARY KEY (kind, token_hash)) WITHOUT ROWID"
    )
    database.execute("CREATE INDEX spendable_expiry ON spendable (expires_at)")


def add_spendable(connection: sqlite3.Connection, kind: str, token: str, *, expires_at: datetime, payload: bytes = b"") -> None:
    """Make ``token`` good for one ``spend`` before ``expires_at``; only its hash is kept. ``sqlite3.IntegrityError`` if it is there."""
    connection.execute(
        "INSERT INTO spendable (kind, token_hash, expires_at, payload) VALUES (?, ?, ?, ?)",
        (kind, _hashed(kind, token), expires_at.timestamp(), payload),
    )


def spend(connection: sqlite3.Connection, kind: str, token: str, *, now: datetime) -> bytes:
    """The payload that was added with ``token``; from now on it is spent. Raises ``NotSpendable``.

    One conditional UPDATE decides, by the number of rows it changed, so that of any number of tries exactly one succeeds.
    """
    rows = connection.execute(
        "UPDATE spendable SET spent_at = ? WHERE kind = ? AND token_hash = ? AND spent_at IS NULL AND expires_at > ? RETURNING payload",
        (now.timestamp(), kind, _hashed(kind, token), now.timestamp()),
    ).fetchall()
    if len(rows) != 1:
        raise NotSpendable(_reason(connection, kind, token))
    payload: bytes = rows[0][0]
    return payload


def peek(connection: sqlite3.Connection, kind: str, token: str, *, now: datetime) -> bytes:
    """The payload of ``token`` as ``spend`` would give it, leaving it unspent. Raises ``NotSpendable``. To look, never to act upon."""
    row = connection.execute(
        "SELECT payload FROM spendable WHERE kind = ? AND token_hash = ? AND spent_at IS NULL AND expires_at > ?",
        (kind, _hashed(kind, token), now.timestamp()),
    ).fetchone()
    if row is None:
        raise NotSpendable(_reason(connection, kind, token))
    payload: bytes = row[0]
    return payload


def void(connection: sqlite3.Connection, kind: str, token: str, *, now: datetime) -> None:
    """Make ``token`` good for nothing, whatever it was."""
    connection.execute(
        "UPDATE spendable SET spent_at = COALESCE(spent_at, ?) WHERE kind = ? AND token_hash = ?",
        (now.timestamp(), kind, _hashed(kind, token)),
    )


def count_try(connection: sqlite3.Connection, kind: str, token: str) -> int:
    """Count one failed try at ``token`` and answer how many there are; 0 where it is unknown.

    To be committed although the answer is a refusal: return the count from the write function, then refuse.
    """
    rows = connection.execute(
        "UPDATE spendable SET tries = tries + 1 WHERE kind = ? AND token_hash = ? RETURNING tries", (kind, _hashed(kind, token))
    ).fetchall()
    return int(rows[0][0]) if rows else 0


def forget_lapsed(connection: sqlite3.Connection, *, before: datetime) -> int:
    """Delete what expired before ``before``, spent or not; answers how many. From then on they are "unknown"."""
    return connection.execute("DELETE FROM spendable WHERE expires_at < ?", (before.timestamp(),)).rowcount


def _reason(connection: sqlite3.Connection, kind: str, token: str) -> Reason:
    row = connection.execute("SELECT spent_at FROM spendable WHERE kind = ? AND token_hash = ?", (kind, _hashed(kind, token))).fetchone()
    if row is None:
        return "unknown"
    return "expired" if row[0] is None else "spent"


def _hashed(kind: str, token: str) -> bytes:
    return hashlib.sha256(f"{kind}\0{token}".encode("utf-8", "surrogatepass")).digest()
