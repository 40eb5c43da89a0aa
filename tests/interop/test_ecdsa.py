"""@digitalbazaar's ecdsa-rdfc-2019 and ours, with P-256 and P-384: each verifies what the other has signed, and refuses a change."""

import json
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from credentials.credential import Credential
from credentials.cryptosuites import CRYPTOSUITES
from credentials.formats import LdpVc
from credentials.jsonld.bundle import PINS, context_bytes
from credentials.keys import PrivateKey
from credentials.keys.did_key import did_key
from credentials.timestamps import format_timestamp
from didresolver import expand_self_certifying
from doors.refusals import NonceMismatch, SigInvalid
from tests.credentials.documents import NOW, SKEW, claims, document, self_named
from tests.interop.cast import AUDIENCE, MULTIKEY_CONTEXT, NONCE, changed, multikey
from tests.interop.node import ask, needs_node

pytestmark = needs_node
SUITE = "ecdsa-rdfc-2019"
FORMAT = LdpVc(cryptosuite=CRYPTOSUITES[SUITE])


@dataclass(frozen=True)
class Table:
    """An issuer and a holder with keys of one curve, both known by their did:key."""

    issuer: PrivateKey
    holder: PrivateKey

    def unsecured(self) -> dict[str, Any]:
        nameless = [{"type": "FaceCheckEvidence", "method": method} for method in "abcdef"]
        subject = {"id": did_key(self.holder.public), **claims()}
        return document(issuer=did_key(self.issuer.public), credentialSubject=subject, evidence=nameless)

    def published(self) -> dict[str, Any]:
        found: dict[str, Any] = {address: json.loads(context_bytes(address)) for address in PINS}
        for key in (self.issuer, self.holder):
            described = expand_self_certifying(did_key(key.public)).document
            methods = {method["id"]: {"@context": MULTIKEY_CONTEXT, **method} for method in described["verificationMethod"]}
            found |= {described["id"]: described, **methods}
        return found

    async def peer(self, do: str, **order: Any) -> Any:
        return await ask("data-integrity.mjs", do=do, suite=SUITE, documents=self.published(), now=format_timestamp(NOW), **order)


@pytest.fixture(params=["ES256", "ES384"])
def table(request: pytest.FixtureRequest) -> Table:
    return Table(self_named(request.param), self_named(request.param))


async def test_the_peer_verifies_our_credential_and_our_presentation_and_refuses_changed_ones(table: Table) -> None:
    card = FORMAT.secure(Credential.parse(table.unsecured()), table.issuer, now=NOW)
    shown = json.loads(FORMAT.present(card, table.holder, nonce=NONCE, audience=AUDIENCE, now=NOW).wire)

    assert await table.peer("verify-credential", credential=json.loads(card.wire)) == {"verified": True, "errors": ""}
    verdict = await table.peer("verify-presentation", presentation=shown, challenge=NONCE, domain=AUDIENCE)
    assert verdict == {"verified": True, "errors": ""}
    verdict = await table.peer("verify-credential", credential=changed(json.loads(card.wire), "family_name", "王"))
    assert (verdict["verified"], "Invalid signature" in verdict["errors"]) == (False, True)
    assert not (await table.peer("verify-presentation", presentation=shown, challenge="another", domain=AUDIENCE))["verified"]


async def test_we_verify_the_peers_credential_and_presentation_and_refuse_changed_ones(table: Table) -> None:
    secured = await table.peer("issue", credential=table.unsecured(), key=multikey(table.issuer))
    presentation = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": did_key(table.holder.public),
        "verifiableCredential": [secured],
    }
    sealed = await table.peer("present", presentation=presentation, key=multikey(table.holder), challenge=NONCE, domain=AUDIENCE)
    shown = FORMAT.parse_presentation(orjson.dumps(sealed))
    asked: dict[str, Any] = {"audience": AUDIENCE, "now": NOW, "skew": SKEW}

    FORMAT.verify_presentation(shown, table.holder.public, nonce=NONCE, **asked)
    assert FORMAT.verify(shown.credentials[0], table.issuer.public).document == table.unsecured()
    with pytest.raises(NonceMismatch):
        FORMAT.verify_presentation(shown, table.holder.public, nonce="another", **asked)
    with pytest.raises(SigInvalid):
        FORMAT.verify(FORMAT.parse(orjson.dumps(changed(secured, "family_name", "王"))), table.issuer.public)
