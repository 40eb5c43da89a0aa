"""Make, open and lock a wallet, and give it its ports: the one place that knows where network, clock and chance come from."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from didresolver import CachingResolver
from doors.refusals import UnlockFailed
from runtime.clock import utc_now
from runtime.crash import CrashPoints
from runtime.fetch import OutboundFetch
from wallet import store as files
from wallet import tries
from wallet.known import KnownCache
from wallet.reach import Reach
from wallet.settings import WalletSettings, trust_of
from wallet.store import WalletStore
from wallet.vault import long_enough

CRASH_POINTS = (
    "wallet.save.written",
    "wallet.save.durable",
    "wallet.save.linked",
    "wallet.save.swapped",
    "wallet.receive.pending",
    "wallet.receive.fetched",
    "wallet.receive.kept",
    "wallet.present.ready",
    "wallet.present.sent",
)

PATIENCE_SECONDS = 10.0
"""How long one call may take: an issuer signs and a verifier fetches lists before they answer."""


def make(settings: WalletSettings, passphrase: str, *, crash: CrashPoints) -> WalletStore:
    """A new wallet; raises ``InputMalformed`` for a passphrase that is too short."""
    return files.create(settings.path, long_enough(passphrase), random=secrets.token_bytes, crash=crash)


def unlock(settings: WalletSettings, passphrase: str, *, crash: CrashPoints, now: datetime) -> WalletStore:
    """The open wallet; a wrong passphrase is counted, and after some the next try must wait (``LockedOut``)."""
    files.refuse_unsafe(settings.path)
    tries.refuse_early(settings.path, now=now)
    try:
        store = files.open_wallet(settings.path, passphrase, random=secrets.token_bytes, crash=crash)
    except UnlockFailed:
        tries.count_failure(settings.path, now=now)
        raise
    tries.forget(settings.path)
    return store


def unlocked(settings: WalletSettings, *, crash: CrashPoints, now: datetime) -> WalletStore | None:
    """The wallet, where ``unlock`` has kept it open; else None."""
    key = settings.session.key(now=now)
    return None if key is None else files.open_with_key(settings.path, key, random=secrets.token_bytes, crash=crash)


@asynccontextmanager
async def reaching(settings: WalletSettings, store: WalletStore, *, crash: CrashPoints) -> AsyncIterator[Reach]:
    """The ports of the verbs, for as long as they are needed."""
    fetch = OutboundFetch(development=settings.development, ca_file=settings.ca_file, total_seconds=PATIENCE_SECONDS)
    try:
        yield Reach(
            fetch=fetch,
            resolver=CachingResolver(fetch, utc_now, development=settings.development),
            cache=KnownCache(store),
            policy=trust_of(store),
            clock=utc_now,
            random=secrets.token_bytes,
            crash=crash,
        )
    finally:
        await fetch.close()
