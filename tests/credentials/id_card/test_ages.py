"""Whether a birthday has come."""

from datetime import date

import pytest

from credentials.id_card import ages


@pytest.mark.parametrize(("on", "grown_up"), [(date(2024, 5, 16), False), (date(2024, 5, 17), True), (date(2024, 5, 18), True)])
def test_eighteen_is_reached_on_the_birthday(on: date, grown_up: bool) -> None:
    assert ages(date(2006, 5, 17), on)["age_over_18"] is grown_up


def test_a_leap_day_child_grows_older_on_the_first_of_march() -> None:
    assert ages(date(2008, 2, 29), date(2026, 2, 28))["age_over_18"] is False
    assert ages(date(2008, 2, 29), date(2026, 3, 1))["age_over_18"] is True


def test_every_age_of_the_card_is_there() -> None:
    assert ages(date(1966, 1, 1), date(2026, 1, 1)) == {f"age_over_{years}": True for years in (14, 16, 18, 21, 60)}


def test_nobody_has_an_age_before_birth() -> None:
    assert not any(ages(date(2030, 1, 1), date(2026, 1, 1)).values())
