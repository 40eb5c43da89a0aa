"""@sd-jwt/sd-jwt-vc and ours, ES256 with key binding: each reads a subset of what the other's holder can show, and checks its status."""

from datetime import timedelta
from typing import Any

import pytest

from credentials.formats import DcSdJwt
from credentials.id_card import ID_CARD_VCT
from doors.refusals import DisclosureInvalid, NonceMismatch
from tests.interop.cast import AUDIENCE, NONCE
from tests.interop.node import PeerRefused, ask, needs_node
from tests.verifier.world import LISTS, NOW, SITE, World

pytestmark = needs_node
FORMAT = DcSdJwt()
SHOWN = {"family_name", "age_over_18"}
SECONDS = int(NOW.timestamp())


async def peer(world: World, do: str, **order: Any) -> Any:
    keys = {
        "issuer_public": world.issuer_sd.public.jwk(),
        "holder_public": world.alice.plain.public.jwk(),
        "status_lists": {LISTS["token"]: world.web.pages[LISTS["token"]].decode()},
    }
    return await ask("sd-jwt.mjs", do=do, now=SECONDS, audience=AUDIENCE, **{"nonce": NONCE, **keys, **order})


def ours(world: World, *names: str) -> str:
    shown = FORMAT.disclose(world.selective_card(), frozenset((name,) for name in names or SHOWN))
    return FORMAT.present(shown, world.alice.plain, nonce=NONCE, audience=AUDIENCE, now=NOW).wire.decode()


async def theirs(world: World) -> str:
    """A card of the peer, signed with our issuer's key, with every claim to be chosen."""
    claims = {"family_name": "李", "given_name": "明", "age_over_18": True, "portrait": "data:image/jpeg;base64,/9j/4AAQSkZJRg=="}
    payload = {
        "iss": SITE,
        "vct": ID_CARD_VCT,
        "iat": SECONDS - 60,
        "exp": SECONDS + 3600,
        "cnf": {"jwk": world.alice.plain.public.jwk()},
        **claims,
    }
    order = {"payload": payload, "conceal": list(claims), "header": {"kid": world.issuer_sd.kid}}
    return str(await peer(world, "issue", issuer_private=world.issuer_sd.private_jwk(), **order))


async def shown_by_peer(world: World, token: str) -> bytes:
    private = world.alice.plain.private_jwk()
    return str(await peer(world, "present", token=token, frame=dict.fromkeys(SHOWN, True), holder_private=private)).encode()


@pytest.fixture
def world() -> World:
    return World()


async def test_the_peer_reads_a_presentation_of_ours(world: World) -> None:
    read = await peer(world, "verify", token=ours(world), required=sorted(SHOWN))

    assert {name: read["payload"][name] for name in SHOWN} == {"family_name": "李", "age_over_18": True}
    assert "given_name" not in read["payload"]
    assert read["kb"]["payload"]["aud"] == AUDIENCE


async def test_the_peer_refuses_a_presentation_of_ours_for_another_question(world: World) -> None:
    with pytest.raises(PeerRefused, match="Invalid Nonce"):
        await peer(world, "verify", token=ours(world), nonce="another")


async def test_the_peer_sees_in_our_status_list_that_a_card_was_revoked(world: World) -> None:
    world.revoked.add(7)
    world.publish()

    with pytest.raises(PeerRefused, match="Status is not valid"):
        await peer(world, "verify", token=ours(world))


async def test_the_peer_presents_a_card_of_ours(world: World) -> None:
    whole = FORMAT.disclose(world.selective_card(), frozenset((name,) for name in (*SHOWN, "given_name"))).wire.decode()

    presentation = FORMAT.parse_presentation(await shown_by_peer(world, whole))

    key = world.alice.plain.public
    FORMAT.verify_presentation(presentation, key, nonce=NONCE, audience=AUDIENCE, now=NOW, skew=timedelta(0))
    assert set(FORMAT.verify(presentation.credentials[0], world.issuer_sd.public).claims) == SHOWN


async def test_we_read_a_presentation_of_the_peer(world: World) -> None:
    presentation = FORMAT.parse_presentation(await shown_by_peer(world, await theirs(world)))

    credential = FORMAT.verify(presentation.credentials[0], world.issuer_sd.public)
    assert credential.claims == {"family_name": "李", "age_over_18": True}
    assert credential.holder_key is not None
    FORMAT.verify_presentation(presentation, credential.holder_key, nonce=NONCE, audience=AUDIENCE, now=NOW, skew=timedelta(0))
    with pytest.raises(NonceMismatch):
        FORMAT.verify_presentation(presentation, credential.holder_key, nonce="other", audience=AUDIENCE, now=NOW, skew=timedelta(0))


async def test_we_refuse_a_disclosure_that_the_peer_never_issued(world: World) -> None:
    other = (await theirs(world)).split("~")[1]
    token = await theirs(world)

    with pytest.raises(DisclosureInvalid):
        FORMAT.verify(FORMAT.parse(f"{token}{other}~".encode()), world.issuer_sd.public)
