"""F10, the half of the citizen number: digits whose check character does not fit."""

from typing import Any

import pytest

from credentials.id_card import check_citizen_number, check_claims
from doors.refusals import DocumentInvalid
from tests.credentials.cards import claims

GOOD = "11010519900517002X"


@pytest.mark.parametrize(
    "number", ["110105199005170020", "11010519900517002x", "11010519900517012X", "1101051990051700", "110105900517002", "D123456789"]
)
def test_neg_F10_mrz_checksum_citizen_number(number: str) -> None:
    with pytest.raises(DocumentInvalid) as refusal:
        check_citizen_number(number)
    assert number not in refusal.value.detail
    assert check_citizen_number(GOOD).sex == 2


@pytest.mark.parametrize("change", [{"citizen_number": "110105199005170020"}, {"birth_date": "1990-05-16"}, {"sex": 1}])
def test_neg_F10_mrz_checksum_on_a_card(change: dict[str, Any]) -> None:
    with pytest.raises(DocumentInvalid):
        check_claims(claims(**change))
    check_claims(claims())
