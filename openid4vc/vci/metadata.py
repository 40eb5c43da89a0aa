"""What an issuer says of itself: its addresses and the credentials it issues (OpenID4VCI 1.0 §12.2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from doors.json import JsonObject
from doors.refusals import MetadataInvalid, MetadataMismatch, UnknownCredentialConfiguration
from openid4vc.members import Members, without_absent
from openid4vc.urls import well_known_url
from openid4vc.vci.configuration import CredentialConfiguration
from openid4vc.vci.display import Display, parse_displays


@dataclass(frozen=True, slots=True)
class MessageEncryption:
    """Which encryption the issuer takes or gives for credential requests or responses (§10, §12.2.4)."""

    enc_values: tuple[str, ...]
    required: bool
    alg_values: tuple[str, ...] = ()
    keys: tuple[JsonObject, ...] = ()
    zip_values: tuple[str, ...] = ()

    @classmethod
    def parse_for_requests(cls, members: Members) -> "MessageEncryption":
        keys = members.inner("jwks").inners("keys")
        for key in keys:
            key.text("kty"), key.text("kid")
        return cls(
            *_enc_and_required(members), keys=tuple(key.document for key in keys), zip_values=members.texts_or("zip_values_supported")
        )

    @classmethod
    def parse_for_responses(cls, members: Members) -> "MessageEncryption":
        algorithms = members.texts("alg_values_supported")
        return cls(*_enc_and_required(members), alg_values=algorithms, zip_values=members.texts_or("zip_values_supported"))

    def to_json(self) -> JsonObject:
        return without_absent(
            {
                "jwks": {"keys": list(self.keys)} if self.keys else None,
                "alg_values_supported": list(self.alg_values),
                "enc_values_supported": list(self.enc_values),
                "zip_values_supported": list(self.zip_values),
                "encryption_required": self.required,
            }
        )


@dataclass(frozen=True, slots=True)
class IssuerMetadata:
    """The credential issuer's metadata; addresses that it does not have are "" and ``batch_size`` is 1 where batches are not issued."""

    credential_issuer: str
    credential_endpoint: str
    configurations: Mapping[str, CredentialConfiguration]
    nonce_endpoint: str = ""
    deferred_credential_endpoint: str = ""
    notification_endpoint: str = ""
    authorization_servers: tuple[str, ...] = ()
    batch_size: int = 1
    request_encryption: MessageEncryption | None = None
    response_encryption: MessageEncryption | None = None
    display: tuple[Display, ...] = ()

    @classmethod
    def parse(cls, document: JsonObject, *, issuer: str) -> "IssuerMetadata":
        """The metadata fetched from the well-known address of ``issuer``; unknown members are ignored.

        Raises ``MetadataMismatch`` where it names another issuer (§12.2.4: simple string comparison, no normalisation) and
        ``MetadataInvalid`` for all else.
        """
        members = Members.of(document, MetadataInvalid)
        if members.text("credential_issuer") != issuer:
            raise MetadataMismatch("credential_issuer: expected the issuer that was asked, got another", pointer="/credential_issuer")
        configurations = members.inner("credential_configurations_supported")
        batch, requests, responses = map(
            members.inner_or_none, ("batch_credential_issuance", "credential_request_encryption", "credential_response_encryption")
        )
        return cls(
            credential_issuer=issuer,
            credential_endpoint=members.url("credential_endpoint"),
            configurations={name: CredentialConfiguration.parse(name, configurations.inner(name)) for name in configurations.document},
            nonce_endpoint=members.url_or("nonce_endpoint", ""),
            deferred_credential_endpoint=members.url_or("deferred_credential_endpoint", ""),
            notification_endpoint=members.url_or("notification_endpoint", ""),
            authorization_servers=members.texts_or("authorization_servers"),
            batch_size=batch.whole("batch_size", least=2) if batch else 1,
            request_encryption=MessageEncryption.parse_for_requests(requests) if requests else None,
            response_encryption=MessageEncryption.parse_for_responses(responses) if responses else None,
            display=parse_displays(members),
        )

    def to_json(self) -> JsonObject:
        return {
            **without_absent(
                {
                    "credential_issuer": self.credential_issuer,
                    "authorization_servers": list(self.authorization_servers),
                    "credential_endpoint": self.credential_endpoint,
                    "nonce_endpoint": self.nonce_endpoint,
                    "deferred_credential_endpoint": self.deferred_credential_endpoint,
                    "notification_endpoint": self.notification_endpoint,
                    "batch_credential_issuance": {"batch_size": self.batch_size} if self.batch_size > 1 else None,
                    "credential_request_encryption": self.request_encryption and self.request_encryption.to_json(),
                    "credential_response_encryption": self.response_encryption and self.response_encryption.to_json(),
                    "display": [shown.to_json() for shown in self.display],
                }
            ),
            "credential_configurations_supported": {name: entry.to_json() for name, entry in self.configurations.items()},
        }

    def configuration(self, identifier: str) -> CredentialConfiguration:
        """The configuration named ``identifier``; raises ``UnknownCredentialConfiguration``."""
        if identifier not in self.configurations:
            raise UnknownCredentialConfiguration("credential_configuration_id: expected one of the issuer's metadata, got another")
        return self.configurations[identifier]

    def authorization_server(self, hint: str = "") -> str:
        """The authorisation server to use: the offer's ``hint``, which must be listed (§12.2.4), else the first, else the issuer."""
        servers = self.authorization_servers or (self.credential_issuer,)
        if hint and hint not in servers:
            raise MetadataMismatch("authorization_server: expected one of the issuer's metadata, got another")
        return hint or servers[0]


def issuer_metadata_url(issuer: str) -> str:
    """Where the metadata of ``issuer`` lies (§12.2.2)."""
    return well_known_url(issuer, "openid-credential-issuer")


def _enc_and_required(members: Members) -> tuple[tuple[str, ...], bool]:
    if not members.has("encryption_required"):
        members.refuse("encryption_required", "true or false")
    return members.texts("enc_values_supported"), members.flag_or("encryption_required", default=False)
