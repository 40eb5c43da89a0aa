"""With the network gone a desk works from its pack, says how old its facts are, and stops when they are too old."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from credentials.jsonld import PINS
from credentials.keys import generate_key
from doors.refusals import FactsMissing, PackExpired, PackInvalid, Refused, SettingsInvalid
from tests.verifier.test_answer import answered, opened
from tests.verifier.world import LISTS, SITE, TRUST_LIST_URL, World
from trust.pack import make_pack, read_pack
from verifier.answer import Desk
from verifier.app import from_pack
from verifier.packing import collect

SIGNER = generate_key("EdDSA")


async def packed(world: World, folder: Path, *, expires_at: datetime | None = None) -> Path:
    facts = await collect(world.online(), fetch=world.web, policy=world.policy("hotel").trust, now=world.now)
    path = folder / "pack.zip"
    path.write_bytes(make_pack(facts, SIGNER, expires_at or world.now + timedelta(days=7)))
    return path


async def offline(desk: Desk, world: World, folder: Path, **changes: datetime) -> Desk:
    """The desk with nothing but a pack."""
    source = from_pack(await packed(world, folder, **changes), (SIGNER.public,))
    world.web.down = True
    world.web.asked.clear()
    return replace(desk, source=source)


async def test_a_pack_holds_trust_list_keys_lists_and_contexts(world: World, tmp_path: Path) -> None:
    facts = read_pack((await packed(world, tmp_path)).read_bytes(), [SIGNER.public], world.now)
    kinds = [kind for kind, _ in facts.snapshots]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "trust-list": 1,
        "did-document": 1,
        "issuer-keys": 1,
        "status-list": len(LISTS),
        "context": len(PINS),
    }


async def test_a_foreign_issuers_lists_are_found_where_it_says_they_are(world: World) -> None:
    elsewhere = {name: f"{SITE}/anywhere/{name}-{number}" for number, name in enumerate(LISTS, 1)}
    for name, url in elsewhere.items():
        world.web.pages[url] = world.web.pages.pop(LISTS[name])
    world.web.pages[f"{SITE}/all-lists"] = json.dumps(
        {"status_lists": [elsewhere["token"]], "bitstring_status_lists": [elsewhere["revocation"], elsewhere["suspension"]]}
    ).encode()
    facts = await collect(world.online(), fetch=world.web, policy=world.policy("hotel").trust, now=world.now)
    assert {name for kind, name in facts.snapshots if kind == "status-list"} == set(elsewhere.values())
    assert not facts.missing


async def test_more_lists_than_one_card_may_name_are_all_laid_in(world: World) -> None:
    many = [f"{SITE}/lists/{number}" for number in range(40)]
    world.web.pages.update(dict.fromkeys(many, world.web.pages[LISTS["token"]]))
    world.web.pages[f"{SITE}/all-lists"] = json.dumps({"status_lists": many}).encode()
    facts = await collect(world.online(), fetch=world.web, policy=world.policy("hotel").trust, now=world.now)
    assert {name for kind, name in facts.snapshots if kind == "status-list"} == set(many)


async def test_of_an_issuer_that_names_no_lists_the_pack_says_so_and_takes_those_named_by_hand(world: World) -> None:
    world.web.pages[f"{SITE}/.well-known/oauth-authorization-server"] = json.dumps({"issuer": SITE}).encode()
    named = (LISTS["token"], "https://mallory.example/list")
    facts = await collect(world.online(), fetch=world.web, policy=world.policy("hotel").trust, status_lists=named, now=world.now)
    assert {name for kind, name in facts.snapshots if kind == "status-list"} == {LISTS["token"]}
    assert facts.missing["status-list", SITE].code == "metadata_invalid"
    assert "https://mallory.example/list" not in world.web.asked


async def test_nothing_is_asked_of_an_issuer_that_the_policy_leaves_out(world: World) -> None:
    policy = replace(world.policy("hotel").trust, issuers=frozenset({"did:web:other.example"}))
    facts = await collect(world.online(), fetch=world.web, policy=policy, now=world.now)
    assert world.web.asked == [TRUST_LIST_URL]
    assert {kind for kind, _ in facts.snapshots} == {"trust-list", "context"}


async def test_the_desk_decides_offline_and_asks_nobody(desk: Desk, world: World, tmp_path: Path) -> None:
    alone = await offline(desk, world, tmp_path)
    session = await opened(alone)
    taken = await answered(alone, world, session)
    assert taken.verified.age == 0
    assert world.web.asked == []


async def test_the_verdict_says_how_old_the_pack_is(desk: Desk, world: World, tmp_path: Path) -> None:
    alone = await offline(desk, world, tmp_path)
    world.now += timedelta(hours=20)
    assert (await answered(alone, world, await opened(alone))).verified.age == 20 * 3600


async def test_a_card_revoked_before_the_pack_was_made_is_refused_offline(desk: Desk, world: World, tmp_path: Path) -> None:
    world.revoked.add(7)
    world.publish()
    alone = await offline(desk, world, tmp_path)
    with pytest.raises(Refused) as refused:
        await answered(alone, world, await opened(alone))
    assert refused.value.code == "status_revoked"


async def test_older_than_the_policy_allows_nothing_is_decided(desk: Desk, world: World, tmp_path: Path) -> None:
    alone = await offline(desk, world, tmp_path)
    world.now += timedelta(hours=25)
    session = await opened(alone)
    with pytest.raises(Refused) as refused:
        await answered(alone, world, session)
    assert (refused.value.code, refused.value.verdict) == ("status_stale", "undecided")
    kept = await desk.store.session(session.id)
    assert kept.verdict
    assert kept.verdict.word == "undecided"


async def test_past_the_packs_end_nothing_is_decided(desk: Desk, world: World, tmp_path: Path) -> None:
    alone = await offline(desk, world, tmp_path, expires_at=world.now + timedelta(hours=1))
    world.now += timedelta(hours=2)
    with pytest.raises(PackExpired):
        await answered(alone, world, await opened(alone))


def test_a_court_grants_no_age_beyond_its_own(world: World) -> None:
    assert world.policy("court").trust.offline is None
    assert world.policy("hotel").trust.offline is not None


async def test_a_pack_signed_by_a_stranger_is_no_pack(world: World, tmp_path: Path) -> None:
    source = from_pack(await packed(world, tmp_path), (generate_key("EdDSA").public,))
    with pytest.raises(PackInvalid):
        source.read(world.now)


async def test_without_an_issuers_keys_there_is_no_pack(world: World) -> None:
    del world.web.pages[f"{SITE}/.well-known/jwt-vc-issuer"]
    with pytest.raises(FactsMissing):
        await collect(world.online(), fetch=world.web, policy=world.policy("hotel").trust, now=world.now)


async def test_without_a_network_there_is_no_pack(world: World) -> None:
    world.web.down = True
    with pytest.raises(Refused) as refused:
        await collect(world.online(), fetch=world.web, policy=world.policy("hotel").trust, now=world.now)
    assert refused.value.verdict == "undecided"


def test_a_pack_that_cannot_be_read_is_a_mistake_of_the_settings(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid):
        from_pack(tmp_path / "nowhere.zip", (SIGNER.public,))
