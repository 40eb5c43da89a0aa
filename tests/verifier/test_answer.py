"""A wallet's answer: opened, judged, and counted once."""

import asyncio
from datetime import timedelta

import pytest

from doors.refusals import (
    InputMalformed,
    PresentationDeclined,
    Refused,
    ResponseNotEncrypted,
    SessionConsumed,
    SessionExpired,
    SessionMismatch,
)
from openid4vc.forms import parse_form
from openid4vc.vp.response import error_body
from tests.verifier.world import HOTEL_CLAIMS, SUBJECT_CLAIMS, World, form_of
from verifier.answer import Desk, Taken, hash_of_code, refuse_foreign_browser, take
from verifier.receipt import is_whole
from verifier.request import ask, request_of
from verifier.session import Flow, Session


async def opened(desk: Desk, name: str = "hotel", flow: Flow = "cross_device") -> Session:
    session = ask(desk.policies[name], identity=desk.identity, flow=flow, now=desk.clock(), random=desk.random)
    await desk.store.add(session)
    return session


async def answered(desk: Desk, world: World, session: Session, **changes: object) -> Taken:
    shown = world.hotel_answer(request_of(session), **changes)  # type: ignore[arg-type]
    return await take(desk, await desk.store.session(session.id), form_of(session, {"guest": shown}))


async def test_a_good_answer_is_taken_and_kept(desk: Desk, world: World) -> None:
    session = await opened(desk)
    taken = await answered(desk, world, session)
    kept = await desk.store.session(session.id)
    assert (kept.status, kept.verdict and kept.verdict.word) == ("answered", "valid")
    assert kept.result
    assert kept.result.claims == {"guest": {name: SUBJECT_CLAIMS[name] for name in HOTEL_CLAIMS if name != "portrait"}}
    assert kept.result.receipt == taken.receipt
    assert taken.redirect_uri == ""


async def test_the_portrait_is_seen_for_minutes_and_never_written_down(desk: Desk, world: World) -> None:
    session = await opened(desk)
    taken = await answered(desk, world, session)
    assert taken.verified.claims["guest"]["portrait"] == SUBJECT_CLAIMS["portrait"]
    assert desk.glimpses.of(session.id, now=world.now) == {"guest": {"portrait": SUBJECT_CLAIMS["portrait"]}}
    assert desk.glimpses.of(session.id, now=world.now + timedelta(minutes=5)) == {}
    kept = await desk.store.session(session.id)
    assert kept.result
    assert "portrait" not in kept.result.claims["guest"]


async def test_the_receipt_holds_hashes_and_no_attribute(desk: Desk, world: World) -> None:
    taken = await answered(desk, world, await opened(desk))
    assert is_whole(taken.receipt)
    assert not is_whole({**taken.receipt, "verdict": "invalid"})
    assert not any(str(value) in str(taken.receipt) for name, value in SUBJECT_CLAIMS.items() if isinstance(value, str) and len(value) > 2)


@pytest.mark.often(commit=1, nightly=100)
async def test_of_a_hundred_answers_to_one_nonce_one_succeeds(desk: Desk, world: World) -> None:
    session = await opened(desk)
    form = form_of(session, {"guest": world.hotel_answer(request_of(session))})
    ends = await asyncio.gather(*(take(desk, session, form) for _ in range(100)), return_exceptions=True)
    assert sum(isinstance(end, Taken) for end in ends) == 1
    assert sum(isinstance(end, SessionConsumed) for end in ends) == 99


async def test_a_refused_answer_is_seen_by_the_desk_and_may_be_repeated(desk: Desk, world: World) -> None:
    session = await opened(desk)
    with pytest.raises(Refused) as refused:
        await answered(desk, world, session, names=HOTEL_CLAIMS[:2])
    kept = await desk.store.session(session.id)
    assert refused.value.code == "claim_missing"
    assert (kept.status, kept.verdict and kept.verdict.code) == ("refused", "claim_missing")
    await answered(desk, world, session)
    assert (await desk.store.session(session.id)).status == "answered"


async def test_a_wallets_no_is_told_to_the_desk(desk: Desk) -> None:
    session = await opened(desk)
    form = parse_form(error_body("access_denied", request=request_of(session)))
    with pytest.raises(PresentationDeclined):
        await take(desk, session, form)
    kept = await desk.store.session(session.id)
    assert kept.verdict
    assert (kept.verdict.word, kept.verdict.code) == ("undecided", "presentation_declined")


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        ({"vp_token": "{}", "state": "x"}, ResponseNotEncrypted),
        ({"error": "access_denied", "state": "x"}, SessionMismatch),
        ({"response": "a.b.c"}, InputMalformed),
        ({}, ResponseNotEncrypted),
    ],
)
async def test_what_is_no_answer_to_this_session_leaves_no_trace(desk: Desk, form: dict[str, str], refusal: type[Refused]) -> None:
    session = await opened(desk)
    with pytest.raises(refusal):
        await take(desk, session, form)
    assert await desk.store.session(session.id) == session


async def test_with_the_network_down_the_desk_cannot_decide(desk: Desk, world: World) -> None:
    world.web.down = True
    session = await opened(desk)
    with pytest.raises(Refused) as refused:
        await answered(desk, world, session)
    assert refused.value.verdict == "undecided"


async def test_an_old_session_takes_no_answer(desk: Desk, world: World) -> None:
    session = await opened(desk)
    form = form_of(session, {"guest": world.hotel_answer(request_of(session))})
    world.now = session.expires_at
    with pytest.raises(SessionExpired):
        await take(desk, session, form)


async def test_only_the_browser_that_the_wallet_sent_back_sees_the_result(desk: Desk, world: World) -> None:
    session = await opened(desk, flow="same_device")
    taken = await answered(desk, world, session)
    kept = await desk.store.session(session.id)
    code = taken.redirect_uri.rpartition("response_code=")[2]
    assert taken.redirect_uri.startswith(f"https://desk.example/oid4vp/result/{session.id}?response_code=")
    assert kept.response_code_hash == hash_of_code(code)
    refuse_foreign_browser(kept, code)
    with pytest.raises(SessionMismatch):
        refuse_foreign_browser(kept, "")


async def test_the_court_keeps_a_case_file_that_gives_the_same_verdict(desk: Desk, world: World) -> None:
    session = await opened(desk, "court")
    shown = world.court_answer(request_of(session))
    taken = await take(desk, session, form_of(session, {"identity": shown}))
    kept = await desk.store.session(session.id)
    assert kept.result
    assert kept.result.case_file
    assert kept.result.case_file["sha256"] == taken.receipt["case_file_sha256"]
    assert kept.result.case_file["kind"] == "tigertally-case-file"


async def test_the_hotel_keeps_no_case_file(desk: Desk, world: World) -> None:
    session = await opened(desk)
    await answered(desk, world, session)
    kept = await desk.store.session(session.id)
    assert kept.result
    assert kept.result.case_file is None
