"""The invented people are well-formed, repeatable, and nobody."""

from random import Random

from credentials.id_card.citizen_number import check_citizen_number
from proofing.register import Validity
from proofing.register.people import people

MANY = tuple(people(500, Random(1)))


def test_every_number_is_well_formed_and_fits_birth_date_and_sex() -> None:
    for person in MANY:
        number = check_citizen_number(person.citizen_number)
        assert (number.birth_date, number.sex) == (person.birth_date, person.sex)


def test_no_number_belongs_to_a_county_that_exists() -> None:
    assert all(person.citizen_number[4:6] == "99" for person in MANY)


def test_the_same_seed_invents_the_same_people_and_nobody_twice() -> None:
    assert tuple(people(500, Random(1))) == MANY
    assert len({person.citizen_number for person in MANY}) == 500


def test_the_first_ten_are_valid_and_every_state_occurs() -> None:
    assert {person.validity for person in MANY[:10]} == {Validity.VALID}
    assert {person.validity for person in MANY} == set(Validity)
