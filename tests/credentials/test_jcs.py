"""RFC 8785: one spelling for one JSON value, by the published vectors and against a second writer."""

from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from credentials.jcs import canonical_json
from doors.refusals import InputMalformed
from tests.credentials.suite_contexts import VECTORS
from tests.shared import needs_shared

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@needs_shared
@pytest.mark.parametrize("name", ["arrays", "french", "structures"])
def test_each_published_input_comes_out_byte_for_byte(name: str) -> None:
    folder = VECTORS / "jcs-rfc8785"
    written = canonical_json(orjson.loads((folder / f"input/{name}.json").read_bytes()))
    assert written == (folder / f"output/{name}.json").read_bytes()
    assert written == bytes.fromhex((folder / f"outhex/{name}.txt").read_text())


@given(JSON)
def test_the_fast_writer_and_the_careful_one_agree(value: Any) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, -(2**53), {"a": 2**64}, "\ud800", {"\ud800": 1}, {1: 2}])
def test_what_json_cannot_carry_is_refused(value: Any) -> None:
    with pytest.raises(InputMalformed):
        canonical_json(value)
