"""The card as linked data: every term defined, every value in the lexical form that it was written in."""

import pytest

from credentials.id_card import ID_CARD_VCT, ID_CARD_VOCABULARY, context_text
from credentials.jsonld import PINS, canonicalize, context_bytes
from credentials.wire import StatusEntry
from tests.credentials.cards import EVIDENCE, NOW, STATUS, card

XSD = "http://www.w3.org/2001/XMLSchema#"
BITSTRING = StatusEntry("BitstringStatusListEntry", "revocation", 4711, "https://issuer.example/status/1/revocation")
DOCUMENT_CHECK = {
    "type": ["DocumentCheckEvidence"],
    "method": "typed",
    "document_type": "ID",
    "level": "typed",
    "checked_at": "2026-11-21T08:00:00Z",
}
REGISTER_CHECK = {
    "type": ["RegisterCheckEvidence"],
    "method": "looked up",
    "register": "https://register.example",
    "register_answer": "valid",
    "level": "register_confirmed",
    "checked_at": "2026-11-21T08:00:00Z",
}


@pytest.mark.parametrize(
    ("term", "literal"),
    [
        ("birth_date", f'"1990-05-17"^^<{XSD}date>'),
        ("sex", f'"2"^^<{XSD}integer>'),
        ("age_over_18", f'"true"^^<{XSD}boolean>'),
        ("age_over_60", f'"false"^^<{XSD}boolean>'),
        ("full_name", '"李明"'),
        ("portrait", '"data:image/jpeg;base64,/9j/4AA="'),
        ("threshold", f'"0.45"^^<{XSD}decimal>'),
        ("checked_at", f'"2026-11-21T08:00:00Z"^^<{XSD}dateTime>'),
        ("model_sha256", f'"{"00" * 32}"'),
    ],
)
def test_each_value_keeps_its_form(term: str, literal: str) -> None:
    graph = canonicalize(card(portrait="data:image/jpeg;base64,/9j/4AA=").document)
    assert f"<{ID_CARD_VOCABULARY}{term}> {literal} ." in graph


def test_the_type_is_the_one_that_an_sd_jwt_names() -> None:
    assert f"#type> <{ID_CARD_VCT}> ." in canonicalize(card().document)


def test_every_kind_of_evidence_and_status_is_defined() -> None:
    document = {**card(status=(BITSTRING, STATUS)).document, "evidence": [EVIDENCE, DOCUMENT_CHECK, REGISTER_CHECK]}
    graph = canonicalize(document)
    for kind in ("FaceCheckEvidence", "DocumentCheckEvidence", "RegisterCheckEvidence", "TokenStatusListEntry"):
        assert f"#type> <{ID_CARD_VOCABULARY}{kind}> ." in graph
    assert graph.count(f"<{ID_CARD_VOCABULARY}checked_at>") == 3


def test_what_proofing_writes_is_defined() -> None:
    compare = pytest.importorskip("proofing.compare", reason="the faces extra is not installed")
    evidence = pytest.importorskip("proofing.evidence", reason="the faces extra is not installed")
    fields = {"engine": "dlib-resnet", "model_sha256": "00" * 32, "threshold": 0.45, "band": "0.30-0.35"}
    face = object.__new__(compare.FaceCheck)
    for name, value in fields.items():
        object.__setattr__(face, name, value)
    entries = evidence.evidence_entries(face, register="https://register.example", now=NOW)
    assert "urn:undefined" not in canonicalize({**card().document, "evidence": list(entries)})


def test_the_bundled_context_is_the_published_one() -> None:
    address = next(address for address in PINS if "id-card" in address)
    assert context_bytes(address) == context_text().encode()
