"""Rows A05, A06, A07, A10 and A11 as far as the shared edge, store and journal hold them."""

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network
from pathlib import Path

import orjson
import pytest
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from doors.refusals import AuditChainBroken
from runtime.database import Database
from runtime.journal import Head, append, entries, journal_tables, verify_journal
from runtime.tokens import issue_token
from tests.runtime.house import House, open_house

NOW = datetime(2026, 11, 21, tzinfo=UTC)
KEY = bytes(range(32))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


@pytest.fixture
async def bearer(house: House) -> dict[str, str]:
    moment = datetime.now(UTC)
    text = await house.shelf.database.write(
        lambda connection: issue_token(
            connection, prefix="tt", name="counter 1", scopes=("order",), now=moment, expires_at=moment + timedelta(hours=1)
        )
    )
    return {"Authorization": f"Bearer {text}"}


@pytest.mark.parametrize("member", ["tenant_id", "role", "issued_at", "status_index", "id", "ordered_by", "__class__", "a/b~c"])
async def test_neg_A05_mass_assignment(house: House, bearer: dict[str, str], member: str) -> None:
    async with house.ask("POST", "/v1/orders", json={"name": "x", member: "y"}, headers=bearer) as answer:
        document = await answer.json()
        assert (answer.status, document["code"]) == (422, "field_not_writable")
        pointer = "/" + member.replace("~", "~0").replace("/", "~1")
        assert [(error["pointer"], error["code"]) for error in document["errors"]] == [(pointer, "field_not_writable")]
    assert house.shelf.orders == 0


@pytest.mark.parametrize(
    "body",
    [
        {"name": 1},
        {"name": "x", "copies": "2"},
        {"name": "x", "copies": True},
        {"name": "x", "copies": 1.5},
        {"name": None},
        {},
        {"name": ["x"]},
    ],
)
async def test_neg_A05_types_are_taken_strictly(house: House, bearer: dict[str, str], body: dict[str, object]) -> None:
    async with house.ask("POST", "/v1/orders", json=body, headers=bearer) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, "input_malformed")
    assert house.shelf.orders == 0


async def test_neg_A05_twin_only_what_may_be_set(house: House, bearer: dict[str, str]) -> None:
    async with house.ask("POST", "/v1/orders", json={"copies": 2, "name": "x"}, headers=bearer) as answer:
        assert (answer.status, await answer.json()) == (201, {"id": "x-1", "ordered_by": "counter 1"})


SHELVED = ("100% wool", "a_b", "axb", "back\\slash", "o'hara", "plain")


@pytest.fixture
async def shelved(house: House) -> None:
    await house.shelf.database.write(
        lambda connection: connection.executemany("INSERT INTO shelf VALUES (?)", [(name,) for name in SHELVED])
    )


@pytest.mark.usefixtures("shelved")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("%27%20OR%201%3D1--", []),
        ("%25", ["100% wool"]),
        ("%25%25", []),
        ("_", ["a_b"]),
        ("a_b", ["a_b"]),
        ("%5C", ["back\\slash"]),
        ("%5C%25", []),
        ("%27", ["o'hara"]),
        ("%22", []),
        ("%3B%20DROP%20TABLE%20shelf", []),
        ("*", []),
        ("%EF%BC%85", []),
    ],
)
async def test_neg_A06_sql_and_like(house: House, asked: str, found: list[str]) -> None:
    async with house.ask("GET", f"/v1/orders?name={asked}") as answer:
        assert (answer.status, await answer.json()) == (200, {"names": found})


@pytest.mark.usefixtures("shelved")
@pytest.mark.parametrize("query", ["name=%00", "name=a%00b", "name=a&name=b", "limit=0", "limit=101", "limit=1e3", "limit=9" + "9" * 30])
async def test_neg_A06_filters_that_are_no_text_or_no_number(house: House, query: str) -> None:
    async with house.ask("GET", f"/v1/orders?{query}") as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, "input_malformed")


@pytest.mark.usefixtures("shelved")
async def test_neg_A06_twin_a_name(house: House) -> None:
    async with house.ask("GET", "/v1/orders?name=plain&limit=5") as answer:
        assert await answer.json() == {"names": ["plain"]}


async def test_neg_A07_idempotency(house: House, bearer: dict[str, str]) -> None:
    headers = {**bearer, "Idempotency-Key": "5f0c9d5e"}
    async with house.ask("POST", "/v1/orders", json={"name": "x"}, headers=headers) as answer:
        assert answer.status == 201
    for other in ({"name": "y"}, {"name": "x", "copies": 1}):
        async with house.ask("POST", "/v1/orders", json=other, headers=headers) as answer:
            assert (answer.status, (await answer.json())["code"]) == (409, "idempotency_conflict")
    assert house.shelf.orders == 1


async def test_neg_A07_a_kept_answer_opens_only_with_the_services_own_secret(house: House, bearer: dict[str, str]) -> None:
    """A thief of the database guesses that somebody chose "1" as the key; without the secret that is of no use."""
    async with house.ask("POST", "/v1/orders", json={"name": "secret order"}, headers={**bearer, "Idempotency-Key": "1"}) as answer:
        assert answer.status == 201
    rows = await house.shelf.database.read(lambda connection: connection.execute("SELECT key_hash, answer FROM idempotency").fetchall())
    caller = bearer["Authorization"].split("_")[1]
    guesses = [hashlib.sha256(orjson.dumps([what, caller, "POST", "/v1/orders", "1"])).digest() for what in ("name", "answer")]
    assert guesses[0] not in {bytes(row[0]) for row in rows}
    with pytest.raises(CryptoError):
        SecretBox(guesses[1]).decrypt(bytes(rows[0][1]))


async def test_neg_A07_fifty_at_once_have_one_effect(house: House, bearer: dict[str, str]) -> None:
    async def ask() -> tuple[int, str]:
        async with house.ask("POST", "/v1/orders", json={"name": "x"}, headers={**bearer, "Idempotency-Key": "one"}) as answer:
            document = await answer.json()
            return answer.status, document.get("code", document.get("id"))

    answers = await asyncio.gather(*(ask() for _ in range(50)))
    assert house.shelf.orders == 1
    assert set(answers) <= {(201, "x-1"), (409, "idempotency_conflict")}
    assert (201, "x-1") in answers


@pytest.mark.parametrize("key", ["x" * 129, "a\tb"])
async def test_neg_A07_keys_that_are_none(house: House, bearer: dict[str, str], key: str) -> None:
    async with house.ask("POST", "/v1/orders", json={"name": "x"}, headers={**bearer, "Idempotency-Key": key}) as answer:
        assert answer.status == 400
    assert house.shelf.orders == 0


async def test_neg_A07_the_stored_answer_cannot_be_read_without_the_key(house: House, bearer: dict[str, str]) -> None:
    async with house.ask("POST", "/v1/orders", json={"name": "sesame"}, headers={**bearer, "Idempotency-Key": "one"}) as answer:
        assert answer.status == 201
    rows = await house.shelf.database.read(lambda connection: connection.execute("SELECT * FROM idempotency").fetchall())
    assert len(rows) == 1
    assert b"sesame" not in b"".join(column for column in rows[0] if isinstance(column, bytes))


async def test_neg_A07_a_refusal_frees_the_key(house: House, bearer: dict[str, str]) -> None:
    headers = {**bearer, "Idempotency-Key": "again"}
    async with house.ask("POST", "/v1/orders", json={"name": 1}, headers=headers) as answer:
        assert answer.status == 400
    async with house.ask("POST", "/v1/orders", json={"name": "x"}, headers=headers) as answer:
        assert answer.status == 201


async def test_neg_A07_twin_the_same_again_gives_the_same_answer(house: House, bearer: dict[str, str]) -> None:
    answers = []
    for key in ("one", "one", "two"):
        async with house.ask("POST", "/v1/orders", json={"name": "x"}, headers={**bearer, "Idempotency-Key": key}) as answer:
            answers.append((answer.status, answer.headers["Location"], answer.content_type, await answer.read()))
    assert answers[0] == answers[1] != answers[2]
    assert house.shelf.orders == 2


WRONG = "tt_" + "0" * 16 + "_" + "0" * 64


async def test_neg_A10_rate_limit_of_wrong_logins(house: House, bearer: dict[str, str]) -> None:
    statuses = []
    for attempt in range(200):
        spoofed = {"X-Forwarded-For": f"198.51.100.{attempt}", "Forwarded": f"for=198.51.100.{attempt}", "X-Real-IP": f"10.0.0.{attempt}"}
        async with house.ask("POST", "/v1/orders", json={"name": "x"}, headers={"Authorization": f"Bearer {WRONG}", **spoofed}) as answer:
            statuses.append((answer.status, (await answer.json())["code"], answer.headers.get("Retry-After")))
    assert statuses[:20] == [(401, "auth_required", None)] * 20
    assert set(statuses[25:]) == {(429, "rate_limited", "60")}
    async with house.ask("POST", "/v1/orders", json={"name": "x"}, headers=bearer) as answer:
        assert answer.status == 429  # whoever guesses from here learns nothing more, not even a hit


async def test_neg_A10_rate_limit_of_requests(tmp_path: Path) -> None:
    async with open_house(tmp_path, requests_per_minute=10) as house:
        statuses = []
        for attempt in range(15):
            async with house.ask("GET", "/v1/orders/1", headers={"X-Forwarded-For": f"198.51.100.{attempt}"}) as answer:
                statuses.append(answer.status)
        assert statuses == [200] * 10 + [429] * 5


async def test_neg_A10_behind_a_trusted_proxy_each_client_has_its_own_count(tmp_path: Path) -> None:
    async with open_house(tmp_path, requests_per_minute=2, trusted_proxies=(IPv4Network("127.0.0.0/8"),)) as house:

        async def ask(said: str) -> int:
            async with house.ask("GET", "/v1/orders/1", headers={"X-Forwarded-For": said}) as answer:
                return answer.status

        assert [await ask("198.51.100.1") for _ in range(3)] == [200, 200, 429]
        assert await ask("198.51.100.2") == 200
        assert await ask("203.0.113.9, 198.51.100.1") == 429  # what the client itself wrote in front counts for nothing


async def test_neg_A10_twin_right_logins_and_few_wrong_ones(house: House, bearer: dict[str, str]) -> None:
    for _ in range(10):
        async with house.ask("POST", "/v1/orders", json={"name": "x"}, headers={"Authorization": f"Bearer {WRONG}"}) as answer:
            assert answer.status == 401
    for _ in range(60):
        async with house.ask("POST", "/v1/orders", json={"name": "x"}, headers=bearer) as answer:
            assert answer.status == 201


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Database]:
    with Database.open(tmp_path / "journal.db", (journal_tables,)) as database:
        for number in range(1, 21):
            await database.write(
                lambda connection, number=number: append(  # type: ignore[misc]
                    connection,
                    key=KEY,
                    actor="counter-1",
                    act="revoke",
                    object_id=f"card-{number}",
                    reason="lost",
                    now=NOW + timedelta(seconds=number),
                )
            )
        yield database


def _set(column: str, value: object) -> Callable[[sqlite3.Connection], object]:
    return lambda connection: connection.execute(f"UPDATE journal SET {column} = ? WHERE entry = 7", (value,))


def _delete(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM journal WHERE entry = 7")


def _delete_and_close_the_gap(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM journal WHERE entry = 7")
    for entry in range(8, 21):
        connection.execute("UPDATE journal SET entry = ? WHERE entry = ?", (entry - 1, entry))


def _swap(connection: sqlite3.Connection) -> None:
    for before, after in ((7, 99), (8, 7), (99, 8)):
        connection.execute("UPDATE journal SET entry = ? WHERE entry = ?", (after, before))


def _insert(connection: sqlite3.Connection) -> None:
    for entry in range(20, 6, -1):
        connection.execute("UPDATE journal SET entry = ? WHERE entry = ?", (entry + 1, entry))
    connection.execute("INSERT INTO journal SELECT 7, at, actor, act, object, reason, outcome, seal FROM journal WHERE entry = 6")


def _rewrite_the_rest_without_the_key(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM journal WHERE entry >= 7")
    for number in range(7, 21):
        append(connection, key=bytes(32), actor="counter-1", act="issue", object_id=f"card-{number}", reason="", now=NOW)


@pytest.mark.parametrize(
    "tamper",
    [
        _set("at", "2026-11-21T00:00:08Z"),
        _set("actor", "counter-2"),
        _set("act", "restore"),
        _set("object", bytes(32)),
        _set("reason", ""),
        _set("outcome", "refused"),
        _set("seal", bytes(32)),
        _delete,
        _delete_and_close_the_gap,
        _swap,
        _insert,
        _rewrite_the_rest_without_the_key,
    ],
)
async def test_neg_A11_audit_tamper(journal: Database, tamper: Callable[[sqlite3.Connection], object]) -> None:
    await journal.write(tamper)
    with pytest.raises(AuditChainBroken) as caught:
        await journal.read(lambda connection: verify_journal(connection, key=KEY))
    assert caught.value.pointer == "/7"


async def test_neg_A11_a_cut_tail_shows_against_a_witnessed_head(journal: Database) -> None:
    witnessed = await journal.read(lambda connection: verify_journal(connection, key=KEY))
    await journal.write(lambda connection: connection.execute("DELETE FROM journal WHERE entry > 15"))
    with pytest.raises(AuditChainBroken) as caught:
        await journal.read(lambda connection: verify_journal(connection, key=KEY, witnessed=witnessed))
    assert caught.value.pointer == "/16"


async def test_neg_A11_a_fork_shows_against_a_witnessed_head(journal: Database) -> None:
    """The tail is cut and written anew, with the right key."""
    witnessed = await journal.read(lambda connection: verify_journal(connection, key=KEY))

    def fork(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM journal WHERE entry = 20")
        append(connection, key=KEY, actor="counter-1", act="restore", object_id="card-20", reason="", now=NOW)

    await journal.write(fork)
    with pytest.raises(AuditChainBroken) as caught:
        await journal.read(lambda connection: verify_journal(connection, key=KEY, witnessed=witnessed))
    assert caught.value.pointer == "/20"


async def test_neg_A11_twin_an_untouched_journal(journal: Database) -> None:
    head = await journal.read(lambda connection: verify_journal(connection, key=KEY))
    assert head.entry == 20
    assert await journal.read(lambda connection: verify_journal(connection, key=KEY, witnessed=head)) == head
    earlier = (await journal.read(lambda connection: entries(connection, after=9, limit=1)))[0]
    assert await journal.read(lambda connection: verify_journal(connection, key=KEY, witnessed=Head(10, earlier.seal))) == head
