"""The doctor names what is wrong, in one line each."""

import json
from pathlib import Path

import pytest

from tests.verifier.test_app import settings_for
from tests.verifier.world import TRUST_LIST_URL, World
from verifier.diagnosis import diagnose
from verifier.identity import make_identity
from verifier.settings import VerifierSettings

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
    assert set((await found(world, settings)).values()) == {"ok"}


async def test_a_wrong_public_address_is_named(world: World, settings: VerifierSettings) -> None:
    del world.web.pages[f"{URL}/.well-known/did.json"]
    assert (await found(world, settings))["public_url"].startswith("fetch_failed: public_url")
    world.web.pages[f"{URL}/.well-known/did.json"] = b"{}"
    assert (await found(world, settings))["public_url"].startswith("metadata_mismatch: public_url")


async def test_a_missing_trust_list_is_named(world: World, settings: VerifierSettings) -> None:
    del world.web.pages[TRUST_LIST_URL]
    assert (await found(world, settings))["facts"].startswith("fetch_failed")


async def test_an_open_key_file_is_named(world: World, settings: VerifierSettings) -> None:
    next((settings.data_dir / "keys").iterdir()).chmod(0o644)
    assert (await found(world, settings))["data_dir"].startswith("store_permissions")
