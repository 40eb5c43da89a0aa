"""The document's fields have to agree with each other."""

import pytest

from doors.refusals import DocumentInvalid
from proofing.document import IdDocument
from proofing.register.people import Person
from tests.proofing.conftest import NOW, document_of, fields_of

TODAY = NOW.date()


def test_a_document_whose_fields_agree_becomes_claims(person: Person) -> None:
    assert document_of(person).claims() == fields_of(person)


def test_optional_fields_may_be_absent(person: Person) -> None:
    fields = {name: value for name, value in fields_of(person).items() if name not in {"ethnicity", "resident_address"}}
    assert IdDocument.parse(fields, today=TODAY).claims() == fields


def test_the_printed_value_of_a_document_shows_no_field(person: Person) -> None:
    shown = repr(document_of(person))
    assert person.citizen_number not in shown
    assert person.full_name not in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("family_name", ""),
        ("family_name", None),
        ("full_name", " 王丽"),
        ("full_name", "王\u202e丽"),
        ("full_name", "王\u0000丽"),
        ("full_name", "王" * 151),
        ("full_name", 7),
        ("nationality", "CHN"),
        ("nationality", "cn"),
        ("sex", True),
        ("sex", "1"),
        ("sex", 3),
        ("birth_date", "1990-02-30"),
        ("birth_date", "19900201"),
        ("birth_date", "1990-W01-1"),
        ("birth_date", 19900201),
        ("issuance_date", "2026-11-22"),
        ("issuance_date", "1930-01-01"),
        ("expiry_date", "2026-11-20"),
        ("expiry_date", "2020-05-01"),
        ("document_number", "9" * 65),
    ],
)
def test_a_field_that_does_not_hold_is_named_and_not_quoted(person: Person, name: str, value: object) -> None:
    with pytest.raises(DocumentInvalid) as refused:
        IdDocument.parse(fields_of(person) | {name: value}, today=TODAY)
    assert refused.value.pointer == f"/{name}"
    assert not isinstance(value, str) or len(value) < 3 or value not in refused.value.detail


def test_a_document_is_good_on_its_last_day(person: Person) -> None:
    assert IdDocument.parse(fields_of(person) | {"expiry_date": "2026-11-21"}, today=TODAY).expiry_date == TODAY


def test_birth_date_and_sex_must_be_those_of_the_number(person: Person) -> None:
    for name, other in (("birth_date", "1950-01-01"), ("sex", 3 - person.sex)):
        with pytest.raises(DocumentInvalid) as refused:
            IdDocument.parse(fields_of(person) | {name: other}, today=TODAY)
        assert refused.value.pointer == f"/{name}"


def test_fields_that_no_card_has_are_refused(person: Person) -> None:
    with pytest.raises(DocumentInvalid):
        IdDocument.parse(fields_of(person) | {"age_over_18": True}, today=TODAY)
