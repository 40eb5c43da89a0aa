"""The demo register's own cabinet: people by number."""

import sqlite3
from collections.abc import Iterable
from datetime import date

from sqlite_utils import Database as SqliteDatabase

from doors.refusals import RegisterMismatch
from proofing.register import NO_SUCH_PERSON, RegisterEntry, Validity
from runtime.tokens import token_tables

_PEOPLE = """
CREATE TABLE person (
  citizen_number TEXT PRIMARY KEY,
  full_name TEXT NOT NULL,
  birth_date TEXT NOT NULL,
  validity TEXT NOT NULL CHECK (validity IN ('valid', 'expired', 'lost', 'deceased'))
) STRICT, WITHOUT ROWID
"""


def _first_tables(database: SqliteDatabase) -> None:
    database.execute(_PEOPLE)
    token_tables(database)


MIGRATIONS = (_first_tables,)


def enter(connection: sqlite3.Connection, entries: Iterable[RegisterEntry]) -> int:
    """Write ``entries``, each over an older one of the same number; how many there were."""
    rows = [(entry.citizen_number, entry.full_name, entry.birth_date.isoformat(), entry.validity.value) for entry in entries]
    connection.executemany("INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?)", rows)
    return len(rows)


def find(connection: sqlite3.Connection, *, citizen_number: str, full_name: str) -> RegisterEntry:
    """The person with this number and this name; raises ``RegisterMismatch``, the same for an unknown number and for another name."""
    row = connection.execute(
        "SELECT citizen_number, full_name, birth_date, validity FROM person WHERE citizen_number = ? AND full_name = ?",
        (citizen_number, full_name),
    ).fetchone()
    if row is None:
        raise RegisterMismatch(NO_SUCH_PERSON)
    return RegisterEntry(row[0], row[1], date.fromisoformat(row[2]), Validity(row[3]))
