"""The issuer hands over credentials, or says when to come back (OpenID4VCI 1.0 §8.3)."""

from dataclasses import dataclass

from doors.json import JsonObject, JsonValue
from doors.refusals import InputMalformed
from openid4vc.members import Members, without_absent


@dataclass(frozen=True, slots=True)
class CredentialResponse:
    """Issued credentials as they stand in JSON (object or text by format), or the ticket of a deferred issuance."""

    credentials: tuple[JsonValue, ...] = ()
    notification_id: str = ""
    transaction_id: str = ""
    interval: int = 0

    @classmethod
    def parse(cls, document: JsonObject) -> "CredentialResponse":
        """The response; unknown members are ignored. Raises ``InputMalformed`` also where both or neither of the two kinds is there."""
        members = Members.of(document, InputMalformed)
        if members.has("credentials") == members.has("transaction_id"):
            raise InputMalformed("expected exactly one of credentials and transaction_id")
        if members.has("transaction_id"):
            return cls(transaction_id=members.text("transaction_id"), interval=members.whole("interval", least=1))
        entries = members.inners("credentials")
        return cls(credentials=tuple(_credential(entry) for entry in entries), notification_id=members.text_or("notification_id", ""))

    def to_json(self) -> JsonObject:
        return without_absent(
            {
                "credentials": [{"credential": credential} for credential in self.credentials],
                "notification_id": self.notification_id,
                "transaction_id": self.transaction_id,
                "interval": self.interval or None,
            }
        )


def _credential(entry: Members) -> JsonValue:
    value = entry.document.get("credential")
    if not value or not isinstance(value, str | dict):
        entry.refuse("credential", "a credential as text or object")
    return value
