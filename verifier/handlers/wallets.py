"""What a wallet meets: the signed question, the place for its answer, and the page its person comes back to."""

from aiohttp import web

from doors.refusals import (
    AudMismatch,
    ClaimMissing,
    HolderBindingInvalid,
    InputMalformed,
    NonceMismatch,
    PresentationDeclined,
    QueryNotSatisfied,
    ResponseNotEncrypted,
    SessionConsumed,
    SessionExpired,
    SessionMismatch,
    SigInvalid,
    StatusRevoked,
)
from openid4vc.forms import parameter, parse_form
from openid4vc.vp.request_object import REQUEST_OBJECT_TYPE
from runtime.web import Event, Route, json_answer, read_body, route
from verifier.answer import refuse_closed, refuse_foreign_browser, take
from verifier.explain import explain
from verifier.handlers.keys import DESK, PAGES, TOPICS
from verifier.request import signed

_FORM = frozenset({"application/x-www-form-urlencoded"})
RESPONSE_LIMIT = 2 * 1024 * 1024
"""Bytes of an answer that are read: an encrypted presentation with a portrait fits well; a state of 1 MB is read and then refused."""


async def show_request(request: web.Request) -> web.Response:
    """The request object, by GET (RFC 9101 §5.2.3)."""
    return await _request_object(request, wallet_nonce="")


async def show_request_to_wallet(request: web.Request) -> web.Response:
    """The request object, by POST with the wallet's own nonce (OpenID4VP 1.0 §5.10)."""
    form = parse_form(await read_body(request, media_types=_FORM, max_bytes=64 * 1024))
    nonce = parameter(form, "wallet_nonce", refusal=InputMalformed, longest=512) if "wallet_nonce" in form else ""
    return await _request_object(request, wallet_nonce=nonce)


async def take_response(request: web.Request) -> web.Response:
    """The wallet's answer (OpenID4VP 1.0 §8.2): where to send the person now, and the receipt; a wallet's no is taken note of."""
    desk, session_id = request.app[DESK], request.match_info["id"]
    form = parse_form(await read_body(request, media_types=_FORM, max_bytes=RESPONSE_LIMIT), limit=RESPONSE_LIMIT)
    session = await desk.store.session(session_id)
    try:
        taken = await take(desk, session, form)
    except PresentationDeclined:
        return json_answer({})
    finally:
        request.app[TOPICS].publish(session_id, Event("changed", {"id": session_id}))
    return json_answer({"receipt": taken.receipt, **({"redirect_uri": taken.redirect_uri} if taken.redirect_uri else {})})


async def show_result(request: web.Request) -> web.Response:
    """Where the person's browser arrives from the wallet; the response code shows that it is the same person's (§13.3)."""
    desk, language = request.app[DESK], request.query.get("lang", "en")
    session = await desk.store.session(request.match_info["id"])
    refuse_foreign_browser(session, request.query.get("response_code", ""))
    if session.verdict is None:
        raise SessionMismatch("session: expected one that has been answered")
    told = explain(
        session.verdict.checks, verdict=session.verdict.word, code=session.verdict.code, language="zh-CN" if language == "zh-CN" else "en"
    )
    return request.app[PAGES].render(request, "result.html", told=told, reference=session.id)


async def show_did_document(request: web.Request) -> web.Response:
    """The relying party's did:web document."""
    return json_answer(request.app[DESK].identity.did_document(), headers={"Cache-Control": "max-age=300"})


async def _request_object(request: web.Request, *, wallet_nonce: str) -> web.Response:
    desk = request.app[DESK]
    session = await desk.store.session(request.match_info["id"])
    refuse_closed(session, desk.clock())
    text = signed(session, identity=desk.identity, wallet_nonce=wallet_nonce)
    return web.Response(body=text.encode("ascii"), headers={"Content-Type": REQUEST_OBJECT_TYPE, "Cache-Control": "no-store"})


_MET = (SessionConsumed, SessionExpired, SessionMismatch, ResponseNotEncrypted, InputMalformed, NonceMismatch, AudMismatch)
_JUDGED = (HolderBindingInvalid, QueryNotSatisfied, ClaimMissing, SigInvalid, StatusRevoked)

ROUTES: tuple[Route, ...] = (
    route("GET", "/.well-known/did.json", show_did_document, summary="The relying party's DID document"),
    route(
        "GET",
        "/oid4vp/request/{id}",
        show_request,
        summary="The signed request object of a session",
        oauth=True,
        answer_type=REQUEST_OBJECT_TYPE,
        refusals=(SessionConsumed, SessionExpired),
    ),
    route(
        "POST",
        "/oid4vp/request/{id}",
        show_request_to_wallet,
        summary="The same, naming the wallet's own nonce",
        oauth=True,
        body_type="application/x-www-form-urlencoded",
        answer_type=REQUEST_OBJECT_TYPE,
        refusals=(SessionConsumed, SessionExpired),
    ),
    route(
        "POST",
        "/oid4vp/response/{id}",
        take_response,
        summary="A wallet's answer",
        oauth=True,
        max_bytes=RESPONSE_LIMIT,
        body_type="application/x-www-form-urlencoded",
        refusals=(*_MET, *_JUDGED),
    ),
    route("GET", "/oid4vp/result/{id}", show_result, summary="The result, for the browser that the wallet sent back", page=True),
)
