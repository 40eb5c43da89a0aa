"""People who do not exist, for the demo register: plausible Chinese names, well-formed numbers from regions that were never assigned."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from random import Random

from credentials.id_card.citizen_number import FEMALE, MALE, check_character
from proofing.register import Validity

_NAMES: Mapping[str, Mapping[str, str]] = json.loads(resources.files("proofing.register").joinpath("names.json").read_text("utf-8"))
_GIVEN = {FEMALE: "given_female", MALE: "given_male"}
_REGIONS = ("110199", "310199", "440199", "510199", "610199")
"""Province and city exist, the county code 99 does not (GB/T 2260): a real person never had such a number."""
_PEOPLES = ("汉", "汉", "汉", "汉", "汉", "汉", "汉", "壮", "回", "满", "维吾尔", "苗", "彝", "土家", "藏", "蒙古")
_VALIDITIES = (Validity.VALID,) * 17 + (Validity.EXPIRED, Validity.LOST, Validity.DECEASED)
_FIRST_BIRTH, _LAST_BIRTH = date(1940, 1, 1), date(2008, 12, 31)


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up person, with everything an ID card would say."""

    citizen_number: str
    full_name: str
    family_name: str
    given_name: str
    sex: int
    birth_date: date
    ethnicity: str
    resident_address: str
    validity: Validity


def people(count: int, random: Random) -> Iterator[Person]:
    """``count`` different people; the same ``random`` seed makes the same ones. The first ten are all valid."""
    numbers: set[str] = set()
    while len(numbers) < count:
        person = _person(random, Validity.VALID if len(numbers) < 10 else random.choice(_VALIDITIES))
        if person.citizen_number not in numbers:
            numbers.add(person.citizen_number)
            yield person


def _person(random: Random, validity: Validity) -> Person:
    sex = random.choice((MALE, FEMALE))
    family, given = (random.choice(tuple(_NAMES[kind].items())) for kind in ("families", _GIVEN[sex]))
    birth_date = _FIRST_BIRTH + timedelta(days=random.randrange((_LAST_BIRTH - _FIRST_BIRTH).days))
    return Person(
        citizen_number=_citizen_number(random, birth_date, sex),
        full_name=family[0] + given[0],
        family_name=family[1],
        given_name=given[1],
        sex=sex,
        birth_date=birth_date,
        ethnicity=random.choice(_PEOPLES),
        resident_address=f"示例省虎符市样本区兵符路{random.randrange(1, 400)}号{random.randrange(1, 30)}室",
        validity=validity,
    )


def _citizen_number(random: Random, birth_date: date, sex: int) -> str:
    """Eighteen characters by GB 11643-1999 §4: region, birth date, order (odd for men), check character."""
    order = 2 * random.randrange(1, 499) + (1 if sex == MALE else 0)
    digits = f"{random.choice(_REGIONS)}{birth_date:%Y%m%d}{order:03d}"
    return digits + check_character(digits)
