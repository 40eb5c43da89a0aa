"""What the relying party's own programs use: sessions, their news, their end, their case files; and a verdict at once."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Literal

import segno
from aiohttp import web

from doors.json import JsonObject
from doors.refusals import InputMalformed, NotFound, Refused, SessionConsumed, SessionExpired, SessionMismatch
from runtime.web import Event, Route, json_answer, read_json, route, send_events
from trust.checks import Check, Rejected
from verifier.answer import Desk, refuse_foreign_browser
from verifier.gathering import FactsSource
from verifier.handlers.keys import DESK, TOPICS
from verifier.handlers.models import PolicyList, SessionModel, SessionOrder, VerdictModel, VerifyOrder
from verifier.opening import ShownCredential, open_value
from verifier.policy import Policy
from verifier.rendering import policy_model, session_model, verdict_model
from verifier.request import ask, wallet_link
from verifier.session import OPEN, Session
from verifier.stateless import verify_shown
from verifier.verify import VerifiedCopy

SCOPE = "verify"
_LOOK_AGAIN_SECONDS = 1.0
"""Another process on the same store may have taken the answer: look there too, not only for news in this one."""


async def open_session(request: web.Request) -> web.Response:
    desk = request.app[DESK]
    order = await read_json(request, SessionOrder)
    session = ask(_policy(desk, order.policy), identity=desk.identity, flow=order.flow, now=desk.clock(), random=desk.random)
    await desk.store.add(session)
    return json_answer(session_model(session, desk, desk.clock()), 201)


async def show_session(request: web.Request) -> web.Response:
    if request.headers.get("Accept", "").startswith("image/svg+xml"):
        return await show_qr(request)
    session = await _session(request)
    refuse_foreign_browser(session, request.query.get("response_code", ""))
    return json_answer(session_model(session, request.app[DESK], request.app[DESK].clock()))


async def show_qr(request: web.Request) -> web.Response:
    session = await _session(request)
    return web.Response(body=qr_svg(wallet_link(session.id, identity=request.app[DESK].identity)), content_type="image/svg+xml")


async def tell_news(request: web.Request) -> web.StreamResponse:
    session = await _session(request)
    return await send_events(request, _news(request, session.id))


async def cancel_session(request: web.Request) -> web.Response:
    desk = request.app[DESK]
    session = await _session(request)
    await desk.store.cancel(session, now=desk.clock())
    request.app[TOPICS].publish(session.id, Event("changed", {"id": session.id}))
    return json_answer(session_model(await desk.store.session(session.id), desk, desk.clock()))


async def show_case_file(request: web.Request) -> web.Response:
    session = await _session(request)
    refuse_foreign_browser(session, request.query.get("response_code", ""))
    if session.result is None or session.result.case_file is None:
        raise NotFound("case file: expected an answered session whose policy keeps one")
    return json_answer(session.result.case_file, headers={"Content-Disposition": f'attachment; filename="{session.id}.case.json"'})


async def verify_now(request: web.Request) -> web.Response:
    desk = request.app[DESK]
    order = await read_json(request, VerifyOrder)
    return json_answer(await verdict_on(order, desk=desk, policy=_policy(desk, order.policy), source=desk.source))


async def list_policies(request: web.Request) -> web.Response:
    return json_answer(PolicyList(policies=[policy_model(policy) for policy in request.app[DESK].policies.values()]))


async def verdict_on(order: VerifyOrder, *, desk: Desk, policy: Policy, source: FactsSource) -> VerdictModel:
    """The verdict on what ``order`` hands over: what does not hold is a verdict, not an error.

    Raises ``InputMalformed`` where it hands over nothing, or two things.
    """
    if (order.presentation is None) == (order.credential is None):
        raise InputMalformed("expected either presentation or credential", pointer="/presentation")
    try:
        shown = open_value(order.presentation if order.credential is None else order.credential, policy=policy)
        if isinstance(shown, ShownCredential) != (order.presentation is None):
            raise InputMalformed("expected a credential under credential and a presentation under presentation")
        audience = order.audience or (desk.identity.client_id if order.nonce else "")
        verified = await verify_shown(shown, policy=policy, source=source, nonce=order.nonce, audience=audience, now=desk.clock())
    except Rejected as rejected:
        return verdict_model(rejected.checks, verdict=_word(rejected), code=rejected.code, claims=None)
    except Refused as refusal:
        return verdict_model((_check(refusal),), verdict=_word(refusal), code=refusal.code, claims=None)
    claims = {"credential": verified.credential.claims} if isinstance(verified, VerifiedCopy) else dict(verified.claims)
    return verdict_model(verified.checks, verdict="valid", code="", claims=claims)


def qr_svg(link: str) -> bytes:
    """The link as a QR code, dark on a white ground of four modules, which every reader expects (ISO/IEC 18004)."""
    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        drawn, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False, svgns=True, omitsize=True, nl=False
    )
    return drawn.getvalue()


async def _news(request: web.Request, session_id: str) -> AsyncIterator[Event]:
    """One event for the state of the session now, and one for each change, until nothing can change any more."""
    desk, told = request.app[DESK], None
    async with request.app[TOPICS].subscribe(session_id) as published:
        upcoming = asyncio.ensure_future(_next(published))
        try:
            while True:
                state = _state(await desk.store.session(session_id), desk)
                if state != told:
                    told = state
                    yield Event("session", state)
                if state["status"] not in OPEN:
                    return
                await asyncio.wait({upcoming}, timeout=_LOOK_AGAIN_SECONDS)
                if upcoming.done() and not upcoming.result():
                    return
                upcoming = asyncio.ensure_future(_next(published)) if upcoming.done() else upcoming
        finally:
            upcoming.cancel()


async def _next(published: AsyncIterator[Event]) -> bool:
    """Whether there is news; False when the service stops."""
    return await anext(published, None) is not None


def _state(session: Session, desk: Desk) -> JsonObject:
    verdict = session.verdict
    return {
        "id": session.id,
        "status": session.status_at(desk.clock()),
        "verdict": verdict.word if verdict else None,
        "code": verdict.code if verdict else None,
        "attempts": session.attempts,
    }


async def _session(request: web.Request) -> Session:
    return await request.app[DESK].store.session(request.match_info["id"])


def _policy(desk: Desk, name: str) -> Policy:
    if name not in desk.policies:
        raise NotFound("policy: expected one that this verifier works by", pointer="/policy")
    return desk.policies[name]


def _word(refusal: Refused) -> Literal["invalid", "undecided"]:
    return "undecided" if refusal.verdict == "undecided" else "invalid"


def _check(refusal: Refused) -> Check:
    return Check("answer", "undecided" if refusal.verdict == "undecided" else "failed", refusal.code, refusal.detail)


_HERE = "/v1/verification-sessions"
ROUTES: tuple[Route, ...] = (
    route(
        "POST",
        _HERE,
        open_session,
        summary="Ask somebody for a presentation",
        body=SessionOrder,
        answer=SessionModel,
        status=201,
        scope=SCOPE,
        creates=True,
        refusals=(NotFound,),
    ),
    route(
        "GET", f"{_HERE}/{{id}}", show_session, summary="A session", answer=SessionModel, scope=SCOPE, refusals=(NotFound, SessionMismatch)
    ),
    route("GET", f"{_HERE}/{{id}}/qr", show_qr, summary="The QR code for the wallet", scope=SCOPE, answer_type="image/svg+xml"),
    route(
        "GET", f"{_HERE}/{{id}}/events", tell_news, summary="News of a session as it happens", scope=SCOPE, answer_type="text/event-stream"
    ),
    route(
        "POST",
        f"{_HERE}/{{id}}/cancel",
        cancel_session,
        summary="End an open session",
        answer=SessionModel,
        scope=SCOPE,
        refusals=(SessionConsumed, SessionExpired),
    ),
    route("GET", f"{_HERE}/{{id}}/case-file", show_case_file, summary="Everything that the verdict rests on", scope=SCOPE),
    route(
        "POST",
        "/v1/verify",
        verify_now,
        summary="Judge a credential or presentation at once",
        body=VerifyOrder,
        answer=VerdictModel,
        scope=SCOPE,
    ),
    route("GET", "/v1/policies", list_policies, summary="What is asked for, and why", answer=PolicyList, scope=SCOPE),
)
