"""The wallet remembers the trust list it saw last, from one command to the next."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from credentials.keys import PrivateKey, generate_key
from didresolver import CachingResolver
from doors.refusals import FetchFailed, TrustListInvalid
from runtime.fetch import Fetched
from tests.wallet.test_store import opened
from trust.facts import Facts
from trust.gather import gather
from trust.policy import TrustPolicy
from trust.snapshot import snapshot
from trust.standing import current_trust_list
from trust.trust_list import TrustList, sign_trust_list
from wallet.known import KnownCache
from wallet.store import WalletStore

URL = "https://trust.example/trust-list.jwt"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def edition(sequence: int, key: PrivateKey, now: datetime) -> bytes:
    return sign_trust_list(TrustList(sequence, now, now + timedelta(days=30)), key).encode()


async def gathered(content: bytes | None, key: PrivateKey, store: WalletStore, now: datetime) -> tuple[Facts, TrustPolicy]:
    """What the wallet knows after asking a trust list's server that answers ``content``, or does not answer."""

    async def fetch(url: str, **_options: object) -> Fetched:
        if content is None:
            raise FetchFailed("trust list: expected an answer")
        return Fetched(200, content, "application/jwt", "", url)

    policy = TrustPolicy(types=frozenset({"any"}), issuers=frozenset({"*"}), anchors=(key.public,), trust_list_url=URL)
    resolver = CachingResolver(fetch, lambda: now)
    return await gather((), policy=policy, resolver=resolver, fetch=fetch, now=now, cache=KnownCache(store)), policy


async def test_the_trust_list_is_there_in_the_next_command_without_a_network(store: WalletStore, wallet_path: Path) -> None:
    key = generate_key("EdDSA")
    await gathered(edition(7, key, NOW), key, store, NOW)
    later = NOW + timedelta(hours=20)
    facts, policy = await gathered(None, key, opened(wallet_path), later)
    assert current_trust_list(facts=facts, policy=policy, now=later)[0].sequence == 7


async def test_an_older_edition_is_noticed_in_the_next_command(store: WalletStore, wallet_path: Path) -> None:
    key = generate_key("EdDSA")
    await gathered(edition(7, key, NOW), key, store, NOW)
    later = NOW + timedelta(hours=20)
    facts, policy = await gathered(edition(6, key, NOW), key, opened(wallet_path), later)
    assert current_trust_list(facts=facts, policy=policy, now=later)[0].sequence == 7
    with pytest.raises(TrustListInvalid):
        raise facts.why_missing("trust-list", URL)


async def test_nothing_else_is_kept_on_disk(store: WalletStore, wallet_path: Path) -> None:
    await KnownCache(store).keep(snapshot("did-document", "did:web:hotel.example", b"{}", fetched_at=NOW))
    assert await KnownCache(opened(wallet_path)).newest("did-document", "did:web:hotel.example") is None
