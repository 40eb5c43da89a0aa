"""The door for JSON: what passes is what was written, and what is odd does not pass."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doors.json import LIMITS, JsonLimits, parse_json, parse_object
from doors.refusals import DuplicateMember, InputMalformed, InputTooLarge, Refused

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(st.none() | st.booleans() | NUMBERS | TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=30)


@given(JSON)
def test_what_was_written_is_what_is_read(value: Any) -> None:
    assert parse_json(json.dumps(value)) == value
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_but_never_trip_the_reader(noise: bytes) -> None:
    with suppress(Refused):
        assert parse_json(noise) == json.loads(noise)


@given(TEXT)
def test_any_text_is_read_or_refused_but_never_trips_the_reader(noise: str) -> None:
    with suppress(Refused):
        assert parse_json(noise) == json.loads(noise)


@given(TEXT, JSON, JSON)
def test_a_member_named_twice_is_always_refused(name: str, first: Any, second: Any) -> None:
    quoted = json.dumps(name)
    with pytest.raises(DuplicateMember):
        parse_json(f"{{{quoted}: {json.dumps(first)}, {quoted}: {json.dumps(second)}}}")


def test_a_member_named_twice_in_two_spellings_is_refused() -> None:
    with pytest.raises(DuplicateMember):
        parse_json('{"alg": "none", "\\u0061lg": "ES256"}')


@pytest.mark.parametrize(
    "text",
    ["", " ", "nul", "{", "[1,]", "{'a': 1}", "NaN", "Infinity", "[-Infinity]", "1.0e400", '"\\ud800"', "01", '{"a" 1}', "[1] [2]"],
)
def test_broken_json_is_refused(text: str) -> None:
    with pytest.raises(InputMalformed):
        parse_json(text)


def test_bytes_that_are_no_utf8_are_refused() -> None:
    with pytest.raises(InputMalformed):
        parse_json(b'"\xff"')


@pytest.mark.parametrize("brackets", ["[]", "{}"])
@pytest.mark.parametrize("depth", [33, 1_000, 100_000])
def test_deep_nesting_is_refused(brackets: str, depth: int) -> None:
    opening = brackets[0] if brackets == "[]" else '{"a":'
    with pytest.raises(InputMalformed):
        parse_json(opening * depth + "1" + brackets[1] * depth, JsonLimits(size=10**7))


def test_the_deepest_allowed_nesting_passes_also_among_brackets_in_text() -> None:
    deepest = "[" * LIMITS.depth + '"[[[[\\"[["' + "]" * LIMITS.depth
    assert json.dumps(parse_json(deepest)) == deepest


@pytest.mark.parametrize(
    ("fits", "exceeds", "kind"),
    [
        (f'"{"a" * (64 * 1024)}"', f'"{"a" * (64 * 1024 + 1)}"', InputTooLarge),
        (str(2**64 - 1), str(2**64), InputMalformed),
        (str(-(2**63)), str(-(2**63) - 1), InputMalformed),
        ("0." + "1" * 62, "0." + "1" * 63, InputMalformed),
        (" " * (256 * 1024 - 1) + "1", " " * (256 * 1024) + "1", InputTooLarge),
    ],
    ids=["string", "integer", "negative", "fraction", "size"],
)
def test_each_limit_passes_at_the_limit_and_refuses_one_more(fits: str, exceeds: str, kind: type[Refused]) -> None:
    parse_json(fits)
    with pytest.raises(kind):
        parse_json(exceeds)


def test_an_object_is_an_object() -> None:
    assert parse_object('{"a": 1}') == {"a": 1}
    with pytest.raises(InputMalformed):
        parse_object("[1]")


def _counted(value: Any) -> int:
    """Values and names, as the limit counts them."""
    inner = [*value.values(), *value] if isinstance(value, dict) else value if isinstance(value, list) else []
    return 1 + sum(_counted(item) for item in inner)


@given(JSON, st.integers(1, 8))
def test_the_number_of_values_is_bounded_however_plain_the_text_is(value: Any, members: int) -> None:
    for text in (json.dumps(value, ensure_ascii=False).encode(), json.dumps(value)):
        try:
            parse_json(text, JsonLimits(members=members))
        except InputTooLarge:
            assert _counted(value) > 2 * members
        else:
            assert _counted(value) <= 2 * members
