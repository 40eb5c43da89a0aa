"""The wallet hands in its code and gets an access token (OpenID4VCI 1.0 §6)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from doors.json import JsonObject, parse_json
from doors.refusals import InputMalformed, InvalidRequest, UnsupportedGrantType
from openid4vc.forms import build_form, parameter
from openid4vc.members import Members, without_absent
from openid4vc.vci.authorization_details import AuthorizationDetail, parse_authorization_details
from openid4vc.vci.offer import PRE_AUTHORIZED_CODE

TOKEN_TYPES = frozenset({"bearer", "dpop"})


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A token request with a pre-authorised code; ``tx_code`` is "" where the person typed none."""

    code: str
    tx_code: str = ""
    client_id: str = ""
    authorization_details: tuple[AuthorizationDetail, ...] = ()

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> "TokenRequest":
        """The request in the form's parameters; unknown ones are ignored (§6.1).

        Raises ``InvalidRequest`` and, for any other grant, ``UnsupportedGrantType`` (RFC 6749 §5.2).
        """
        if parameter(form, "grant_type", refusal=InvalidRequest) != PRE_AUTHORIZED_CODE:
            raise UnsupportedGrantType("grant_type: expected the pre-authorised code grant, got another")
        details = form.get("authorization_details", "")
        return cls(
            code=parameter(form, "pre-authorized_code", refusal=InvalidRequest),
            tx_code=parameter(form, "tx_code", refusal=InvalidRequest, longest=256) if "tx_code" in form else "",
            client_id=parameter(form, "client_id", refusal=InvalidRequest) if "client_id" in form else "",
            authorization_details=_parse_details(details) if details else (),
        )

    def to_form(self) -> dict[str, str]:
        details = [detail.to_json() for detail in self.authorization_details]
        return without_absent(
            {
                "grant_type": PRE_AUTHORIZED_CODE,
                "pre-authorized_code": self.code,
                "tx_code": self.tx_code,
                "client_id": self.client_id,
                "authorization_details": json.dumps(details) if details else None,
            }
        )

    def to_body(self) -> bytes:
        return build_form(self.to_form())


@dataclass(frozen=True, slots=True)
class TokenResponse:
    """An access token; ``expires_in`` in seconds, 0 where the server does not say."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the name of a kind of token (RFC 6750), no secret
    expires_in: int = 0
    refresh_token: str = ""
    scope: str = ""
    authorization_details: tuple[AuthorizationDetail, ...] = ()

    @classmethod
    def parse(cls, document: JsonObject) -> "TokenResponse":
        """The response (RFC 6749 §5.1, §6.2); unknown members are ignored. Raises ``InputMalformed``."""
        members = Members.of(document, InputMalformed)
        if members.text("token_type").lower() not in TOKEN_TYPES:
            members.refuse("token_type", "Bearer or DPoP")
        details = document.get("authorization_details")
        return cls(
            access_token=members.text("access_token"),
            token_type=members.text("token_type"),
            expires_in=members.whole("expires_in", least=1) if members.has("expires_in") else 0,
            refresh_token=members.text_or("refresh_token", ""),
            scope=members.text_or("scope", ""),
            authorization_details=() if details is None else parse_authorization_details(details, refusal=InputMalformed),
        )

    def to_json(self) -> JsonObject:
        return without_absent(
            {
                "access_token": self.access_token,
                "token_type": self.token_type,
                "expires_in": self.expires_in or None,
                "refresh_token": self.refresh_token,
                "scope": self.scope,
                "authorization_details": [detail.to_json() for detail in self.authorization_details],
            }
        )


def _parse_details(text: str) -> tuple[AuthorizationDetail, ...]:
    try:
        return parse_authorization_details(parse_json(text), refusal=InvalidRequest)
    except InputMalformed as error:
        raise InvalidRequest(f"authorization_details: {error.detail}") from None
