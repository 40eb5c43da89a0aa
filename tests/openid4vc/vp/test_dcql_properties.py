"""What must hold for every query and every wallet."""

from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doors.refusals import QueryNotSatisfied, Refused, RequestInvalid
from openid4vc.claims_path import covers, leaves, select
from openid4vc.vp.dcql import HeldCredential, Query, ShownCredential, check, match

thorough = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A machine under load is no fault of the code."""

NAMES = st.sampled_from(["a", "b", "c", "d"])
SCALARS = st.sampled_from(["x", "y", 0, 1, True, False])
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6)
DOCUMENTS = st.dictionaries(NAMES, VALUES, max_size=4)
STEPS: st.SearchStrategy[Any] = NAMES | st.none() | st.integers(0, 2)
PATHS = st.lists(STEPS, min_size=1, max_size=4)
TYPES = st.sampled_from(["t1", "t2", "t3"])


@st.composite
def credential_queries(draw: st.DrawFn, identifier: str) -> dict[str, Any]:
    paths = draw(st.lists(PATHS, max_size=3))
    claims: list[dict[str, Any]] = [{"id": f"c{index}", "path": path} for index, path in enumerate(paths)]
    for claim in claims:
        if draw(st.booleans()):
            claim["values"] = draw(st.lists(SCALARS, min_size=1, max_size=3))
    entry: dict[str, Any] = {"id": identifier, "format": "dc+sd-jwt", "meta": {"vct_values": draw(st.lists(TYPES, min_size=1, max_size=2))}}
    if claims:
        entry["claims"] = claims
        if draw(st.booleans()):
            ids = st.lists(st.sampled_from([claim["id"] for claim in claims]), min_size=1, max_size=3, unique=True)
            entry["claim_sets"] = draw(st.lists(ids, min_size=1, max_size=3))
    return entry


@st.composite
def queries(draw: st.DrawFn) -> Query:
    names = [f"q{index}" for index in range(draw(st.integers(1, 3)))]
    document: dict[str, Any] = {"credentials": [draw(credential_queries(name)) for name in names]}
    if draw(st.booleans()):
        options = st.lists(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True), min_size=1, max_size=3)
        sets = st.fixed_dictionaries({"options": options, "required": st.booleans()})
        document["credential_sets"] = draw(st.lists(sets, min_size=1, max_size=2))
    return Query.parse(document)


@st.composite
def held_credentials(draw: st.DrawFn) -> HeldCredential:
    claims = draw(DOCUMENTS)
    paths = [leaf.path for leaf in leaves(claims) if leaf.path]
    disclosable = tuple(path for path in paths if draw(st.booleans()))
    return HeldCredential(str(draw(st.integers())), "dc+sd-jwt", frozenset({draw(TYPES)}), claims, disclosable)


WALLETS = st.lists(held_credentials(), max_size=3)


@thorough
@given(queries())
def test_a_query_survives_being_written_and_read(query: Query) -> None:
    assert Query.parse(query.to_json()) == query


@thorough
@given(DOCUMENTS, PATHS)
def test_a_selected_claim_is_found_again_under_its_concrete_path(document: dict[str, Any], path: list[Any]) -> None:
    for claim in select(document, tuple(path)):
        assert covers(tuple(path), claim.path)
        assert select(document, claim.path) == (claim,)


@thorough
@given(DOCUMENTS)
def test_the_leaves_are_the_whole_document(document: dict[str, Any]) -> None:
    for leaf in leaves(document):
        assert not leaf.path or select(document, leaf.path) == (leaf,)


@thorough
@given(queries(), WALLETS)
def test_what_the_wallet_would_reveal_is_what_the_verifier_accepts(query: Query, held: list[HeldCredential]) -> None:
    """The two ends agree: answering with the preferred candidates always passes the verifier's own check."""
    candidates = match(query, held)
    try:
        chosen = candidates.preferred()
    except QueryNotSatisfied:
        assert candidates.missing()
        return
    first = {identifier: candidates.by_query[identifier][0].credential for identifier in chosen}
    shown = {name: [ShownCredential(card.format, card.types, card.claims, holder_bound=True)] for name, card in first.items()}
    answered = check(query, shown)
    for identifier in chosen:
        assert [claim.path for claim in answered.by_query[identifier][0]] == list(candidates.by_query[identifier][0].requested)


@thorough
@given(queries(), WALLETS)
def test_nothing_is_opened_that_was_not_asked_for(query: Query, held: list[HeldCredential]) -> None:
    for found in match(query, held).by_query.values():
        for candidate in found:
            assert candidate.disclose <= set(candidate.credential.disclosable or ())
            for opened in candidate.disclose:
                assert any(covers(opened, path) or covers(path, opened) for path in candidate.requested)
            closed = set(candidate.credential.disclosable or ()) - candidate.disclose
            assert not any(covers(claim, path) for claim in closed for path in candidate.revealed)


@thorough
@given(queries(), WALLETS)
def test_a_credential_that_is_no_candidate_is_refused_by_the_verifier(query: Query, held: list[HeldCredential]) -> None:
    candidates = match(query, held)
    for wanted in query.credentials:
        accepted = {id(candidate.credential) for candidate in candidates.by_query[wanted.id]}
        for card in held:
            if id(card) not in accepted:
                alone = Query((wanted,))
                try:
                    check(alone, {wanted.id: [ShownCredential(card.format, card.types, card.claims, holder_bound=True)]})
                except Refused:
                    continue
                raise AssertionError("the verifier accepts what the wallet would not send")


MEMBERS = st.sampled_from(["credentials", "id", "format", "meta", "claims", "path", "values", "claim_sets", "options", "vct_values"])
JSON = st.recursive(
    st.none() | SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(MEMBERS, inner, max_size=4), max_leaves=8
)


@thorough
@given(st.dictionaries(st.sampled_from(["credentials", "credential_sets"]), JSON))
def test_no_json_makes_the_parser_fail_but_by_a_refusal(document: dict[str, Any]) -> None:
    with suppress(RequestInvalid):
        assert Query.parse(document).credentials
