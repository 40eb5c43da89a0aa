"""What a DID looks like."""

import pytest

from didresolver.syntax import LONGEST_DID, check_identifier, parse_did
from doors.refusals import DidInvalid


def test_a_did_is_read_in_its_two_parts() -> None:
    did = parse_did("did:web:example.com%3A3000:user")

    assert (did.method, did.identifier, str(did)) == ("web", "example.com%3A3000:user", "did:web:example.com%3A3000:user")


@pytest.mark.parametrize(
    "text", ["", "did:", "did:web", "did:web:", "DID:web:x", "did:Web:x", "did:web:a/b", "did:web:a#k", "did:web:a b", "x"]
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(DidInvalid):
        parse_did(text)


def test_the_longest_did_is_read_and_one_more_character_is_not() -> None:
    longest = "did:web:" + "a" * (LONGEST_DID - 8)
    assert parse_did(longest).method == "web"

    with pytest.raises(DidInvalid):
        parse_did(longest + "a")


@pytest.mark.parametrize("identifier", ["a:", "a%2", "ä", "a;b", "", "[::1]"])
def test_characters_that_no_did_has_are_refused(identifier: str) -> None:
    with pytest.raises(DidInvalid):
        check_identifier(identifier)
