"""A wallet to test with, at the lowest price a guess may have, and a town to use it in."""

import os
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import pytest_asyncio

from didresolver import CachingResolver
from runtime.clock import utc_now
from runtime.crash import NEVER
from runtime.fetch import OutboundFetch
from tests.wallet.town import Network, Town, town
from trust.policy import read_policy
from trust.snapshot import MemoryCache
from wallet.asked import Asked, open_asked
from wallet.check import holdings
from wallet.match import Consent, candidates, picked_by
from wallet.present import Presented, present
from wallet.reach import Reach
from wallet.receive import Received, accept, look
from wallet.settings import believe
from wallet.store import WalletStore, create, open_with_key
from wallet.vault import FLOOR

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def wallet_path(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder / "wallet"


@pytest.fixture
def store(wallet_path: Path) -> WalletStore:
    return create(wallet_path, PASSPHRASE, random=os.urandom, crash=NEVER, cost=FLOOR)


@pytest_asyncio.fixture(loop_scope="session", scope="session", name="town")
async def the_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with town(tmp_path_factory.mktemp("town")) as made:
        yield made


@dataclass
class Holder:
    """A person of the town with an open wallet and a watched line out."""

    town: Town
    store: WalletStore
    reach: Reach
    network: Network

    async def receive(self, **offered: object) -> Received:
        return await self.accept((await self.town.offer(**offered))["link"])  # type: ignore[arg-type]

    async def accept(self, link: str, *, tx_code: str = "") -> Received:
        return await accept(await look(link, reach=self.reach), tx_code=tx_code, store=self.store, reach=self.reach)

    def forget(self) -> None:
        """Everything that was fetched is asked for anew."""
        self.reach = replace(self.reach, cache=MemoryCache())

    async def open(self, link: str) -> Asked:
        return await open_asked(link, store=self.store, reach=self.reach)

    async def present(self, asked: Asked, consent: Consent) -> Presented:
        return await present(asked, consent, holdings(self.store), store=self.store, reach=self.reach)

    def agreed(self, asked: Asked, *refused: str, portrait: bool = True) -> Consent:
        """The consent to everything but the attributes named."""
        paths = frozenset(path for path in asked.attributes if path[-1] in refused)
        found = candidates(asked.request.query, holdings(self.store), refused=paths, now=self.reach.clock(), skew=self.reach.policy.skew)
        return Consent(picked_by(found, ()), paths, portrait)


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """An empty wallet's file and its vault key: the price of the passphrase is paid once for all tests that do not ask for it."""
    path = tmp_path_factory.mktemp("blank") / "wallet"
    made = create(path, PASSPHRASE, random=os.urandom, crash=NEVER, cost=FLOOR)
    return path.read_bytes(), made.vault_key


@pytest.fixture
def open_store(wallet_path: Path, blank: tuple[bytes, bytes]) -> WalletStore:
    """A wallet of its own, open already."""
    content, vault_key = blank
    wallet_path.touch(mode=0o600)
    wallet_path.write_bytes(content)
    return open_with_key(wallet_path, vault_key, random=os.urandom, crash=NEVER)


@pytest_asyncio.fixture(loop_scope="session")
async def holder(town: Town, open_store: WalletStore) -> AsyncIterator[Holder]:
    """A wallet that believes the town's trust list."""
    town.publish()
    store = open_store
    believe(store, town.trust_policy)
    async with OutboundFetch(development=True, total_seconds=10) as fetch:
        network = Network(fetch)
        resolver = CachingResolver(network, utc_now, development=True)
        policy = read_policy(town.trust_policy)
        yield Holder(town, store, Reach(network, resolver, MemoryCache(), policy, utc_now, secrets.token_bytes, NEVER), network)
