"""Take a card: paste or photograph the offer, see whose it is, accept."""

from aiohttp import web

from doors.refusals import Refused, UnsupportedUri
from openid4vc.forms import parse_form
from runtime.web import Route, json_answer, read_body, route
from wallet import opening, receive
from wallet.handlers.answers import ended, for_people, refused, to
from wallet.handlers.keys import SITTING, page, store_of
from wallet.qr_code import texts_in
from wallet.receive import Offered

LARGEST_PICTURE = 8 * 1024 * 1024
LARGEST_TEXT = 8 * 1024


async def show_form(request: web.Request) -> web.StreamResponse:
    store_of(request)
    return page(request, "receive.html")


async def look(request: web.Request) -> web.StreamResponse:
    """Find out whose offer it is; nothing is taken yet."""
    store, sitting = store_of(request), request.app[SITTING]
    text = link_in(parse_form(await read_body(request)))
    async with opening.reaching(sitting.settings, store, crash=sitting.crash) as reach:
        offered = await receive.look(text, reach=reach)
    return to(f"/receive/{sitting.keep(offered)}")


async def show_offer(request: web.Request) -> web.StreamResponse:
    store_of(request)
    name = request.match_info["offer"]
    return page(request, "offer.html", offered=request.app[SITTING].find(name, Offered), name=name)


async def accept(request: web.Request) -> web.StreamResponse:
    """Take what is offered, once; where the issuer says no (a mistyped transaction code), the offer can be tried again."""
    store, sitting = store_of(request), request.app[SITTING]
    form = parse_form(await read_body(request))
    name = form.get("offer", "")
    offered = sitting.take(name, Offered)
    try:
        async with opening.reaching(sitting.settings, store, crash=sitting.crash) as reach:
            received = await receive.accept(offered, tx_code=form.get("tx_code", "").strip(), store=store, reach=reach)
    except Refused as refusal:
        return refused(request, refusal, again=f"/receive/{sitting.keep(offered, name=name)}")
    return ended(request, "received.html", received=received)


async def resume(request: web.Request) -> web.StreamResponse:
    store, sitting = store_of(request), request.app[SITTING]
    async with opening.reaching(sitting.settings, store, crash=sitting.crash) as reach:
        received = await receive.resume(store, reach=reach)
    return ended(request, "received.html", received=received)


async def read_code(request: web.Request) -> web.StreamResponse:
    """The text of a QR code in a picture: read here, because not every browser can."""
    store_of(request)
    found = await texts_in(await read_body(request, max_bytes=LARGEST_PICTURE))
    if len(found) != 1:
        raise UnsupportedUri(f"picture: expected one QR code, found {len(found)}")
    return json_answer({"text": found[0][:LARGEST_TEXT]})


def link_in(form: dict[str, str]) -> str:
    text = form.get("link", "").strip()
    if not text or len(text) > LARGEST_TEXT:
        raise UnsupportedUri("link: expected one of up to 8,192 characters")
    return text


ROUTES: tuple[Route, ...] = (
    route("GET", "/receive", for_people(show_form), summary="Receive a card", page=True, hidden=True),
    route("POST", "/receive", for_people(look), summary="Look at an offer", page=True, hidden=True),
    route("GET", "/receive/{offer}", for_people(show_offer), summary="What is offered", page=True, hidden=True),
    route("POST", "/receive/accept", for_people(accept), summary="Take what is offered", page=True, hidden=True),
    route("POST", "/receive/resume", for_people(resume), summary="Fetch what did not arrive", page=True, hidden=True),
    route(
        "POST",
        "/code",
        read_code,
        summary="Read a QR code in a picture",
        page=True,
        hidden=True,
        max_bytes=LARGEST_PICTURE,
        body_type="application/octet-stream",
    ),
)
