"""A credential offer: which issuer offers which credentials, and with what code they are fetched (OpenID4VCI 1.0 §4.1)."""

from dataclasses import dataclass

from doors.json import JsonObject
from doors.refusals import InputMalformed
from openid4vc.members import Members, without_absent
from openid4vc.urls import is_identifier_url

PRE_AUTHORIZED_CODE = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
AUTHORIZATION_CODE = "authorization_code"
INPUT_MODES = frozenset({"numeric", "text"})


@dataclass(frozen=True, slots=True)
class TxCode:
    """What kind of transaction code the person has to type: digits or text, how long, and where to find it (§4.1.1)."""

    input_mode: str = "numeric"
    length: int = 0
    description: str = ""

    @classmethod
    def parse(cls, members: Members) -> "TxCode":
        mode = members.text_or("input_mode", "numeric")
        if mode not in INPUT_MODES:
            members.refuse("input_mode", "numeric or text")
        description = members.words("description")
        if len(description) > 300:
            members.refuse("description", "at most 300 characters")
        return cls(mode, members.whole("length", least=1) if members.has("length") else 0, description)

    def to_json(self) -> JsonObject:
        return without_absent({"input_mode": self.input_mode, "length": self.length or None, "description": self.description})


@dataclass(frozen=True, slots=True)
class PreAuthorizedGrant:
    """The code that stands for the issuer's own authorisation; ``tx_code`` is None where no transaction code is asked for."""

    code: str
    tx_code: TxCode | None = None
    authorization_server: str = ""

    @classmethod
    def parse(cls, members: Members) -> "PreAuthorizedGrant":
        tx_code = members.inner_or_none("tx_code")
        return cls(
            code=members.text("pre-authorized_code"),
            tx_code=None if tx_code is None else TxCode.parse(tx_code),
            authorization_server=members.url_or("authorization_server", ""),
        )

    def to_json(self) -> JsonObject:
        grant = without_absent({"pre-authorized_code": self.code, "authorization_server": self.authorization_server})
        return grant if self.tx_code is None else {**grant, "tx_code": self.tx_code.to_json()}


@dataclass(frozen=True, slots=True)
class AuthorizationCodeGrant:
    """The person is asked to log in at the authorisation server; ``issuer_state`` is handed back to it."""

    issuer_state: str = ""
    authorization_server: str = ""

    @classmethod
    def parse(cls, members: Members) -> "AuthorizationCodeGrant":
        return cls(members.text_or("issuer_state", ""), members.url_or("authorization_server", ""))

    def to_json(self) -> JsonObject:
        return without_absent({"issuer_state": self.issuer_state, "authorization_server": self.authorization_server})


@dataclass(frozen=True, slots=True)
class CredentialOffer:
    """An offer. It is not authenticated by anything: the wallet checks the issuer as if the holder had gone there (§13.4)."""

    credential_issuer: str
    configuration_ids: tuple[str, ...]
    pre_authorized: PreAuthorizedGrant | None = None
    authorization_code: AuthorizationCodeGrant | None = None

    @classmethod
    def parse(cls, document: JsonObject) -> "CredentialOffer":
        """The offer in a message; unknown parameters and grants are ignored. Raises ``InputMalformed``."""
        members = Members.of(document, InputMalformed)
        issuer = members.text("credential_issuer")
        if not is_identifier_url(issuer):
            members.refuse("credential_issuer", "an https URL without query and fragment")
        ids = members.texts("credential_configuration_ids")
        if len(set(ids)) != len(ids):
            members.refuse("credential_configuration_ids", "each identifier once")
        grants = members.inner_or_none("grants") or Members({}, InputMalformed)
        pre_authorized, authorization_code = grants.inner_or_none(PRE_AUTHORIZED_CODE), grants.inner_or_none(AUTHORIZATION_CODE)
        return cls(
            credential_issuer=issuer,
            configuration_ids=ids,
            pre_authorized=None if pre_authorized is None else PreAuthorizedGrant.parse(pre_authorized),
            authorization_code=None if authorization_code is None else AuthorizationCodeGrant.parse(authorization_code),
        )

    def to_json(self) -> JsonObject:
        grants: JsonObject = {}
        if self.authorization_code is not None:
            grants[AUTHORIZATION_CODE] = self.authorization_code.to_json()
        if self.pre_authorized is not None:
            grants[PRE_AUTHORIZED_CODE] = self.pre_authorized.to_json()
        return {
            "credential_issuer": self.credential_issuer,
            "credential_configuration_ids": list(self.configuration_ids),
            **({"grants": grants} if grants else {}),
        }
