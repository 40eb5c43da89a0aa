"""The desk's memory: sessions survive a restart, each is answered once, and what was disclosed is gone when its time is up."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

from sqlite_utils import Database as SqliteDatabase

from doors.refusals import NotFound, SessionConsumed, SessionExpired, SessionMismatch
from runtime.database import Database, Migration
from runtime.journal import append, journal_tables
from runtime.secret_file import secret_file
from runtime.spend import NotSpendable, add_spendable, count_try, forget_lapsed, spend, spend_tables, void
from runtime.tokens import token_tables
from runtime.web import idempotency_tables
from trust.checks import Check
from trust.snapshot_store import snapshot_tables
from verifier.sealing import Seal
from verifier.session import Result, Session, Verdict

KIND = "presentation"
MOST_ATTEMPTS = 5
"""After so many refused answers a session is closed: the one trace that a refusal leaves."""
UNANSWERED_KEPT = timedelta(hours=1)

_COLUMNS = (
    "id, policy, flow, created_at, expires_at, status, attempts, verdict, code, checks, answered_at, response_code_hash, sealed, result"
)


def _session_tables(database: SqliteDatabase) -> None:
    database.execute(
        "CREATE TABLE session (id TEXT PRIMARY KEY, policy TEXT NOT NULL, flow TEXT NOT NULL, created_at REAL NOT NULL,"
        " expires_at REAL NOT NULL, status TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, verdict TEXT NOT NULL DEFAULT '',"
        " code TEXT NOT NULL DEFAULT '', checks TEXT NOT NULL DEFAULT '[]', answered_at REAL, response_code_hash TEXT NOT NULL DEFAULT '',"
        " purge_at REAL NOT NULL, sealed BLOB, result BLOB) WITHOUT ROWID"
    )
    database.execute("CREATE INDEX session_purge ON session (purge_at)")


MIGRATIONS: tuple[Migration, ...] = (spend_tables, journal_tables, token_tables, idempotency_tables, snapshot_tables, _session_tables)


class Store:
    """Sessions in one SQLite file. Made by ``Store.open``."""

    def __init__(self, database: Database, *, seal: Seal, journal_key: bytes) -> None:
        self.database = database
        self._seal = seal
        self.journal_key = journal_key

    @classmethod
    def open(cls, folder: Path) -> "Store":
        """The store in ``folder``, made where absent; raises ``StorageUnavailable``, ``StorageBusy``, ``SchemaNewer``."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(
            Database.open(folder / "verifier.db", MIGRATIONS),
            seal=Seal(secret_file(folder / "store.key")),
            journal_key=secret_file(folder / "journal.key"),
        )

    def close(self) -> None:
        self.database.close()

    async def add(self, session: Session) -> None:
        """Record a new session; from now on it can be answered once before it expires."""
        sealed = self._seal.close(
            {"policy": session.policy_text, "request": session.request, "key": session.response_key}, place=f"session/{session.id}"
        )
        kept_until = session.expires_at + UNANSWERED_KEPT

        def insert(connection: sqlite3.Connection) -> None:
            add_spendable(connection, KIND, session.id, expires_at=session.expires_at)
            connection.execute(
                "INSERT INTO session (id, policy, flow, created_at, expires_at, status, purge_at, sealed)"
                " VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?)",
                (session.id, session.policy_id, session.flow, *_stamps(session.created_at, session.expires_at, kept_until), sealed),
            )

        await self.database.write(insert)

    async def session(self, session_id: str) -> Session:
        """The session of this id; raises ``NotFound``, also where its time of keeping is over."""

        def find(connection: sqlite3.Connection) -> tuple[object, ...] | None:
            row: tuple[object, ...] | None = connection.execute(
                f"SELECT {_COLUMNS} FROM session WHERE id = ? AND sealed IS NOT NULL",  # noqa: S608 - constant columns
                (session_id,),
            ).fetchone()
            return row

        row = await self.database.read(find)
        if row is None:
            raise NotFound("session: expected the id of a session that is kept here")
        return self._session(row)

    async def answer(
        self, session: Session, *, verdict: Verdict, result: Result, purge_at: datetime, code_hash: str, now: datetime
    ) -> None:
        """Record the one good answer: spends the session in the same transaction.

        Raises ``SessionConsumed``, ``SessionExpired`` or ``SessionMismatch``, and then nothing is recorded.
        """
        members = {"claims": result.claims, "receipt": result.receipt, "case_file": result.case_file}
        sealed = self._seal.close(members, place=f"result/{session.id}")

        def record(connection: sqlite3.Connection) -> None:
            try:
                spend(connection, KIND, session.id, now=now)
            except NotSpendable as error:
                _refuse(error)
            connection.execute(
                "UPDATE session SET status = 'answered', verdict = ?, code = '', checks = ?, answered_at = ?, purge_at = ?,"
                " response_code_hash = ?, result = ? WHERE id = ?",
                (verdict.word, _checks_text(verdict.checks), *_stamps(now, purge_at), code_hash, sealed, session.id),
            )
            self._note(connection, session, act="presentation.accepted", reason=str(result.receipt.get("sha256", "")), now=now)

        await self.database.write(record)

    async def refuse(self, session: Session, *, verdict: Verdict, now: datetime) -> None:
        """Keep the verdict of a refused answer for the desk; the session stays open, but only for ``MOST_ATTEMPTS`` of them."""

        def record(connection: sqlite3.Connection) -> None:
            tries = count_try(connection, KIND, session.id)
            status = "refused"
            if tries >= MOST_ATTEMPTS:
                void(connection, KIND, session.id, now=now)
                status = "closed"
            connection.execute(
                "UPDATE session SET status = ?, attempts = ?, verdict = ?, code = ?, checks = ?"
                " WHERE id = ? AND status IN ('waiting', 'refused')",
                (status, tries, verdict.word, verdict.code, _checks_text(verdict.checks), session.id),
            )
            self._note(connection, session, act="presentation.refused", reason=verdict.code, now=now)

        await self.database.write(record)

    async def cancel(self, session: Session, *, now: datetime) -> None:
        """End an open session; raises ``SessionConsumed`` or ``SessionExpired`` where there is nothing to end."""

        def record(connection: sqlite3.Connection) -> None:
            try:
                spend(connection, KIND, session.id, now=now)
            except NotSpendable as error:
                _refuse(error)
            connection.execute("UPDATE session SET status = 'cancelled' WHERE id = ?", (session.id,))
            self._note(connection, session, act="session.cancelled", reason="desk", now=now)

        await self.database.write(record)

    async def purge(self, *, now: datetime) -> int:
        """Forget what sessions hold past their time of keeping, in the log too; answers how many. Their rows stay as bare counts."""

        def forget(connection: sqlite3.Connection) -> int:
            forget_lapsed(connection, before=now - UNANSWERED_KEPT)
            return connection.execute(
                "UPDATE session SET sealed = NULL, result = NULL, checks = '[]' WHERE purge_at <= ? AND sealed IS NOT NULL", _stamps(now)
            ).rowcount

        forgotten = await self.database.write(forget)
        if forgotten:
            await self.database.empty_log()
        return forgotten

    def _note(self, connection: sqlite3.Connection, session: Session, *, act: str, reason: str, now: datetime) -> None:
        append(connection, key=self.journal_key, actor=session.policy_id, act=act, object_id=session.id, reason=reason, now=now)

    def _session(self, row: tuple[object, ...]) -> Session:
        named = dict(zip(_COLUMNS.split(", "), row, strict=True))
        session_id = str(named["id"])
        kept = self._seal.open(_blob(named["sealed"]), place=f"session/{session_id}")
        return Session(
            id=session_id,
            policy_text=kept["policy"],
            policy_id=str(named["policy"]),
            flow="same_device" if named["flow"] == "same_device" else "cross_device",
            created_at=_moment(named["created_at"]),
            expires_at=_moment(named["expires_at"]),
            request=kept["request"],
            response_key=kept["key"],
            status=named["status"],  # type: ignore[arg-type]  # only this file writes the column
            attempts=int(str(named["attempts"])),
            verdict=_verdict(str(named["verdict"]), str(named["code"]), str(named["checks"])),
            answered_at=None if named["answered_at"] is None else _moment(named["answered_at"]),
            result=None if named["result"] is None else Result(**self._seal.open(_blob(named["result"]), place=f"result/{session_id}")),
            response_code_hash=str(named["response_code_hash"]),
        )


def _refuse(error: NotSpendable) -> NoReturn:
    if error.reason == "spent":
        raise SessionConsumed("session: expected one that is open, got one that was answered, cancelled or closed") from error
    if error.reason == "expired":
        raise SessionExpired("session: expected an answer within its life") from error
    raise SessionMismatch("session: expected one that was opened here") from error


def _verdict(word: str, code: str, checks: str) -> Verdict | None:
    if word not in {"valid", "invalid", "undecided"}:
        return None
    return Verdict(word, code, tuple(checks_from_json(json.loads(checks))))  # type: ignore[arg-type]  # narrowed above


def checks_from_json(members: list[dict[str, object]]) -> tuple[Check, ...]:
    """The checks that ``Check.to_json`` wrote."""
    return tuple(
        Check(
            name=str(member["name"]),
            outcome=member["outcome"],  # type: ignore[arg-type]  # as written by Check.to_json
            code=str(member["code"]),
            detail=str(member["detail"]),
            age=None if member["age_seconds"] is None else int(str(member["age_seconds"])),
        )
        for member in members
    )


def _checks_text(checks: tuple[Check, ...]) -> str:
    return json.dumps([check.to_json() for check in checks], ensure_ascii=False, separators=(",", ":"))


def _stamps(*moments: datetime) -> tuple[float, ...]:
    return tuple(moment.timestamp() for moment in moments)


def _moment(stamp: object) -> datetime:
    return datetime.fromtimestamp(float(str(stamp)), UTC)


def _blob(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""
