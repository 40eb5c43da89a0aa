"""Open the wallet, make one, lock it."""

from aiohttp import web

from doors.refusals import Refused
from openid4vc.forms import parse_form
from runtime.web import Route, read_body, route
from wallet.handlers.answers import door, to
from wallet.handlers.keys import COOKIE, SITTING, seated
from wallet.vault import SHORTEST_PASSPHRASE


async def show_door(request: web.Request) -> web.StreamResponse:
    """The door again, where somebody reloads it or reads it in the other language."""
    return door(request)


async def unlock(request: web.Request) -> web.StreamResponse:
    form = parse_form(await read_body(request))
    try:
        return seated(request, await request.app[SITTING].unlock(form.get("passphrase", "")))
    except Refused as refusal:
        return door(request, refusal.http_status, refusal)


async def create(request: web.Request) -> web.StreamResponse:
    form = parse_form(await read_body(request))
    passphrase = form.get("passphrase", "")
    if len(passphrase) < SHORTEST_PASSPHRASE or passphrase != form.get("again", ""):
        return door(request, 400, note="door.rule")
    try:
        return seated(request, await request.app[SITTING].create(passphrase))
    except Refused as refusal:
        return door(request, refusal.http_status, refusal)


async def lock(request: web.Request) -> web.StreamResponse:
    request.app[SITTING].lock()
    response = to("/")
    response.del_cookie(COOKIE, path="/")
    return response


ROUTES: tuple[Route, ...] = (
    route("GET", "/unlock", show_door, summary="The door", page=True, hidden=True),
    route("GET", "/create", show_door, summary="The door", page=True, hidden=True),
    route("POST", "/unlock", unlock, summary="Open the wallet", page=True, hidden=True),
    route("POST", "/create", create, summary="Make a wallet", page=True, hidden=True),
    route("POST", "/lock", lock, summary="Lock the wallet", page=True, hidden=True),
)
