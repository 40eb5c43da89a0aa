"""The journal: every act in a numbered entry that seals the one before, so that a later change shows and says where."""

import hashlib
import hmac
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from sqlite_utils import Database as SqliteDatabase

from doors.refusals import AuditChainBroken, ClockBehind
from runtime.clock import parse_rfc3339, rfc3339

_COLUMNS = "entry, at, actor, act, object, reason, outcome, seal"


@dataclass(frozen=True, slots=True)
class Head:
    """How far the journal goes: the last entry's number and seal. Kept elsewhere, it shows when entries were cut off."""

    entry: int
    seal: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. ``object_hash`` names the object by keyed hash; no member holds personal data."""

    entry: int
    at: str
    actor: str
    act: str
    object_hash: bytes
    reason: str
    outcome: str
    seal: bytes


_BEGINNING = Head(0, bytes(32))


def journal_tables(database: SqliteDatabase) -> None:
    database.execute(
        "CREATE TABLE journal (entry INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, act TEXT NOT NULL,"
        " object BLOB NOT NULL, reason TEXT NOT NULL, outcome TEXT NOT NULL, seal BLOB NOT NULL)"
    )
    database.execute("CREATE INDEX journal_object ON journal (object)")


def append(
    connection: sqlite3.Connection,
    *,
    key: bytes,
    actor: str,
    act: str,
    object_id: str,
    reason: str,
    now: datetime,
    outcome: str = "done",
) -> Head:
    """Write one entry in the caller's transaction, so that the act and its entry are both there or neither.

    ``key``: the journal's 32 secret bytes; it seals the entries and hashes ``object_id``. ``actor`` is an id of a token or a program,
    ``reason`` a word from a list or a case number: never a person's name.
    """
    last = journal_head(connection)
    written = (last.entry + 1, rfc3339(now), actor, act, object_hash(object_id, key=key), reason, outcome)
    seal = _seal(last.seal, Entry(*written, seal=b""), key)
    connection.execute(f"INSERT INTO journal ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*written, seal))  # noqa: S608 - constant columns
    return Head(last.entry + 1, seal)


def journal_head(connection: sqlite3.Connection) -> Head:
    row = connection.execute("SELECT entry, seal FROM journal ORDER BY entry DESC LIMIT 1").fetchone()
    return Head(*row) if row else _BEGINNING


def entries(connection: sqlite3.Connection, *, after: int = 0, limit: int = 100) -> tuple[Entry, ...]:
    """At most ``limit`` entries past number ``after``, oldest first."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM journal WHERE entry > ? ORDER BY entry LIMIT ?", (after, limit))  # noqa: S608 - constant columns
    return tuple(Entry(*row) for row in rows)


def verify_journal(connection: sqlite3.Connection, *, key: bytes, witnessed: Head | None = None) -> Head:
    """The head of a journal in which every entry is the one that was written, in its place.

    ``witnessed`` is a head noted earlier outside the database: with it a cut-off tail or an older copy shows too.
    Raises ``AuditChainBroken`` that names the first entry that is wrong.
    """
    last = _BEGINNING
    for entry in _all_entries(connection):
        if entry.entry != last.entry + 1:
            raise AuditChainBroken(f"journal: expected entry {last.entry + 1}, got {entry.entry}", pointer=f"/{last.entry + 1}")
        if not hmac.compare_digest(_seal(last.seal, entry, key), entry.seal):
            raise AuditChainBroken(f"journal: entry {entry.entry} is not as it was written", pointer=f"/{entry.entry}")
        last = Head(entry.entry, entry.seal)
        if witnessed is not None and witnessed.entry == last.entry and witnessed.seal != last.seal:
            raise AuditChainBroken(f"journal: entry {last.entry} is not the one witnessed", pointer=f"/{last.entry}")
    if witnessed is not None and witnessed.entry > last.entry:
        raise AuditChainBroken(f"journal: expected {witnessed.entry} entries or more, got {last.entry}", pointer=f"/{last.entry + 1}")
    return last


def check_clock(connection: sqlite3.Connection, *, now: datetime, tolerance: timedelta = timedelta(minutes=1)) -> None:
    """Raises ``ClockBehind`` where ``now`` lies before the last entry by more than ``tolerance``."""
    row = connection.execute("SELECT at FROM journal ORDER BY entry DESC LIMIT 1").fetchone()
    if row and parse_rfc3339(row[0]) - now > tolerance:
        raise ClockBehind(f"clock: expected a moment after the last journal entry ({row[0]}), got {rfc3339(now)}")


def object_hash(object_id: str, *, key: bytes) -> bytes:
    """The name under which the journal knows ``object_id``."""
    return hmac.digest(key, b"object\0" + object_id.encode(), hashlib.sha256)


def _all_entries(connection: sqlite3.Connection) -> Iterator[Entry]:
    for row in connection.execute(f"SELECT {_COLUMNS} FROM journal ORDER BY entry"):  # noqa: S608 - constant columns
        yield Entry(*row)


def _seal(previous: bytes, entry: Entry, key: bytes) -> bytes:
    members = [str(entry.entry), entry.at, entry.actor, entry.act, entry.object_hash.hex(), entry.reason, entry.outcome]
    return hmac.digest(key, b"entry\0" + previous + orjson.dumps(members), hashlib.sha256)
