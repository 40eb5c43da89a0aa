"""The tree of refusals: one class a code, words in both languages, and the page that lists them all."""

from pathlib import Path

import pytest

from doors.refusals import REFUSALS, Refused
from doors.words import LANGUAGES, sentences
from tests.errors_page import errors_page

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_its_words(language: str) -> None:
    assert set(sentences(language)) == set(REFUSALS)
    assert all(words.title and words.next for words in sentences(language).values())


def test_the_page_of_errors_is_complete() -> None:
    assert (PROJECT / "docs" / "errors.md").read_text("utf-8") == errors_page(), "run `make docs`"


@pytest.mark.parametrize("kind", REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_says_its_code_first(kind: type[Refused]) -> None:
    assert str(kind("expected one thing, got another")) == f"{kind.code}: expected one thing, got another"


@pytest.mark.parametrize("kind", REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_maps_to_http_exit_and_verdict(kind: type[Refused]) -> None:
    assert 400 <= kind.http_status < 600
    assert kind.exit_status in range(1, 8)
    assert kind.verdict in {"invalid", "undecided"}
