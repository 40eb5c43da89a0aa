"""The examples printed in the specifications and the conformance suite's samples are read, or refused for a stated reason."""

import json
from pathlib import Path

import pytest

from doors.json import JsonObject, parse_object
from doors.refusals import InputMalformed, InvalidCredentialRequest, MetadataInvalid, MetadataMismatch, RequestInvalid
from openid4vc.jwe import DecryptionKey, decrypt
from openid4vc.members import Members
from openid4vc.vci.authorization_details import parse_authorization_details
from openid4vc.vci.authorization_server import AuthorizationServerMetadata
from openid4vc.vci.configuration import CredentialConfiguration
from openid4vc.vci.credential_request import CredentialRequest
from openid4vc.vci.credential_response import CredentialResponse
from openid4vc.vci.metadata import IssuerMetadata
from openid4vc.vci.offer import CredentialOffer
from openid4vc.vp.client_metadata import ClientMetadata
from openid4vc.vp.dcql import Query
from openid4vc.vp.request import PresentationRequest
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared

VCI = SHARED / "vectors" / "openid4vc-examples" / "OpenID4VCI-1.0"
VP = SHARED / "vectors" / "openid4vc-examples" / "OpenID4VP-1.0"
CONFORMANCE = SHARED / "vectors" / "oidf-conformance-data" / "openid4vci-1_0"


def body(path: Path) -> JsonObject:
    """The JSON in a sample: some are printed as HTTP answers."""
    text = path.read_text()
    return json.loads(text[text.index("{") :], strict=False)


def issuer_of(path: Path) -> str:
    return str(body(path).get("credential_issuer") or body(path).get("issuer"))


@pytest.mark.parametrize("path", sorted(VCI.glob("credential_offer*")), ids=lambda path: path.name)
def test_printed_offers_are_read_and_written_again(path: Path) -> None:
    offer = CredentialOffer.parse(body(path))
    assert CredentialOffer.parse(offer.to_json()) == offer
    assert offer.credential_issuer == "https://credential-issuer.example.com"


@pytest.mark.parametrize("path", sorted(VCI.glob("credential_metadata*")), ids=lambda path: path.name)
def test_printed_configurations_are_read_and_written_again(path: Path) -> None:
    for name, entry in body(path)["credential_configurations_supported"].items():
        configuration = CredentialConfiguration.parse(name, Members.of(entry, MetadataInvalid))
        again = CredentialConfiguration.parse(name, Members.of(configuration.to_json(), MetadataInvalid))
        assert again == configuration
        assert configuration.claims


@pytest.mark.parametrize("path", sorted(VCI.glob("credential_response*")), ids=lambda path: path.name)
def test_printed_credential_responses_are_read(path: Path) -> None:
    assert len(CredentialResponse.parse(body(path)).credentials) == 1


@pytest.mark.parametrize("path", sorted(VCI.glob("authorization_details*")), ids=lambda path: path.name)
def test_printed_authorization_details_are_read(path: Path) -> None:
    assert parse_authorization_details(json.loads(path.read_text()), refusal=InputMalformed)


def test_the_printed_mdl_request_is_refused_because_it_names_no_configuration() -> None:
    with pytest.raises(InvalidCredentialRequest, match="exactly one of credential_configuration_id"):
        CredentialRequest.parse(body(VCI / "credential_request_iso_mdl.json"))


ISSUER_METADATA = sorted(
    [*CONFORMANCE.glob("valid-openid*"), *CONFORMANCE.glob("credential-issuer-metadata-*"), *VCI.glob("credential_issuer_metadata*.json")]
)


@pytest.mark.parametrize("path", ISSUER_METADATA, ids=lambda path: path.name)
def test_valid_issuer_metadata_is_read_and_written_again(path: Path) -> None:
    metadata = IssuerMetadata.parse(body(path), issuer=issuer_of(path))
    assert IssuerMetadata.parse(metadata.to_json(), issuer=metadata.credential_issuer) == metadata


@pytest.mark.parametrize("path", sorted(CONFORMANCE.glob("invalid-openid*")), ids=lambda path: path.name)
def test_invalid_issuer_metadata_is_refused(path: Path) -> None:
    with pytest.raises(MetadataInvalid):
        IssuerMetadata.parse(body(path), issuer=issuer_of(path))


def test_authorization_server_metadata_without_a_token_endpoint_is_refused() -> None:
    """RFC 8414 §2: required unless only the implicit grant is supported; the sample names nothing but its issuer."""
    path = CONFORMANCE / "valid-oauth-authorization-server-metadata-mock.json"
    with pytest.raises(MetadataInvalid, match="token_endpoint"):
        AuthorizationServerMetadata.parse(body(path), issuer=issuer_of(path))


def test_full_authorization_server_metadata_is_read_and_written_again() -> None:
    path = CONFORMANCE / "valid-oauth-authorization-server-metadata-mock-full.json"
    metadata = AuthorizationServerMetadata.parse(body(path), issuer=issuer_of(path))
    assert AuthorizationServerMetadata.parse(metadata.to_json(), issuer=metadata.issuer) == metadata


@pytest.mark.parametrize("path", sorted(CONFORMANCE.glob("invalid-oauth*")), ids=lambda path: path.name)
def test_invalid_authorization_server_metadata_is_refused(path: Path) -> None:
    with pytest.raises((MetadataInvalid, MetadataMismatch)):
        AuthorizationServerMetadata.parse(body(path), issuer="https://auth.example.com")


DCQL_EXAMPLES = sorted([*VP.glob("query_lang/*.json"), *VP.glob("request/dcql_*.json")])


@pytest.mark.parametrize("path", DCQL_EXAMPLES, ids=lambda path: path.name)
def test_printed_queries_are_read_and_written_again(path: Path) -> None:
    query = Query.parse(parse_object(path.read_bytes()))
    assert Query.parse(query.to_json()) == query


@pytest.mark.parametrize("path", sorted(VP.glob("client_metadata/*.json")), ids=lambda path: path.name)
def test_printed_client_metadata_is_read_and_written_again(path: Path) -> None:
    metadata = ClientMetadata.parse(Members.of(body(path), RequestInvalid))
    assert metadata.to_json() == body(path)


@pytest.mark.parametrize("name", ["signed_request_payload.json", "signed_request_payload_compact.json"])
def test_requests_for_the_browser_interface_are_refused_as_a_mode_that_is_not_read(name: str) -> None:
    text = (VP / "digital_credentials_api" / name).read_text().replace("{...}", (VP / "query_lang" / "simple.json").read_text())
    with pytest.raises(RequestInvalid, match="response_mode"):
        PresentationRequest.parse(parse_object(text))


def test_the_printed_request_object_of_a_did_client_is_read() -> None:
    text = (VP / "request" / "request_object_client_id_did.json").read_text()
    request = PresentationRequest.parse(parse_object(text.replace("{ ... }", (VP / "query_lang" / "simple.json").read_text())))
    assert (request.client_id.name, request.response_mode) == ("did:example:123", "fragment")


def test_the_printed_encrypted_response_decrypts_with_the_printed_key() -> None:
    """OpenID4VP 1.0 §8.3."""
    key = DecryptionKey(
        "ac",
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "YO4epjifD-KWeq1sL2tNmm36BhXnkJ0He-WqMYrp9Fk",
            "y": "Hekpm0zfK7C-YccH5iBjcIXgf6YdUvNUac_0At55Okk",
            "d": "Et-3ce0omz8_TuZ96Df9lp0GAaaDoUnDe6X-CRO7Aww",
        },
    )
    response = (
        "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTEyOEdDTSIsImtpZCI6ImFjIiwiZXBrIjp7Imt0eSI6IkVDIiwieCI6Im5ubVZwbTNWM2piaGNhZlFhUkJrU1ZOSGx3Wkh3d"
        "C05ck9wSnVmeVlJdWsiLCJ5IjoicjRmakRxd0p5czlxVU9QLV9iM21SNVNaRy0tQ3dPMm1pYzVWU05UWU45ZyIsImNydiI6IlAtMjU2In19..uAYcHRUSSn2X0WPX."
        "yVzlGSYG4qbg0bq18JcUiDRw56yVnbKR8E7S7YlEtzT00RqE3Pw5oTpUG3hdLN4taHZ9gC1kwak8JOnJgQ.1wR024_3-qtAlx1oFIUpQQ"
    )
    assert parse_object(decrypt(response, key)) == {"vp_token": {"example_credential_id": ["eyJhb...YMetA"]}}
