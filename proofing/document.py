"""The identity document: its fields as typed at the desk, checked against each other before anyone relies on them.

Reading the fields from a picture of the document enters here as a second way to an ``IdDocument``; today they are typed, and the
Evidence says so.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date

from credentials.id_card.citizen_number import check_citizen_number
from doors.json import JsonObject, JsonValue
from doors.refusals import DocumentInvalid

_NEEDED = ("family_name", "given_name", "full_name", "nationality", "citizen_number", "document_number", "issuing_authority")
_OPTIONAL = ("ethnicity", "resident_address")
_DATES = ("birth_date", "issuance_date", "expiry_date")
_MEMBERS = frozenset({*_NEEDED, *_OPTIONAL, *_DATES, "sex"})
_LONGEST = {"resident_address": 500, "document_number": 64}
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True, repr=False)
class IdDocument:
    """The fields of one identity document, which agree with each other. Printed nowhere: its ``repr`` shows no field.

    ``sex`` by ISO/IEC 5218: 1 male, 2 female. ``nationality`` by ISO 3166-1 alpha-2. Optional texts are "" where absent.
    """

    family_name: str
    given_name: str
    full_name: str
    birth_date: date
    sex: int
    nationality: str
    citizen_number: str
    document_number: str
    issuing_authority: str
    issuance_date: date
    expiry_date: date
    ethnicity: str = ""
    resident_address: str = ""

    @classmethod
    def parse(cls, fields: JsonObject, *, today: date) -> "IdDocument":
        """The document that ``fields`` describe; raises ``DocumentInvalid`` with the pointer of the first field that does not hold.

        Checked: the members and their form, the citizen number's check character (GB 11643-1999), birth date and sex against that
        number, the order
        of the dates, and that the document has not expired by ``today``.
        """
        if unknown := fields.keys() - _MEMBERS:
            raise DocumentInvalid(f"document: expected only the fields of an ID card, got {len(unknown)} others")
        texts: JsonObject = {name: _text(name, fields.get(name)) for name in _NEEDED}
        texts |= {name: _text(name, fields[name]) for name in _OPTIONAL if fields.get(name)}
        dates: JsonObject = {name: _date(name, fields.get(name)) for name in _DATES}
        document = cls(**texts, **dates, sex=_sex(fields.get("sex")))
        document._agree(today)
        return document

    def claims(self) -> JsonObject:
        """The fields as claims of the ID card, dates as YYYY-MM-DD, without the optional ones that are absent."""
        dates = {name: getattr(self, name).isoformat() for name in _DATES}
        texts: JsonObject = {name: text for name in (*_NEEDED, *_OPTIONAL) if (text := getattr(self, name))}
        return {**texts, **dates, "sex": self.sex}

    def _agree(self, today: date) -> None:
        self._agree_with_number()
        if not self.birth_date <= self.issuance_date <= today:
            raise _invalid("issuance_date", "expected a day between birth and today")
        if self.expiry_date <= self.issuance_date:
            raise _invalid("expiry_date", "expected a day after the day of issuance")
        if self.expiry_date < today:
            raise _invalid("expiry_date", "expected a document that is still good, got one past its last day")

    def _agree_with_number(self) -> None:
        try:
            number = check_citizen_number(self.citizen_number)
        except DocumentInvalid as refusal:
            refusal.pointer = "/citizen_number"
            raise
        if number.birth_date != self.birth_date:
            raise _invalid("birth_date", "expected the day of birth that the citizen number names")
        if number.sex != self.sex:
            raise _invalid("sex", "expected the sex that the citizen number names")


def _invalid(name: str, what: str) -> DocumentInvalid:
    return DocumentInvalid(f"{name}: {what}", pointer=f"/{name}")


def _text(name: str, value: JsonValue) -> str:
    longest = _LONGEST.get(name, 150)
    if not isinstance(value, str) or not 1 <= len(value) <= longest or value != value.strip():
        raise _invalid(name, f"expected a text of 1 to {longest} characters without space around it")
    if any(unicodedata.category(character) in _INVISIBLE for character in value):
        raise _invalid(name, "expected visible characters only")
    if name == "nationality" and not (len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()):
        raise _invalid(name, "expected two capital letters (ISO 3166-1)")
    return unicodedata.normalize("NFC", value)


def _date(name: str, value: JsonValue) -> date:
    if not isinstance(value, str) or len(value) != 10:
        raise _invalid(name, "expected a date as YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _invalid(name, "expected a day of the calendar as YYYY-MM-DD") from None


def _sex(value: JsonValue) -> int:
    if type(value) is not int or value not in (1, 2):
        raise _invalid("sex", "expected 1 (male) or 2 (female)")
    return value
