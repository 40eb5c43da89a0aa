"""Making a card, and refusing claims that do not belong on one."""

import json
from typing import Any

import pytest

from credentials.id_card import ID_CARD_CONTEXT, ID_CARD_VCT, ID_CARD_VOCABULARY, check_claims, context_text, schema_text
from doors.refusals import DocumentInvalid, SchemaMismatch
from issuer.claims import CLAIMS
from tests.credentials.cards import EVIDENCE, card, claims


def test_a_card_says_what_was_claimed() -> None:
    made = card()
    assert made.types == ("VerifiableCredential", "IdCardCredential")
    assert made.claims == claims()
    assert made.evidence == (EVIDENCE,)
    assert made.status[0].index == 4711
    assert made.document["@context"][1] == ID_CARD_CONTEXT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("family_name", ""),
        ("family_name", " 李"),
        ("family_name", "李\n"),
        ("family_name", "李\u202e明"),
        ("family_name", "李" * 151),
        ("family_name", 7),
        ("given_name", None),
        ("birth_date", "1990-5-17"),
        ("birth_date", "1990-02-30"),
        ("birth_date", "1990-05-17\n"),
        ("sex", "F"),
        ("sex", 3),
        ("sex", True),
        ("nationality", "CHN"),
        ("nationality", "CN\n"),
        ("citizen_number", "11010519900517002X\n"),
        ("age_over_18", "true"),
        ("age_over_18", 1),
        ("portrait", "https://pictures.example/1.jpg"),
        ("portrait", "data:image/svg+xml;base64,AAAA"),
        ("court_access_level", "high"),
    ],
)
def test_a_claim_against_the_schema_is_refused(name: str, value: Any) -> None:
    with pytest.raises(SchemaMismatch) as refusal:
        check_claims(claims(**{name: value}))
    assert str(value) not in refusal.value.detail or value in ("", None, 7, 3, 1, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("citizen_number", "110105199005170020"), ("birth_date", "1990-05-18"), ("sex", 1), ("expiry_date", "2019-12-31")],
)
def test_claims_that_contradict_each_other_are_refused(name: str, value: Any) -> None:
    with pytest.raises(DocumentInvalid):
        check_claims(claims(**{name: value}))


def test_a_foreigner_needs_no_citizen_number() -> None:
    check_claims(claims(citizen_number=None, nationality="FR", sex=None, ethnicity=None, full_name=None, issuance_date=None))


def test_a_portrait_is_a_small_jpeg_in_the_claim_itself() -> None:
    check_claims(claims(portrait="data:image/jpeg;base64,/9j/4AAQSkZJRg=="))


def test_every_claim_has_a_rule_and_a_meaning_and_a_place_on_the_page() -> None:
    named = set(json.loads(schema_text())["properties"])
    terms = json.loads(context_text())["@context"]
    assert named <= terms.keys()
    assert named == set(CLAIMS)


def test_every_term_is_ours_and_protected() -> None:
    terms = json.loads(context_text())["@context"]
    assert terms.pop("@protected") is True
    assert terms.pop("IdCardCredential") == ID_CARD_VCT
    for name, meaning in terms.items():
        iri = meaning["@id"] if isinstance(meaning, dict) else meaning
        assert iri == ID_CARD_VOCABULARY + name
        assert not isinstance(meaning, dict) or "@context" not in meaning or meaning["@context"]["@protected"] is True
