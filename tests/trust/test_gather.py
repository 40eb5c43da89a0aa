"""What is fetched before a judgement, and what is not."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from credentials.keys import generate_key
from credentials.wire import StatusEntry, VerifiableCredential
from didresolver import CachingResolver
from doors.refusals import FetchTimeout, Refused
from tests.didresolver.worlds import Answers, did_document
from tests.trust.lists import DID, HOTEL, LIST_URL, NOW, SITE, issuer_entry, signed, trust_list, trust_policy
from tests.trust.worlds import CARDS, ISSUER_KEY, KID, REVOCATION, SUSPENSION, TOKEN, World, issuer_metadata, ldp_card, sd_jwt_card
from trust.checks import Rejected
from trust.facts import Facts
from trust.gather import gather, gather_relying_party
from trust.judge import judge
from trust.policy import MaxAges
from trust.snapshot import MemoryCache, SnapshotCache, snapshot
from trust.trust_list import TrustList

DID_URL = "https://issuer.example/.well-known/did.json"
METADATA_URL = "https://issuer.example/.well-known/jwt-vc-issuer"
HOTEL_URL = "https://hotel.example/.well-known/did.json"


def internet(edition: TrustList | None = None, **changes: Any) -> Answers:
    world = World(**changes)
    return Answers(
        {
            LIST_URL: signed(edition or trust_list()),
            DID_URL: world.did_document(),
            METADATA_URL: issuer_metadata(ISSUER_KEY.public),
            REVOCATION: world.bitstring("revocation", REVOCATION, world.revoked),
            SUSPENSION: world.bitstring("suspension", SUSPENSION, world.suspended),
            TOKEN: world.token_list(),
            HOTEL_URL: orjson.dumps(did_document("did:web:hotel.example", ISSUER_KEY.public)),
        }
    )


async def gathered(
    *credentials: VerifiableCredential, fetch: Answers, cache: SnapshotCache | None = None, now: datetime = NOW, **policy: Any
) -> Facts:
    resolver = CachingResolver(fetch, lambda: now, fresh_for=timedelta(0), max_age=timedelta(0))
    return await gather(credentials, policy=trust_policy(**policy), resolver=resolver, fetch=fetch, now=now, cache=cache or MemoryCache())


@pytest.mark.parametrize(("name", "asked"), [("ldp_vc", {DID_URL, REVOCATION, SUSPENSION}), ("dc+sd-jwt", {METADATA_URL, TOKEN})])
async def test_the_trust_list_comes_first_then_just_what_the_card_needs(name: str, asked: set[str]) -> None:
    fetch, vc = internet(), CARDS[name]()

    facts = await gathered(vc, fetch=fetch)

    assert fetch.asked[0] == LIST_URL
    assert set(fetch.asked[1:]) == asked
    assert len(fetch.asked) == len(asked) + 1
    assert judge(vc, facts=facts, policy=trust_policy(), now=NOW)


async def test_two_cards_of_one_issuer_are_asked_for_once() -> None:
    fetch = internet()

    await gathered(ldp_card(), ldp_card(), sd_jwt_card(), fetch=fetch)

    assert sorted(fetch.asked) == sorted({LIST_URL, DID_URL, METADATA_URL, REVOCATION, SUSPENSION, TOKEN})


async def test_nothing_is_asked_without_a_trusted_signer_of_the_list() -> None:
    fetch = internet()

    await gathered(ldp_card(), fetch=fetch, anchors=())

    assert fetch.asked == []


async def test_a_pinned_issuer_is_asked_without_a_list() -> None:
    fetch = internet()

    await gathered(ldp_card(), fetch=fetch, anchors=(), trust_list_url="", pinned=(issuer_entry(),))

    assert set(fetch.asked) == {DID_URL, REVOCATION, SUSPENSION}


async def test_a_list_of_a_wrong_signer_is_noted_and_nothing_more_is_asked() -> None:
    fetch = internet()

    facts = await gathered(ldp_card(), fetch=fetch, anchors=(generate_key("EdDSA").public,))

    assert fetch.asked == [LIST_URL]
    assert facts.missing["trust-list", LIST_URL].code == "trust_list_invalid"


async def test_each_snapshot_is_named_by_its_hash_and_time() -> None:
    facts = await gathered(ldp_card(), fetch=internet())

    kept = facts.snapshot("did-document", DID)
    assert (len(kept.sha256), kept.fetched_at, kept.content) == (64, NOW, World().did_document())


async def test_young_facts_are_used_again_and_status_is_asked_for_sooner_than_keys() -> None:
    fetch, cache = internet(), MemoryCache()
    await gathered(ldp_card(), fetch=fetch, cache=cache)
    fetch.asked.clear()

    await gathered(ldp_card(), fetch=fetch, cache=cache, now=NOW + timedelta(seconds=60))
    assert fetch.asked == []

    await gathered(ldp_card(), fetch=fetch, cache=cache, now=NOW + timedelta(seconds=61))
    assert set(fetch.asked) == {REVOCATION, SUSPENSION}


async def test_a_revocation_is_seen_at_once_where_the_policy_asks_anew_each_time() -> None:
    cache, vc = MemoryCache(), ldp_card()
    before = await gathered(vc, fetch=internet(), cache=cache, refetch_status_after=timedelta(0))
    assert judge(vc, facts=before, policy=trust_policy(), now=NOW)
    soon = NOW + timedelta(seconds=1)

    after = await gathered(vc, fetch=internet(revoked=frozenset({94})), cache=cache, now=soon, refetch_status_after=timedelta(0))

    with pytest.raises(Rejected) as refusal:
        judge(vc, facts=after, policy=trust_policy(), now=soon)
    assert refusal.value.code == "status_revoked"


async def test_when_nobody_answers_the_old_facts_stay_with_a_note() -> None:
    cache, vc, later = MemoryCache(), ldp_card(), NOW + timedelta(hours=2)
    await gathered(vc, fetch=internet(), cache=cache)
    silence = Answers({})

    facts = await gathered(vc, fetch=silence, cache=cache, now=later)

    assert facts.snapshot("status-list", REVOCATION).fetched_at == NOW
    assert facts.missing["status-list", REVOCATION].code == "fetch_failed"
    with pytest.raises(Rejected) as refusal:
        judge(vc, facts=facts, policy=trust_policy(), now=later)
    assert refusal.value.code == "status_stale"
    grace = trust_policy(offline=MaxAges(status=timedelta(hours=3)))
    assert judge(vc, facts=facts, policy=grace, now=later).checks[-2].age == 7200


async def test_a_did_that_was_deactivated_is_not_believed_on_its_old_document() -> None:
    cache, vc, later = MemoryCache(), ldp_card(), NOW + timedelta(hours=13)
    await gathered(vc, fetch=internet(), cache=cache)
    ended = internet()
    ended.table[DID_URL] = orjson.dumps(did_document(DID, ISSUER_KEY.public) | {"deactivated": True})
    ages = MaxAges(status=timedelta(days=1))

    facts = await gathered(vc, fetch=ended, cache=cache, now=later)
    with pytest.raises(Rejected) as refusal:
        judge(vc, facts=facts, policy=trust_policy(max_age=ages), now=later)

    assert refusal.value.code == "did_deactivated"
    unreachable = internet()
    del unreachable.table[DID_URL]
    facts = await gathered(vc, fetch=unreachable, cache=cache, now=later)
    assert facts.snapshot("did-document", DID).fetched_at == NOW, "the twin: where nobody says so the old one serves a while"


async def test_an_older_edition_of_the_list_does_not_take_the_place_of_a_newer() -> None:
    cache, later = MemoryCache(), NOW + timedelta(hours=13)
    await gathered(fetch=internet(trust_list(sequence=8)), cache=cache)

    facts = await gathered(fetch=internet(trust_list(sequence=7, issuers=())), cache=cache, now=later)

    assert facts.snapshot("trust-list", LIST_URL).fetched_at == NOW
    assert facts.missing["trust-list", LIST_URL].code == "trust_list_invalid"


async def test_a_newer_edition_does() -> None:
    cache, later = MemoryCache(), NOW + timedelta(hours=13)
    await gathered(fetch=internet(trust_list(sequence=8)), cache=cache)

    facts = await gathered(fetch=internet(trust_list(sequence=9)), cache=cache, now=later)

    assert facts.snapshot("trust-list", LIST_URL).fetched_at == later


async def test_a_list_of_a_former_anchor_does_not_block_the_new_one() -> None:
    cache, new_anchor = MemoryCache(), generate_key("EdDSA")
    await gathered(fetch=internet(trust_list(sequence=8)), cache=cache, anchors=(new_anchor.public, *trust_policy().anchors))

    facts = await gathered(fetch=internet(), cache=cache, now=NOW + timedelta(hours=13), anchors=(new_anchor.public,))

    assert facts.missing["trust-list", LIST_URL].code == "trust_list_invalid"


async def test_keys_that_lie_apart_are_fetched_from_the_issuers_own_host_only() -> None:
    jwks = orjson.dumps({"keys": [ISSUER_KEY.public.jwk() | {"kid": KID}]})
    vc = sd_jwt_card()
    fetch = internet()
    fetch.table[METADATA_URL] = orjson.dumps({"issuer": SITE, "jwks_uri": f"{SITE}/jwks"})
    fetch.table[f"{SITE}/jwks"] = jwks
    assert judge(vc, facts=await gathered(vc, fetch=fetch), policy=trust_policy(), now=NOW)

    fetch.table[METADATA_URL] = orjson.dumps({"issuer": SITE, "jwks_uri": "https://mallory.example/jwks"})
    facts = await gathered(vc, fetch=fetch)

    assert "https://mallory.example/jwks" not in fetch.asked
    assert facts.missing["issuer-keys", "https://mallory.example/jwks"].code == "url_blocked"


@pytest.mark.parametrize(("answer", "code"), [(404, "fetch_failed"), (FetchTimeout("slow"), "fetch_timeout"), (b"{}", "metadata_mismatch")])
async def test_keys_that_cannot_be_had_are_noted_with_the_reason(answer: bytes | int | Refused, code: str) -> None:
    fetch = internet()
    fetch.table[METADATA_URL] = answer

    facts = await gathered(sd_jwt_card(), fetch=fetch)

    assert facts.missing["issuer-keys", SITE].code == code
    assert facts.why_missing("issuer-keys", SITE).code == code


async def test_a_list_signed_under_the_issuers_other_identifier_brings_those_keys_too() -> None:
    entry = (StatusEntry("BitstringStatusListEntry", "revocation", 94, REVOCATION),)
    vc = sd_jwt_card()
    mixed = replace(vc, unverified_status=entry)
    fetch = internet()

    await gathered(mixed, fetch=fetch)

    assert DID_URL in fetch.asked


async def test_the_did_of_a_relying_party_is_resolved_only_where_it_is_registered() -> None:
    async def asked_for(client_id: str) -> list[str]:
        fetch = internet()
        resolver = CachingResolver(fetch, lambda: NOW)
        await gather_relying_party(client_id, policy=trust_policy(), resolver=resolver, fetch=fetch, now=NOW, cache=MemoryCache())
        return fetch.asked

    assert await asked_for(HOTEL) == [LIST_URL, HOTEL_URL]
    assert await asked_for("decentralized_identifier:did:web:mallory.example") == [LIST_URL]


async def test_the_memory_keeps_no_more_than_it_may() -> None:
    cache = MemoryCache(size=2)
    for name in ("a", "b", "c"):
        await cache.keep(snapshot("did-document", name, b"", fetched_at=NOW))

    assert await cache.newest("did-document", "a") is None
    assert await cache.newest("did-document", "c") is not None


async def test_a_card_that_names_very_many_lists_makes_only_a_few_be_asked_for() -> None:
    many = tuple(StatusEntry("BitstringStatusListEntry", "revocation", 1, f"{SITE}/status/{number}") for number in range(50))
    fetch = internet()

    await gathered(replace(ldp_card(), unverified_status=many), fetch=fetch)

    assert sum("/status/" in url for url in fetch.asked) == 8
