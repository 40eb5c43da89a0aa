"""API tokens: shown once, kept as a hash, good for what they say until they end."""

from datetime import datetime, timedelta

import pytest

from doors.refusals import AuthRequired, InsufficientScope, NotFound
from runtime.database import Database
from runtime.tokens import Caller, authenticate, issue_token, revoke_token


@pytest.fixture
async def text(database: Database, now: datetime) -> str:
    return await database.write(
        lambda c: issue_token(
            c,
            prefix="tt",
            name="desk",
            scopes=("issue", "revoke"),
            now=now,
            expires_at=now + timedelta(days=1),
            random=lambda n: b"\xab" * n,
        )
    )


async def knows(database: Database, text: str, now: datetime, scope: str = "issue") -> Caller:
    return await database.read(lambda c: authenticate(c, text, scope=scope, now=now))


async def test_a_token_is_known_and_says_what_it_allows(database: Database, text: str, now: datetime) -> None:
    assert text == "tt_" + "ab" * 8 + "_" + "ab" * 32
    assert await knows(database, text, now) == Caller("ab" * 8, "desk", frozenset({"issue", "revoke"}))


async def test_a_token_does_not_allow_more(database: Database, text: str, now: datetime) -> None:
    with pytest.raises(InsufficientScope):
        await knows(database, text, now, scope="audit:read")


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + "c", lambda t: "uu" + t[2:], lambda t: t.upper(), lambda t: t + " ", lambda _: "", lambda _: "tt__"]
)
async def test_another_token_is_not_known(database: Database, text: str, now: datetime, change: object) -> None:
    with pytest.raises(AuthRequired):
        await knows(database, change(text), now)  # type: ignore[operator]


async def test_a_token_ends(database: Database, text: str, now: datetime) -> None:
    with pytest.raises(AuthRequired):
        await knows(database, text, now + timedelta(days=1))
    await database.write(lambda c: revoke_token(c, "ab" * 8, now=now))
    with pytest.raises(AuthRequired):
        await knows(database, text, now)
    with pytest.raises(NotFound):
        await database.write(lambda c: revoke_token(c, "ab" * 8, now=now))


async def test_the_secret_is_not_stored(database: Database, text: str) -> None:
    rows = await database.read(lambda c: c.execute("SELECT * FROM api_token").fetchall())
    assert text.rpartition("_")[2] not in repr(rows)


async def test_a_prefix_is_a_short_word(database: Database, now: datetime) -> None:
    with pytest.raises(ValueError, match="prefix"):
        await database.write(lambda c: issue_token(c, prefix="T_T", name="x", scopes=(), now=now, expires_at=now))
