"""Issuer and authorisation-server metadata."""

from typing import Any

import pytest

from doors.refusals import MetadataInvalid, MetadataMismatch, UnknownCredentialConfiguration
from openid4vc.vci.authorization_server import AuthorizationServerMetadata, authorization_server_metadata_url
from openid4vc.vci.display import Display, name_in
from openid4vc.vci.metadata import IssuerMetadata, issuer_metadata_url
from tests.openid4vc.conftest import ISSUER
from tests.openid4vc.test_conformance_schemas import our_metadata


def metadata_with(**changes: Any) -> IssuerMetadata:
    return IssuerMetadata.parse({**our_metadata().to_json(), **changes}, issuer=ISSUER)


def configuration_with(**changes: Any) -> IssuerMetadata:
    entry = our_metadata().to_json()["credential_configurations_supported"]["IdCard_ldp"]
    return metadata_with(credential_configurations_supported={"IdCard_ldp": {**entry, **changes}})


@pytest.mark.parametrize(
    ("issuer", "address"),
    [
        ("https://issuer.example.com/tenant", "https://issuer.example.com/.well-known/openid-credential-issuer/tenant"),
        ("https://tenant.issuer.example.com", "https://tenant.issuer.example.com/.well-known/openid-credential-issuer"),
        ("https://issuer.example.com/", "https://issuer.example.com/.well-known/openid-credential-issuer"),
        ("http://127.0.0.1:8101", "http://127.0.0.1:8101/.well-known/openid-credential-issuer"),
    ],
)
def test_metadata_lies_between_host_and_path(issuer: str, address: str) -> None:
    assert issuer_metadata_url(issuer) == address
    assert authorization_server_metadata_url(issuer) == address.replace("openid-credential-issuer", "oauth-authorization-server")


@pytest.mark.parametrize(
    "change",
    [
        {"credential_endpoint": "http://issuer.example/credential"},
        {"nonce_endpoint": "javascript:alert(1)"},
        {"nonce_endpoint": None},
        {"credential_configurations_supported": []},
        {"batch_credential_issuance": {"batch_size": 1}},
        {"display": [{"name": "a", "locale": "en"}, {"name": "b", "locale": "en"}]},
        {"display": []},
        {"credential_response_encryption": {"alg_values_supported": ["ECDH-ES"], "enc_values_supported": ["A256GCM"]}},
        {
            "credential_request_encryption": {
                "jwks": {"keys": [{"kty": "EC"}]},
                "enc_values_supported": ["A256GCM"],
                "encryption_required": True,
            }
        },
    ],
)
def test_malformed_metadata_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(MetadataInvalid):
        metadata_with(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"format": None},
        {"credential_definition": {"type": ["VerifiableCredential"]}},
        {"credential_definition": {"@context": [], "type": ["VerifiableCredential"]}},
        {"format": "dc+sd-jwt"},
        {"format": "mso_mdoc"},
        {"proof_types_supported": {"jwt": {}}},
        {"proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": []}}},
        {"credential_signing_alg_values_supported": [True]},
        {"credential_metadata": {"claims": [{"path": []}]}},
        {"credential_metadata": {"claims": [{"path": [True]}]}},
        {"credential_metadata": {"claims": [{"path": [-1]}]}},
        {"credential_metadata": {"claims": [{"path": ["a"]}, {"path": ["a"]}]}},
        {"credential_metadata": {"claims": [{"path": ["a", None]}, {"path": ["a", 0]}]}},
        {"credential_metadata": {"claims": [{"path": ["a", None]}, {"path": ["a", "b"]}]}},
        {"credential_metadata": {"claims": [{"path": ["a"], "mandatory": "yes"}]}},
    ],
)
def test_a_malformed_configuration_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(MetadataInvalid):
        configuration_with(**change)


def test_a_format_that_nobody_knows_yet_does_not_spoil_the_others() -> None:
    configurations = {**our_metadata().to_json()["credential_configurations_supported"], "New": {"format": "tomorrow", "x": 1}}
    assert metadata_with(credential_configurations_supported=configurations).configuration("New").format == "tomorrow"


def test_names_are_found_in_the_readers_language() -> None:
    names = (Display("Name", "en-US"), Display("姓名", "zh-CN"), Display("Nom", "fr"))
    assert [name_in(names, language) for language in ("zh-CN", "zh", "en", "fr-CH", "sw")] == ["姓名", "姓名", "Name", "Nom", "Name"]
    assert name_in((), "en") == ""


@pytest.mark.parametrize("uri", ["data:image/png;base64,AAAA", "http://issuer.example/logo.png", "javascript:alert(1)"])
def test_a_logo_that_is_no_https_address_is_refused_alone(uri: str) -> None:
    (shown,) = metadata_with(display=[{"name": "Office", "logo": {"uri": uri}}]).display
    assert shown.name == "Office"
    with pytest.raises(MetadataInvalid):
        shown.logo_address()


def test_a_logo_at_an_https_address_is_found() -> None:
    assert our_metadata().configuration("IdCard_ldp").display[1].logo_address() == "https://issuer.example/logo.png"


def test_an_unknown_configuration_is_refused() -> None:
    with pytest.raises(UnknownCredentialConfiguration):
        our_metadata().configuration("DrivingLicence")


def test_an_offer_may_hint_only_at_a_listed_authorization_server() -> None:
    metadata = metadata_with(authorization_servers=["https://a.example", "https://b.example"])
    assert metadata.authorization_server("https://b.example") == "https://b.example"
    assert metadata.authorization_server() == "https://a.example"
    assert our_metadata().authorization_server() == ISSUER
    with pytest.raises(MetadataMismatch):
        metadata.authorization_server("https://evil.example")


def test_our_authorization_server_metadata_survives() -> None:
    metadata = AuthorizationServerMetadata(ISSUER, f"{ISSUER}/token", anonymous_pre_authorized=True)
    assert AuthorizationServerMetadata.parse(metadata.to_json(), issuer=ISSUER) == metadata
