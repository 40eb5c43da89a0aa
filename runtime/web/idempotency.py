"""Asking twice does it once: the same key and request get the same answer, the same key with another request is refused."""

import hashlib
import hmac
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import orjson
from aiohttp import web
from nacl.secret import SecretBox
from sqlite_utils import Database as SqliteDatabase

from doors.refusals import IdempotencyConflict, InputMalformed, InternalError, Refused
from runtime.clock import Clock
from runtime.database import Database

_HEADER = "Idempotency-Key"
_LONGEST = 128


def idempotency_tables(database: SqliteDatabase) -> None:
    database.execute(
        "CREATE TABLE idempotency (key_hash BLOB PRIMARY KEY, request_hash BLOB NOT NULL,"
        " expires_at REAL NOT NULL, answer BLOB) WITHOUT ROWID"
    )
    database.execute("CREATE INDEX idempotency_expiry ON idempotency (expires_at)")


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    content_type: str
    location: str
    body: bytes

    def sealed(self, key: bytes) -> bytes:
        head = orjson.dumps([self.status, self.content_type, self.location])
        return bytes(SecretBox(key).encrypt(len(head).to_bytes(2, "big") + head + self.body))

    @classmethod
    def opened(cls, sealed: bytes, key: bytes) -> "_Answer":
        plain = SecretBox(key).decrypt(sealed)
        end = 2 + int.from_bytes(plain[:2], "big")
        status, content_type, location = orjson.loads(plain[2:end])
        return cls(status, content_type, location, plain[end:])


@dataclass(frozen=True, slots=True)
class Idempotency:
    """Remembers answers for ``kept``, each encrypted under the caller's key and the service's ``secret``; a keyed hash names it.

    A key is claimed before the work starts and freed when the work is refused. After a crash or a fault in between it stays
    claimed: the asker looks what became of it instead of doing it twice.
    """

    database: Database
    clock: Clock
    secret: bytes = field(repr=False)
    kept: timedelta = timedelta(hours=24)

    async def answered_once(
        self, request: web.Request, body: bytes, *, caller: str, work: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """What ``work`` answers, or what it answered to the same key before. Without the header: what ``work`` answers.

        Raises ``IdempotencyConflict`` for another request under the same key, or while the first is under way. What ``work``
        refuses is not remembered.
        """
        given = request.headers.get(_HEADER, "")
        if not given:
            return await work()
        if len(given) > _LONGEST or not given.isprintable():
            raise InputMalformed(f"{_HEADER}: expected at most {_LONGEST} printable characters")
        name = self._keyed("name", caller, request.method, request.path, given)
        secret = self._keyed("answer", caller, request.method, request.path, given)
        earlier = await self.database.write(lambda connection: self._claim(connection, name, hashlib.sha256(body).digest()))
        if earlier:
            return _repeated(_Answer.opened(earlier, secret))
        return await self._first(name, secret, work)

    async def _first(self, name: bytes, secret: bytes, work: Callable[[], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
        try:
            response = await work()
        except Refused:
            await self.database.write(lambda connection: connection.execute("DELETE FROM idempotency WHERE key_hash = ?", (name,)))
            raise
        if not isinstance(response, web.Response) or not isinstance(response.body, bytes | None):
            raise InternalError("idempotency: expected a route with a whole answer")
        answer = _Answer(response.status, response.content_type, response.headers.get("Location", ""), response.body or b"")
        sealed = answer.sealed(secret)
        await self.database.write(
            lambda connection: connection.execute("UPDATE idempotency SET answer = ? WHERE key_hash = ?", (sealed, name))
        )
        return response

    def _keyed(self, *parts: str) -> bytes:
        """Bound to the service's own secret, because what callers choose as a key may be as weak as "1"."""
        return hmac.digest(self.secret, orjson.dumps(["idempotency", *parts]), "sha256")

    def _claim(self, connection: sqlite3.Connection, name: bytes, request_hash: bytes) -> bytes:
        """The earlier answer, sealed, or ``b""`` where this request is the first."""
        now = self.clock()
        connection.execute("DELETE FROM idempotency WHERE expires_at <= ?", (now.timestamp(),))
        claimed = connection.execute(
            "INSERT INTO idempotency (key_hash, request_hash, expires_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (name, request_hash, (now + self.kept).timestamp()),
        )
        if claimed.rowcount == 1:
            return b""
        known_hash, answer = connection.execute("SELECT request_hash, answer FROM idempotency WHERE key_hash = ?", (name,)).fetchone()
        if known_hash != request_hash:
            raise IdempotencyConflict(f"{_HEADER}: expected the request it was first used with, got another")
        if answer is None:
            raise IdempotencyConflict(
                f"{_HEADER}: the first request with it has not been answered; look at its outcome before trying again"
            )
        sealed: bytes = answer
        return sealed


def _repeated(answer: _Answer) -> web.Response:
    headers = {"Idempotent-Replayed": "true", **({"Location": answer.location} if answer.location else {})}
    return web.Response(status=answer.status, body=answer.body, content_type=answer.content_type, headers=headers)
