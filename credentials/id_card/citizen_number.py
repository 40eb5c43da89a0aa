"""Read what the eighteen digits of a Chinese citizen number say, and refuse a number whose digits do not fit together."""

import re
from dataclasses import dataclass
from datetime import date

from doors.refusals import DocumentInvalid

MALE, FEMALE = 1, 2
"""Sex by ISO/IEC 5218, which GB/T 2261.1 and the EU PID share."""

_FORM = re.compile(r"[0-9]{17}[0-9X]")
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECK_CHARACTERS = "10X98765432"
_PROVINCES = frozenset(
    re.findall(r"\d\d", "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83")
)
_FOREIGN_PERMANENT_RESIDENT = "9"


@dataclass(frozen=True, slots=True)
class CitizenNumber:
    """What the number says of its bearer: the day of birth and the sex (1 male, 2 female)."""

    birth_date: date
    sex: int


def check_citizen_number(text: str) -> CitizenNumber:
    """Read an 18-character citizen number by GB 11643-1999 §4; raises ``DocumentInvalid``.

    Checked are form (a last letter X is upper case), region, calendar date and the check character (ISO 7064 MOD 11-2).
    """
    if not _FORM.fullmatch(text):
        raise DocumentInvalid("citizen number: expected 17 digits and a check character 0-9 or X")
    if text[17] != check_character(text[:17]):
        raise DocumentInvalid("citizen number: the check character does not fit the digits before it")
    if text[:2] not in _PROVINCES and text[0] != _FOREIGN_PERMANENT_RESIDENT:
        raise DocumentInvalid("citizen number: expected the region code to begin with a known province")
    return CitizenNumber(birth_date=_birth_date(text[6:14]), sex=MALE if int(text[16]) % 2 else FEMALE)


def check_character(digits: str) -> str:
    """The eighteenth character for the first seventeen ``digits`` (GB 11643-1999 §4.2.4, ISO 7064 MOD 11-2)."""
    return _CHECK_CHARACTERS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11]


def _birth_date(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise DocumentInvalid("citizen number: digits 7 to 14 are no day of the calendar") from None
