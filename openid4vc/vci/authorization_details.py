"""Which credentials an access token is for, said in detail (OpenID4VCI 1.0 §5.1.1, §6.2; RFC 9396)."""

from dataclasses import dataclass

from doors.json import JsonObject
from doors.refusals import Refused
from openid4vc.members import Members, without_absent

DETAIL_TYPE = "openid_credential"


@dataclass(frozen=True, slots=True)
class AuthorizationDetail:
    """One entry: a configuration, and in a token response the identifiers of the data sets that may be fetched."""

    configuration_id: str
    credential_identifiers: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()

    @classmethod
    def parse(cls, members: Members) -> "AuthorizationDetail":
        return cls(
            configuration_id=members.text("credential_configuration_id"),
            credential_identifiers=members.texts_or("credential_identifiers"),
            locations=members.texts_or("locations"),
        )

    def to_json(self) -> JsonObject:
        return without_absent(
            {
                "type": DETAIL_TYPE,
                "credential_configuration_id": self.configuration_id,
                "credential_identifiers": list(self.credential_identifiers),
                "locations": list(self.locations),
            }
        )


def parse_authorization_details(value: object, *, refusal: type[Refused]) -> tuple[AuthorizationDetail, ...]:
    """The entries of type ``openid_credential`` in the array ``value``; entries of other types are not ours to read."""
    entries = Members({"authorization_details": value}, refusal).inners("authorization_details")
    return tuple(AuthorizationDetail.parse(entry) for entry in entries if entry.text("type") == DETAIL_TYPE)
