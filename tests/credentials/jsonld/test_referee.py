"""Before anything is signed a second processor is asked whether it reads the same."""

import pytest

from credentials.jsonld import referee
from credentials.jsonld.referee import second_opinion
from doors.refusals import ContextNotAllowed, DataModelMismatch, TermUndefined
from tests.credentials.documents import document


def test_two_processors_read_the_card_alike() -> None:
    assert second_opinion(document()) is None


def test_a_shape_is_asked_about_once(monkeypatch: pytest.MonkeyPatch) -> None:
    second_opinion(document())
    monkeypatch.setattr(referee, "_by_pyld", lambda _document: pytest.fail("asked again"))
    second_opinion(document(issuer="did:web:another.example"))


def test_a_disagreement_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    referee._agreed.cache_clear()
    monkeypatch.setattr(referee, "_by_pyld", lambda _document: "")
    with pytest.raises(DataModelMismatch):
        second_opinion(document())


def test_a_term_without_a_definition_is_refused() -> None:
    with pytest.raises(TermUndefined):
        second_opinion({**document(), "court_access_level": "high"})


def test_a_foreign_context_is_refused() -> None:
    with pytest.raises(ContextNotAllowed):
        second_opinion({**document(), "@context": ["https://www.w3.org/ns/credentials/v2", "https://attacker.example/context"]})
