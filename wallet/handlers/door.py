"""Open the wallet, make one, lock it."""

from aiohttp import web

from doors.refusals import InputMalformed, Refused
from openid4vc.forms import parse_form
from runtime.web import Route, read_body, route
from wallet.handlers.answers import door, to
from wallet.handlers.keys import COOKIE, SITTING, seated


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
    try:
        return seated(request, await request.app[SITTING].create(_agreed(form)))
    except Refused as refusal:
        return door(request, refusal.http_status, refusal)


async def lock(request: web.Request) -> web.StreamResponse:
    request.app[SITTING].lock()
    response = to("/")
    response.del_cookie(COOKIE, path="/")
    return response


def _agreed(form: dict[str, str]) -> str:
    if form.get("passphrase", "") != form.get("again", ""):
        raise InputMalformed("passphrase: expected twice the same")
    return form.get("passphrase", "")


ROUTES: tuple[Route, ...] = (
    route("GET", "/unlock", show_door, summary="The door", page=True, hidden=True),
    route("GET", "/create", show_door, summary="The door", page=True, hidden=True),
    route("POST", "/unlock", unlock, summary="Open the wallet", page=True, hidden=True),
    route("POST", "/create", create, summary="Make a wallet", page=True, hidden=True),
    route("POST", "/lock", lock, summary="Lock the wallet", page=True, hidden=True),
)
