"""The eighteen digits, and every way in which they do not fit together."""

from datetime import date

import pytest

from credentials.id_card import CitizenNumber, check_character, check_citizen_number
from doors.refusals import DocumentInvalid

EXAMPLE = "11010519491231002X"
"""The example of the standard itself (GB 11643-1999)."""


def test_the_standards_own_example_is_read() -> None:
    assert check_citizen_number(EXAMPLE) == CitizenNumber(birth_date=date(1949, 12, 31), sex=2)


def test_an_odd_seventeenth_digit_is_a_man() -> None:
    assert check_citizen_number("440524188001010014") == CitizenNumber(birth_date=date(1880, 1, 1), sex=1)


def test_a_foreign_permanent_residents_number_is_read() -> None:
    digits = "91112419810803002"
    assert check_citizen_number(digits + check_character(digits)).birth_date == date(1981, 8, 3)


@pytest.mark.parametrize("place", range(17))
def test_any_one_wrong_digit_is_noticed(place: int) -> None:
    for digit in set("0123456789") - {EXAMPLE[place]}:
        with pytest.raises(DocumentInvalid, match="check character"):
            check_citizen_number(EXAMPLE[:place] + digit + EXAMPLE[place + 1 :])


@pytest.mark.parametrize("place", range(16))
def test_two_neighbours_changed_round_are_noticed(place: int) -> None:
    swapped = EXAMPLE[:place] + EXAMPLE[place + 1] + EXAMPLE[place] + EXAMPLE[place + 2 :]
    if swapped != EXAMPLE:
        with pytest.raises(DocumentInvalid):
            check_citizen_number(swapped)


@pytest.mark.parametrize(
    "text",
    [
        "",
        EXAMPLE.lower(),
        EXAMPLE + "\n",
        " " + EXAMPLE,
        EXAMPLE[:15],
        "110105491231002",
        "１１０１０５１９４９１２３１００２Ｘ",
        "1101051949123100XX",
    ],
)
def test_anything_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(DocumentInvalid, match="17 digits"):
        check_citizen_number(text)


@pytest.mark.parametrize("digits", ["11010519490231002", "11010519491331002", "11010500000101002", "11010519000229002"])
def test_a_day_that_never_was_is_refused(digits: str) -> None:
    with pytest.raises(DocumentInvalid, match="calendar"):
        check_citizen_number(digits + check_character(digits))


def test_a_region_that_does_not_exist_is_refused() -> None:
    digits = "16010519491231002"
    with pytest.raises(DocumentInvalid, match="region"):
        check_citizen_number(digits + check_character(digits))
