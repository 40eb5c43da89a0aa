"""The door for base64url: one value has one spelling."""

import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doors import base64url
from doors.refusals import InputMalformed

ALPHABET = string.ascii_letters + string.digits + "-_"


@given(st.binary())
def test_what_was_encoded_comes_back(value: bytes) -> None:
    assert base64url.decode(base64url.encode(value)) == value


@given(st.text(ALPHABET))
def test_a_text_is_refused_or_is_the_one_spelling_of_its_value(text: str) -> None:
    try:
        value = base64url.decode(text)
    except InputMalformed:
        return
    assert base64url.encode(value) == text


@given(st.text())
def test_any_text_is_read_or_refused_but_never_trips_the_reader(noise: str) -> None:
    with suppress(InputMalformed):
        assert base64url.encode(base64url.decode(noise)) == noise


@given(st.binary(min_size=1), st.data())
def test_a_foreign_character_anywhere_is_refused(value: bytes, data: st.DataObject) -> None:
    text = base64url.encode(value)
    place = data.draw(st.integers(0, len(text)))
    foreign = data.draw(st.sampled_from(" \t\r\n=+/.\0ÿ中"))
    with pytest.raises(InputMalformed):
        base64url.decode(text[:place] + foreign + text[place:])


@pytest.mark.parametrize("text", ["Zg==", "Zg=", "Zh", "Zm9=", "Zm-_/", "A", "AAAAA"])
def test_padding_loose_bits_and_impossible_lengths_are_refused(text: str) -> None:
    with pytest.raises(InputMalformed):
        base64url.decode(text)
