"""Snapshots that outlive a restart."""

from datetime import timedelta
from pathlib import Path

import pytest

from runtime.database import Database
from tests.trust.lists import NOW
from trust.snapshot import MemoryCache, SnapshotCache, snapshot
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


@pytest.mark.parametrize("durable", [True, False])
async def test_made_up_status_lists_neither_fill_the_store_nor_push_the_trust_list_out(tmp_path: Path, durable: bool) -> None:
    with Database.open(tmp_path / "facts.db", (snapshot_tables,)) as database:
        cache: SnapshotCache = DatabaseCache(database, size=2) if durable else MemoryCache(size=2)
        await cache.keep(snapshot("trust-list", "t", b"", fetched_at=NOW))
        for number in range(5):
            await cache.keep(snapshot("status-list", f"s?{number}", b"", fetched_at=NOW + timedelta(seconds=number)))

        assert await cache.newest("trust-list", "t") is not None
        assert [await cache.newest("status-list", f"s?{number}") is None for number in range(5)] == [True, True, True, False, False]
