"""What an authorisation server says of itself: where tokens are had, and how (RFC 8414, OpenID4VCI 1.0 §12.3)."""

from dataclasses import dataclass

from doors.json import JsonObject
from doors.refusals import MetadataInvalid, MetadataMismatch
from openid4vc.members import Members, without_absent
from openid4vc.urls import well_known_url
from openid4vc.vci.offer import AUTHORIZATION_CODE, PRE_AUTHORIZED_CODE


@dataclass(frozen=True, slots=True)
class AuthorizationServerMetadata:
    """The authorisation server's metadata as far as issuance uses it; "" and () where it says nothing.

    ``status_list_aggregation_endpoint`` is of Token Status List §9.1.
    """

    issuer: str
    token_endpoint: str
    grant_types: tuple[str, ...] = (PRE_AUTHORIZED_CODE,)
    anonymous_pre_authorized: bool = False
    authorization_endpoint: str = ""
    pushed_authorization_request_endpoint: str = ""
    jwks_uri: str = ""
    response_types: tuple[str, ...] = ()
    token_endpoint_auth_methods: tuple[str, ...] = ()
    code_challenge_methods: tuple[str, ...] = ()
    dpop_signing_algorithms: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    status_list_aggregation_endpoint: str = ""

    @classmethod
    def parse(cls, document: JsonObject, *, issuer: str) -> "AuthorizationServerMetadata":
        """The metadata fetched from the well-known address of ``issuer``.

        Raises ``MetadataMismatch`` where it names another issuer (RFC 8414 §3.3) and ``MetadataInvalid`` for all else.
        """
        members = Members.of(document, MetadataInvalid)
        if members.text("issuer") != issuer:
            raise MetadataMismatch("issuer: expected the authorisation server that was asked, got another", pointer="/issuer")
        return cls(
            issuer=issuer,
            token_endpoint=members.url("token_endpoint"),
            grant_types=members.texts_or("grant_types_supported", (AUTHORIZATION_CODE, "implicit")),
            anonymous_pre_authorized=members.flag_or("pre-authorized_grant_anonymous_access_supported", default=False),
            authorization_endpoint=members.url_or("authorization_endpoint", ""),
            pushed_authorization_request_endpoint=members.url_or("pushed_authorization_request_endpoint", ""),
            jwks_uri=members.url_or("jwks_uri", ""),
            response_types=members.texts_or("response_types_supported"),
            token_endpoint_auth_methods=members.texts_or("token_endpoint_auth_methods_supported"),
            code_challenge_methods=members.texts_or("code_challenge_methods_supported"),
            dpop_signing_algorithms=members.texts_or("dpop_signing_alg_values_supported"),
            scopes=members.texts_or("scopes_supported"),
            status_list_aggregation_endpoint=members.url_or("status_list_aggregation_endpoint", ""),
        )

    def to_json(self) -> JsonObject:
        return without_absent(
            {
                "issuer": self.issuer,
                "token_endpoint": self.token_endpoint,
                "authorization_endpoint": self.authorization_endpoint,
                "pushed_authorization_request_endpoint": self.pushed_authorization_request_endpoint,
                "jwks_uri": self.jwks_uri,
                "grant_types_supported": list(self.grant_types),
                "response_types_supported": list(self.response_types),
                "token_endpoint_auth_methods_supported": list(self.token_endpoint_auth_methods),
                "code_challenge_methods_supported": list(self.code_challenge_methods),
                "dpop_signing_alg_values_supported": list(self.dpop_signing_algorithms),
                "scopes_supported": list(self.scopes),
                "pre-authorized_grant_anonymous_access_supported": self.anonymous_pre_authorized,
                "status_list_aggregation_endpoint": self.status_list_aggregation_endpoint,
            }
        )


def authorization_server_metadata_url(issuer: str) -> str:
    """Where the metadata of the authorisation server ``issuer`` lies (RFC 8414 §3.1)."""
    return well_known_url(issuer, "oauth-authorization-server")
