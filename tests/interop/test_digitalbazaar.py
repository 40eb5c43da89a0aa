"""@digitalbazaar/vc and ours: each verifies what the other has signed with eddsa-rdfc-2022, and refuses what was changed since."""

import json
from datetime import timedelta
from typing import Any

import orjson
import pytest

from credentials.formats import LdpVc
from credentials.timestamps import format_timestamp
from doors.refusals import NonceMismatch, SigInvalid
from tests.interop.cast import AUDIENCE, NONCE, changed, multikey, published
from tests.interop.node import ask, needs_node
from tests.verifier.world import NOW, World

pytestmark = needs_node
FORMAT = LdpVc()
SKEW = timedelta(seconds=60)


async def peer(world: World, do: str, **order: Any) -> Any:
    return await ask("data-integrity.mjs", do=do, documents=published(world), now=format_timestamp(NOW), **order)


def ours(world: World) -> dict[str, Any]:
    """Our card, shown by its holder."""
    shown = FORMAT.present(world.whole_card(), world.alice.did_key, nonce=NONCE, audience=AUDIENCE, now=NOW)
    document: dict[str, Any] = json.loads(shown.wire)
    return document


async def theirs(world: World) -> dict[str, Any]:
    """The same card without its seal, sealed by the peer with our issuer's key."""
    unsecured = {name: value for name, value in json.loads(world.whole_card().wire).items() if name != "proof"}
    secured: dict[str, Any] = await peer(world, "issue", credential=unsecured, key=multikey(world.issuer_ldp))
    return secured


@pytest.fixture
def world() -> World:
    return World()


async def test_the_peer_verifies_a_credential_of_ours(world: World) -> None:
    card = json.loads(world.whole_card().wire)

    assert await peer(world, "verify-credential", credential=card) == {"verified": True, "errors": ""}


async def test_the_peer_refuses_a_credential_of_ours_that_was_changed(world: World) -> None:
    card = changed(json.loads(world.whole_card().wire), "family_name", "王")

    verdict = await peer(world, "verify-credential", credential=card)

    assert not verdict["verified"]
    assert "Invalid signature" in verdict["errors"]


async def test_the_peer_verifies_a_presentation_of_ours(world: World) -> None:
    verdict = await peer(world, "verify-presentation", presentation=ours(world), challenge=NONCE, domain=AUDIENCE)

    assert verdict == {"verified": True, "errors": ""}


async def test_the_peer_refuses_a_presentation_of_ours_for_another_question(world: World) -> None:
    verdict = await peer(world, "verify-presentation", presentation=ours(world), challenge="another", domain=AUDIENCE)

    assert not verdict["verified"]


async def test_we_verify_a_credential_of_the_peer(world: World) -> None:
    card = FORMAT.parse(orjson.dumps(await theirs(world)))

    assert FORMAT.verify(card, world.issuer_ldp.public).claims["family_name"] == "李"


async def test_we_refuse_a_credential_of_the_peer_that_was_changed(world: World) -> None:
    card = FORMAT.parse(orjson.dumps(changed(await theirs(world), "family_name", "王")))

    with pytest.raises(SigInvalid):
        FORMAT.verify(card, world.issuer_ldp.public)


async def test_we_verify_a_presentation_of_the_peer(world: World) -> None:
    presentation = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": world.alice.did,
        "verifiableCredential": [await theirs(world)],
    }
    key = multikey(world.alice.did_key)
    secured = await peer(world, "present", presentation=presentation, key=key, challenge=NONCE, domain=AUDIENCE)
    shown = FORMAT.parse_presentation(orjson.dumps(secured))

    FORMAT.verify_presentation(shown, world.alice.did_key.public, nonce=NONCE, audience=AUDIENCE, now=NOW, skew=SKEW)
    assert FORMAT.verify(shown.credentials[0], world.issuer_ldp.public).holder == world.alice.did
    with pytest.raises(NonceMismatch):
        FORMAT.verify_presentation(shown, world.alice.did_key.public, nonce="another", audience=AUDIENCE, now=NOW, skew=SKEW)
