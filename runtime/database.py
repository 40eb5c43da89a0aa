"""The cabinet: one SQLite file, many readers, one writer that puts away many papers with one turn of the key."""

import asyncio
import contextlib
import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from sqlite_utils import Database as SqliteDatabase

from doors.refusals import SchemaNewer, StorageBusy, StorageUnavailable

T = TypeVar("T")
Migration = Callable[[SqliteDatabase], None]
"""One step of the schema; its place in the sequence, counted from one, is the version it leads to."""
Synchronous = Literal["FULL", "NORMAL"]

_GROUP = 256
_READERS = 4
_MAGIC = b"SQLite format 3\0"
_USER_VERSION_OFFSET = 60  # SQLite file format §1.3: big-endian user version
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_PROGRAMMING = frozenset(
    {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_RANGE}
)


@dataclass(slots=True, eq=False)
class _Order:
    """A write that waits for its turn, and what came of it."""

    act: Callable[[sqlite3.Connection], Any]
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        if self.answer.done():
            return
        if self.error is None:
            self.answer.set_result(self.result)
        elif isinstance(self.error, StopIteration):  # which no future can carry
            self.answer.set_exception(RuntimeError("a write function ran past the end of an iterator"))
        else:
            self.answer.set_exception(self.error)


class Database:
    """One SQLite file in WAL mode. Made by ``Database.open``; safe to use from any task of any loop."""

    def __init__(self, path: Path, writer: sqlite3.Connection, *, busy_seconds: float) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._closed = False
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._connection = writer
        self._own = threading.local()
        self._reading: list[sqlite3.Connection] = []
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="database-read")
        self._writer = threading.Thread(target=self._write_groups, name="database-write", daemon=True)
        self._writer.start()

    @classmethod
    def open(
        cls, path: Path, migrations: Sequence[Migration], *, synchronous: Synchronous = "FULL", busy_seconds: float = 5.0
    ) -> "Database":
        """The database at ``path``, made if absent and brought up to date by ``migrations``.

        Raises ``SchemaNewer`` (and writes nothing) where a newer program wrote it, ``StorageBusy`` where another process
        holds it longer than ``busy_seconds``, ``StorageUnavailable`` where it cannot be opened.
        """
        try:
            _refuse_newer(path, len(migrations))
            connection = _open_writer(path, synchronous, busy_seconds)
            try:
                _migrate(connection, migrations)
            except BaseException:
                connection.close()
                raise
        except (sqlite3.Error, OSError) as error:
            raise _mapped(error) from error
        return cls(path, connection, busy_seconds=busy_seconds)

    async def write(self, act: Callable[[sqlite3.Connection], T]) -> T:
        """What ``act`` returns, once it is committed and on disk.

        Whatever ``act`` raises undoes ``act`` alone and is raised here. ``act`` runs in the writer's thread: it must be quick,
        must not commit, and must not touch anything but the connection. Raises ``StorageBusy`` and ``StorageUnavailable``.
        """
        if self._closed:
            raise StorageUnavailable("database: expected an open one, got a closed one")
        loop = asyncio.get_running_loop()
        order = _Order(act, loop, loop.create_future())
        self._orders.put(order)
        answer: T = await order.answer
        return answer

    async def read(self, act: Callable[[sqlite3.Connection], T]) -> T:
        """What ``act`` returns on one consistent, read-only snapshot. Raises as ``write`` does."""
        if self._closed:
            raise StorageUnavailable("database: expected an open one, got a closed one")
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read_snapshot, act)

    async def empty_log(self) -> bool:
        """Carry the write-ahead log over into the file and cut it to nothing: what was erased before this call is on disk no more.

        Erasing overwrites the place in the file, but the log keeps the older pages until it is written over. False where somebody
        else reads or writes at this moment: then it is to be tried again. Raises ``StorageUnavailable``.
        """
        return await self.read(_empty_log)

    def close(self) -> None:
        """Finish what is queued, then close. May be called twice."""
        if self._closed:
            return
        self._closed = True
        self._orders.put(None)
        self._writer.join()
        self._refuse_late()
        self._readers.shutdown(wait=True)
        for connection in self._reading:
            connection.close()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _read_snapshot(self, act: Callable[[sqlite3.Connection], T]) -> T:
        try:
            connection = self._reader()
            connection.execute("BEGIN")
            try:
                return act(connection)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise _mapped(error) from error

    def _reader(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if found is None:
            found = _connect(self.path, self._busy_seconds)
            found.execute("PRAGMA query_only = ON")
            self._own.connection = found
            self._reading.append(found)
        return found

    def _write_groups(self) -> None:
        while (group := self._next_group()) is not None:
            waiting = [order for order in group if not order.answer.cancelled()]
            if waiting:
                _carry_out(self._connection, waiting)
                _settle(waiting)

    def _refuse_late(self) -> None:
        """Answer what was queued behind the end, from another thread, while the database was being closed."""
        late = []
        while not self._orders.empty():
            order = self._orders.get_nowait()
            if order is not None:
                order.error = StorageUnavailable("database: expected an open one, got a closed one")
                late.append(order)
        _settle(late)

    def _next_group(self) -> list[_Order] | None:
        """All that waits, at most ``_GROUP``; blocks for the first. ``None`` when the database closes."""
        first = self._orders.get()
        if first is None:
            return None
        group = [first]
        while len(group) < _GROUP:
            try:
                order = self._orders.get_nowait()
            except queue.Empty:
                break
            if order is None:
                self._orders.put(None)
                break
            group.append(order)
        return group


def like_literal(text: str) -> str:
    """``text`` as a part of a LIKE pattern that matches only itself; for use with ``ESCAPE '\\'``."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _empty_log(connection: sqlite3.Connection) -> bool:
    connection.execute("ROLLBACK")  # a checkpoint cannot run within a transaction
    held_back: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return held_back == 0


def _carry_out(connection: sqlite3.Connection, group: list[_Order]) -> None:
    """All of ``group`` in one transaction; where the transaction fails as a whole, every order in it has failed."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        for order in group:
            _carry_out_one(connection, order)
        connection.execute("COMMIT")
    except Exception as error:
        with contextlib.suppress(sqlite3.Error):
            connection.rollback()
        for order in group:
            order.error = order.error or _mapped(error)


def _carry_out_one(connection: sqlite3.Connection, order: _Order) -> None:
    connection.execute("SAVEPOINT one")
    try:
        order.result = order.act(connection)
    except Exception as error:
        order.error = _mapped(error)
        # SQLite itself rolls the whole transaction back on a full disk or a read error (SQLite, "Response To Errors Within A Transaction").
        if not connection.in_transaction:
            raise
        connection.execute("ROLLBACK TO one")
    if not connection.in_transaction:
        raise sqlite3.ProgrammingError("a write function ended the transaction it was given")
    connection.execute("RELEASE one")


def _settle(group: list[_Order]) -> None:
    """Wake each waiting loop once for all its orders."""
    for loop in {order.loop for order in group}:
        settled = [order for order in group if order.loop is loop]
        try:
            loop.call_soon_threadsafe(_settle_all, settled)
        except RuntimeError:
            continue  # the loop has closed; nobody waits there any more


def _settle_all(orders: list[_Order]) -> None:
    for order in orders:
        order.settle()


def _mapped(error: Exception) -> Exception:
    """The refusal that ``error`` stands for; programming mistakes and refusals stay what they are."""
    if isinstance(error, OSError):
        return StorageUnavailable(f"database: cannot be opened ({type(error).__name__})")
    if not isinstance(error, sqlite3.Error):
        return error
    primary = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if primary in _PROGRAMMING:
        return error
    name = getattr(error, "sqlite_errorname", "unknown")
    if primary in _BUSY:
        return StorageBusy(f"database: held by another process ({name}); try again")
    return StorageUnavailable(f"database: cannot be read or written ({name})")


def _refuse_newer(path: Path, known: int) -> None:
    """Look at the version without writing a byte: first in the file's header, then past a write-ahead log that may be newer."""
    if not path.exists():
        return
    with path.open("rb") as file:
        head = file.read(100)
    if not head.startswith(_MAGIC):
        return  # empty, or no database at all, which opening it will say
    _check_version(int.from_bytes(head[_USER_VERSION_OFFSET : _USER_VERSION_OFFSET + 4], "big"), known)
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            _check_version(_version(connection), known)
        finally:
            connection.close()


def _check_version(found: int, known: int) -> None:
    if found > known:
        raise SchemaNewer(f"database: expected schema version {known} or older, got {found}; use the newer program")


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _connect(path: Path, busy_seconds: float) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False, cached_statements=512)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _open_writer(path: Path, synchronous: Synchronous, busy_seconds: float) -> sqlite3.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    connection = _connect(path, busy_seconds)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA synchronous = {'FULL' if synchronous == 'FULL' else 'NORMAL'}")
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    """Take the missing steps in one transaction: all or none."""
    if _version(connection) == len(migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)
        _check_version(version, len(migrations))
        database = SqliteDatabase(connection)
        for step in migrations[version:]:
            step(database)
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
