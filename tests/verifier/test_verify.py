"""Judging a presentation: by arithmetic alone, on facts gathered before."""

from datetime import timedelta

import pytest

from credentials.keys import generate_key
from credentials.keys.did_key import did_key_method
from doors.refusals import Refused
from openid4vc.vp.request import PresentationRequest
from tests.verifier.world import HOTEL_CLAIMS, SUBJECT_CLAIMS, Holder, World
from trust.checks import Rejected
from trust.facts import Facts, facts_of
from verifier.policy import Policy
from verifier.query import question_of
from verifier.verify import Presentations, VerifiedPresentation, verify, verify_credential

AUDIENCE = "decentralized_identifier:did:web:desk.example"


def question(policy: Policy) -> PresentationRequest:
    return question_of(policy, nonce="bm9uY2U", audience=AUDIENCE)


async def facts_for(world: World, presentations: Presentations, policy: Policy) -> Facts:
    credentials = [vc for several in presentations.values() for shown in several for vc in shown.credentials]
    return await world.online().facts(credentials, policy=policy.trust, now=world.now)


async def judged(world: World, presentations: Presentations, policy: Policy) -> VerifiedPresentation:
    facts = await facts_for(world, presentations, policy)
    return verify(presentations, request=question(policy), facts=facts, policy=policy, now=world.now)


async def test_the_hotel_learns_what_it_asked_for_and_nothing_else(world: World) -> None:
    policy = world.policy("hotel")
    verified = await judged(world, {"guest": (world.hotel_answer(question(policy)),)}, policy)
    assert dict(verified.claims) == {"guest": {name: SUBJECT_CLAIMS[name] for name in HOTEL_CLAIMS}}


async def test_what_a_wallet_shows_beyond_the_question_is_not_handed_on(world: World) -> None:
    policy = world.policy("hotel")
    shown = world.hotel_answer(question(policy), names=(*HOTEL_CLAIMS, "resident_address"))
    verified = await judged(world, {"guest": (shown,)}, policy)
    assert set(verified.claims["guest"]) == set(HOTEL_CLAIMS)


async def test_a_guest_may_keep_the_portrait_back(world: World) -> None:
    policy = world.policy("hotel")
    needed = tuple(name for name in HOTEL_CLAIMS if name != "portrait")
    verified = await judged(world, {"guest": (world.hotel_answer(question(policy), names=needed),)}, policy)
    assert set(verified.claims["guest"]) == set(needed)


async def test_the_court_takes_the_whole_card(world: World) -> None:
    policy = world.policy("court")
    verified = await judged(world, {"identity": (world.court_answer(question(policy)),)}, policy)
    asked = {attribute.name for attribute in policy.ask("identity").attributes}
    assert verified.claims["identity"] == {name: SUBJECT_CLAIMS[name] for name in asked}


@pytest.mark.parametrize("algorithm", ["ES256", "ES384"])
async def test_the_court_takes_the_card_of_a_holder_with_a_key_of_nist(world: World, algorithm: str) -> None:
    policy, key = world.policy("court"), generate_key(algorithm)
    holder = Holder(key.named(did_key_method(key.public)), generate_key("ES256"))
    shown = world.court_answer(question(policy), holder=holder, card=world.whole_card(holder))
    verified = await judged(world, {"identity": (shown,)}, policy)
    assert set(verified.claims["identity"]) == {attribute.name for attribute in policy.ask("identity").attributes}


async def test_the_court_takes_the_selective_card_instead(world: World) -> None:
    policy = world.policy("court")
    asked = [attribute.name for attribute in policy.ask("identity_selective").attributes]
    verified = await judged(world, {"identity_selective": (world.hotel_answer(question(policy), names=asked),)}, policy)
    assert verified.claims["identity_selective"] == {name: SUBJECT_CLAIMS[name] for name in asked}


async def test_every_check_is_on_the_list_in_its_order(world: World) -> None:
    policy = world.policy("hotel")
    verified = await judged(world, {"guest": (world.hotel_answer(question(policy)),)}, policy)
    names = [check.name for check in verified.checks]
    assert names[0] == "answer"
    assert names[-2:] == ["guest/holder_binding", "disclosure"]
    assert names.index("guest/issuer") < names.index("guest/signature") < names.index("guest/dates") < names.index("guest/status")
    assert {check.outcome for check in verified.checks} == {"passed"}


async def test_the_same_inputs_give_the_same_verdict(world: World) -> None:
    policy = world.policy("court")
    presentations = {"identity": (world.court_answer(question(policy)),)}
    facts = await facts_for(world, presentations, policy)
    verdicts = [verify(presentations, request=question(policy), facts=facts, policy=policy, now=world.now) for _ in range(2)]
    assert verdicts[0] == verdicts[1]


async def test_a_rejection_carries_the_checks_made_so_far(world: World) -> None:
    world.revoked.add(7)
    world.publish()
    policy = world.policy("court")
    with pytest.raises(Rejected) as rejected:
        await judged(world, {"identity": (world.court_answer(question(policy)),)}, policy)
    last = rejected.value.checks[-1]
    assert (last.name, last.outcome, last.code) == ("identity/status", "failed", "status_revoked")
    assert (rejected.value.verdict, rejected.value.exit_status) == ("invalid", 4)
    assert all(check.outcome == "passed" for check in rejected.value.checks[:-1])


async def test_without_facts_nothing_can_be_decided(world: World) -> None:
    policy = world.policy("court")
    presentations = {"identity": (world.court_answer(question(policy)),)}
    with pytest.raises(Rejected) as rejected:
        verify(presentations, request=question(policy), facts=facts_of((), gathered_at=world.now), policy=policy, now=world.now)
    assert (rejected.value.verdict, rejected.value.exit_status) == ("undecided", 5)


async def test_the_verdict_says_how_old_its_oldest_fact_is(world: World) -> None:
    policy = world.policy("hotel")
    presentations = {"guest": (world.hotel_answer(question(policy)),)}
    facts = await facts_for(world, presentations, policy)
    later = world.now + timedelta(minutes=7)
    assert verify(presentations, request=question(policy), facts=facts, policy=policy, now=later).age == 420


async def test_a_credential_alone_is_judged_without_a_holder(world: World) -> None:
    policy = world.policy("court")
    card = world.whole_card()
    facts = await world.online().facts([card], policy=policy.trust, now=world.now)
    copy = verify_credential(card, facts=facts, policy=policy, now=world.now)
    assert copy.credential.claims["full_name"] == SUBJECT_CLAIMS["full_name"]
    assert not any("holder_binding" in check.name for check in copy.checks)


async def test_nothing_is_fetched_for_an_issuer_that_nobody_trusts(world: World) -> None:
    policy = world.policy("court").trusting(trust_list_url="", anchors=())
    with pytest.raises(Refused) as refused:
        await judged(world, {"identity": (world.court_answer(question(policy)),)}, policy)
    assert refused.value.code == "issuer_untrusted"
    assert world.web.asked == []
