"""One fact as it was fetched: the bytes, their hash, and when."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

SnapshotKind = Literal["did-document", "issuer-keys", "status-list", "trust-list", "context"]
SNAPSHOT_KINDS: tuple[SnapshotKind, ...] = ("did-document", "issuer-keys", "status-list", "trust-list", "context")
MOST_OF_A_KIND = 1_000
"""How many snapshots of one kind are kept between judgements."""


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
    """Snapshots in memory, at most ``size`` of a kind; of these the one kept longest ago goes first.

    By kind, because anybody can make up addresses of status lists, which must not push the trust list out that was seen last.
    """

    def __init__(self, *, size: int = MOST_OF_A_KIND) -> None:
        self._size = size
        self._kept: dict[SnapshotKind, dict[str, Snapshot]] = {kind: {} for kind in SNAPSHOT_KINDS}

    async def newest(self, kind: SnapshotKind, name: str) -> Snapshot | None:
        return self._kept[kind].get(name)

    async def keep(self, kept: Snapshot) -> None:
        of_kind = self._kept[kept.kind]
        of_kind.pop(kept.name, None)
        of_kind[kept.name] = kept
        if len(of_kind) > self._size:
            del of_kind[next(iter(of_kind))]
