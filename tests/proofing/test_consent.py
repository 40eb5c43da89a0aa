"""No face step without a consent that stands."""

from datetime import date, timedelta

import pytest

from doors.refusals import ConsentRequired
from proofing.consent import check_consent
from tests.proofing.conftest import NOW, consent

ADULT, CHILD = date(1990, 1, 1), date(2014, 1, 1)


def test_a_consent_given_before_stands() -> None:
    given = consent(given_at=NOW - timedelta(minutes=3))
    assert check_consent(given, birth_date=ADULT, now=NOW) is given


def test_a_consent_from_the_future_does_not_stand() -> None:
    with pytest.raises(ConsentRequired):
        check_consent(consent(given_at=NOW + timedelta(seconds=1)), birth_date=ADULT, now=NOW)


def test_below_fourteen_a_guardian_consents() -> None:
    with pytest.raises(ConsentRequired):
        check_consent(consent(), birth_date=CHILD, now=NOW)
    assert check_consent(consent(given_by="guardian"), birth_date=CHILD, now=NOW).given_by == "guardian"


def test_at_fourteen_the_person_consents() -> None:
    assert check_consent(consent(), birth_date=date(2012, 11, 21), now=NOW)


def test_the_consent_on_record_names_notice_giver_and_times() -> None:
    assert consent(withdrawn_at=NOW).to_json() == {
        "notice": "faces-2026-1",
        "given_by": "self",
        "given_at": NOW.isoformat(),
        "withdrawn_at": NOW.isoformat(),
    }
