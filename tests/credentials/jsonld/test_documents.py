"""Linked data over closed contexts: the same statements as a second processor, and none of its silent losses."""

import hashlib
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from credentials.jsonld import BUNDLED, PINS, Contexts, Limits, bundle, canonicalize, context_bytes
from credentials.jsonld.pruning import pruned, term_meanings, term_names
from credentials.model.rules import CREDENTIALS_V1, CREDENTIALS_V2
from doors.refusals import CanonLimitExceeded, ContextInvalid, ContextNotAllowed, InputMalformed, Refused, TermUndefined
from tests.credentials.documents import ID_CARD, document, issued, subject

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x7f\ufffe\uffff"), min_size=1, max_size=20)
NAMES = st.sampled_from(["family_name", "given_name", "full_name", "nationality", "resident_address", "document_number"])
LITERALS = WORDS | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans() | st.floats(-1e15, 1e15).map(lambda number: round(number, 3))
CLAIMS = st.dictionaries(NAMES, LITERALS | st.lists(WORDS, min_size=1, max_size=3, unique=True), min_size=1)


def load(address: str, _options: Any) -> dict[str, Any]:
    """PyLD's door to contexts: the pinned bytes, never the network."""
    return {"contextUrl": None, "documentUrl": address, "document": json.loads(context_bytes(address)), "tag": "static"}


def by_pyld(said: dict[str, Any]) -> str:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    return str(jsonld.normalize(said, options))


@settings(max_examples=60)
@given(CLAIMS, CLAIMS, st.booleans())
def test_a_second_processor_reads_the_same_statements(said: dict[str, Any], evidence: dict[str, Any], named: bool) -> None:
    full = subject(**said, **({} if named else {"type": "IdCardCredential"}))
    full["evidence"] = {"type": "IdCardCredential", **evidence}
    try:
        ours = canonicalize(full)
    except InputMalformed:
        return  # a number that would be rounded
    assert ours == by_pyld(full)


@pytest.mark.parametrize(
    "said",
    [
        document(),
        document(name={"@value": "卡", "@language": "zh-CN"}, description=[{"@value": "card", "@language": "en"}]),
        document(issuer={"id": "did:web:a.example", "name": "A"}),
        document(credentialSchema={"id": "https://a.example/schema", "type": "JsonSchema"}),
        document(evidence=[{"type": "IdCardCredential", "family_name": "x"}, {"type": "IdCardCredential", "family_name": "y"}]),
        document(
            credentialStatus={
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": "1",
                "statusListCredential": "https://a.example/1",
            }
        ),
        {"@context": [CREDENTIALS_V2], "type": "VerifiablePresentation", "verifiableCredential": [json.loads(issued().wire)]},
        {"@context": "https://www.w3.org/ns/did/v1", "id": "did:web:a.example", "alsoKnownAs": ["https://a.example/"]},
    ],
    ids=range(8),
)
def test_each_kind_of_document_reads_the_same(said: dict[str, Any]) -> None:
    assert canonicalize(said) == by_pyld(said)


@pytest.mark.parametrize("address", PINS)
def test_a_bundled_context_is_the_pinned_one(address: str) -> None:
    assert hashlib.sha256(context_bytes(address)).hexdigest() == PINS[address][1]


def test_a_changed_context_file_stops_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    name, pin = PINS[CREDENTIALS_V2]
    monkeypatch.setattr(bundle, "PINS", {CREDENTIALS_V2: (name, pin[::-1])})
    with pytest.raises(ContextInvalid):
        context_bytes(CREDENTIALS_V2)


def unpruned(contexts: Contexts, addresses: tuple[str, ...]) -> set[str]:
    return set(term_names(list(contexts.values(addresses))))


def test_what_a_document_cannot_use_is_left_out_and_means_nothing_to_it() -> None:
    every = list(BUNDLED.values((CREDENTIALS_V2, ID_CARD)))
    few = pruned(every, frozenset({"VerifiableCredential", "IdCardCredential", "family_name", "issuer"}))
    assert set(term_names(few)) < unpruned(BUNDLED, (CREDENTIALS_V2, ID_CARD))
    assert len(json.dumps(few)) * 5 < len(json.dumps(every))
    said = document(credentialSubject={"family_name": "李"}, validFrom=None, validUntil=None)
    assert canonicalize(said) == by_pyld(said)


def test_a_prefix_is_kept_with_the_terms_that_are_written_with_it() -> None:
    contexts = BUNDLED.extended(
        {"urn:test:prefixes": b'{"@context": {"ex": "https://ex.example/#", "one": "ex:one", "two": {"@id": "one"}, "three": "ex:three"}}'}
    )
    said = {"@context": ["urn:test:prefixes"], "two": "2", "ex:free": "4"}
    assert [line.split(" ")[1] for line in canonicalize(said, contexts=contexts).splitlines()] == [
        "<https://ex.example/#free>",
        "<https://ex.example/#one>",
    ]


def test_contexts_that_contradict_each_other_are_refused_though_the_document_does_not_notice() -> None:
    contexts = BUNDLED.extended({"urn:test:redefines": b'{"@context": {"VerifiablePresentation": "https://other.example/#vp"}}'})
    with pytest.raises(ContextInvalid):
        canonicalize(document(**{"@context": [CREDENTIALS_V2, ID_CARD, "urn:test:redefines"]}), contexts=contexts)


def test_the_two_versions_of_the_base_context_do_not_go_together() -> None:
    with pytest.raises(Refused):
        canonicalize(document(**{"@context": [CREDENTIALS_V2, CREDENTIALS_V1]}))


def test_order_and_spelling_of_the_json_do_not_matter() -> None:
    said = document()
    turned = dict(reversed(said.items()))
    turned["credentialSubject"] = dict(reversed(said["credentialSubject"].items()))
    turned["type"] = list(reversed(said["type"]))
    assert canonicalize(turned) == canonicalize(json.loads(json.dumps(said)))


@given(NAMES, WORDS)
def test_no_text_can_put_a_statement_of_its_own_into_the_graph(name: str, text: str) -> None:
    for said in (text, f'{text}" .\n<urn:a> <urn:b> "', f"\\u0022 . {text}", f"{text}> <urn:b> <urn:c"):
        assert canonicalize(subject(**{name: said})).count("\n") == canonicalize(subject(**{name: "x"})).count("\n")


@given(WORDS)
def test_no_identifier_can_put_a_statement_of_its_own_into_the_graph(text: str) -> None:
    try:
        lines = canonicalize(document(credentialSubject={"id": f"urn:a:{text}", "family_name": "x"}))
    except Refused as refusal:
        assert refusal.code == "iri_not_absolute"  # noqa: PT017 - being refused is as good as being read
        return
    assert lines.count("\n") == canonicalize(document(credentialSubject={"id": "urn:a:b", "family_name": "x"})).count("\n")


@given(st.recursive(st.none() | st.booleans() | st.integers() | WORDS, lambda x: st.lists(x) | st.dictionaries(WORDS, x), max_leaves=10))
def test_any_json_at_all_is_read_or_refused_but_never_trips_the_reader(value: Any) -> None:
    for said in (value if isinstance(value, dict) else {"a": value}, {**document(), "evidence": value}):
        try:
            assert isinstance(canonicalize({"@context": [CREDENTIALS_V2], **said}), str)
        except Refused as refusal:
            assert refusal.code  # noqa: PT017 - being refused is as good as being read


def test_no_context_no_meaning() -> None:
    with pytest.raises(ContextInvalid):
        canonicalize({"family_name": "李"})
    with pytest.raises(ContextNotAllowed):
        canonicalize({"@context": "https://nobody.example", "family_name": "李"})


def test_limits_are_the_callers_to_narrow() -> None:
    with pytest.raises(CanonLimitExceeded):
        canonicalize(document(), limits=Limits(quads=3))
    with pytest.raises(CanonLimitExceeded):
        canonicalize(document(), limits=Limits(depth=1))


def test_a_text_that_looks_like_our_own_mark_for_undefined_terms_is_just_a_text() -> None:
    assert "undefined-term" in canonicalize(subject(family_name="urn:undefined-term:x <urn:undefined-term:y>"))
    with pytest.raises(TermUndefined):
        canonicalize(subject(family_name={"id": "urn:undefined-term:x"}))


def test_a_document_may_have_ten_contexts_and_not_eleven() -> None:
    more = {f"urn:test:{number}": b'{"@context": {}}' for number in range(9)}
    contexts = BUNDLED.extended(more)
    assert canonicalize(document(**{"@context": [CREDENTIALS_V2, ID_CARD, *list(more)[:8]]}), contexts=contexts) == canonicalize(document())
    with pytest.raises(ContextInvalid):
        canonicalize(document(**{"@context": [CREDENTIALS_V2, ID_CARD, *more]}), contexts=contexts)


@pytest.mark.parametrize(
    "claim",
    [
        [{"@context": [CREDENTIALS_V2, ID_CARD], "family_name": str(number)} for number in range(65)],
        [str(number) for number in range(5000)],
        [{"family_name": str(number)} for number in range(2000)],
    ],
    ids=["contexts", "values", "nodes"],
)
def test_a_large_document_is_refused_before_it_costs_anything(claim: list[Any]) -> None:
    said = subject(**{"https://a.example/#x": claim})
    begun = time.process_time()
    with pytest.raises(CanonLimitExceeded):
        canonicalize(said)
    assert time.process_time() - begun < 0.25


def test_no_two_terms_of_the_bundled_contexts_stand_for_one_address() -> None:
    """Else a member could change its name, and hide from who reads the JSON, under the same signature."""
    terms: dict[str, set[str]] = {}
    for term, address in term_meanings([*BUNDLED.documents.values()]):
        terms.setdefault(address, set()).add(term)
    assert {address: names for address, names in terms.items() if len(names) > 1} == {}
