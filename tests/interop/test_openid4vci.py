"""@openid4vc/openid4vci as a foreign wallet: it takes the cards of our real issuer over HTTP, in both formats."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from credentials.formats import FORMATS
from credentials.keys import PrivateKey, generate_key
from credentials.keys.did_key import did_key, did_key_method
from didresolver import CachingResolver
from runtime.fetch import OutboundFetch
from tests.interop.node import PeerRefused, ask, needs_node
from tests.issuer.service import LDP, SD_JWT, Service, running

pytestmark = needs_node


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """The issuer on loopback, by the clock that the peer goes by, too."""
    async with running(tmp_path) as started:
        started.clock.now = datetime.now(UTC)
        yield started


async def receive(offer: dict[str, Any], key: PrivateKey, *, configuration: str, tx_code: str | None = None) -> Any:
    signers = {
        LDP: {"method": "did", "didUrl": did_key_method(key.public), "alg": key.algorithm},
        SD_JWT: {"method": "jwk", "publicJwk": key.public.jwk(), "alg": key.algorithm},
    }
    order = {"offer": offer["link"], "configuration": configuration, "signer": signers[configuration], "key": key.private_jwk()}
    return await ask("openid4vci.mjs", do="receive", **order, **({"tx_code": tx_code} if tx_code else {}))


async def issuer_key(service: Service, kid: str) -> Any:
    """The issuer's key as any verifier finds it: by did:web over HTTP."""
    fetch = OutboundFetch(development=True)
    try:
        resolved = await CachingResolver(fetch, service.clock, development=True).resolve(kid.partition("#")[0])
    finally:
        await fetch.close()
    return resolved.document.key(kid, purpose="assertionMethod")


async def test_a_foreign_wallet_takes_a_w3c_card(service: Service) -> None:
    key = generate_key("EdDSA")

    received = await receive(await service.offer(), key, configuration=LDP)

    form = FORMATS["ldp_vc"]
    card = form.parse(orjson.dumps(received["credential"]))
    credential = form.verify(card, await issuer_key(service, card.unverified_key_id))
    assert credential.holder == did_key(key.public)
    assert credential.claims["full_name"] == "李小梅"


async def test_a_foreign_wallet_takes_an_sd_jwt_card(service: Service) -> None:
    key = generate_key("ES256")

    received = await receive(await service.offer(), key, configuration=SD_JWT)

    form = FORMATS["dc+sd-jwt"]
    card = form.parse(received["credential"].encode())
    credential = form.verify(card, await issuer_key(service, card.unverified_key_id))
    assert credential.holder_key == key.public
    assert credential.claims["full_name"] == "李小梅"


async def test_a_foreign_wallet_reads_what_we_issue_and_how(service: Service) -> None:
    received = await receive(await service.offer(), generate_key("ES256"), configuration=SD_JWT)

    assert set(received["configurations"]) == {LDP, SD_JWT}


async def test_a_foreign_wallet_is_asked_for_the_transaction_code(service: Service) -> None:
    offer = await service.offer(tx_code=True)

    with pytest.raises(PeerRefused):
        await receive(offer, generate_key("EdDSA"), configuration=LDP)
    received = await receive(offer, generate_key("EdDSA"), configuration=LDP, tx_code=offer["tx_code"])
    assert received["tx_code"]["input_mode"] == "numeric"


async def test_a_foreign_wallet_redeems_a_code_once(service: Service) -> None:
    offer = await service.offer()
    await receive(offer, generate_key("EdDSA"), configuration=LDP)

    with pytest.raises(PeerRefused, match="invalid_grant"):
        await receive(offer, generate_key("EdDSA"), configuration=LDP)
