"""Token, nonce, credential and notification messages."""

import json

import pytest

from doors.refusals import (
    InputMalformed,
    InvalidCredentialRequest,
    InvalidEncryptionParameters,
    InvalidNotificationRequest,
    InvalidProof,
    InvalidRequest,
    UnsupportedGrantType,
)
from openid4vc.embedding import from_wire, to_wire
from openid4vc.forms import parse_form
from openid4vc.jwe import generate_decryption_key
from openid4vc.vci.authorization_details import AuthorizationDetail
from openid4vc.vci.credential_request import CredentialRequest, Proofs
from openid4vc.vci.credential_response import CredentialResponse
from openid4vc.vci.nonce import NonceResponse
from openid4vc.vci.notification import NotificationRequest
from openid4vc.vci.offer import PRE_AUTHORIZED_CODE
from openid4vc.vci.token import TokenRequest, TokenResponse

TOKEN_REQUEST = TokenRequest("code-1", "493536", "wallet-1", (AuthorizationDetail("IdCard_ldp"),))


def test_a_token_request_survives_its_form() -> None:
    assert TokenRequest.parse(parse_form(TOKEN_REQUEST.to_body())) == TOKEN_REQUEST


def test_the_printed_token_request_is_read() -> None:
    body = (
        "grant_type=urn:ietf:params:oauth:grant-type:pre-authorized_code&pre-authorized_code=SplxlOBeZQQYbYS6WxSbIA&tx_code=493536"
        "&authorization_details=%5B%7B%22type%22%3A%20%22openid_credential%22%2C%20%22credential_configuration_id%22%3A%20%22"
        "UniversityDegreeCredential%22%7D%5D"
    )
    request = TokenRequest.parse(parse_form(body))
    assert (request.code, request.tx_code) == ("SplxlOBeZQQYbYS6WxSbIA", "493536")
    assert request.authorization_details == (AuthorizationDetail("UniversityDegreeCredential"),)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"grant_type": ""},
        {"grant_type": PRE_AUTHORIZED_CODE},
        {"grant_type": PRE_AUTHORIZED_CODE, "pre-authorized_code": ""},
        {"grant_type": PRE_AUTHORIZED_CODE, "pre-authorized_code": "x" * 5000},
        {"grant_type": PRE_AUTHORIZED_CODE, "pre-authorized_code": "c", "tx_code": ""},
        {"grant_type": PRE_AUTHORIZED_CODE, "pre-authorized_code": "c", "tx_code": "1" * 300},
        {"grant_type": PRE_AUTHORIZED_CODE, "pre-authorized_code": "c", "authorization_details": "{"},
        {"grant_type": PRE_AUTHORIZED_CODE, "pre-authorized_code": "c", "authorization_details": "[]"},
        {"grant_type": PRE_AUTHORIZED_CODE, "pre-authorized_code": "c", "authorization_details": '[{"type":"openid_credential"}]'},
    ],
)
def test_a_malformed_token_request_is_refused(form: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest):
        TokenRequest.parse(form)


def test_another_grant_is_refused() -> None:
    with pytest.raises(UnsupportedGrantType):
        TokenRequest.parse({"grant_type": "password"})


@pytest.mark.parametrize("body", ["a=1&a=2", b"a=\xff", "a", "&".join(f"p{n}=1" for n in range(100))])
def test_a_malformed_form_is_refused(body: bytes | str) -> None:
    with pytest.raises(InputMalformed):
        parse_form(body)


def test_a_token_response_survives() -> None:
    response = TokenResponse("t", "DPoP", 600, authorization_details=(AuthorizationDetail("c", ("id-1", "id-2")),))
    assert TokenResponse.parse(response.to_json()) == response


@pytest.mark.parametrize(
    "change", [{"token_type": "mac"}, {"token_type": None}, {"access_token": ""}, {"expires_in": "600"}, {"expires_in": -1}]
)
def test_a_malformed_token_response_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InputMalformed):
        TokenResponse.parse({**TokenResponse("t").to_json(), **change})


def test_a_nonce_response_survives() -> None:
    assert NonceResponse.parse(NonceResponse("n").to_json()) == NonceResponse("n")
    with pytest.raises(InputMalformed):
        NonceResponse.parse({"c_nonce": 5})


def test_a_credential_request_survives() -> None:
    request = CredentialRequest.parse(
        {
            "credential_identifier": "id-1",
            "proofs": {"jwt": ["a.b.c"]},
            "credential_response_encryption": {"jwk": generate_decryption_key("k").public_jwk(), "enc": "A256GCM"},
            "unknown": True,
        }
    )
    assert request.proofs == Proofs("jwt", ("a.b.c",))
    assert CredentialRequest.parse(request.to_json()) == request


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"credential_configuration_id": "a", "credential_identifier": "b"},
        {"credential_configuration_id": 1},
        {"credential_identifier": ""},
    ],
)
def test_a_request_for_nothing_or_for_two_things_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(InvalidCredentialRequest):
        CredentialRequest.parse(document)


@pytest.mark.parametrize(
    "encryption",
    [
        {},
        {"jwk": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "alg": "ECDH-ES", "kid": "k"}, "enc": "A256GCM"},
        {"jwk": generate_decryption_key("k").private_jwk, "enc": "A256GCM"},
        {"jwk": {**generate_decryption_key("k").public_jwk(), "alg": "RSA-OAEP"}, "enc": "A256GCM"},
        {"jwk": {name: v for name, v in generate_decryption_key("k").public_jwk().items() if name != "kid"}, "enc": "A256GCM"},
        {"jwk": generate_decryption_key("k").public_jwk(), "enc": "A128CBC-HS256"},
        {"jwk": generate_decryption_key("k").public_jwk(), "enc": "A256GCM", "zip": "DEF"},
    ],
)
def test_response_encryption_that_is_not_supported_is_refused(encryption: dict[str, object]) -> None:
    with pytest.raises(InvalidEncryptionParameters):
        CredentialRequest.parse({"credential_configuration_id": "a", "credential_response_encryption": encryption})


def test_the_proof_of_a_draft_is_refused_with_the_name_of_its_successor() -> None:
    with pytest.raises(InvalidProof, match="expected proofs"):
        CredentialRequest.parse({"credential_configuration_id": "a", "proof": {"proof_type": "jwt", "jwt": "a.b.c"}})


@pytest.mark.parametrize("response", [CredentialResponse(("a~b~",), "n-1"), CredentialResponse(transaction_id="t", interval=60)])
def test_a_credential_response_survives(response: CredentialResponse) -> None:
    assert CredentialResponse.parse(response.to_json()) == response


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"credentials": []},
        {"credentials": ["a"]},
        {"credentials": [{}]},
        {"credentials": [{"credential": 5}]},
        {"credentials": [{"credential": "a"}], "transaction_id": "t", "interval": 1},
        {"transaction_id": "t"},
        {"transaction_id": "t", "interval": 0},
    ],
)
def test_a_malformed_credential_response_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(InputMalformed):
        CredentialResponse.parse(document)


def test_credentials_stand_in_messages_as_their_format_says() -> None:
    document = {"type": ["VerifiableCredential"], "name": "李华"}
    assert json.loads(to_wire(document, format_name="ldp_vc")) == document
    assert from_wire(to_wire(document, format_name="ldp_vc"), format_name="ldp_vc") == document
    assert from_wire(to_wire("a~b~", format_name="dc+sd-jwt"), format_name="dc+sd-jwt") == "a~b~"


@pytest.mark.parametrize(
    ("value", "format_name"), [("a~b~", "ldp_vc"), ({"a": 1}, "dc+sd-jwt"), ("ä~", "dc+sd-jwt"), ("a", "mso_mdoc"), ([], "ldp_vc")]
)
def test_a_credential_of_another_shape_than_its_format_is_refused(value: object, format_name: str) -> None:
    with pytest.raises(InputMalformed):
        to_wire(value, format_name=format_name)


def test_a_notification_survives() -> None:
    notification = NotificationRequest("n-1", "credential_failure", "Could not store the Credential. Out of storage.")
    assert NotificationRequest.parse(notification.to_json()) == notification


@pytest.mark.parametrize(
    "change", [{"event": "credential_lost"}, {"notification_id": None}, {"event_description": 'say "hi"'}, {"event_description": "名"}]
)
def test_a_malformed_notification_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InvalidNotificationRequest):
        NotificationRequest.parse({"notification_id": "n-1", "event": "credential_accepted", **change})
