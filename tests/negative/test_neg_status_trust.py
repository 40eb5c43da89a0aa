"""Status lists that must not be believed, at the one judgement (rows T01 to T09), and what they say of a card (P11, P12)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from credentials.formats import FORMATS
from credentials.keys import generate_key
from credentials.status import bitstring_credential, status_bits, token_status_list
from credentials.wire import StatusEntry, VerifiableCredential
from didresolver import CachingResolver
from doors.refusals import REFUSALS, FetchFailed, FetchTimeout, InputTooLarge, Refused, UrlBlocked
from tests.didresolver.worlds import Answers, did_document
from tests.trust.lists import DID, LIST_URL, NOW, SITE, issuer_entry, signed, trust_list, trust_policy
from tests.trust.worlds import (
    CARDS,
    ENTRIES,
    ISSUER_KEY,
    OTHER_KEY,
    REVOCATION,
    SUSPENSION,
    TOKEN,
    World,
    issuer_metadata,
    judged,
    ldp_card,
    sd_jwt_card,
)
from trust.checks import Rejected
from trust.facts import facts_of
from trust.gather import gather
from trust.judge import judge
from trust.policy import MaxAges
from trust.snapshot import MemoryCache, Missing

each_format = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
Card = Callable[..., VerifiableCredential]
REVOCATION_ONLY = (StatusEntry("BitstringStatusListEntry", "revocation", 94, REVOCATION),)


def refused(vc: VerifiableCredential, world: World, code: str, **arguments: Any) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        judged(vc, world, **arguments)
    last = refusal.value.checks[-1]
    assert (last.name, last.code) == ("status", code)
    assert last.outcome == ("undecided" if REFUSALS[code].verdict == "undecided" else "failed")
    return refusal.value


@each_format
def test_neg_T01_unsigned_wrong_key(card: Card) -> None:
    refused(card(), World(list_key=OTHER_KEY), "status_invalid")


def _without_proof(content: bytes) -> bytes:
    document = orjson.loads(content)
    del document["proof"]
    return orjson.dumps(document)


@pytest.mark.parametrize(
    "spoil", [_without_proof, lambda content: b"", lambda content: b"{}", lambda content: content[:-20], lambda content: b"[1]"]
)
def test_neg_T01_unsigned_bitstring(spoil: Callable[[bytes], bytes]) -> None:
    content = World().bitstring("revocation", REVOCATION, frozenset())

    refused(ldp_card(), World(replaced={REVOCATION: spoil(content)}), "status_invalid")


def test_neg_T01_unsigned_token() -> None:
    header, payload, signature = World().token_list().split(b".")
    unsigned = b"eyJhbGciOiJub25lIiwidHlwIjoic3RhdHVzbGlzdCtqd3QifQ." + payload + b"."

    for content in (unsigned, header + b"." + payload + b".", b"", header + b"." + payload + b"." + signature[:-8], "名单".encode()):
        refused(sd_jwt_card(), World(replaced={TOKEN: content}), "status_invalid")


@each_format
def test_neg_T01_unsigned_twin(card: Card) -> None:
    assert judged(card(), World())


RIVAL = "did:web:rival.example"
RIVAL_KEY = generate_key("EdDSA", kid=f"{RIVAL}#key-1")


def _with_rival() -> Any:
    return trust_list(issuers=(issuer_entry(), issuer_entry(identifiers=(RIVAL, "https://rival.example"))))


def test_neg_T02_other_issuer_bitstring() -> None:
    bits = status_bits({}, entries=ENTRIES)
    dates = {"valid_from": NOW - timedelta(hours=1), "valid_until": NOW + timedelta(hours=1)}
    credential = bitstring_credential(REVOCATION, issuer=RIVAL, purpose="revocation", bits=bits, **dates)
    content = FORMATS["ldp_vc"].secure(credential, RIVAL_KEY, now=NOW - timedelta(hours=1)).wire

    refused(ldp_card(), World(edition=_with_rival(), replaced={REVOCATION: content}), "status_issuer_mismatch")


@pytest.mark.parametrize("issuer", [RIVAL, "https://rival.example", "https://stranger.example"])
def test_neg_T02_other_issuer_token(issuer: str) -> None:
    hour = timedelta(hours=1)
    content = token_status_list(
        TOKEN, status_bits({}, entries=ENTRIES, width=2), RIVAL_KEY, issuer=issuer, now=NOW - hour, expires_at=NOW + hour, ttl=hour
    )

    refused(sd_jwt_card(), World(edition=_with_rival(), replaced={TOKEN: content.encode()}), "status_issuer_mismatch")


@pytest.mark.parametrize("index", [ENTRIES, 2**31 - 1])
def test_neg_T03_index_out_of_range(index: int) -> None:
    refused(ldp_card(status=(StatusEntry("BitstringStatusListEntry", "revocation", index, REVOCATION),)), World(), "status_index_invalid")
    refused(sd_jwt_card(status=(StatusEntry("status_list", "", index, TOKEN),)), World(), "status_index_invalid")


def test_neg_T03_index_out_of_range_twin() -> None:
    assert judged(ldp_card(status=(StatusEntry("BitstringStatusListEntry", "revocation", ENTRIES - 1, REVOCATION),)))
    assert judged(sd_jwt_card(status=(StatusEntry("status_list", "", ENTRIES - 1, TOKEN),)))


@each_format
def test_neg_T04_expired_by_its_own_date(card: Card) -> None:
    ended = World(lists_until=NOW - timedelta(seconds=61))
    twin = World(lists_until=NOW - timedelta(seconds=59))

    refused(card(), ended, "status_stale")
    refused(card(), ended, "status_stale", offline=MaxAges(status=timedelta(days=30)))
    assert judged(card(), twin)


@each_format
def test_neg_T04_expired_from_the_future(card: Card) -> None:
    refused(card(), World(lists_from=NOW + timedelta(seconds=120)), "status_stale")


def test_neg_T04_expired_by_its_proofs_own_dates() -> None:
    dates = {"valid_from": NOW - timedelta(hours=1), "valid_until": NOW + timedelta(hours=1)}
    credential = bitstring_credential(REVOCATION, issuer=DID, purpose="revocation", bits=status_bits({}, entries=ENTRIES), **dates)
    from_the_future = FORMATS["ldp_vc"].secure(credential, ISSUER_KEY, now=NOW + timedelta(seconds=61)).wire
    twin = FORMATS["ldp_vc"].secure(credential, ISSUER_KEY, now=NOW + timedelta(seconds=60)).wire

    refused(ldp_card(status=REVOCATION_ONLY), World(replaced={REVOCATION: from_the_future}), "status_stale")
    assert judged(ldp_card(status=REVOCATION_ONLY), World(replaced={REVOCATION: twin}))


@each_format
def test_neg_T04_expired_by_the_policys_age(card: Card) -> None:
    an_hour_ago = dict.fromkeys((REVOCATION, SUSPENSION, TOKEN), NOW - timedelta(hours=1))
    older = {name: moment - timedelta(seconds=1) for name, moment in an_hour_ago.items()}
    lists_from = NOW - timedelta(hours=2)

    assert refused(card(), World(fetched=older, lists_from=lists_from), "status_stale").checks[-1].age == 3601
    assert judged(card(), World(fetched=an_hour_ago, lists_from=lists_from)), "the twin: as old as it may be"


@each_format
def test_neg_T04_expired_within_a_stated_grace_twin(card: Card) -> None:
    world = World(fetched=dict.fromkeys((REVOCATION, SUSPENSION, TOKEN), NOW - timedelta(hours=20)), lists_from=NOW - timedelta(hours=21))

    verdict = judged(card(), world, offline=MaxAges(status=timedelta(hours=24)))

    assert next(check.age for check in verdict.checks if check.name == "status") == 20 * 3600


@each_format
@pytest.mark.parametrize("reason", ["fetch_timeout", "fetch_failed", "tls_error", "redirect_blocked", ""])
def test_neg_T05_unreachable(card: Card, reason: str) -> None:
    world = World(absent=frozenset({REVOCATION, SUSPENSION, TOKEN}))
    missing = [Missing("status-list", url, reason, "nobody there", NOW) for url in (REVOCATION, SUSPENSION, TOKEN) if reason]
    facts = facts_of(world.snapshots(), gathered_at=NOW, missing=missing)

    with pytest.raises(Rejected) as refusal:
        judge(card(), facts=facts, policy=trust_policy(offline=MaxAges(status=timedelta(days=30))), now=NOW)
    assert (refusal.value.code, refusal.value.verdict) == ("status_unavailable", "undecided")


async def gathered(vc: VerifiableCredential, table: dict[str, bytes | int | Refused], edition: Any = None) -> tuple[Any, Answers]:
    world = World()
    fetch = Answers(
        {
            LIST_URL: signed(edition or trust_list()),
            "https://issuer.example/.well-known/did.json": world.did_document(),
            "https://issuer.example/.well-known/jwt-vc-issuer": issuer_metadata(ISSUER_KEY.public),
            "https://rival.example/.well-known/did.json": orjson.dumps(did_document(RIVAL, RIVAL_KEY.public)),
            REVOCATION: world.bitstring("revocation", REVOCATION, frozenset()),
            SUSPENSION: world.bitstring("suspension", SUSPENSION, frozenset()),
            TOKEN: world.token_list(),
        }
        | table
    )
    resolver = CachingResolver(fetch, lambda: NOW)
    facts = await gather([vc], policy=trust_policy(), resolver=resolver, fetch=fetch, now=NOW, cache=MemoryCache())
    return facts, fetch


@each_format
@pytest.mark.parametrize("answer", [404, 500, FetchTimeout("slow"), FetchFailed("no such name")])
async def test_neg_T05_unreachable_when_gathered(card: Card, answer: int | Refused) -> None:
    vc = card()
    facts, _ = await gathered(vc, dict.fromkeys((REVOCATION, TOKEN), answer))

    with pytest.raises(Rejected) as refusal:
        judge(vc, facts=facts, policy=trust_policy(), now=NOW)
    assert refusal.value.code == "status_unavailable"


@each_format
async def test_neg_T05_unreachable_twin(card: Card) -> None:
    vc = card()
    facts, _ = await gathered(vc, {})

    assert judge(vc, facts=facts, policy=trust_policy(), now=NOW)


@each_format
async def test_neg_T06_bomb_stopped_at_the_gate(card: Card) -> None:
    vc = card()
    facts, _ = await gathered(vc, dict.fromkeys((REVOCATION, TOKEN), InputTooLarge("answer: expected at most 4 MB")))

    with pytest.raises(Rejected) as refusal:
        judge(vc, facts=facts, policy=trust_policy(), now=NOW)
    assert refusal.value.code == "input_too_large"


def test_neg_T08_url_mismatch() -> None:
    elsewhere = World(replaced={REVOCATION: World().bitstring("revocation", f"{SITE}/status/2/revocation", frozenset())})
    other_purpose = World(replaced={REVOCATION: World().bitstring("suspension", REVOCATION, frozenset())})
    for world in (elsewhere, other_purpose):
        refused(ldp_card(), world, "status_invalid")

    hour = timedelta(hours=1)
    other = token_status_list(
        f"{SITE}/status/2/token",
        status_bits({}, entries=ENTRIES, width=2),
        ISSUER_KEY,
        issuer=SITE,
        now=NOW,
        expires_at=NOW + hour,
        ttl=hour,
    )
    refused(sd_jwt_card(), World(replaced={TOKEN: other.encode()}), "status_invalid")


INTERNAL = (
    "https://127.0.0.1/status",
    "https://169.254.169.254/latest/meta-data",
    "https://internal.example/status",
    "https://issuer.example:8443/status/1",
    "https://issuer.example@10.0.0.1/status",
    "http://issuer.example:8080/status",
    "file:///etc/passwd",
)


@pytest.mark.parametrize("url", INTERNAL)
async def test_neg_T09_url_ssrf(url: str) -> None:
    vc = sd_jwt_card(status=(StatusEntry("status_list", "", 94, url),))
    facts, fetch = await gathered(vc, {})

    assert url not in fetch.asked
    with pytest.raises(Rejected) as refusal:
        judge(vc, facts=facts, policy=trust_policy(), now=NOW)
    assert refusal.value.code == "url_blocked"


@each_format
async def test_neg_T09_url_ssrf_of_a_stranger_asks_nothing(card: Card) -> None:
    vc = card()
    facts, fetch = await gathered(vc, {}, edition=trust_list(issuers=()))

    assert fetch.asked == [LIST_URL]
    with pytest.raises(Rejected) as refusal:
        judge(vc, facts=facts, policy=trust_policy(), now=NOW)
    assert refusal.value.code == "issuer_untrusted"


async def test_neg_T09_url_ssrf_refused_by_the_gate_keeps_its_name() -> None:
    vc = sd_jwt_card()
    facts, _ = await gathered(vc, {TOKEN: UrlBlocked("address: expected a public one")})

    with pytest.raises(Rejected) as refusal:
        judge(vc, facts=facts, policy=trust_policy(), now=NOW)
    assert refusal.value.code == "url_blocked"


@each_format
def test_neg_P11_revoked(card: Card) -> None:
    refusal = refused(card(), World(revoked=frozenset({94})), "status_revoked")

    assert (refusal.verdict, refusal.exit_status) == ("invalid", 4)
    assert judged(card(), World(revoked=frozenset({93, 95}))), "the twin: its neighbours are revoked"


@each_format
def test_neg_P12_suspended(card: Card) -> None:
    refusal = refused(card(), World(suspended=frozenset({94})), "status_suspended")

    assert refusal.exit_status == 4
    assert judged(card(), World(suspended=frozenset({93, 95}))), "the twin"


def test_a_status_of_the_issuers_own_cannot_be_decided() -> None:
    hour = timedelta(hours=1)
    own = token_status_list(
        TOKEN, status_bits({94: 3}, entries=ENTRIES, width=2), ISSUER_KEY, issuer=SITE, now=NOW, expires_at=NOW + hour, ttl=hour
    )

    refused(sd_jwt_card(), World(replaced={TOKEN: own.encode()}), "status_unavailable")


def test_a_list_whose_own_key_is_not_at_hand_cannot_be_decided() -> None:
    signed_as_did = token_status_list(
        TOKEN,
        status_bits({}, entries=ENTRIES, width=2),
        ISSUER_KEY,
        issuer=DID,
        now=NOW,
        expires_at=NOW + timedelta(hours=1),
        ttl=timedelta(hours=1),
    )
    world = World(replaced={TOKEN: signed_as_did.encode()})

    assert judged(sd_jwt_card(), world), "the list may be signed under another identifier of the same entry"
    refused(sd_jwt_card(), replace(world, absent=frozenset({DID})), "facts_missing")
    refused(sd_jwt_card(), replace(world, fetched={DID: NOW - timedelta(hours=25)}), "did_stale")
