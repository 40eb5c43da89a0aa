"""Every message that is built here validates against the OpenID Foundation's JSON Schemas."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from credentials.keys import PrivateKey
from openid4vc.jwe import generate_decryption_key
from openid4vc.vci.configuration import CredentialConfiguration, ProofType
from openid4vc.vci.credential_request import CredentialRequest, Proofs
from openid4vc.vci.display import ClaimDescription, Display
from openid4vc.vci.metadata import IssuerMetadata, MessageEncryption
from openid4vc.vci.offer import CredentialOffer, PreAuthorizedGrant, TxCode
from openid4vc.vci.proofs.jwt import make_jwt_proof
from openid4vc.vp.request import PresentationRequest
from openid4vc.vp.verifier_info import Purpose
from tests.openid4vc.conftest import ISSUER, NONCE, NOW
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared

SCHEMAS = SHARED / "vectors" / "oidf-conformance-data" / "json-schemas"


def faults(name: str, message: Any) -> list[str]:
    schema = json.loads((SCHEMAS / name).read_text())
    validator = validator_for(schema, default=Draft202012Validator)(schema)
    return [error.message for error in validator.iter_errors(json.loads(json.dumps(message)))]


def our_metadata() -> IssuerMetadata:
    names = (Display("身份证", "zh-CN"), Display("ID card", "en", logo_uri="https://issuer.example/logo.png", logo_alt_text="seal"))
    proofs = {"jwt": ProofType(("EdDSA", "ES256"))}
    claims = (ClaimDescription(("family_name",), mandatory=True, display=(Display("姓", "zh-CN"), Display("Family name", "en"))),)
    sd_jwt = CredentialConfiguration(
        id="IdCard_sd_jwt",
        format="dc+sd-jwt",
        parameters={"vct": "https://tigertally.example/credentials/id-card/v1"},
        scope="id_card",
        signing_algorithms=("ES256",),
        binding_methods=("jwk",),
        proof_types=proofs,
        display=names,
        claims=claims,
    )
    ldp = CredentialConfiguration(
        id="IdCard_ldp",
        format="ldp_vc",
        parameters={
            "credential_definition": {
                "@context": ["https://www.w3.org/ns/credentials/v2", "https://tigertally.example/contexts/id-card/v1"],
                "type": ["VerifiableCredential", "IdCardCredential"],
            }
        },
        signing_algorithms=("eddsa-rdfc-2022",),
        binding_methods=("did:key",),
        proof_types={**proofs, "di_vp": ProofType(("eddsa-rdfc-2022",))},
        display=names,
    )
    return IssuerMetadata(
        credential_issuer=ISSUER,
        credential_endpoint=f"{ISSUER}/credential",
        configurations={"IdCard_sd_jwt": sd_jwt, "IdCard_ldp": ldp},
        nonce_endpoint=f"{ISSUER}/nonce",
        notification_endpoint=f"{ISSUER}/notification",
        batch_size=5,
        request_encryption=MessageEncryption(("A256GCM",), required=False, keys=(generate_decryption_key("k1").public_jwk(),)),
        response_encryption=MessageEncryption(("A256GCM",), required=False, alg_values=("ECDH-ES",)),
        display=(Display("户政处", "zh-CN"), Display("Registry Office", "en")),
    )


def test_our_issuer_metadata_validates_and_is_read_again() -> None:
    metadata = our_metadata()
    document = metadata.to_json()
    document["credential_configurations_supported"].pop("IdCard_ldp")  # the schema knows no parameters of ldp_vc
    assert faults("oid4vci/credential_issuer_metadata-1_0.json", document) == []
    assert IssuerMetadata.parse(metadata.to_json(), issuer=ISSUER) == metadata


@pytest.mark.parametrize("tx_code", [None, TxCode(), TxCode("numeric", 6, "sent by text message")])
def test_our_offer_validates(tx_code: TxCode | None) -> None:
    offer = CredentialOffer(ISSUER, ("IdCard_ldp", "IdCard_sd_jwt"), PreAuthorizedGrant("code", tx_code))
    assert faults("oid4vci/credential_offer-1_0.json", offer.to_json()) == []


def test_our_credential_request_validates(holder: PrivateKey) -> None:
    proof = make_jwt_proof(holder, issuer=ISSUER, nonce=NONCE, now=NOW)
    request = CredentialRequest(Proofs("jwt", (proof,)), configuration_id="IdCard_ldp")
    assert faults("oid4vci/credential_request-1_0.json", request.to_json()) == []


def test_our_query_validates(request_to_hotel: PresentationRequest) -> None:
    assert faults("oid4vp/dcql_request.json", request_to_hotel.query.to_json()) == []


def test_our_purpose_statement_validates_as_verifier_info() -> None:
    info = Purpose({"en": "Check-in"}, {"en": "Hotel"}, {"en": "Law"}, 30, "https://hotel.example/privacy").to_info()
    assert faults("oid4vp/verifier_info.json", {"verifier_info": [info.to_json()]}) == []
