"""What the wallet has seen of the trust list, kept in it: an older edition is noticed, and some hours without a network are bridged."""

from dataclasses import dataclass, field

from doors import base64url
from runtime.clock import parse_rfc3339, rfc3339
from trust.snapshot import MemoryCache, Snapshot, SnapshotKind, snapshot
from wallet.store import WalletStore

KIND = "known"
LASTING: SnapshotKind = "trust-list"
"""Only the trust list outlives a command: what else is fetched would tell on disk whom the holder has met."""


@dataclass(slots=True)
class KnownCache:
    """A ``SnapshotCache`` in the wallet's own file for the trust list, in memory for everything else."""

    store: WalletStore
    _memory: MemoryCache = field(default_factory=MemoryCache)

    async def newest(self, kind: SnapshotKind, name: str) -> Snapshot | None:
        kept = await self._memory.newest(kind, name)
        return kept if kept is not None or kind != LASTING else self._known(name)

    async def keep(self, kept: Snapshot) -> None:
        await self._memory.keep(kept)
        if kept.kind == LASTING:
            value = {"name": kept.name, "content": base64url.encode(kept.content), "fetched_at": rfc3339(kept.fetched_at)}
            self.store.change(put=((KIND, KIND, value),))

    def _known(self, name: str) -> Snapshot | None:
        for record in self.store.all(KIND):
            if record.value["name"] == name:
                content, fetched_at = base64url.decode(record.value["content"]), parse_rfc3339(record.value["fetched_at"])
                return snapshot(LASTING, name, content, fetched_at=fetched_at)
        return None
