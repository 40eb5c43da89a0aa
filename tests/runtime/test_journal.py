"""The journal: every act once, in order, together with what it tells of."""

import asyncio
import sqlite3
from datetime import datetime, timedelta

import pytest

from doors.refusals import ClockBehind
from runtime.database import Database
from runtime.journal import Head, append, check_clock, entries, journal_head, object_hash, verify_journal

KEY = b"k" * 32


def write(connection: sqlite3.Connection, object_id: str, now: datetime) -> Head:
    return append(connection, key=KEY, actor="desk", act="issue", object_id=object_id, reason="application", now=now)


async def test_acts_at_the_same_time_stand_one_after_the_other(database: Database, now: datetime) -> None:
    heads = await asyncio.gather(*(database.write(lambda c, n=n: write(c, f"card-{n}", now)) for n in range(50)))  # type: ignore[misc]
    assert sorted(head.entry for head in heads) == list(range(1, 51))
    assert await database.read(lambda c: verify_journal(c, key=KEY)) == await database.read(journal_head)


async def test_an_act_that_is_undone_leaves_no_entry(database: Database, now: datetime) -> None:
    def write_and_fail(connection: sqlite3.Connection) -> None:
        write(connection, "card-1", now)
        raise RuntimeError("not done")

    with pytest.raises(RuntimeError):
        await database.write(write_and_fail)
    assert await database.read(lambda c: verify_journal(c, key=KEY)) == Head(0, bytes(32))


async def test_objects_are_named_by_keyed_hash_and_found_again(database: Database, now: datetime) -> None:
    await database.write(lambda c: write(c, "card-1", now))
    (entry,) = await database.read(entries)
    assert entry.object_hash == object_hash("card-1", key=KEY) != object_hash("card-1", key=bytes(32))
    assert "card-1" not in repr(await database.read(lambda c: c.execute("SELECT * FROM journal").fetchall()))


async def test_pages_of_entries(database: Database, now: datetime) -> None:
    for number in range(5):
        await database.write(lambda c, n=number: write(c, f"card-{n}", now))  # type: ignore[misc]
    assert [entry.entry for entry in await database.read(lambda c: entries(c, after=2, limit=2))] == [3, 4]


async def test_a_clock_behind_the_last_entry_is_noticed(database: Database, now: datetime) -> None:
    await database.read(lambda c: check_clock(c, now=now))
    await database.write(lambda c: write(c, "card-1", now))
    await database.read(lambda c: check_clock(c, now=now - timedelta(seconds=30)))
    with pytest.raises(ClockBehind):
        await database.read(lambda c: check_clock(c, now=now - timedelta(minutes=2)))
