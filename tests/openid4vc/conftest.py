"""The parties and messages that the protocol tests share."""

from datetime import UTC, datetime, timedelta

import pytest

from credentials.keys import PrivateKey, generate_key
from credentials.keys.did_key import did_key_method, public_key_from_did_key
from openid4vc.jwe import DecryptionKey, generate_decryption_key
from openid4vc.vci.proofs.expected import ExpectedProof
from openid4vc.vp.client_id import ClientId
from openid4vc.vp.client_metadata import ClientMetadata
from openid4vc.vp.dcql import Query
from openid4vc.vp.request import PresentationRequest
from openid4vc.vp.verifier_info import Purpose

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SKEW = timedelta(seconds=60)
ISSUER = "https://issuer.example"
NONCE = "c-nonce-1"
VERIFIER_DID = "did:web:hotel.example"
CLIENT_ID = f"decentralized_identifier:{VERIFIER_DID}"

HOTEL_QUERY = {
    "credentials": [
        {
            "id": "id_card",
            "format": "dc+sd-jwt",
            "meta": {"vct_values": ["https://tigertally.example/credentials/id-card/v1"]},
            "claims": [{"path": ["full_name"]}, {"path": ["age_over_18"], "values": [True]}],
        }
    ]
}


@pytest.fixture
def holder() -> PrivateKey:
    key = generate_key("EdDSA")
    return key.named(did_key_method(key.public))


@pytest.fixture
def verifier_key() -> PrivateKey:
    return generate_key("ES256", kid=f"{VERIFIER_DID}#key-1")


@pytest.fixture
def response_key() -> DecryptionKey:
    return generate_decryption_key("enc-1")


@pytest.fixture
def expected() -> ExpectedProof:
    """An issuer that gave out one nonce, to a wallet that got its token anonymously."""
    return ExpectedProof(
        issuer=ISSUER,
        nonce_known=lambda nonce: nonce == NONCE,
        algorithms=frozenset({"EdDSA", "ES256", "eddsa-rdfc-2022", "eddsa-jcs-2022"}),
        resolve_kid=lambda kid: public_key_from_did_key(kid.partition("#")[0]),
        client_id="",
        now=NOW,
        lifetime=timedelta(minutes=5),
        skew=SKEW,
    )


@pytest.fixture
def request_to_hotel(response_key: DecryptionKey) -> PresentationRequest:
    """The hotel desk asks for a name and an age, with the answer encrypted."""
    return PresentationRequest(
        client_id=ClientId.parse(CLIENT_ID),
        nonce="n-0S6_WzA2Mj.fresh",
        query=Query.parse(HOTEL_QUERY),
        response_mode="direct_post.jwt",
        destination="https://hotel.example/oid4vp/response/1",
        state="state-1",
        client_metadata=ClientMetadata(
            vp_formats_supported={"dc+sd-jwt": {"sd-jwt_alg_values": ["ES256"], "kb-jwt_alg_values": ["ES256"]}},
            keys=(response_key.public_jwk(),),
            enc_values=("A128GCM", "A256GCM"),
        ),
        verifier_info=(Purpose({"en": "Hotel check-in", "zh-CN": "酒店入住登记"}, retention_days=30).to_info(),),
        issued_at=NOW,
        expires_at=NOW + timedelta(minutes=5),
    )


@pytest.fixture
def plain_request(request_to_hotel: PresentationRequest) -> PresentationRequest:
    """The same question, with the answer in clear."""
    document = {**request_to_hotel.to_json(), "response_mode": "direct_post"}
    return PresentationRequest.parse(document)
