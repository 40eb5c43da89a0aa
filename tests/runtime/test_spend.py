"""What is good once is had once."""

import asyncio
from datetime import datetime, timedelta

import pytest

from runtime.database import Database
from runtime.spend import NotSpendable, add_spendable, count_try, forget_lapsed, peek, spend, void


@pytest.fixture
async def code(database: Database, now: datetime) -> str:
    await database.write(lambda c: add_spendable(c, "code", "abc", expires_at=now + timedelta(minutes=5), payload=b"offer 1"))
    return "abc"


async def reason(database: Database, kind: str, token: str, now: datetime) -> str:
    with pytest.raises(NotSpendable) as caught:
        await database.write(lambda c: spend(c, kind, token, now=now))
    return caught.value.reason


@pytest.mark.often(commit=1, nightly=100)
async def test_of_a_hundred_who_try_one_has_it(database: Database, code: str, now: datetime) -> None:
    tries = (database.write(lambda c: spend(c, "code", code, now=now)) for _ in range(100))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert [outcome for outcome in outcomes if outcome == b"offer 1"] == [b"offer 1"]
    assert {outcome.reason for outcome in outcomes if isinstance(outcome, NotSpendable)} == {"spent"}


async def test_why_it_cannot_be_spent(database: Database, code: str, now: datetime) -> None:
    assert await reason(database, "code", "abd", now) == "unknown"
    assert await reason(database, "nonce", code, now) == "unknown"
    assert await reason(database, "code", code, now + timedelta(minutes=5)) == "expired"
    await database.write(lambda c: spend(c, "code", code, now=now))
    assert await reason(database, "code", code, now) == "spent"


async def test_looking_does_not_spend(database: Database, code: str, now: datetime) -> None:
    assert await database.read(lambda c: peek(c, "code", code, now=now)) == b"offer 1"
    assert await database.write(lambda c: spend(c, "code", code, now=now)) == b"offer 1"
    with pytest.raises(NotSpendable):
        await database.read(lambda c: peek(c, "code", code, now=now))


async def test_what_is_undone_is_not_spent(database: Database, code: str, now: datetime) -> None:
    def spend_and_fail(c: object) -> None:
        spend(c, "code", code, now=now)  # type: ignore[arg-type]
        raise RuntimeError("the rest failed")

    with pytest.raises(RuntimeError):
        await database.write(spend_and_fail)
    assert await database.write(lambda c: spend(c, "code", code, now=now)) == b"offer 1"


async def test_what_is_void_is_good_for_nothing(database: Database, code: str, now: datetime) -> None:
    await database.write(lambda c: void(c, "code", code, now=now))
    assert await reason(database, "code", code, now) == "spent"


async def test_tries_are_counted(database: Database, code: str) -> None:
    assert [await database.write(lambda c: count_try(c, "code", code)) for _ in range(3)] == [1, 2, 3]
    assert await database.write(lambda c: count_try(c, "code", "unknown")) == 0


async def test_what_lapsed_is_forgotten(database: Database, code: str, now: datetime) -> None:
    assert await database.write(lambda c: forget_lapsed(c, before=now)) == 0
    assert await database.write(lambda c: forget_lapsed(c, before=now + timedelta(hours=1))) == 1
    assert await reason(database, "code", code, now) == "unknown"


async def test_the_token_itself_is_not_stored(database: Database, code: str) -> None:
    rows = await database.read(lambda c: c.execute("SELECT * FROM spendable").fetchall())
    assert code.encode() not in b"".join(repr(row).encode() for row in rows)
