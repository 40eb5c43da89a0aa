"""Snapshots that outlive a restart: the newest of each name, in the role's own database."""

import sqlite3
from datetime import datetime
from typing import TYPE_CHECKING

from runtime.clock import parse_rfc3339, rfc3339
from trust.snapshot import MOST_OF_A_KIND, Snapshot, SnapshotKind

if TYPE_CHECKING:
    from sqlite_utils import Database as SqliteDatabase

    from runtime.database import Database

_NEWEST = "SELECT content, sha256, fetched_at FROM snapshots WHERE kind = ? AND name = ?"
_KEEP = "INSERT OR REPLACE INTO snapshots (kind, name, content, sha256, fetched_at) VALUES (?, ?, ?, ?, ?)"
_BOUND = (
    "DELETE FROM snapshots WHERE kind = ? AND name IN"
    " (SELECT name FROM snapshots WHERE kind = ? ORDER BY fetched_at DESC LIMIT -1 OFFSET ?)"
)
_FORGET = "DELETE FROM snapshots WHERE fetched_at < ?"


def snapshot_tables(database: "SqliteDatabase") -> None:
    """The migration that a role adds to its own."""
    columns = {"kind": str, "name": str, "content": bytes, "sha256": str, "fetched_at": str}
    database["snapshots"].create(columns, pk=("kind", "name"), not_null=set(columns))  # type: ignore[union-attr]


class DatabaseCache:
    """A ``SnapshotCache`` in a role's database, which was opened with ``snapshot_tables`` among its migrations.

    Keeps ``size`` of a kind, as ``MemoryCache`` does, those fetched last. Raises ``StorageBusy`` and ``StorageUnavailable``.
    """

    def __init__(self, database: "Database", *, size: int = MOST_OF_A_KIND) -> None:
        self._database = database
        self._size = size

    async def newest(self, kind: SnapshotKind, name: str) -> Snapshot | None:
        return await self._database.read(lambda connection: _newest(connection, kind, name))

    async def keep(self, kept: Snapshot) -> None:
        await self._database.write(lambda connection: _keep(connection, kept, self._size))

    async def forget(self, *, before: datetime) -> None:
        """Drop what was fetched before this moment."""
        await self._database.write(lambda connection: _forget(connection, before))


def _newest(connection: sqlite3.Connection, kind: SnapshotKind, name: str) -> Snapshot | None:
    row = connection.execute(_NEWEST, (kind, name)).fetchone()
    return None if row is None else Snapshot(kind, name, bytes(row[0]), row[1], parse_rfc3339(row[2]))


def _keep(connection: sqlite3.Connection, kept: Snapshot, size: int) -> None:
    connection.execute(_KEEP, (kept.kind, kept.name, kept.content, kept.sha256, rfc3339(kept.fetched_at)))
    connection.execute(_BOUND, (kept.kind, kept.kind, size))


def _forget(connection: sqlite3.Connection, before: datetime) -> None:
    connection.execute(_FORGET, (rfc3339(before),))
