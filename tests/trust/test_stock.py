"""Laying in everything for working without a network."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from credentials.jsonld.bundle import PINS
from credentials.keys import generate_key
from didresolver import CachingResolver
from doors.refusals import PackInvalid
from tests.didresolver.worlds import Answers
from tests.trust.lists import LIST_URL, NOW, SITE, issuer_entry, signed, trust_list, trust_policy
from tests.trust.test_gather import DID_URL, METADATA_URL, internet
from tests.trust.worlds import CARDS, REVOCATION, SUSPENSION, TOKEN
from trust.facts import Facts, facts_of
from trust.judge import judge
from trust.pack import make_pack, read_pack
from trust.policy import MaxAges
from trust.snapshot import MemoryCache, snapshot
from trust.stock import gather_stock

SERVER_URL = f"{SITE}/.well-known/oauth-authorization-server"
ALL_LISTS = {REVOCATION, SUSPENSION, TOKEN}


def published(**members: Any) -> Answers:
    lists = {"status_lists": [TOKEN], "bitstring_status_lists": [REVOCATION, SUSPENSION]}
    fetch = internet()
    fetch.table[SERVER_URL] = orjson.dumps({"issuer": SITE, "status_list_aggregation_endpoint": f"{SITE}/status"})
    fetch.table[f"{SITE}/status"] = orjson.dumps(lists | members)
    return fetch


async def stocked(fetch: Answers, *, lists: tuple[str, ...] = (), **policy: Any) -> Facts:
    resolver = CachingResolver(fetch, lambda: NOW)
    return await gather_stock(policy=trust_policy(**policy), resolver=resolver, fetch=fetch, now=NOW, cache=MemoryCache(), lists=lists)


@pytest.mark.parametrize("name", CARDS)
async def test_any_card_of_a_trusted_issuer_is_judged_from_a_pack_made_without_seeing_it(name: str) -> None:
    packer, later = generate_key("ES256"), NOW + timedelta(hours=12)
    pack = make_pack(await stocked(published()), packer, NOW + timedelta(days=1))

    facts = read_pack(pack, (packer.public,), later)

    assert judge(CARDS[name](), facts=facts, policy=trust_policy(offline=MaxAges(status=timedelta(hours=24))), now=later)


async def test_keys_lists_and_contexts_are_laid_in() -> None:
    facts = await stocked(published())

    assert {name for kind, name in facts.snapshots if kind == "status-list"} == ALL_LISTS
    assert {name for kind, name in facts.snapshots if kind == "context"} == set(PINS)
    assert {kind for kind, _ in facts.snapshots} == {"trust-list", "did-document", "issuer-keys", "status-list", "context"}


async def test_lists_that_are_named_are_laid_in_where_the_issuer_does_not_publish_any() -> None:
    fetch = internet()

    facts = await stocked(fetch, lists=(TOKEN, "https://mallory.example/list"))

    assert {name for kind, name in facts.snapshots if kind == "status-list"} == {TOKEN}
    assert "https://mallory.example/list" not in fetch.asked


@pytest.mark.parametrize(
    "members",
    [
        {"status_lists": ["https://mallory.example/list"], "bitstring_status_lists": []},
        {"status_lists": 7, "bitstring_status_lists": {"a": 1}},
        {"status_lists": [7, None], "bitstring_status_lists": "text"},
    ],
)
async def test_lists_of_other_hosts_and_other_shapes_are_left_out(members: dict[str, object]) -> None:
    fetch = published(**members)

    facts = await stocked(fetch)

    assert {kind for kind, _ in facts.snapshots} == {"trust-list", "did-document", "issuer-keys", "context"}
    assert "https://mallory.example/list" not in fetch.asked


async def test_an_aggregation_on_another_host_is_not_asked() -> None:
    fetch = published()
    fetch.table[SERVER_URL] = orjson.dumps({"status_list_aggregation_endpoint": "https://mallory.example/status"})

    await stocked(fetch)

    assert "https://mallory.example/status" not in fetch.asked


async def test_strangers_and_issuers_of_other_types_are_not_asked() -> None:
    fetch = published()
    fetch.table[LIST_URL] = signed(trust_list(issuers=(issuer_entry(types=frozenset({"LibraryCard"})), issuer_entry(granted=()))))

    await stocked(fetch)

    assert fetch.asked == [LIST_URL]


async def test_a_pinned_issuer_is_laid_in_without_a_list() -> None:
    fetch = published()

    await stocked(fetch, anchors=(), trust_list_url="", pinned=(issuer_entry(),))

    assert {DID_URL, METADATA_URL} | ALL_LISTS <= set(fetch.asked)


def test_a_pack_with_other_context_documents_is_refused() -> None:
    packer, address = generate_key("EdDSA"), next(iter(PINS))
    pack = make_pack(facts_of([snapshot("context", address, b"{}", fetched_at=NOW)], gathered_at=NOW), packer, NOW + timedelta(days=1))

    with pytest.raises(PackInvalid):
        read_pack(pack, (packer.public,), NOW)
