"""A claim of the card has one spelling."""

from typing import Any

import pytest

from credentials.id_card.shapes import check_shapes
from doors.refusals import SchemaMismatch

GOOD: dict[str, Any] = {"family_name": "Zhang", "sex": 2, "age_over_18": True, "nickname": ["not", "ours"]}


def is_as_the_schema_has_it(claims: dict[str, Any]) -> bool:
    try:
        check_shapes(claims)
    except SchemaMismatch:
        return False
    return True


def test_claims_as_the_schema_has_them_pass() -> None:
    assert is_as_the_schema_has_it(GOOD)


@pytest.mark.parametrize(
    "change",
    [
        {"family_name": ["Zhang"]},
        {"family_name": {"@value": "Zhang"}},
        {"sex": True},
        {"sex": "2"},
        {"age_over_18": 1},
        {"age_over_18": None},
    ],
    ids=str,
)
def test_a_claim_of_another_kind_is_refused(change: dict[str, Any]) -> None:
    assert not is_as_the_schema_has_it({**GOOD, **change})
