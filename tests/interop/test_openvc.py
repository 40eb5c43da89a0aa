"""openvc-core and our ECDSA suites, with P-256 and P-384, in the environment that ``make bench`` builds for it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import orjson
import pytest

from credentials.formats import LdpVc
from credentials.jsonld.bundle import PINS, context_bytes
from doors.refusals import SigInvalid
from tests.credentials.documents import DESKS, Desk
from tests.interop.cast import changed

ENVIRONMENT = Path(__file__).parents[2] / "build" / "peers"
ECDSA = [desk for desk in DESKS if desk.key.algorithm != "EdDSA"]
RDFC = [desk for desk in ECDSA if desk.form.cryptosuite.name == "ecdsa-rdfc-2019"]
pytestmark = pytest.mark.skipif(not (ENVIRONMENT / ".done").exists(), reason="the environment of openvc-core is not built: make bench")


def peer(desk: Desk, do: str, credential: dict[str, Any], key: dict[str, Any]) -> Any:
    contexts = {address: json.loads(context_bytes(address)) for address in PINS}
    order = {"do": do, "suite": desk.form.cryptosuite.name, "credential": credential, "key": key, "kid": desk.key.kid, "contexts": contexts}
    command = [ENVIRONMENT / "bin" / "python", Path(__file__).with_name("openvc_peer.py")]
    return json.loads(subprocess.run(command, input=json.dumps(order), check=True, capture_output=True, text=True, timeout=60).stdout)


@pytest.mark.parametrize("desk", ECDSA, ids=str)
def test_the_peer_verifies_a_credential_of_ours_and_refuses_a_changed_one(desk: Desk) -> None:
    card = json.loads(desk.issued().wire)
    assert peer(desk, "verify", card, desk.key.public.jwk()) == "verified"
    assert peer(desk, "verify", changed(card, "family_name", "王"), desk.key.public.jwk()) == "SignatureInvalid"


@pytest.mark.parametrize("desk", RDFC, ids=str)
def test_we_verify_a_credential_of_the_peer_and_refuse_a_changed_one(desk: Desk) -> None:
    card = peer(desk, "issue", desk.document(), desk.key.private_jwk())
    read = LdpVc()
    assert read.verify(read.parse(orjson.dumps(card)), desk.key.public).document == desk.document()
    with pytest.raises(SigInvalid):
        read.verify(read.parse(orjson.dumps(changed(card, "family_name", "王"))), desk.key.public)


@pytest.mark.parametrize("desk", [desk for desk in ECDSA if desk not in RDFC], ids=str)
def test_the_peers_canonical_json_proof_is_refused_for_it_lacks_the_contexts_that_it_signed(desk: Desk) -> None:
    """VC-DI-ECDSA §3.3.1 step 2 puts the document's contexts into the proof; with them in their place the proof holds."""
    card = peer(desk, "issue", desk.document(), desk.key.private_jwk())
    read = LdpVc()
    with pytest.raises(SigInvalid):
        read.verify(read.parse(orjson.dumps(card)), desk.key.public)
    card["proof"]["@context"] = card["@context"]
    assert read.verify(read.parse(orjson.dumps(card)), desk.key.public).document == desk.document()
