"""The cabinet: what is put away stays, what fails leaves no trace, and neighbours in a group do not suffer for each other."""

import asyncio
import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from doors.refusals import StateConflict, StorageUnavailable
from runtime.database import Database, like_literal


def add(name: str) -> Callable[[sqlite3.Connection], str]:
    def act(connection: sqlite3.Connection) -> str:
        connection.execute("INSERT INTO name VALUES (?)", (name,))
        return name

    return act


def add_and_fail(connection: sqlite3.Connection) -> None:
    add("lost")(connection)
    raise StateConflict("changed its mind")


def names(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM name ORDER BY rowid")]


def name_table(database: object) -> None:
    database.execute("CREATE TABLE name (name TEXT PRIMARY KEY)")  # type: ignore[attr-defined]


@pytest.fixture
def cabinet(tmp_path: Path) -> Database:
    return Database.open(tmp_path / "cabinet.db", (name_table,))


async def test_what_was_written_is_there_after_opening_again(cabinet: Database) -> None:
    assert await cabinet.write(add("a")) == "a"
    cabinet.close()
    with Database.open(cabinet.path, (name_table,)) as again:
        assert await again.read(names) == ["a"]


async def test_a_write_that_fails_takes_back_only_itself(cabinet: Database) -> None:
    gate = threading.Event()
    first = asyncio.ensure_future(cabinet.write(lambda _connection: gate.wait(5)))
    await asyncio.sleep(0)
    group = [
        cabinet.write(add("a")),
        cabinet.write(add_and_fail),
        cabinet.write(add("b")),
        cabinet.write(add("a")),
        cabinet.write(add("c")),
    ]
    waiting = asyncio.gather(*group, return_exceptions=True)
    await asyncio.sleep(0)
    gate.set()
    outcomes = await waiting
    await first
    assert [type(outcome) for outcome in outcomes] == [str, StateConflict, str, sqlite3.IntegrityError, str]
    assert await cabinet.read(names) == ["a", "b", "c"]
    cabinet.close()


async def test_writers_that_wait_share_one_commit(cabinet: Database) -> None:
    commits = 0

    def count(statement: str) -> None:
        nonlocal commits
        commits += statement == "COMMIT"

    cabinet._connection.set_trace_callback(count)
    await asyncio.gather(*(cabinet.write(add(str(number))) for number in range(200)))
    assert commits < 20
    assert len(await cabinet.read(names)) == 200
    cabinet.close()


async def test_nothing_is_answered_before_it_is_on_disk(cabinet: Database) -> None:
    seen: list[list[str]] = []
    for number in range(20):
        await cabinet.write(add(str(number)))
        other = sqlite3.connect(cabinet.path)
        seen.append(names(other))
        other.close()
    assert [len(each) for each in seen] == list(range(1, 21))
    cabinet.close()


async def test_the_default_waits_for_the_disk_and_wipes_what_is_deleted(cabinet: Database) -> None:
    def settings(connection: sqlite3.Connection) -> list[object]:
        return [
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "secure_delete", "journal_mode", "foreign_keys")
        ]

    assert await cabinet.write(settings) == [2, 1, "wal", 1]
    cabinet.close()


async def test_reading_cannot_write(cabinet: Database) -> None:
    with pytest.raises(Exception, match=r"cannot be read or written|readonly"):
        await cabinet.read(add("a"))
    assert await cabinet.read(names) == []
    cabinet.close()


async def test_a_write_function_that_commits_is_a_fault_and_the_writer_lives_on(cabinet: Database) -> None:
    with pytest.raises(sqlite3.ProgrammingError):
        await cabinet.write(lambda connection: connection.commit())
    assert await cabinet.write(add("after")) == "after"
    cabinet.close()


async def test_a_write_given_up_while_waiting_is_not_done(cabinet: Database) -> None:
    gate = threading.Event()
    first = asyncio.ensure_future(cabinet.write(lambda _connection: gate.wait(5)))
    await asyncio.sleep(0)
    given_up = asyncio.ensure_future(cabinet.write(add("given up")))
    await asyncio.sleep(0)
    given_up.cancel()
    gate.set()
    await first
    await cabinet.write(add("kept"))
    assert await cabinet.read(names) == ["kept"]
    cabinet.close()


async def test_closing_finishes_what_is_queued(cabinet: Database) -> None:
    waiting = asyncio.gather(*(cabinet.write(add(str(number))) for number in range(300)))
    await asyncio.sleep(0)
    await asyncio.to_thread(cabinet.close)
    assert len(await waiting) == 300


def test_the_file_is_the_owners_alone(cabinet: Database) -> None:
    assert stat.S_IMODE(cabinet.path.stat().st_mode) == 0o600
    cabinet.close()


def test_a_literal_pattern_has_no_wild_cards() -> None:
    assert like_literal("50%_\\") == "50\\%\\_\\\\"


async def test_a_write_function_that_runs_out_of_an_iterator_does_not_hold_up_the_others(cabinet: Database) -> None:
    empty: list[str] = []
    outcomes = await asyncio.gather(
        cabinet.write(lambda _connection: next(iter(empty))), cabinet.write(add("a")), cabinet.write(add("b")), return_exceptions=True
    )
    assert isinstance(outcomes[0], RuntimeError)
    assert list(outcomes[1:]) == ["a", "b"]
    cabinet.close()


async def test_what_is_queued_behind_the_end_is_refused_not_left_waiting(cabinet: Database) -> None:
    entered, gate = threading.Event(), threading.Event()

    def hold(_connection: sqlite3.Connection) -> bool:
        entered.set()
        return gate.wait(5)

    first = asyncio.ensure_future(cabinet.write(hold))
    await asyncio.to_thread(entered.wait, 5)
    cabinet._orders.put(None)
    late = asyncio.ensure_future(cabinet.write(add("late")))
    await asyncio.sleep(0)
    gate.set()
    await asyncio.to_thread(cabinet.close)
    assert await first
    with pytest.raises(StorageUnavailable):
        await late
