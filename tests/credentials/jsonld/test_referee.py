"""Before anything is signed a second processor is asked whether it reads the same."""

import pytest

from credentials.jsonld import referee
from credentials.jsonld.referee import second_opinion
from doors.json import JsonObject
from doors.refusals import ContextNotAllowed, DataModelMismatch, TermUndefined
from tests.credentials.documents import document


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[JsonObject]:
    """Each document that the second processor was really asked about."""
    referee._agreed.cache_clear()
    documents: list[JsonObject] = []
    by_pyld = referee._by_pyld

    def recorded(document: JsonObject) -> str:
        documents.append(document)
        return by_pyld(document)

    monkeypatch.setattr(referee, "_by_pyld", recorded)
    return documents


def test_two_processors_read_the_card_alike(asked: list[JsonObject]) -> None:
    second_opinion(document())
    assert len(asked) == 1


def test_a_shape_is_asked_about_once(asked: list[JsonObject]) -> None:
    second_opinion(document())
    second_opinion(document(issuer="did:web:another.example"))
    assert len(asked) == 1


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
