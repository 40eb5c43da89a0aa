"""Rows B04, B05 and B06: a database of tomorrow, one that cannot be written, one that somebody else holds."""

import asyncio
import hashlib
import multiprocessing
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from doors.refusals import SchemaNewer, StorageBusy, StorageUnavailable
from runtime.database import Database, Migration
from runtime.journal import append, journal_head, journal_tables, verify_journal
from runtime.spend import add_spendable, peek, spend_tables

MIGRATIONS: tuple[Migration, ...] = (spend_tables, journal_tables)
NOW = datetime(2026, 11, 21, tzinfo=UTC)
KEY = bytes(32)


def contents(folder: Path) -> dict[str, tuple[str, int]]:
    return {file.name: (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns) for file in folder.iterdir()}


def record(connection: sqlite3.Connection, name: str) -> None:
    add_spendable(connection, "code", name, expires_at=NOW + timedelta(hours=1), payload=bytes(2000))
    append(connection, key=KEY, actor="test", act="record", object_id=name, reason="", now=NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "store").mkdir()
    return tmp_path / "store" / "test.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with Database.open(path, MIGRATIONS, busy_seconds=0.05) as database:
        yield database


@pytest.mark.parametrize("journal_mode", ["WAL", "DELETE"])
def test_neg_B04_db_schema_newer(path: Path, journal_mode: str) -> None:
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA journal_mode = {journal_mode}")
        newer.execute("CREATE TABLE of_tomorrow (x)")
        newer.execute("PRAGMA user_version = 3")
    newer.close()
    before = contents(path.parent)
    with pytest.raises(SchemaNewer, match="version 2 or older, got 3"):
        Database.open(path, MIGRATIONS)
    assert contents(path.parent) == before


def test_neg_B04_newer_only_in_the_write_ahead_log(path: Path) -> None:
    """Another program has raised the version and not yet moved it into the file."""
    Database.open(path, MIGRATIONS).close()
    newer = sqlite3.connect(path, isolation_level=None)
    newer.execute("PRAGMA journal_mode = WAL")
    newer.execute("PRAGMA wal_autocheckpoint = 0")
    newer.execute("PRAGMA user_version = 9")
    before = {name: digest for name, digest in contents(path.parent).items() if not name.endswith("-shm")}
    with pytest.raises(SchemaNewer, match="got 9"):
        Database.open(path, MIGRATIONS)
    assert {name: digest for name, digest in contents(path.parent).items() if not name.endswith("-shm")} == before
    newer.close()


async def test_neg_B04_twin_older_and_equal(path: Path) -> None:
    Database.open(path, MIGRATIONS[:1]).close()
    for _ in range(2):
        with Database.open(path, MIGRATIONS) as database:
            assert await database.read(lambda connection: connection.execute("PRAGMA user_version").fetchone()[0]) == 2


def test_neg_B04_a_migration_that_fails_leaves_the_old_version(path: Path) -> None:
    Database.open(path, MIGRATIONS[:1]).close()

    def half(database: object) -> None:
        database.execute("CREATE TABLE half (x)")  # type: ignore[attr-defined]
        database.execute("CREATE TABLE half (x)")  # type: ignore[attr-defined]

    with pytest.raises(sqlite3.OperationalError):
        Database.open(path, (*MIGRATIONS, half))
    with sqlite3.connect(path) as left:
        assert left.execute("PRAGMA user_version").fetchone()[0] == 1
        assert left.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('half', 'journal')").fetchone()[0] == 0
    left.close()


async def test_neg_B05_db_readonly(database: Database) -> None:
    await database.write(lambda connection: record(connection, "before"))
    database._connection.execute("PRAGMA query_only = ON")
    for name in ("one", "two"):
        with pytest.raises(StorageUnavailable):
            await database.write(lambda connection, name=name: record(connection, name))  # type: ignore[misc]
    database._connection.execute("PRAGMA query_only = OFF")
    await database.write(lambda connection: record(connection, "after"))
    assert (await database.read(lambda connection: verify_journal(connection, key=KEY))).entry == 2


@pytest.mark.parametrize("pages", range(12))
async def test_neg_B05_db_full(database: Database, pages: int) -> None:
    """The disk fills up ``pages`` pages from now: of parallel writes each is whole or refused, and the journal agrees."""
    in_use = database._connection.execute("PRAGMA page_count").fetchone()[0]
    database._connection.execute(f"PRAGMA max_page_count = {in_use + pages}")
    names = [f"n{number}" for number in range(24)]
    outcomes = await asyncio.gather(
        *(database.write(lambda connection, name=name: record(connection, name)) for name in names),  # type: ignore[misc]
        return_exceptions=True,
    )
    assert all(outcome is None or isinstance(outcome, StorageUnavailable) for outcome in outcomes)
    assert any(outcome is not None for outcome in outcomes)
    acknowledged = [name for name, outcome in zip(names, outcomes, strict=True) if outcome is None]

    def check(connection: sqlite3.Connection) -> None:
        assert [peek(connection, "code", name, now=NOW) for name in acknowledged] == [bytes(2000)] * len(acknowledged)
        assert connection.execute("SELECT count(*) FROM spendable").fetchone()[0] == len(acknowledged)
        assert verify_journal(connection, key=KEY).entry == len(acknowledged)

    await database.read(check)
    database._connection.execute("PRAGMA max_page_count = 100000")
    await database.write(lambda connection: record(connection, "room again"))


@pytest.mark.parametrize("kind", ["folder", "missing folder", "no database"])
def test_neg_B05_what_cannot_be_opened(path: Path, kind: str) -> None:
    if kind == "folder":
        path.mkdir()
    if kind == "no database":
        path.write_bytes(b"this is no database, only a long enough text file" * 10)
    with pytest.raises(StorageUnavailable):
        Database.open(path / "deeper" if kind == "missing folder" else path, MIGRATIONS)


async def test_neg_B05_a_closed_database_refuses(path: Path) -> None:
    database = Database.open(path, MIGRATIONS)
    database.close()
    database.close()
    with pytest.raises(StorageUnavailable):
        await database.write(journal_head)
    with pytest.raises(StorageUnavailable):
        await database.read(journal_head)


async def test_neg_B05_twin_room_enough(database: Database) -> None:
    await asyncio.gather(*(database.write(lambda connection, name=name: record(connection, str(name))) for name in range(50)))  # type: ignore[misc]
    assert (await database.read(lambda connection: verify_journal(connection, key=KEY))).entry == 50


def _hold(path: str, pipe: Connection) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    pipe.send("held")
    pipe.recv()
    other.execute("ROLLBACK")
    pipe.send("released")


async def test_neg_B06_lock_contention(database: Database, path: Path) -> None:
    """While another process writes: a refusal within the stated time; afterwards everything works and nothing was lost."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    other = multiprocessing.get_context("spawn").Process(target=_hold, args=(str(path), theirs))
    other.start()
    ours.recv()
    with pytest.raises(StorageBusy):
        await database.write(lambda connection: record(connection, "while held"))
    assert (await database.read(journal_head)).entry == 0  # reading goes on meanwhile
    ours.send("release")
    ours.recv()
    other.join()
    await database.write(lambda connection: record(connection, "afterwards"))
    assert (await database.read(lambda connection: verify_journal(connection, key=KEY))).entry == 1


def _write_many(path: str, first: int) -> None:
    async def write() -> None:
        with Database.open(Path(path), MIGRATIONS, busy_seconds=20) as database:
            await asyncio.gather(*(database.write(lambda connection, n=n: record(connection, f"{first + n}")) for n in range(100)))  # type: ignore[misc]

    asyncio.run(write())


async def test_neg_B06_twin_two_processes_lose_no_write(database: Database, path: Path) -> None:
    others = [multiprocessing.get_context("spawn").Process(target=_write_many, args=(str(path), first)) for first in (0, 1000)]
    for other in others:
        other.start()
    for other in others:
        await asyncio.to_thread(other.join)
    assert [other.exitcode for other in others] == [0, 0]
    assert (await database.read(lambda connection: verify_journal(connection, key=KEY))).entry == 200
