"""Credentials that must not be believed, at the one judgement: rows S15, P10, L09, L10, J07, J17, L13 where they meet trust."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from credentials.keys import generate_key
from tests.didresolver.worlds import did_document
from tests.trust.lists import DID, NOW, issuer_entry, trust_list
from tests.trust.worlds import CARDS, ISSUER_KEY, KID, World, judged, ldp_card, sd_jwt_card
from trust.checks import Rejected

each_format = pytest.mark.parametrize("name", CARDS)
MALLORY = "did:web:mallory.example"


def code_of(name: str, world: World, **changes: Any) -> str:
    with pytest.raises(Rejected) as refusal:
        judged(CARDS[name](**changes), world)
    return refusal.value.code


@each_format
def test_neg_S15_iss_unknown(name: str) -> None:
    stranger = trust_list(issuers=(issuer_entry(identifiers=("did:web:other.example", "https://other.example")),))
    of_other_types = trust_list(issuers=(issuer_entry(types=frozenset({"LibraryCard"})),))
    no_longer = trust_list(issuers=(issuer_entry(granted=()),))

    for edition in (stranger, of_other_types, no_longer):
        assert code_of(name, World(edition=edition)) == "issuer_untrusted"
    assert judged(CARDS[name](), World()), "the twin: the same card, its issuer listed"


@each_format
def test_neg_P10_expired_vc(name: str) -> None:
    card = CARDS[name]

    assert code_of(name, World(), valid_until=NOW - timedelta(seconds=61)) == "credential_expired"
    assert judged(card(valid_until=NOW - timedelta(seconds=60))), "the twin: within the stated skew"


def test_neg_L09_key_not_in_relationship_trust() -> None:
    document = orjson.dumps(did_document(DID, ISSUER_KEY.public, purposes=("authentication", "keyAgreement")))

    assert code_of("ldp_vc", World(replaced={DID: document})) == "proof_purpose_mismatch"
    assert judged(ldp_card(), World(replaced={DID: orjson.dumps(did_document(DID, ISSUER_KEY.public))}))


def test_neg_L10_issuer_not_controller_trust() -> None:
    document = did_document(DID, ISSUER_KEY.public)
    method = {"id": KID, "type": "Multikey", "controller": MALLORY, "publicKeyMultibase": ISSUER_KEY.public.multikey()}
    document["verificationMethod"] = [method]
    foreign = {"id": f"{MALLORY}#key-1", "type": "Multikey", "controller": MALLORY, "publicKeyMultibase": ISSUER_KEY.public.multikey()}
    borrowed = did_document(DID, ISSUER_KEY.public) | {"verificationMethod": [foreign], "assertionMethod": [foreign["id"]]}

    assert code_of("ldp_vc", World(replaced={DID: orjson.dumps(document)})) == "issuer_key_mismatch"
    assert code_of("ldp_vc", World(replaced={DID: orjson.dumps(borrowed)})) in {"issuer_key_mismatch", "kid_unknown"}
    assert judged(ldp_card())


def test_neg_J07_kid_unknown_trust() -> None:
    document = did_document(DID, ISSUER_KEY.public)
    renamed = orjson.loads(orjson.dumps(document).replace(b"#key-1", b"#key-2"))

    assert code_of("ldp_vc", World(replaced={DID: orjson.dumps(renamed)})) == "kid_unknown"
    key = ISSUER_KEY.named(f"{DID}#key-9")
    with pytest.raises(Rejected) as refusal:
        judged(sd_jwt_card(key))
    assert refusal.value.code == "kid_unknown"


def test_neg_J17_key_too_small_trust() -> None:
    weak = {"kty": "EC", "crv": "P-192", "x": "AAAA", "y": "AAAA"}
    method = {"id": f"{DID}#weak", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": weak}
    document = did_document(DID, ISSUER_KEY.public)
    document["verificationMethod"] = [*document["verificationMethod"], method]  # type: ignore[misc]

    assert code_of("ldp_vc", World(replaced={DID: orjson.dumps(document)})) == "key_not_allowed"


def test_a_key_of_the_same_name_in_other_hands_is_refused() -> None:
    other = generate_key("EdDSA", kid=KID)

    assert code_of("ldp_vc", World(replaced={DID: orjson.dumps(did_document(DID, other.public))})) == "sig_invalid"
