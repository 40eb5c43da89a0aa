"""Presentation requests: built, signed, linked, opened."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from credentials.jws import sign_jws
from credentials.keys import PrivateKey, generate_key
from doors.refusals import (
    AlgKeyMismatch,
    ApprovalRequired,
    InputTooLarge,
    Refused,
    RequestExpired,
    RequestInvalid,
    RequestUntrusted,
    TypMismatch,
    UnsupportedUri,
    UrlBlocked,
)
from openid4vc.vp.client_id import ClientId
from openid4vc.vp.link import parse_request_link, request_link, request_reference_link
from openid4vc.vp.request import PresentationRequest
from openid4vc.vp.request_object import REQUEST_OBJECT_TYP, open_request, read_request, sign_request, verify_request
from openid4vc.vp.verifier_info import REGISTRATION_FORMAT, VerifierInfo, registrations_in
from tests.openid4vc.conftest import CLIENT_ID, HOTEL_QUERY, NOW, SKEW


def unsigned_request(**changes: Any) -> dict[str, Any]:
    """What a same-device page without a key of its own asks."""
    return {
        "response_type": "vp_token",
        "client_id": "redirect_uri:https://client.example.org/cb",
        "redirect_uri": "https://client.example.org/cb",
        "response_mode": "fragment",
        "dcql_query": HOTEL_QUERY,
        "nonce": "n-0S6_WzA2Mj",
        **changes,
    }


def test_a_request_survives_signing(request_to_hotel: PresentationRequest, verifier_key: PrivateKey) -> None:
    text = sign_request(request_to_hotel, verifier_key)
    assert read_request(text, verifier_key.public, client_id=CLIENT_ID, now=NOW, skew=SKEW) == request_to_hotel


def test_an_opened_request_says_whose_key_to_ask_for(request_to_hotel: PresentationRequest, verifier_key: PrivateKey) -> None:
    opened = open_request(sign_request(request_to_hotel, verifier_key), client_id=CLIENT_ID)
    assert (opened.client_id.prefix, opened.client_id.name, opened.kid) == (
        "decentralized_identifier",
        "did:web:hotel.example",
        verifier_key.kid,
    )


def test_the_purpose_is_there_in_both_languages(request_to_hotel: PresentationRequest) -> None:
    purpose = request_to_hotel.purpose
    assert purpose is not None
    assert (purpose.purpose["zh-CN"], purpose.purpose["en"], purpose.retention_days) == ("酒店入住登记", "Hotel check-in", 30)


def test_a_registration_statement_is_carried_unread(request_to_hotel: PresentationRequest) -> None:
    request = replace(request_to_hotel, verifier_info=(VerifierInfo(REGISTRATION_FORMAT, "a.b.c", ("id_card",)),))
    assert registrations_in(PresentationRequest.parse(request.to_json()).verifier_info) == ("a.b.c",)


def test_unknown_parameters_are_ignored(request_to_hotel: PresentationRequest) -> None:
    """§5: the wallet MUST ignore any unrecognized parameters; ``iss`` too."""
    assert PresentationRequest.parse({**request_to_hotel.to_json(), "iss": "somebody", "later": {}}) == request_to_hotel


@pytest.mark.parametrize(
    "change",
    [
        {"response_type": "code"},
        {"response_type": "vp_token id_token"},
        {"response_mode": "query"},
        {"response_mode": "direct_post"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": None},
        {"dcql_query": None},
        {"scope": "com.example.identity"},
        {"state": ""},
        {"state": "ü"},
        {"state": "x" * 513},
        {"client_metadata": []},
        {"client_metadata": {"jwks": {"keys": [{"kty": "EC"}]}}},
        {"client_metadata": {"vp_formats_supported": []}},
        {"verifier_info": []},
        {"verifier_info": [{"format": "jwt"}]},
        {"verifier_info": [{"format": "jwt", "data": "a", "credential_ids": ["other"]}]},
        {"verifier_info": [{"format": "https://tigertally.example/verifier-info/purpose/v1", "data": {}}]},
        {"verifier_info": [{"format": "https://tigertally.example/verifier-info/purpose/v1", "data": {"purpose": {"en": "x" * 2001}}}]},
        {"exp": "tomorrow"},
        {"iat": -1},
    ],
)
def test_a_malformed_request_is_refused(change: dict[str, Any]) -> None:
    assert PresentationRequest.parse(unsigned_request())
    with pytest.raises(RequestInvalid):
        PresentationRequest.parse(unsigned_request(**change))


def test_a_credential_without_holder_binding_needs_a_state() -> None:
    """§5.3."""
    query = {"credentials": [{**HOTEL_QUERY["credentials"][0], "require_cryptographic_holder_binding": False}]}
    assert PresentationRequest.parse(unsigned_request(dcql_query=query, state="s"))
    with pytest.raises(RequestInvalid, match="state"):
        PresentationRequest.parse(unsigned_request(dcql_query=query))


@pytest.mark.parametrize(
    "jwks",
    [
        None,
        {"keys": [{"kty": "RSA", "kid": "1", "alg": "RSA-OAEP", "n": "AQ", "e": "AQAB"}]},
        {"keys": [{"kty": "EC", "crv": "P-256", "kid": "1", "x": "AA", "y": "AA", "alg": "ECDH-ES"}]},
        {"keys": [{"kty": "EC", "crv": "P-256", "kid": "1", "x": "AA", "y": "AA", "use": "sig"}]},
        {"keys": [{"kty": ["EC"], "crv": {}, "kid": "1", "alg": "ECDH-ES", "use": []}]},
        {"keys": [{"kty": ["EC"], "crv": {}, "kid": "1", "alg": "ECDH-ES"}]},
    ],
)
def test_an_encrypted_answer_needs_a_key_to_encrypt_to(jwks: dict[str, Any] | None, request_to_hotel: PresentationRequest) -> None:
    document = request_to_hotel.to_json()
    document["client_metadata"] = {**document["client_metadata"], "jwks": jwks}
    if jwks is None:
        del document["client_metadata"]["jwks"]
    with pytest.raises(RequestInvalid):
        PresentationRequest.parse(document)


def test_an_encrypted_answer_needs_an_encryption_that_both_know(request_to_hotel: PresentationRequest) -> None:
    document = request_to_hotel.to_json()
    document["client_metadata"] = {**document["client_metadata"], "encrypted_response_enc_values_supported": ["A128CBC-HS256"]}
    with pytest.raises(RequestInvalid):
        PresentationRequest.parse(document)


def test_a_request_signed_by_another_key_is_untrusted(request_to_hotel: PresentationRequest, verifier_key: PrivateKey) -> None:
    text = sign_request(request_to_hotel, generate_key("ES256", kid=verifier_key.kid))
    with pytest.raises(RequestUntrusted):
        read_request(text, verifier_key.public, client_id=CLIENT_ID, now=NOW, skew=SKEW)
    with pytest.raises(AlgKeyMismatch):
        read_request(text, generate_key("EdDSA").public, client_id=CLIENT_ID, now=NOW, skew=SKEW)


def test_a_request_of_another_token_type_is_refused(request_to_hotel: PresentationRequest, verifier_key: PrivateKey) -> None:
    """§5: wallets MUST NOT process request objects without the typ."""
    for typ in ("", "JWT", "dc+sd-jwt"):
        text = sign_jws(orjson.dumps(request_to_hotel.to_json()), verifier_key, typ=typ)
        with pytest.raises(TypMismatch):
            open_request(text, client_id=CLIENT_ID)


def test_a_request_object_of_another_did_is_untrusted(request_to_hotel: PresentationRequest) -> None:
    for kid in ("did:web:evil.example#key-1", "did:web:hotel.example", "did:web:hotel.example.evil#key-1", "key-1"):
        key = generate_key("ES256", kid=kid)
        with pytest.raises(RequestUntrusted):
            sign_request(request_to_hotel, key)
        text = sign_jws(orjson.dumps(request_to_hotel.to_json()), key, typ=REQUEST_OBJECT_TYP)
        with pytest.raises(RequestUntrusted):
            open_request(text, client_id=CLIENT_ID)


def test_a_request_object_that_is_too_large_is_refused(verifier_key: PrivateKey) -> None:
    with pytest.raises(InputTooLarge):
        open_request(sign_jws(b"x" * 70_000, verifier_key, typ=REQUEST_OBJECT_TYP), client_id=CLIENT_ID)


@pytest.mark.parametrize("changes", [{"aud": "https://other-wallet.example"}, {"aud": None}])
def test_a_request_for_another_wallet_is_refused(
    changes: dict[str, Any], request_to_hotel: PresentationRequest, verifier_key: PrivateKey
) -> None:
    document = {name: value for name, value in {**request_to_hotel.to_json(), **changes}.items() if value is not None}
    text = sign_jws(orjson.dumps(document), verifier_key, typ=REQUEST_OBJECT_TYP)
    with pytest.raises(RequestInvalid):
        read_request(text, verifier_key.public, client_id=CLIENT_ID, now=NOW, skew=SKEW)


def test_the_wallets_own_nonce_must_come_back(request_to_hotel: PresentationRequest, verifier_key: PrivateKey) -> None:
    """§5.10.1."""
    request = replace(request_to_hotel, wallet_nonce="w-1")
    opened = open_request(sign_request(request, verifier_key), client_id=CLIENT_ID)
    assert verify_request(opened, verifier_key.public, now=NOW, skew=SKEW, wallet_nonce="w-1") == request
    with pytest.raises(RequestInvalid):
        verify_request(opened, verifier_key.public, now=NOW, skew=SKEW, wallet_nonce="w-2")


def test_a_request_from_the_future_is_refused(request_to_hotel: PresentationRequest) -> None:
    request_to_hotel.valid_at(NOW - SKEW, skew=SKEW)
    with pytest.raises(RequestInvalid):
        request_to_hotel.valid_at(NOW - timedelta(seconds=61), skew=SKEW)


def test_a_request_without_an_end_is_not_signed(request_to_hotel: PresentationRequest, verifier_key: PrivateKey) -> None:
    with pytest.raises(RequestInvalid):
        sign_request(replace(request_to_hotel, expires_at=None), verifier_key)


def test_links_to_a_signed_request_survive() -> None:
    for endpoint in ("openid4vp://", "haip-vp://", "https://wallet.example/present"):
        text = request_reference_link(CLIENT_ID, "https://hotel.example/oid4vp/request/1", method="post", endpoint=endpoint)
        link = parse_request_link(text)
        assert (link.client_id.text, link.request_uri, link.request_uri_method) == (
            CLIENT_ID,
            "https://hotel.example/oid4vp/request/1",
            "post",
        )
        assert len(text) < 300


def test_a_link_that_carries_an_unsigned_request_survives() -> None:
    request = PresentationRequest.parse(unsigned_request(state="s-1"))
    assert parse_request_link(request_link(request)).request == request


def test_a_redirect_uri_client_need_not_repeat_its_address() -> None:
    """§5.9.3: the verifier MAY omit the parameter."""
    document = unsigned_request()
    del document["redirect_uri"]
    assert PresentationRequest.parse(document).destination == "https://client.example.org/cb"
    assert PresentationRequest.parse({**document, "response_mode": "direct_post"}).destination == "https://client.example.org/cb"


BASE = "openid4vp://?client_id=decentralized_identifier%3Adid%3Aweb%3Ahotel.example"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("openid4vp://?request_uri=https%3A%2F%2Fa.example", UnsupportedUri),
        ("openid4vp://authorize.evil.example?client_id=x", RequestUntrusted),
        (BASE, RequestUntrusted),
        (f"{BASE}&request_uri=https%3A%2F%2Fa.example&request=a.b.c", RequestInvalid),
        (f"{BASE}&request_uri=http%3A%2F%2F169.254.169.254%2F", UrlBlocked),
        (f"{BASE}&request_uri=file%3A%2F%2F%2Fetc%2Fpasswd", UrlBlocked),
        (f"{BASE}&request_uri=https%3A%2F%2Fa.example&request_uri_method=POST", RequestInvalid),
        (f"{BASE}&request=a.b.c&request_uri_method=post", RequestInvalid),
        (f"{BASE}&request_uri=https%3A%2F%2Fa.example&prompt=none", ApprovalRequired),
        ("openid4vp://?client_id=redirect_uri%3Ahttps%3A%2F%2Fa.example&request=a.b.c", RequestUntrusted),
        ("openid4vp://?client_id=redirect_uri%3Ahttps%3A%2F%2Fa.example&response_type=vp_token", Refused),
    ],
)
def test_a_link_that_is_no_request_is_refused(text: str, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        parse_request_link(text)


def test_the_full_client_identifier_is_kept() -> None:
    """§14.5: always the full identifier, also as audience."""
    client = ClientId.parse(CLIENT_ID)
    assert (client.text, client.signs) == (CLIENT_ID, True)


def test_times_are_checked_to_the_skew(request_to_hotel: PresentationRequest) -> None:
    request_to_hotel.valid_at(NOW + timedelta(minutes=5, seconds=59), skew=SKEW)
    with pytest.raises(RequestExpired):
        request_to_hotel.valid_at(NOW + timedelta(minutes=6), skew=SKEW)
