"""One sitting at the wallet's page: opened with the passphrase, known by a cookie, closed after five quiet minutes or by 'wallet lock'."""

import asyncio
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from doors.refusals import NotFound, WalletLocked
from runtime.clock import Clock
from runtime.crash import CrashPoints
from wallet import opening
from wallet.asked import Asked
from wallet.receive import Offered
from wallet.session import locked_since
from wallet.settings import WalletSettings, believe
from wallet.store import WalletStore

QUIET = timedelta(minutes=5)
MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class Outcome:
    """How something ended, as a page that can be shown again, in the other language too."""

    template: str
    status: int
    values: Mapping[str, object]


Kept = Offered | Asked | Outcome
Kind = TypeVar("Kind", Offered, Asked, Outcome)


@dataclass(slots=True)
class Sitting:
    """What the page holds in memory while the wallet is open, and nothing after."""

    settings: WalletSettings
    clock: Clock
    crash: CrashPoints
    trust: str = ""
    _store: WalletStore | None = None
    _cookie: str = ""
    _opened_at: float = 0.0
    _last_used: datetime | None = None
    _kept: dict[str, Kept] = field(default_factory=dict)
    _at_the_door: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def exists(self) -> bool:
        """Whether there is a wallet to open at all."""
        return self.settings.path.exists()

    async def create(self, passphrase: str) -> str:
        """A new wallet that believes whom the page was started with; the cookie that knows this sitting."""
        async with self._at_the_door:
            store = await asyncio.to_thread(opening.make, self.settings, passphrase, crash=self.crash)
        if self.trust:
            believe(store, self.trust)
        return self._sit_down(store)

    async def unlock(self, passphrase: str) -> str:
        """Raises ``UnlockFailed``, ``LockedOut`` and what opening raises; the cookie that knows this sitting, new each time.

        One try at a time: each is counted before the next is made, and the memory that it costs is needed once.
        """
        async with self._at_the_door:
            store = await asyncio.to_thread(opening.unlock, self.settings, passphrase, crash=self.crash, now=self.clock())
        return self._sit_down(store)

    def store(self, cookie: str) -> WalletStore:
        """The open wallet for who has the cookie; raises ``WalletLocked``."""
        now = self.clock()
        if self._store is None or self._last_used is None or not hmac.compare_digest(cookie.encode(), self._cookie.encode()):
            raise WalletLocked("wallet: it is locked")
        if now - self._last_used > QUIET or locked_since(self.settings.path, self._opened_at):
            self.lock()
            raise WalletLocked("wallet: it has locked itself")
        self._last_used = now
        return self._store

    def lock(self) -> None:
        self._store, self._cookie, self._last_used = None, "", None
        self._kept.clear()

    def keep(self, thing: Kept, *, name: str = "") -> str:
        """The name under which ``thing`` is found again while this sitting lasts; the oldest goes where there are too many."""
        name = name or secrets.token_urlsafe(16)
        self._kept[name] = thing
        if len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return name

    def find(self, name: str, kind: type[Kind]) -> Kind:
        """Raises ``NotFound`` for what was answered, or was there before the wallet was locked."""
        found = self._kept.get(name)
        if not isinstance(found, kind):
            raise NotFound("page: it was answered already, or the wallet was locked in between")
        return found

    def take(self, name: str, kind: type[Kind]) -> Kind:
        """What ``find`` finds, once: a double click answers once (W16)."""
        found = self.find(name, kind)
        del self._kept[name]
        return found

    def _sit_down(self, store: WalletStore) -> str:
        if self._store is not None:
            self.lock()
        self._store, self._cookie = store, secrets.token_urlsafe(32)
        self._opened_at, self._last_used = self.clock().timestamp(), self.clock()
        return self._cookie
