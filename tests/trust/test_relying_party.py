"""Who asks, and may they?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from credentials.id_card.names import ID_CARD_TYPE, ID_CARD_VCT
from credentials.keys import PublicKey, generate_key
from doors.refusals import Overasking, Refused, RequestUntrusted, TrustListStale
from tests.didresolver.worlds import did_document
from tests.trust.lists import HOTEL, NOW, facts_with, hotel_entry, trust_list, trust_policy
from trust.entries import Granted
from trust.facts import facts_of
from trust.policy import MaxAges
from trust.relying_party import Asked, RelyingParty, judge_relying_party, overasked, request_key
from trust.snapshot import snapshot
from trust.trust_list import TrustList

ANSWER_TO = "https://hotel.example/oid4vp/response/1"
KEY = generate_key("ES256").public
HOTEL_DID = "did:web:hotel.example"


def judged(
    asked: Asked | None = None,
    *,
    client_id: str = HOTEL,
    response_uri: str = ANSWER_TO,
    edition: TrustList | None = None,
    now: datetime = NOW,
    **policy: object,
) -> RelyingParty:
    return judge_relying_party(
        client_id,
        asked={ID_CARD_VCT: [("full_name",)]} if asked is None else asked,
        response_uri=response_uri,
        facts=facts_with(edition or trust_list()),
        policy=trust_policy(**policy),
        now=now,
    )


def test_a_registered_party_that_asks_for_its_own_attributes_is_known_by_name_and_purpose() -> None:
    party = judged({ID_CARD_VCT: [("full_name",), ("age_over_18",)]})

    assert (party.name.zh, party.purpose.en) == ("海港酒店", "Registration of guests")


def test_the_same_attribute_counts_in_both_formats() -> None:
    assert judged({ID_CARD_TYPE: [("credentialSubject", "full_name")]})


@pytest.mark.parametrize(
    "asked",
    [
        {ID_CARD_VCT: [("full_name",), ("portrait",)]},
        {ID_CARD_TYPE: [("credentialSubject", "citizen_number")]},
        {ID_CARD_TYPE: [("credentialSubject",)]},
        {"https://example.com/MedicalRecord": []},
        {ID_CARD_VCT: [(None,)]},
    ],
)
def test_asking_for_more_than_registered_is_overasking(asked: Asked) -> None:
    with pytest.raises(Overasking):
        judged(asked)


def test_what_is_asked_too_much_can_be_listed_for_the_holder() -> None:
    asked = {ID_CARD_VCT: [("full_name",), ("portrait",)], "https://example.com/MedicalRecord": [("diagnosis",)]}

    excess = overasked(HOTEL, asked=asked, facts=facts_with(trust_list()), policy=trust_policy(), now=NOW)

    assert excess == (("https://example.com/MedicalRecord", ""), (ID_CARD_VCT, "portrait"))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"client_id": "decentralized_identifier:did:web:mallory.example"}, RequestUntrusted),
        ({"response_uri": "https://mallory.example/response"}, RequestUntrusted),
        ({"response_uri": "https://hotel.example@mallory.example/"}, RequestUntrusted),
        ({"response_uri": "https://hotel.example:8443/"}, RequestUntrusted),
        ({"response_uri": ""}, RequestUntrusted),
        ({"now": datetime(2025, 12, 31, tzinfo=UTC)}, RequestUntrusted),
        ({"anchors": ()}, RequestUntrusted),
        ({"now": NOW + timedelta(days=7)}, TrustListStale),
    ],
)
def test_a_party_that_cannot_be_authenticated_is_refused(changes: dict[str, object], refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        judged(**changes)  # type: ignore[arg-type]


def test_a_registration_that_was_ended_no_longer_counts() -> None:
    ended = hotel_entry(granted=(Granted(NOW.replace(year=2025), NOW),))

    with pytest.raises(RequestUntrusted):
        judged(edition=trust_list(relying_parties=(ended,)))
    assert judged(edition=trust_list(relying_parties=(ended,)), now=NOW - timedelta(seconds=1))


def key_of_request(kid: str, *, purposes: tuple[str, ...] = ("authentication",), now: datetime = NOW, client_id: str = HOTEL) -> PublicKey:
    document = orjson.dumps(did_document(HOTEL_DID, KEY, purposes=purposes))
    known = snapshot("did-document", HOTEL_DID, document, fetched_at=NOW)
    facts = facts_of([*facts_with(trust_list()).snapshots.values(), known], gathered_at=NOW)
    return request_key(client_id, kid, facts=facts, policy=trust_policy(max_age=MaxAges(trust_list=timedelta(days=7))), now=now)


@pytest.mark.parametrize("purposes", [("authentication",), ("assertionMethod",)])
def test_the_request_is_checked_with_a_key_of_the_partys_did(purposes: tuple[str, ...]) -> None:
    assert key_of_request(f"{HOTEL_DID}#key-1", purposes=purposes) == KEY


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kid": f"{HOTEL_DID}#key-2"}, "kid_unknown"),
        ({"kid": ""}, "kid_unknown"),
        ({"kid": "did:web:mallory.example#key-1"}, "issuer_key_mismatch"),
        ({"purposes": ("keyAgreement",)}, "proof_purpose_mismatch"),
        ({"now": NOW + timedelta(hours=25)}, "request_untrusted"),
        ({"now": NOW - timedelta(days=400)}, "request_untrusted"),
        ({"client_id": "decentralized_identifier:did:web:mallory.example"}, "request_untrusted"),
    ],
)
def test_a_request_signed_by_anything_else_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        key_of_request(**({"kid": f"{HOTEL_DID}#key-1"} | changes))
    assert refusal.value.code == code


def test_a_client_of_another_prefix_is_untrusted() -> None:
    with pytest.raises(RequestUntrusted):
        request_key("redirect_uri:https://hotel.example", "k", facts=facts_of([], gathered_at=NOW), policy=trust_policy(), now=NOW)
