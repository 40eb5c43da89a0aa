"""The question a wallet gets is the policy, no more and no less."""

from credentials.id_card.names import ID_CARD_VCT
from verifier.policy_file import load_policy, parse_policy
from verifier.query import EVERY_CREDENTIAL, query_of


def test_the_hotel_asks_for_one_sd_jwt_with_four_claims() -> None:
    query = query_of(load_policy("hotel")).to_json()
    (asked,) = query["credentials"]
    assert (asked["id"], asked["format"], asked["meta"]) == ("guest", "dc+sd-jwt", {"vct_values": [ID_CARD_VCT]})
    assert [claim["path"] for claim in asked["claims"]] == [["full_name"], ["citizen_number"], ["portrait"], ["age_over_18"]]
    assert "credential_sets" not in query


def test_the_portrait_may_be_kept_back() -> None:
    (asked,) = query_of(load_policy("hotel")).to_json()["credentials"]
    paths = {claim["id"]: claim["path"] for claim in asked["claims"]}
    everything, needed = asked["claim_sets"]
    assert [paths[claim] for claim in everything] == [["full_name"], ["citizen_number"], ["portrait"], ["age_over_18"]]
    assert [paths[claim] for claim in needed] == [["full_name"], ["citizen_number"], ["age_over_18"]]


def test_the_court_takes_either_form_and_must_have_one() -> None:
    query = query_of(load_policy("court")).to_json()
    assert query["credential_sets"] == [{"options": [["identity"], ["identity_selective"]]}]
    whole, selective = query["credentials"]
    assert whole["meta"] == {"type_values": [[EVERY_CREDENTIAL, ID_CARD_VCT]]}
    assert {"path": ["credentialSubject", "citizen_number"]} in whole["claims"]
    assert {"path": ["citizen_number"]} in selective["claims"]


def test_a_credential_outside_the_alternatives_stays_required() -> None:
    text = load_policy("court").text.replace('options = [["identity"], ["identity_selective"]]', 'options = [["identity"]]')
    sets = query_of(parse_policy(text)).to_json()["credential_sets"]
    assert sets[1] == {"options": [["identity_selective"]]}
