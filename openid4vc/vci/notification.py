"""The wallet tells the issuer whether the credentials arrived (OpenID4VCI 1.0 §11)."""

import re
from dataclasses import dataclass

from doors.json import JsonObject
from doors.refusals import InvalidNotificationRequest
from openid4vc.members import Members, without_absent

EVENTS = frozenset({"credential_accepted", "credential_failure", "credential_deleted"})
_PLAIN = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]{0,1000}")


@dataclass(frozen=True, slots=True)
class NotificationRequest:
    """What became of the credentials of one credential response."""

    notification_id: str
    event: str
    event_description: str = ""

    @classmethod
    def parse(cls, document: JsonObject) -> "NotificationRequest":
        """The notification; unknown members are ignored (§11.1). Raises ``InvalidNotificationRequest``."""
        members = Members.of(document, InvalidNotificationRequest)
        if members.text("event") not in EVENTS:
            members.refuse("event", f"one of {', '.join(sorted(EVENTS))}")
        if not _PLAIN.fullmatch(members.text_or("event_description", "")):
            members.refuse("event_description", "at most 1000 printable ASCII characters without quotes and backslashes")
        return cls(members.text("notification_id"), members.text("event"), members.text_or("event_description", ""))

    def to_json(self) -> JsonObject:
        return without_absent({"notification_id": self.notification_id, "event": self.event, "event_description": self.event_description})
