"""The doctor names what is wrong, in one line each."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from credentials.keys import generate_key
from didresolver.own_document import fingerprint
from runtime.journal import append
from tests.verifier.test_app import settings_for
from tests.verifier.world import TRUST_LIST_URL, World
from trust.pack import make_pack
from trust.trust_list import sign_trust_list
from verifier.diagnosis import diagnose, is_well
from verifier.identity import load_identity, make_identity
from verifier.packing import collect
from verifier.settings import VerifierSettings
from verifier.store import Store

URL = "https://desk.example"


@pytest.fixture
def settings(world: World, tmp_path: Path) -> VerifierSettings:
    identity = make_identity(tmp_path / "keys", public_url=URL)
    world.web.pages[f"{URL}/.well-known/did.json"] = json.dumps(identity.did_document()).encode()
    anchor = world.anchor.public.multikey()
    return settings_for(tmp_path, public_url=URL, trust_list_url=TRUST_LIST_URL, trust_list_anchors=(anchor,))


async def found(world: World, settings: VerifierSettings) -> dict[str, str]:
    folder = settings.data_dir
    return await diagnose(settings, keys=folder / "keys", store_folder=folder / "store", fetch=world.web, clock=world.clock)


async def test_where_all_is_well_the_doctor_says_so(world: World, settings: VerifierSettings) -> None:
    outcomes = await found(world, settings)
    assert all(map(is_well, outcomes.values())), outcomes
    assert outcomes["trust_list"].startswith("ok: edition 1, signed 2026-11-20T18:42:00Z, good until 2026-12-21T18:42:00Z")


async def test_a_public_address_that_leads_nowhere_is_named(world: World, settings: VerifierSettings) -> None:
    del world.web.pages[f"{URL}/.well-known/did.json"]
    assert (await found(world, settings))["public_url"].startswith(
        "fetch_failed: https://desk.example/.well-known/did.json: expected our own"
    )


async def test_a_public_address_of_somebody_else_is_named(world: World, settings: VerifierSettings, tmp_path: Path) -> None:
    another = make_identity(tmp_path / "another", public_url="https://other.example")
    world.web.pages[f"{URL}/.well-known/did.json"] = json.dumps(another.did_document()).encode()
    assert "expected that of did:web:desk.example, got another's" in (await found(world, settings))["public_url"]


async def test_another_key_under_our_name_shows_by_both_fingerprints(world: World, settings: VerifierSettings, tmp_path: Path) -> None:
    ours = load_identity(settings.data_dir / "keys", public_url=URL)
    theirs = make_identity(tmp_path / "another", public_url=URL)
    world.web.pages[f"{URL}/.well-known/did.json"] = json.dumps(theirs.did_document()).encode()
    outcome = (await found(world, settings))["public_url"]
    assert fingerprint(ours.key.public) in outcome
    assert fingerprint(theirs.key.public) in outcome


async def test_a_missing_trust_list_is_named(world: World, settings: VerifierSettings) -> None:
    del world.web.pages[TRUST_LIST_URL]
    assert (await found(world, settings))["trust_list"].startswith("fetch_failed")


async def test_a_trust_list_signed_by_a_stranger_is_named(world: World, settings: VerifierSettings) -> None:
    world.web.pages[TRUST_LIST_URL] = sign_trust_list(world.trust_list(), generate_key("EdDSA")).encode()
    assert (await found(world, settings))["trust_list"].startswith("trust_list_invalid")


async def test_a_trust_list_past_its_end_is_named(world: World, settings: VerifierSettings) -> None:
    world.now += timedelta(days=31)
    assert (await found(world, settings))["trust_list"].startswith("trust_list_stale")


async def test_the_age_of_a_pack_is_told_and_its_end_is_named(world: World, settings: VerifierSettings, tmp_path: Path) -> None:
    identity = load_identity(settings.data_dir / "keys", public_url=URL)
    facts = await collect(world.online(), fetch=world.web, policy=world.policy("hotel").trust, now=world.now)
    (tmp_path / "pack.zip").write_bytes(make_pack(facts, identity.key, world.now + timedelta(hours=9)))
    alone = settings.model_copy(update={"offline": True, "pack": tmp_path / "pack.zip"})
    world.now += timedelta(hours=7)
    assert (await found(world, alone))["pack"].startswith("ok: gathered 7 h ago; edition 1")
    world.now += timedelta(hours=3)
    assert (await found(world, alone))["pack"].startswith("pack_expired")


async def test_an_open_key_file_is_named(world: World, settings: VerifierSettings) -> None:
    next((settings.data_dir / "keys").iterdir()).chmod(0o644)
    assert (await found(world, settings))["data_dir"].startswith("store_permissions")


async def test_an_open_data_folder_is_named(world: World, settings: VerifierSettings) -> None:
    settings.data_dir.chmod(0o755)
    assert (await found(world, settings))["permissions"].startswith("store_permissions: data_dir: expected a folder of mode 0700")


async def test_an_edited_journal_is_named(world: World, settings: VerifierSettings) -> None:
    store = Store.open(settings.data_dir / "store")
    now = world.clock()

    def two_acts(connection: sqlite3.Connection) -> None:
        for act in ("one", "two"):
            append(connection, key=store.journal_key, actor="test", act=act, object_id="x", reason="", now=now)

    await store.database.write(two_acts)
    await store.database.write(lambda connection: connection.execute("UPDATE journal SET act = 'three' WHERE entry = 1"))
    store.close()
    assert (await found(world, settings))["journal"].startswith("audit_chain_broken: journal: entry 1")


async def test_a_clock_behind_the_journal_is_named(world: World, settings: VerifierSettings) -> None:
    store = Store.open(settings.data_dir / "store")
    later = world.now + timedelta(hours=1)
    await store.database.write(lambda c: append(c, key=store.journal_key, actor="test", act="one", object_id="x", reason="", now=later))
    store.close()
    assert (await found(world, settings))["clock"].startswith("clock_behind")
