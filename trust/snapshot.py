"""One fact as it was fetched: the bytes, their hash, and when."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

SnapshotKind = Literal["did-document", "issuer-keys", "status-list", "trust-list", "context"]
SNAPSHOT_KINDS: tuple[SnapshotKind, ...] = ("did-document", "issuer-keys", "status-list", "trust-list", "context")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``content`` as it came from ``name`` (a DID or an address) at ``fetched_at``; ``sha256`` in hex names the content."""

    kind: SnapshotKind
    name: str
    content: bytes
    sha256: str
    fetched_at: datetime

    @property
    def key(self) -> tuple[str, str]:
        return (self.kind, self.name)


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that could not be had: the code of the refusal, its sentence, and when it was tried."""

    kind: SnapshotKind
    name: str
    code: str
    detail: str
    tried_at: datetime

    @property
    def key(self) -> tuple[str, str]:
        return (self.kind, self.name)


def snapshot(kind: SnapshotKind, name: str, content: bytes, *, fetched_at: datetime) -> Snapshot:
    return Snapshot(kind, name, content, hashlib.sha256(content).hexdigest(), fetched_at)


class SnapshotCache(Protocol):
    """Where snapshots are kept between judgements, the newest of each name."""

    async def newest(self, kind: SnapshotKind, name: str) -> Snapshot | None: ...

    async def keep(self, kept: Snapshot) -> None: ...


class MemoryCache:
    """Snapshots in memory, at most ``size`` of them; the one kept longest ago goes first."""

    def __init__(self, *, size: int = 1_000) -> None:
        self._size = size
        self._kept: dict[tuple[str, str], Snapshot] = {}

    async def newest(self, kind: SnapshotKind, name: str) -> Snapshot | None:
        return self._kept.get((kind, name))

    async def keep(self, kept: Snapshot) -> None:
        self._kept.pop(kept.key, None)
        self._kept[kept.key] = kept
        if len(self._kept) > self._size:
            del self._kept[next(iter(self._kept))]
