"""One sitting at the wallet's page: opened with the passphrase, known by a cookie, closed after five quiet minutes or by 'wallet lock'."""

import asyncio
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from doors.refusals import NotAuthorised, NotFound
from runtime.clock import Clock
from runtime.crash import CrashPoints
from wallet import opening
from wallet.asked import Asked
from wallet.receive import Offered
from wallet.session import locked_since
from wallet.settings import WalletSettings, believe
from wallet.store import WalletStore

QUIET = timedelta(minutes=5)


class Locked(NotAuthorised):
    """The page has no open wallet; it answers with the page that asks for the passphrase."""

    http_status = 401


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
    _offers: dict[str, Offered] = field(default_factory=dict)
    _requests: dict[str, Asked] = field(default_factory=dict)

    @property
    def exists(self) -> bool:
        """Whether there is a wallet to open at all."""
        return self.settings.path.exists()

    async def create(self, passphrase: str) -> str:
        """A new wallet that believes whom the page was started with; the cookie that knows this sitting."""
        store = await asyncio.to_thread(opening.make, self.settings, passphrase, crash=self.crash)
        if self.trust:
            believe(store, self.trust)
        return self._sit_down(store)

    async def unlock(self, passphrase: str) -> str:
        """Raises ``UnlockFailed``, ``LockedOut`` and what opening raises; the cookie that knows this sitting, new each time."""
        store = await asyncio.to_thread(opening.unlock, self.settings, passphrase, crash=self.crash, now=self.clock())
        return self._sit_down(store)

    def store(self, cookie: str) -> WalletStore:
        """The open wallet for who has the cookie; raises ``Locked``."""
        now = self.clock()
        if self._store is None or self._last_used is None or not hmac.compare_digest(cookie.encode(), self._cookie.encode()):
            raise Locked("wallet: it is locked")
        if now - self._last_used > QUIET or locked_since(self.settings.path, self._opened_at):
            self.lock()
            raise Locked("wallet: it has locked itself")
        self._last_used = now
        return self._store

    def lock(self) -> None:
        self._store, self._cookie, self._last_used = None, "", None
        self._offers.clear()
        self._requests.clear()

    def keep_offer(self, offered: Offered) -> str:
        name = secrets.token_urlsafe(16)
        self._offers[name] = offered
        return name

    def keep_request(self, asked: Asked) -> str:
        name = secrets.token_urlsafe(16)
        self._requests[name] = asked
        return name

    def offer(self, name: str) -> Offered:
        found = self._offers.get(name)
        if found is None:
            raise NotFound("offer: it was answered already, or the wallet was locked in between")
        return found

    def request(self, name: str) -> Asked:
        found = self._requests.get(name)
        if found is None:
            raise NotFound("request: it was answered already, or the wallet was locked in between")
        return found

    def take_offer(self, name: str) -> Offered:
        """The offer, once: a double click takes it once (W16)."""
        found = self.offer(name)
        del self._offers[name]
        return found

    def take_request(self, name: str) -> Asked:
        found = self.request(name)
        del self._requests[name]
        return found

    def _sit_down(self, store: WalletStore) -> str:
        if self._store is not None:
            self.lock()
        self._store, self._cookie = store, secrets.token_urlsafe(32)
        self._opened_at, self._last_used = self.clock().timestamp(), self.clock()
        return self._cookie
