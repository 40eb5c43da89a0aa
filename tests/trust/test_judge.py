"""The one way to believe a credential."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from credentials.formats import FORMATS
from credentials.id_card import id_card_credential
from credentials.keys import generate_key
from credentials.keys.did_key import did_key, did_key_method
from credentials.wire import StatusEntry, VerifiableCredential
from doors.refusals import Refused
from tests.didresolver.worlds import did_document
from tests.trust.lists import DID, NOW, SITE, issuer_entry, trust_list, trust_policy
from tests.trust.worlds import (
    CARDS,
    CLAIMS,
    HOLDER,
    HOLDER_KEY,
    ISSUER_KEY,
    KID,
    OTHER_KEY,
    REVOCATION,
    TOKEN,
    World,
    forged,
    issuer_metadata,
    judged,
    ldp_card,
    sd_jwt_card,
)
from trust.checks import Rejected
from trust.entries import Granted
from trust.facts import facts_of
from trust.judge import judge
from trust.policy import MaxAges
from trust.snapshot import snapshot

STEPS = ("format", "issuer", "key", "signature", "data_model", "claims", "dates", "status", "holder_key")
each_format = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
Card = Callable[..., VerifiableCredential]


def rejected(vc: VerifiableCredential, world: World | None = None, *, now: datetime = NOW, **policy: Any) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        judged(vc, world, now=now, **policy)
    return refusal.value


def ended_at(refusal: Rejected) -> tuple[str, str, str]:
    last = refusal.checks[-1]
    return (last.name, last.outcome, last.code)


@each_format
def test_a_good_card_is_believed_with_every_check_on_record(card: Card) -> None:
    verdict = judged(card())

    assert tuple(check.name for check in verdict.checks) == STEPS
    assert {check.outcome for check in verdict.checks} == {"passed"}
    assert CLAIMS.items() <= verdict.credential.claims.items()
    assert verdict.holder_key == HOLDER_KEY.public
    assert verdict.issuer.name.en == "Registry office"


@each_format
def test_each_check_on_gathered_facts_tells_its_age(card: Card) -> None:
    verdict = judged(card(), World(), now=NOW + timedelta(seconds=90))

    assert {check.name: check.age for check in verdict.checks if check.age is not None} == {"issuer": 90, "key": 90, "status": 90}


@each_format
def test_the_same_arguments_give_the_same_verdict(card: Card) -> None:
    vc, facts = card(), World().facts()

    first, second = (judge(vc, facts=facts, policy=policy, now=NOW) for policy in [trust_policy()] * 2)

    assert first.checks == second.checks


def test_an_unknown_format_is_refused() -> None:
    assert ended_at(rejected(forged(ldp_card(), format="mso_mdoc"))) == ("format", "failed", "input_malformed")


@each_format
def test_a_card_of_a_stranger_is_refused_before_its_key_is_looked_at(card: Card) -> None:
    refusal = rejected(card(), World(edition=trust_list(issuers=())))

    assert ended_at(refusal) == ("issuer", "failed", "issuer_untrusted")


@each_format
def test_a_card_signed_by_another_key_is_refused(card: Card) -> None:
    assert ended_at(rejected(card(OTHER_KEY))) == ("signature", "failed", "sig_invalid")


@each_format
def test_a_changed_byte_is_noticed(card: Card) -> None:
    vc = card()
    at = len(vc.wire) // 3

    with pytest.raises(Refused):
        judged(forged(vc, wire=vc.wire[:at] + bytes([vc.wire[at] ^ 1]) + vc.wire[at + 1 :]))


@each_format
@pytest.mark.parametrize("members", [{"unverified_types": ("IdCardCredential", "Other")}, {"unverified_status": ()}])
def test_what_was_looked_up_must_be_what_was_signed(card: Card, members: dict[str, Any]) -> None:
    edition = trust_list(issuers=(issuer_entry(types=issuer_entry().types | {"Other"}),))

    assert ended_at(rejected(forged(card(), **members), World(edition=edition))) == ("claims", "failed", "claims_not_from_proof")


def test_a_card_that_names_a_trusted_issuer_it_does_not_come_from_is_refused() -> None:
    assert rejected(forged(ldp_card(), unverified_issuer=SITE)).code in {"claims_not_from_proof", "issuer_key_mismatch"}


@each_format
def test_a_missing_key_document_cannot_be_decided(card: Card) -> None:
    refusal = rejected(card(), World(absent=frozenset({DID, SITE})))

    assert ended_at(refusal) == ("key", "undecided", "facts_missing")
    assert (refusal.verdict, refusal.exit_status) == ("undecided", 5)


@each_format
def test_keys_older_than_the_policy_allows_cannot_be_decided(card: Card) -> None:
    old = {DID: NOW - timedelta(hours=25), SITE: NOW - timedelta(hours=25)}

    refusal = rejected(card(), World(fetched=old))
    assert ended_at(refusal) == ("key", "undecided", "did_stale")
    assert refusal.checks[-1].age == 25 * 3600
    verdict = judged(card(), World(fetched=old), offline=MaxAges(did_document=timedelta(hours=26)))
    assert max(check.age or 0 for check in verdict.checks) == 25 * 3600, "under a stated grace the age is told"


@each_format
@pytest.mark.parametrize(("year", "code"), [(2020, "issuer_untrusted"), (2021, ""), (2023, "issuer_untrusted"), (2025, "")])
def test_a_judgement_of_the_past_goes_by_the_grants_of_that_time(card: Card, year: int, code: str) -> None:
    then, year_long = datetime(year, 6, 1, tzinfo=UTC), timedelta(days=365)
    granted = tuple(Granted(datetime(y, 1, 1, tzinfo=UTC), datetime(y + 1, 1, 1, tzinfo=UTC)) for y in (2021, 2025))
    world = World(edition=trust_list(issuers=(issuer_entry(granted=granted),)))
    vc = card(status=(), valid_from=then - year_long, valid_until=then + year_long)
    vc_signed_then = vc if vc.format == "dc+sd-jwt" else _signed_at(then, valid_from=then - year_long, valid_until=then + year_long)

    if code:
        assert rejected(vc_signed_then, world, now=then).code == code
        return
    assert judged(vc_signed_then, world, now=then)


def _signed_at(moment: datetime, **changes: Any) -> VerifiableCredential:
    credential = id_card_credential(CLAIMS, issuer=DID, holder=HOLDER, status=(), evidence=(), **changes)
    return FORMATS["ldp_vc"].secure(credential, ISSUER_KEY, now=moment)


@each_format
def test_a_card_is_good_within_its_dates_and_the_stated_skew(card: Card) -> None:
    ends = NOW + timedelta(hours=1)
    vc = card(valid_until=ends, status=())

    assert judged(vc, now=ends + timedelta(seconds=60))
    assert ended_at(rejected(vc, now=ends + timedelta(seconds=61))) == ("dates", "failed", "credential_expired")
    assert rejected(vc, now=ends + timedelta(seconds=61)).exit_status == 4
    assert rejected(card(valid_from=NOW + timedelta(seconds=61), status=())).code == "credential_expired"


def test_a_card_without_status_needs_no_list() -> None:
    assert judged(ldp_card(status=()), World(absent=frozenset({REVOCATION, TOKEN})))


def test_a_status_mechanism_that_is_not_read_cannot_be_decided() -> None:
    sized = StatusEntry("BitstringStatusListEntry", "mystery", 94, REVOCATION)

    assert ended_at(rejected(ldp_card(status=(sized,)))) == ("status", "undecided", "status_unavailable")


@pytest.mark.parametrize("purpose", ["message", "refresh"])
def test_a_status_that_only_informs_does_not_end_a_card(purpose: str) -> None:
    assert judged(ldp_card(status=(StatusEntry("BitstringStatusListEntry", purpose, 94, f"{SITE}/status/1/{purpose}"),)))


def test_a_later_list_speaks_for_the_past_only_where_it_says_not_revoked() -> None:
    later = NOW + timedelta(days=30)
    world = World(lists_from=later, lists_until=later + timedelta(days=1), fetched={REVOCATION: later, TOKEN: later})
    revoked_later = World(
        lists_from=later, lists_until=later + timedelta(days=1), fetched={REVOCATION: later, TOKEN: later}, revoked=frozenset({94})
    )
    entry = (StatusEntry("BitstringStatusListEntry", "revocation", 94, REVOCATION),)

    assert judged(ldp_card(status=entry), world)
    assert ended_at(rejected(ldp_card(status=entry), revoked_later)) == ("status", "undecided", "status_stale")
    assert ended_at(rejected(sd_jwt_card(), world)) == ("status", "undecided", "status_stale")


def test_the_holder_of_a_card_is_known_by_cnf_or_by_did() -> None:
    assert judged(sd_jwt_card(holder_key=generate_key("ES256").public)).holder_key is not None
    assert judged(ldp_card(holder="urn:uuid:7d1f")).holder_key is None
    assert judged(sd_jwt_card(holder_key=None)).holder_key is None


@pytest.mark.parametrize(("holder", "code"), [("did:web:alice.example", "key_not_allowed"), ("did:key:zzz", "did_invalid")])
def test_a_holder_whose_key_cannot_be_checked_is_refused(holder: str, code: str) -> None:
    assert ended_at(rejected(ldp_card(holder=holder))) == ("holder_key", "failed", code)


def test_an_issuer_that_is_its_own_key_needs_no_document() -> None:
    key = generate_key("EdDSA")
    did = did_key(key.public)
    vc = ldp_card(key.named(did_key_method(key.public)), issuer=did, status=())
    world = World(edition=trust_list(issuers=(issuer_entry(identifiers=(did,)),)), absent=frozenset({DID, SITE}))

    verdict = judged(vc, world)

    assert next(check for check in verdict.checks if check.name == "key").age is None


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        (issuer_metadata(ISSUER_KEY.public, issuer="https://mallory.example"), "metadata_mismatch"),
        (orjson.dumps({"issuer": SITE, "jwks": {"keys": []}}), "kid_unknown"),
        (orjson.dumps({"issuer": SITE, "jwks": {"keys": [ISSUER_KEY.public.jwk() | {"kid": KID}] * 2}}), "kid_unknown"),
        (
            orjson.dumps({"issuer": SITE, "jwks": {"keys": [ISSUER_KEY.public.jwk() | {"kid": KID, "use": "enc"}]}}),
            "proof_purpose_mismatch",
        ),
        (orjson.dumps({"issuer": SITE, "jwks": {"keys": [ISSUER_KEY.private_jwk()]}}), "key_not_allowed"),
        (orjson.dumps({"issuer": SITE, "jwks_uri": f"{SITE}/jwks"}), "facts_missing"),
        (b"[]", "input_malformed"),
    ],
)
def test_the_metadata_of_an_https_issuer_must_hold(metadata: bytes, code: str) -> None:
    assert rejected(sd_jwt_card(), World(replaced={SITE: metadata})).code == code


def test_the_document_of_a_did_must_hold() -> None:
    for_authentication_only = orjson.dumps(did_document(DID, ISSUER_KEY.public, purposes=("authentication",)))
    of_another = orjson.dumps(did_document("did:web:mallory.example", ISSUER_KEY.public))

    assert ended_at(rejected(ldp_card(), World(replaced={DID: for_authentication_only}))) == ("key", "failed", "proof_purpose_mismatch")
    assert ended_at(rejected(ldp_card(), World(replaced={DID: of_another}))) == ("key", "failed", "did_document_invalid")


def test_nothing_gathered_is_undecided() -> None:
    with pytest.raises(Rejected) as refusal:
        judge(ldp_card(), facts=facts_of([], gathered_at=NOW), policy=trust_policy(), now=NOW)

    assert ended_at(refusal.value) == ("issuer", "undecided", "facts_missing")


def test_a_card_whose_proof_was_made_in_the_future_is_refused() -> None:
    dates = {"valid_from": NOW - timedelta(days=1), "valid_until": NOW + timedelta(days=1)}

    assert ended_at(rejected(_signed_at(NOW + timedelta(seconds=61), **dates))) == ("dates", "failed", "proof_expired")
    assert judged(_signed_at(NOW + timedelta(seconds=60), **dates))


def test_a_list_of_another_host_is_not_believed_even_where_it_was_gathered() -> None:
    elsewhere = "https://mallory.example/status/1"
    entry = (StatusEntry("BitstringStatusListEntry", "revocation", 94, elsewhere),)
    planted = snapshot("status-list", elsewhere, World().bitstring("revocation", elsewhere, frozenset()), fetched_at=NOW)
    facts = facts_of([*World().snapshots(), planted], gathered_at=NOW)

    with pytest.raises(Rejected) as refusal:
        judge(ldp_card(status=entry), facts=facts, policy=trust_policy(), now=NOW)
    assert refusal.value.code == "url_blocked"


@pytest.mark.parametrize("wrapped", [["张"], [], {"@value": "张"}], ids=str)
def test_a_claim_in_a_wrapping_that_signs_alike_is_refused(wrapped: Any) -> None:
    card = ldp_card()
    document = orjson.loads(card.wire)
    document["credentialSubject"]["family_name"] = wrapped
    shown = FORMATS["ldp_vc"].parse(orjson.dumps(document))
    with pytest.raises(Rejected):
        judged(shown)
    assert judged(card).credential.claims["family_name"] == CLAIMS["family_name"]
