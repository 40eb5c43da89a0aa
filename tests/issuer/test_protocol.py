"""A wallet at the counter, over HTTP: from the offer to the card in both formats."""

import asyncio

import pytest

from credentials.did_document import DidDocument
from credentials.formats import FORMATS
from credentials.keys import generate_key, public_keys_from_jwk_set
from credentials.keys.did_key import did_key, did_key_method
from openid4vc.embedding import to_wire
from openid4vc.vci.authorization_server import AuthorizationServerMetadata
from openid4vc.vci.metadata import IssuerMetadata
from openid4vc.vci.offer import CredentialOffer
from openid4vc.vci.offer_link import parse_offer_link
from openid4vc.vci.proofs import make_di_vp_proof
from tests.issuer.service import GRANT, LDP, SD_JWT, Service, running


async def test_the_metadata_is_what_wallets_expect(service: Service) -> None:
    metadata = IssuerMetadata.parse((await service.ask("GET", "/.well-known/openid-credential-issuer")).json, issuer=service.url)
    assert set(metadata.configurations) == {LDP, SD_JWT}
    assert metadata.nonce_endpoint == f"{service.url}/nonce"
    server = AuthorizationServerMetadata.parse(
        (await service.ask("GET", "/.well-known/oauth-authorization-server")).json, issuer=service.url
    )
    assert server.anonymous_pre_authorized
    assert server.token_endpoint == f"{service.url}/token"


async def test_all_status_lists_are_found_by_way_of_the_metadata(service: Service) -> None:
    server = AuthorizationServerMetadata.parse(
        (await service.ask("GET", "/.well-known/oauth-authorization-server")).json, issuer=service.url
    )
    named = (await service.ask("GET", server.status_list_aggregation_endpoint.removeprefix(service.url))).json
    assert named["status_lists"] == [f"{service.url}/status/1/token"]
    assert named["bitstring_status_lists"] == [f"{service.url}/status/1/revocation", f"{service.url}/status/1/suspension"]
    for url in (*named["status_lists"], *named["bitstring_status_lists"]):
        assert (await service.ask("GET", url.removeprefix(service.url))).status == 200


async def test_both_formats_are_fetched_and_hold_under_the_published_keys(service: Service) -> None:
    offer = await service.offer(tx_code=True)
    answer = await service.redeem(service.code(offer), offer["tx_code"])
    access, key = answer.json["access_token"], generate_key("EdDSA")
    did = f"did:web:127.0.0.1%3A{service.settings.port}"
    document = DidDocument.parse((await service.ask("GET", "/.well-known/did.json")).json, did=did)
    published = public_keys_from_jwk_set((await service.ask("GET", "/.well-known/jwt-vc-issuer")).json["jwks"])
    for name, kind in ((LDP, "ldp_vc"), (SD_JWT, "dc+sd-jwt")):
        answer = await service.fetch(access, key, configuration=name)
        assert answer.status == 200, answer.json
        parsed = FORMATS[kind].parse(to_wire(answer.json["credentials"][0]["credential"], format_name=kind))
        kid = parsed.unverified_key_id
        held = FORMATS[kind].verify(parsed, document.key(kid, purpose="assertionMethod"))
        assert held.claims["citizen_number"]
        if kind == "ldp_vc":
            assert held.holder == did_key(key.public)
        else:
            assert held.holder_key == key.public
            FORMATS[kind].verify(parsed, published[kid])


async def test_the_offer_lies_behind_its_reference(service: Service) -> None:
    offer = await service.offer(tx_code=True)
    uri = parse_offer_link(offer["reference_link"]).offer_uri
    assert len(offer["reference_link"]) < 300
    message = CredentialOffer.parse((await service.ask("GET", uri.removeprefix(service.url))).json)
    assert message.pre_authorized is not None
    assert message.pre_authorized.code == service.code(offer)
    assert offer["tx_code"] not in str(message)


async def test_authorization_details_are_answered_with_identifiers_that_work(service: Service) -> None:
    details = f'[{{"type":"openid_credential","credential_configuration_id":"{LDP}"}}]'
    form = {"grant_type": GRANT, "pre-authorized_code": service.code(await service.offer()), "authorization_details": details}
    answer = await service.ask("POST", "/token", data=form)
    (identifier,) = answer.json["authorization_details"][0]["credential_identifiers"]
    body = {"credential_identifier": identifier, "proofs": {"jwt": [service.proof(generate_key("EdDSA"), await service.nonce())]}}
    headers = {"Authorization": f"Bearer {answer.json['access_token']}"}
    assert (await service.ask("POST", "/credential", json=body, headers=headers)).status == 200


async def test_a_presentation_serves_as_key_proof_too(service: Service) -> None:
    key = generate_key("EdDSA")
    proof = make_di_vp_proof(key.named(did_key_method(key.public)), issuer=service.url, nonce=await service.nonce(), now=service.clock())
    answer = await service.credential(await service.access(), {"di_vp": [proof]})
    assert answer.status == 200, answer.json
    assert answer.json["credentials"][0]["credential"]["credentialSubject"]["id"] == did_key(key.public)


async def test_an_undelivered_credential_is_fetched_again_by_the_same_key_only(service: Service) -> None:
    access, key = await service.access(), generate_key("EdDSA")
    first = await service.fetch(access, key)
    service.clock.forward(minutes=9)
    assert (await service.fetch(access, key)).body == first.body
    other = await service.fetch(access, generate_key("EdDSA"))
    assert (other.status, other.code) == (403, "credential_request_denied")


async def test_a_new_offer_brings_the_same_undelivered_credential(service: Service) -> None:
    application_id, key = await service.applicant(), generate_key("EdDSA")
    first = await service.fetch(await service.access(application_id=application_id), key)
    assert (await service.fetch(await service.access(application_id=application_id), key)).body == first.body


async def test_fifty_redemptions_of_one_code_give_one_token(service: Service) -> None:
    code = service.code(await service.offer())
    answers = await asyncio.gather(*(service.redeem(code) for _ in range(50)))
    assert sorted(answer.status for answer in answers) == [200] + 49 * [400]
    assert {answer.error for answer in answers if answer.status == 400} == {"invalid_grant"}


async def test_twenty_proofs_with_one_nonce_give_one_credential(service: Service) -> None:
    access, nonce = await service.access(), await service.nonce()
    keys = [generate_key("EdDSA") for _ in range(20)]
    answers = await asyncio.gather(*(service.credential(access, {"jwt": [service.proof(key, nonce)]}) for key in keys))
    assert sorted(answer.status for answer in answers) == [200] + 19 * [400]
    assert {answer.error for answer in answers if answer.status == 400} == {"invalid_nonce"}


async def test_one_key_asking_many_times_at_once_gets_one_credential(service: Service) -> None:
    access, key = await service.access(), generate_key("ES256")
    answers = await asyncio.gather(*(service.fetch(access, key, configuration=SD_JWT) for _ in range(10)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1


async def test_a_batch_gives_each_key_its_own_copy(tmp_path) -> None:
    async with running(tmp_path, batch_size=3) as service:
        access, nonce = await service.access(), await service.nonce()
        keys = [generate_key("ES256") for _ in range(3)]
        answer = await service.credential(access, {"jwt": [service.proof(key, nonce) for key in keys]}, configuration=SD_JWT)
        assert answer.status == 200, answer.json
        assert len({one["credential"] for one in answer.json["credentials"]}) == 3
        assert service.rooms.counter.office.terms.batch_size == 3


@pytest.mark.parametrize(
    "path", ["/contexts/id-card/v1", "/credentials/id-card/v1", "/schemas/id-card/v1", "/status/1/revocation", "/status/1/token"]
)
async def test_what_everybody_may_read_is_cached_by_its_tag(service: Service, path: str) -> None:
    first = await service.ask("GET", path)
    assert first.status == 200
    assert (await service.ask("GET", path, headers={"If-None-Match": first.headers["ETag"]})).status == 304
