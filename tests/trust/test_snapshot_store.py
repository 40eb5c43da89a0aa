"""Snapshots that outlive a restart."""

from datetime import timedelta
from pathlib import Path

from runtime.database import Database
from tests.trust.lists import NOW
from trust.snapshot import snapshot
from trust.snapshot_store import DatabaseCache, snapshot_tables


async def test_the_newest_snapshot_of_a_name_is_there_after_a_restart(tmp_path: Path) -> None:
    with Database.open(tmp_path / "facts.db", (snapshot_tables,)) as database:
        cache = DatabaseCache(database)
        assert await cache.newest("status-list", "a") is None
        await cache.keep(snapshot("status-list", "a", b"old", fetched_at=NOW - timedelta(hours=1)))
        await cache.keep(snapshot("status-list", "a", b"new\x00", fetched_at=NOW))
        await cache.keep(snapshot("did-document", "a", b"other", fetched_at=NOW))

    with Database.open(tmp_path / "facts.db", (snapshot_tables,)) as database:
        assert await DatabaseCache(database).newest("status-list", "a") == snapshot("status-list", "a", b"new\x00", fetched_at=NOW)


async def test_old_snapshots_are_forgotten(tmp_path: Path) -> None:
    with Database.open(tmp_path / "facts.db", (snapshot_tables,)) as database:
        cache = DatabaseCache(database)
        await cache.keep(snapshot("status-list", "old", b"", fetched_at=NOW - timedelta(days=2)))
        await cache.keep(snapshot("status-list", "young", b"", fetched_at=NOW))

        await cache.forget(before=NOW - timedelta(days=1))

        assert await cache.newest("status-list", "old") is None
        assert await cache.newest("status-list", "young") is not None
