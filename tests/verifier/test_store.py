"""Sessions: answered once, survive a restart, and are forgotten when their time is up."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from doors.refusals import NotFound, SessionConsumed, SessionExpired, StoreCorrupt
from runtime.journal import entries, verify_journal
from trust.checks import Check
from verifier.sealing import Seal
from verifier.session import Result, Session, Verdict
from verifier.store import MOST_ATTEMPTS, Store

NOW = datetime(2026, 11, 21, 18, 42, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
CANARY = "张三丰"
GOOD = Verdict("valid", "", (Check("guest/signature", "passed", age=7),))
BAD = Verdict("invalid", "status_revoked", (Check("guest/status", "failed", code="status_revoked"),))
RESULT = Result(claims={"guest": {"full_name": CANARY}}, receipt={"sha256": "ab"})


def a_session(name: str = "vs_1") -> Session:
    return Session(
        id=name,
        policy_text="text",
        policy_id="hotel",
        flow="cross_device",
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=3),
        request={"state": "s", "nonce": "n"},
        response_key={"d": CANARY},
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path)
    yield opened
    opened.close()


async def answer(store: Store, session: Session, *, now: datetime = NOW) -> None:
    await store.answer(session, verdict=GOOD, result=RESULT, purge_at=LATER, code_hash="", now=now)


async def test_a_session_survives_a_restart(tmp_path: Path) -> None:
    first = Store.open(tmp_path)
    await first.add(a_session())
    first.close()
    second = Store.open(tmp_path)
    assert await second.session("vs_1") == a_session()
    second.close()


async def test_an_answered_session_keeps_verdict_claims_and_receipt(store: Store) -> None:
    await store.add(a_session())
    await answer(store, a_session())
    kept = await store.session("vs_1")
    assert (kept.status, kept.verdict, kept.result, kept.answered_at) == ("answered", GOOD, RESULT, NOW)


async def test_a_session_is_answered_once(store: Store) -> None:
    await store.add(a_session())
    await answer(store, a_session())
    with pytest.raises(SessionConsumed):
        await answer(store, a_session())


@pytest.mark.often(commit=1, nightly=100)
async def test_of_a_hundred_answers_at_once_one_is_taken(store: Store) -> None:
    await store.add(a_session())
    ends = await asyncio.gather(*(answer(store, a_session()) for _ in range(100)), return_exceptions=True)
    assert ends.count(None) == 1
    assert sum(isinstance(end, SessionConsumed) for end in ends) == 99


async def test_an_answer_one_second_late_is_refused(store: Store) -> None:
    await store.add(a_session())
    late = a_session().expires_at + timedelta(seconds=1)
    with pytest.raises(SessionExpired):
        await answer(store, a_session(), now=late)
    assert (await store.session("vs_1")).status_at(late) == "expired"


async def test_a_refusal_leaves_the_session_open_for_the_right_card(store: Store) -> None:
    await store.add(a_session())
    await store.refuse(a_session(), verdict=BAD, now=NOW)
    refused = await store.session("vs_1")
    assert (refused.status, refused.verdict, refused.attempts) == ("refused", BAD, 1)
    await answer(store, a_session())
    assert (await store.session("vs_1")).status == "answered"


async def test_too_many_refusals_close_the_session(store: Store) -> None:
    await store.add(a_session())
    for _ in range(MOST_ATTEMPTS):
        await store.refuse(a_session(), verdict=BAD, now=NOW)
    assert (await store.session("vs_1")).status == "closed"
    with pytest.raises(SessionConsumed):
        await answer(store, a_session())


async def test_a_refusal_never_undoes_an_answer(store: Store) -> None:
    await store.add(a_session())
    await answer(store, a_session())
    await store.refuse(a_session(), verdict=BAD, now=NOW)
    assert (await store.session("vs_1")).verdict == GOOD


async def test_a_cancelled_session_takes_no_answer(store: Store) -> None:
    await store.add(a_session())
    await store.cancel(a_session(), now=NOW)
    with pytest.raises(SessionConsumed):
        await answer(store, a_session())
    assert (await store.session("vs_1")).status == "cancelled"


async def test_what_was_disclosed_is_gone_when_its_time_is_up(store: Store) -> None:
    await store.add(a_session())
    await answer(store, a_session())
    assert await store.purge(now=LATER - timedelta(seconds=1)) == 0
    assert await store.purge(now=LATER) == 1
    with pytest.raises(NotFound):
        await store.session("vs_1")


async def test_nothing_disclosed_lies_in_the_files_in_clear(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    await store.add(a_session())
    await answer(store, a_session())
    store.close()
    for file in tmp_path.iterdir():
        assert all(CANARY.encode(coding) not in file.read_bytes() for coding in ("utf-8", "utf-16-le", "gbk"))
        assert CANARY.encode("unicode_escape") not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0


async def test_every_answer_stands_in_the_journal_with_its_receipt(store: Store) -> None:
    await store.add(a_session())
    await store.refuse(a_session(), verdict=BAD, now=NOW)
    await answer(store, a_session())
    written = await store.database.read(entries)
    assert [(entry.act, entry.reason) for entry in written] == [("presentation.refused", "status_revoked"), ("presentation.accepted", "ab")]
    await store.database.read(lambda connection: verify_journal(connection, key=store.journal_key))


async def test_an_unknown_session_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        await store.session("vs_2")


def test_a_seal_fits_only_its_place() -> None:
    seal = Seal(bytes(32))
    sealed = seal.close({"a": 1}, place="session/a")
    assert seal.open(sealed, place="session/a") == {"a": 1}
    with pytest.raises(StoreCorrupt):
        seal.open(sealed, place="session/b")
    with pytest.raises(StoreCorrupt):
        seal.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), place="session/a")


def test_status_is_told_for_a_moment() -> None:
    session = a_session()
    assert session.status_at(NOW) == "waiting"
    assert session.status_at(session.expires_at) == "expired"
    assert replace(session, status="answered").status_at(session.expires_at) == "answered"
