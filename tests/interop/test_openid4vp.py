"""@openid4vc/openid4vp on the other side: a foreign wallet answers our real verifier, a foreign verifier asks our wallet."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web

from credentials.id_card import ID_CARD_VCT
from runtime.web import Metrics, Topics
from tests.interop.cast import multikey, published
from tests.interop.node import ask, needs_node
from tests.issuer.service import free_port
from tests.verifier.world import HOTEL_CLAIMS, SUBJECT_CLAIMS, World, desk_of
from verifier.answer import Desk
from verifier.app import public_application
from verifier.identity import make_identity
from verifier.request import ask as new_question
from verifier.request import wallet_link
from verifier.session import Session
from verifier.settings import VerifierSettings

pytestmark = needs_node


@dataclass
class Office:
    """Our verifier as wallets reach it over HTTP, and what its programs see."""

    world: World
    desk: Desk

    async def session(self, policy: str) -> Session:
        desk = self.desk
        opened = new_question(desk.policies[policy], identity=desk.identity, flow="cross_device", now=desk.clock(), random=desk.random)
        await desk.store.add(opened)
        return opened

    async def answered_by_peer(self, session: Session, **order: Any) -> Any:
        link = wallet_link(session.id, identity=self.desk.identity)
        return await ask("openid4vp.mjs", do="present", link=link, clock=self.world.now.timestamp() * 1000, **order)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    world, port = World(), free_port()
    url = f"http://127.0.0.1:{port}"
    settings = VerifierSettings(
        environment="development", port=port, public_url=url, data_dir=tmp_path, trust_list_url="https://trust.example/trust-list.jwt"
    )
    desk = desk_of(world, tmp_path, identity=make_identity(tmp_path / "keys", public_url=url))
    runner = web.AppRunner(public_application(desk, settings, topics=Topics(), metrics=Metrics()), access_log=None, auto_decompress=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield Office(world, desk)
    await runner.cleanup()
    desk.store.close()


def selective(world: World) -> dict[str, Any]:
    """The SD-JWT card as the foreign wallet holds it."""
    view = {"credential_format": "dc+sd-jwt", "vct": ID_CARD_VCT, "claims": SUBJECT_CLAIMS, "cryptographic_holder_binding": True}
    return {"card": world.selective_card().wire.decode(), "held": view, "key": world.alice.plain.private_jwk()}


def whole(world: World) -> dict[str, Any]:
    """The W3C card as the foreign wallet holds it."""
    card = orjson.loads(world.whole_card().wire)
    types = ["https://www.w3.org/2018/credentials#VerifiableCredential", ID_CARD_VCT]
    view = {"credential_format": "ldp_vc", "type": types, "claims": card, "cryptographic_holder_binding": True}
    keys = {"key": world.alice.plain.private_jwk(), "multikey": multikey(world.alice.did_key), "documents": published(world)}
    return {"card": card, "held": view, **keys}


async def test_a_foreign_wallet_shows_the_hotel_what_it_asks_for_encrypted(office: Office) -> None:
    session = await office.session("hotel")

    answer = await office.answered_by_peer(session, **selective(office.world))

    assert (answer["client"], answer["version"], answer["mode"]) == (office.desk.identity.client_id, 100, "direct_post.jwt")
    assert answer["signer"] == office.desk.identity.key.kid
    assert answer["status"] == 200, answer["body"]
    verdict = await office.desk.store.session(session.id)
    assert verdict.status == "answered"
    assert verdict.result is not None
    written = set(HOTEL_CLAIMS) - {"portrait"}
    assert verdict.result.claims["guest"] == {name: SUBJECT_CLAIMS[name] for name in written}


async def test_a_foreign_wallet_shows_the_court_a_w3c_card(office: Office) -> None:
    session = await office.session("court")

    answer = await office.answered_by_peer(session, **whole(office.world))

    assert answer["status"] == 200, answer["body"]
    assert (await office.desk.store.session(session.id)).status == "answered"


async def test_a_foreign_wallet_with_a_revoked_card_is_refused(office: Office) -> None:
    office.world.revoked.add(7)
    office.world.publish()
    session = await office.session("hotel")

    answer = await office.answered_by_peer(session, **selective(office.world))

    assert (answer["status"], answer["body"]["code"]) == (400, "status_revoked")
