"""API tokens: shown once to whoever gets one, kept only as a hash, good for named things until a stated day."""

import hashlib
import hmac
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database as SqliteDatabase

from doors.refusals import AuthRequired, InsufficientScope, NotFound
from runtime.clock import parse_rfc3339, rfc3339

_FORM = re.compile(r"(?P<prefix>[a-z][a-z0-9]{0,15})_(?P<id>[0-9a-f]{16})_(?P<secret>[0-9a-f]{64})")
_NOBODY = ("", bytes(32), "", "0001-01-01T00:00:00Z", None)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the token's id and name, and what it allows."""

    id: str
    name: str
    scopes: frozenset[str]


def token_tables(database: SqliteDatabase) -> None:
    database.execute(
        "CREATE TABLE api_token (id TEXT PRIMARY KEY, prefix TEXT NOT NULL, secret_hash BLOB NOT NULL, name TEXT NOT NULL,"
        " scopes TEXT NOT NULL, created_at TEXT NOT NULL, expires_at TEXT NOT NULL, revoked_at TEXT)"
    )


def issue_token(
    connection: sqlite3.Connection,
    *,
    prefix: str,
    name: str,
    scopes: Iterable[str],
    now: datetime,
    expires_at: datetime,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> str:
    """A new token ``<prefix>_<id>_<secret>``, the only time its text is known. ``name`` says what it is for, ``scopes`` what it allows."""
    identifier, secret = random(8).hex(), random(32).hex()
    text = f"{prefix}_{identifier}_{secret}"
    if not _FORM.fullmatch(text):
        raise ValueError("prefix: expected a lower-case letter and at most 15 letters or digits")
    connection.execute(
        "INSERT INTO api_token (id, prefix, secret_hash, name, scopes, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (identifier, prefix, _hashed(text), name, " ".join(sorted(set(scopes))), rfc3339(now), rfc3339(expires_at)),
    )
    return text


def authenticate(connection: sqlite3.Connection, text: str, *, scope: str, now: datetime) -> Caller:
    """Who holds the token ``text``, if it allows ``scope``.

    Raises ``AuthRequired`` (one answer for unknown, expired and revoked) or ``InsufficientScope``.
    """
    found = _FORM.fullmatch(text)
    identifier = found["id"] if found else ""
    row = connection.execute(
        "SELECT name, secret_hash, scopes, expires_at, revoked_at FROM api_token WHERE id = ?", (identifier,)
    ).fetchone()
    name, secret_hash, scopes, expires_at, revoked_at = row or _NOBODY
    matches = hmac.compare_digest(secret_hash, _hashed(text))
    if not matches or revoked_at is not None or parse_rfc3339(expires_at) <= now:
        raise AuthRequired("token: expected a current API token as Authorization: Bearer, got none that is known")
    caller = Caller(identifier, name, frozenset(scopes.split()))
    if scope not in caller.scopes:
        raise InsufficientScope(f"token: expected one that allows {scope}")
    return caller


def revoke_token(connection: sqlite3.Connection, identifier: str, *, now: datetime) -> None:
    """End the token with this id. Raises ``NotFound``."""
    ended = connection.execute("UPDATE api_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", (rfc3339(now), identifier))
    if ended.rowcount != 1:
        raise NotFound("token: expected the id of a current token")


def _hashed(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
