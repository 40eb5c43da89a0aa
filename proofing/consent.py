"""The person's separate consent to the comparison of their face: recorded before any picture is opened, and good until withdrawn."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from doors.json import JsonObject
from doors.refusals import ConsentRequired

GUARDIAN_BELOW = 14
"""Below this age a guardian consents (measures on face recognition, order No. 19 of 2025)."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Who agreed to what and when. ``notice`` names the version of the notice that was shown: purpose, retention, rights, the way
    without a camera."""

    notice: str
    given_by: Literal["self", "guardian"]
    given_at: datetime
    withdrawn_at: datetime | None = None

    def to_json(self) -> JsonObject:
        """The consent as it goes on record; it says nothing about the face."""
        withdrawn = {"withdrawn_at": self.withdrawn_at.isoformat()} if self.withdrawn_at else {}
        return {"notice": self.notice, "given_by": self.given_by, "given_at": self.given_at.isoformat(), **withdrawn}


def check_consent(consent: Consent | None, *, birth_date: date, now: datetime) -> Consent:
    """``consent`` where it stands; raises ``ConsentRequired`` where it is missing, withdrawn, not yet given, or a child's own."""
    if consent is None or not consent.notice:
        raise ConsentRequired("consent: expected the person's separate consent on record before the face step", pointer="/consent")
    if consent.withdrawn_at is not None:
        raise ConsentRequired("consent: expected one that stands, got one that was withdrawn", pointer="/consent")
    if consent.given_at > now:
        raise ConsentRequired("consent: expected one given before the face step, got a later time", pointer="/consent")
    if consent.given_by != "guardian" and _years(birth_date, now.date()) < GUARDIAN_BELOW:
        raise ConsentRequired(f"consent: expected a guardian's below the age of {GUARDIAN_BELOW}", pointer="/consent")
    return consent


def _years(birth_date: date, on: date) -> int:
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
