"""Say whether a person has reached an age, so that nobody needs to see the birth date."""

from collections.abc import Mapping
from datetime import date

AGES = (14, 16, 18, 21, 60)
"""The ages that the card can show."""


def ages(birth_date: date, on: date) -> Mapping[str, bool]:
    """For each of ``AGES`` the claim ``age_over_NN``: whether that birthday has come by the day ``on``.

    Who is born on 29 February has the birthday on 1 March in other years.
    """
    return {f"age_over_{years}": _completed_years(birth_date, on) >= years for years in AGES}


def _completed_years(birth_date: date, on: date) -> int:
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
