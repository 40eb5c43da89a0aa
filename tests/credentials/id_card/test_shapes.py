"""A claim of the card has one spelling."""

from typing import Any

import pytest

from credentials.id_card.shapes import check_shapes
from doors.refusals import SchemaMismatch

GOOD: dict[str, Any] = {"family_name": "Zhang", "sex": 2, "age_over_18": True, "nickname": ["not", "ours"]}


def test_claims_as_the_schema_has_them_pass() -> None:
    assert check_shapes(GOOD) is None


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
    with pytest.raises(SchemaMismatch):
        check_shapes({**GOOD, **change})
