"""DCQL: reading queries, matching held credentials, checking what was shown."""

from typing import Any

import pytest

from doors.refusals import QueryNotSatisfied, RequestInvalid
from openid4vc.vp.dcql import HeldCredential, Query, ShownCredential, check, match

VCT = "https://tigertally.example/credentials/id-card/v1"
CLAIMS = {
    "vct": VCT,
    "full_name": "李华",
    "age_over_18": True,
    "birth_date": "1990-01-01",
    "address": {"locality": "Milliways", "postal_code": "12345"},
    "degrees": [{"type": "BSc", "university": "Betelgeuse"}, {"type": "MSc", "university": "Betelgeuse"}],
    "nationalities": ["British", "Betelgeusian"],
}
DISCLOSABLE = (("full_name",), ("age_over_18",), ("birth_date",), ("address", "locality"), ("address", "postal_code"), ("nationalities", 0))
ID_TYPES = frozenset({"https://www.w3.org/2018/credentials#VerifiableCredential", "https://tigertally.example/contexts/id-card/v1#IdCard"})


def sd_card(identifier: str = "card-1", **changes: Any) -> HeldCredential:
    members = {"format": "dc+sd-jwt", "types": frozenset({VCT}), "claims": CLAIMS, "disclosable": DISCLOSABLE, **changes}
    return HeldCredential(id=identifier, **members)


def entry(identifier: str = "id", **members: Any) -> dict[str, Any]:
    return {"id": identifier, "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}, **members}


def query(*entries: dict[str, Any], **members: Any) -> Query:
    return Query.parse({"credentials": list(entries), **members})


def requested(asked: Query, held: HeldCredential) -> tuple[tuple[str | int | None, ...], ...] | None:
    (candidates,) = match(asked, [held]).by_query.values()
    return candidates[0].requested if candidates else None


@pytest.mark.parametrize(
    ("path", "concrete"),
    [
        (["full_name"], [("full_name",)]),
        (["address"], [("address",)]),
        (["address", "locality"], [("address", "locality")]),
        (["degrees", None, "type"], [("degrees", 0, "type"), ("degrees", 1, "type")]),
        (["nationalities", 1], [("nationalities", 1)]),
        (["nationalities", None], [("nationalities", 0), ("nationalities", 1)]),
    ],
)
def test_a_path_selects_what_the_specification_says(path: list[Any], concrete: list[Any]) -> None:
    """§7.2."""
    assert requested(query(entry(claims=[{"path": path}])), sd_card()) == tuple(concrete)


@pytest.mark.parametrize(
    "path", [["email"], ["full_name", "x"], ["address", 0], ["address", None], ["nationalities", 2], ["degrees", "type"], [0]]
)
def test_a_path_that_selects_nothing_leaves_no_candidate(path: list[Any]) -> None:
    assert requested(query(entry(claims=[{"path": path}])), sd_card()) is None


@pytest.mark.parametrize(("values", "matches"), [([True], True), ([1], False), (["true"], False), ([False, True], True), ([False], False)])
def test_values_match_by_type_and_value(values: list[Any], matches: bool) -> None:
    """§6.3: true is neither 1 nor "true"."""
    asked = query(entry(claims=[{"path": ["age_over_18"], "values": values}]))
    assert (requested(asked, sd_card()) is not None) == matches


def test_a_value_asked_of_every_element_selects_the_matching_ones_alone() -> None:
    asked = query(entry(claims=[{"path": ["nationalities", None], "values": ["Betelgeusian"]}]))
    assert requested(asked, sd_card()) == (("nationalities", 1),)


def test_only_the_claims_asked_for_are_opened_and_the_rest_stays_closed() -> None:
    (candidate,) = match(query(entry(claims=[{"path": ["age_over_18"]}])), [sd_card()]).by_query["id"]
    assert candidate.disclose == {("age_over_18",)}
    assert ("age_over_18",) in candidate.revealed
    assert not {("full_name",), ("birth_date",), ("address", "locality"), ("nationalities", 0)} & set(candidate.revealed)
    assert ("vct",) in candidate.revealed  # cannot be kept back


def test_asking_for_an_object_opens_what_lies_in_it() -> None:
    (candidate,) = match(query(entry(claims=[{"path": ["address"]}])), [sd_card()]).by_query["id"]
    assert candidate.disclose == {("address", "locality"), ("address", "postal_code")}


def test_without_claims_nothing_that_can_be_kept_back_is_revealed() -> None:
    """§6.4.1."""
    (candidate,) = match(query(entry()), [sd_card()]).by_query["id"]
    assert (candidate.requested, candidate.disclose) == ((), frozenset())


def test_a_format_without_selective_disclosure_reveals_everything() -> None:
    document = {"type": ["VerifiableCredential", "IdCardCredential"], "credentialSubject": {"full_name": "李华", "age_over_18": True}}
    held = HeldCredential("vc-1", "ldp_vc", ID_TYPES, document)
    asked = query(
        {
            "id": "id",
            "format": "ldp_vc",
            "meta": {"type_values": [sorted(ID_TYPES)]},
            "claims": [{"path": ["credentialSubject", "age_over_18"]}],
        }
    )
    (candidate,) = match(asked, [held]).by_query["id"]
    assert candidate.requested == (("credentialSubject", "age_over_18"),)
    assert ("credentialSubject", "full_name") in candidate.revealed


@pytest.mark.parametrize(
    ("type_values", "matches"),
    [
        ([["https://example.org/Other"], sorted(ID_TYPES)], True),
        ([sorted(ID_TYPES)[:1]], True),
        ([[*sorted(ID_TYPES), "https://example.org/Other"]], False),
    ],
)
def test_types_match_as_sets_regardless_of_order_and_of_further_types(type_values: list[Any], matches: bool) -> None:
    """B.1.1."""
    asked = query({"id": "id", "format": "ldp_vc", "meta": {"type_values": type_values}})
    assert bool(match(asked, [HeldCredential("vc", "ldp_vc", ID_TYPES, {})]).by_query["id"]) == matches


def test_the_first_claim_set_that_can_be_satisfied_is_taken() -> None:
    claims = [{"id": "a", "path": ["email"]}, {"id": "b", "path": ["full_name"]}, {"id": "c", "path": ["birth_date"]}]
    asked = query(entry(claims=claims, claim_sets=[["a", "b"], ["b"], ["b", "c"]]))
    assert requested(asked, sd_card()) == (("full_name",),)


def test_a_credential_that_cannot_be_bound_is_no_candidate_unless_binding_is_waived() -> None:
    held = sd_card(holder_bound=False)
    assert requested(query(entry()), held) is None
    assert requested(query(entry(require_cryptographic_holder_binding=False)), held) == ()


def test_trusted_authorities_narrow_the_candidates() -> None:
    asked = query(
        entry(trusted_authorities=[{"type": "aki", "values": ["k1", "k2"]}, {"type": "etsi_tl", "values": ["https://tl.example"]}])
    )
    assert requested(asked, sd_card()) is None
    assert requested(asked, sd_card(authorities=frozenset({("aki", "k2")}))) == ()


def test_every_answering_credential_is_a_candidate_in_the_order_held() -> None:
    candidates = match(query(entry()), [sd_card("a"), sd_card("b", format="ldp_vc"), sd_card("c")])
    assert [candidate.credential.id for candidate in candidates.by_query["id"]] == ["a", "c"]


def test_credential_sets_offer_alternatives() -> None:
    """§6.4.2, on the printed example of alternatives."""
    other = {**entry("other"), "meta": {"vct_values": ["https://other.example/pid"]}}
    rewards = {**entry("rewards"), "meta": {"vct_values": ["https://company.example/rewards"]}}
    asked = query(
        entry("pid"), other, rewards, credential_sets=[{"options": [["other"], ["pid"]]}, {"required": False, "options": [["rewards"]]}]
    )
    candidates = match(asked, [sd_card()])
    assert candidates.preferred() == ("pid",)
    assert candidates.options(asked.credential_sets[0]) == (("pid",),)
    assert candidates.satisfied_by(["pid"])
    assert not candidates.satisfied_by(["rewards"])
    nothing = match(asked, [])
    assert nothing.missing() == asked.credential_sets[:1]
    with pytest.raises(QueryNotSatisfied):
        nothing.preferred()


def test_without_credential_sets_every_credential_is_wanted() -> None:
    asked = query(entry("a"), {**entry("b"), "meta": {"vct_values": ["https://other.example"]}})
    with pytest.raises(QueryNotSatisfied):
        match(asked, [sd_card()]).preferred()


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"credentials": []},
        {"credentials": {}},
        {"credentials": [{"id": "a", "format": "dc+sd-jwt"}]},
        {"credentials": [entry(meta=None)]},
        {"credentials": [entry(meta={"vct_values": []})]},
        {"credentials": [entry(meta={"vct_values": VCT})]},
        {"credentials": [entry(meta={"doctype_value": "x"})]},
        {"credentials": [{"id": "a", "format": "ldp_vc", "meta": {"type_values": ["flat"]}}]},
        {"credentials": [{"id": "a", "format": "ldp_vc", "meta": {"type_values": [[]]}}]},
        {"credentials": [entry("a b")]},
        {"credentials": [entry("")]},
        {"credentials": [entry("ü")]},
        {"credentials": [entry("a"), entry("a")]},
        {"credentials": [entry(multiple="yes")]},
        {"credentials": [entry(claims=[])]},
        {"credentials": [entry(claims=[{}])]},
        {"credentials": [entry(claims=[{"path": []}])]},
        {"credentials": [entry(claims=[{"path": "full_name"}])]},
        {"credentials": [entry(claims=[{"path": [True]}])]},
        {"credentials": [entry(claims=[{"path": [-1]}])]},
        {"credentials": [entry(claims=[{"path": [1.0]}])]},
        {"credentials": [entry(claims=[{"path": ["a"] * 17}])]},
        {"credentials": [entry(claims=[{"path": ["a"], "values": []}])]},
        {"credentials": [entry(claims=[{"path": ["a"], "values": [None]}])]},
        {"credentials": [entry(claims=[{"path": ["a"], "values": [1.5]}])]},
        {"credentials": [entry(claims=[{"id": "a", "path": ["a"]}, {"id": "a", "path": ["b"]}])]},
        {"credentials": [entry(claim_sets=[["a"]])]},
        {"credentials": [entry(claims=[{"path": ["a"]}], claim_sets=[["a"]])]},
        {"credentials": [entry(claims=[{"id": "a", "path": ["a"]}], claim_sets=[])]},
        {"credentials": [entry(claims=[{"id": "a", "path": ["a"]}], claim_sets=[[]])]},
        {"credentials": [entry(claims=[{"id": "a", "path": ["a"]}], claim_sets=[["b"]])]},
        {"credentials": [entry(claims=[{"id": "a", "path": ["a"]}], claim_sets=[["a", "a"]])]},
        {"credentials": [entry(trusted_authorities=[])]},
        {"credentials": [entry(trusted_authorities=[{"type": "aki", "values": []}])]},
        {"credentials": [entry("a")], "credential_sets": []},
        {"credentials": [entry("a")], "credential_sets": [{"options": []}]},
        {"credentials": [entry("a")], "credential_sets": [{"options": [["b"]]}]},
        {"credentials": [entry("a")], "credential_sets": [{"options": [["a"]], "required": 1}]},
        {"credentials": [entry(f"a{n}") for n in range(21)]},
    ],
)
def test_a_query_that_breaks_a_rule_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(RequestInvalid):
        Query.parse(document)


def test_unknown_members_are_ignored_and_an_empty_meta_asks_for_any_type() -> None:
    """§6: implementations MUST ignore any unknown properties."""
    asked = Query.parse({"credentials": [{**entry(meta={}), "later": 1}], "later": [1]})
    assert asked.credentials[0].meta.accepts(frozenset())
    assert asked.to_json() == {"credentials": [{"id": "id", "format": "dc+sd-jwt", "meta": {}}]}


def test_a_refusal_points_at_the_member() -> None:
    with pytest.raises(RequestInvalid) as refusal:
        query(entry(claims=[{"path": ["a"]}, {"path": 5}]))
    assert refusal.value.pointer == "/dcql_query/credentials/0/claims/1/path"


def test_checking_returns_the_claims_asked_for_and_no_others() -> None:
    shown = ShownCredential("dc+sd-jwt", frozenset({VCT}), {"vct": VCT, "age_over_18": True, "full_name": "李华"}, holder_bound=True)
    answered = check(query(entry(claims=[{"path": ["age_over_18"], "values": [True]}])), {"id": [shown]})
    ((claims,),) = answered.by_query.values()
    assert [(claim.path, claim.value) for claim in claims] == [(("age_over_18",), True)]
