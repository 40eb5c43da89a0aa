"""Open the wallet, make one, lock it."""

from aiohttp import web

from doors.refusals import InputMalformed, Refused
from openid4vc.forms import parse_form
from runtime.web import Route, read_body, route
from wallet.handlers.answers import door
from wallet.handlers.keys import COOKIE, SITTING, seated

SHORTEST_PASSPHRASE = 10


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
    response = web.Response(status=303, headers={"Location": "/"})
    response.del_cookie(COOKIE, path="/")
    return response


def _agreed(form: dict[str, str]) -> str:
    passphrase = form.get("passphrase", "")
    if len(passphrase) < SHORTEST_PASSPHRASE or passphrase != form.get("again", ""):
        raise InputMalformed(f"passphrase: expected at least {SHORTEST_PASSPHRASE} characters, twice the same")
    return passphrase


ROUTES: tuple[Route, ...] = (
    route("POST", "/unlock", unlock, summary="Open the wallet", page=True, hidden=True),
    route("POST", "/create", create, summary="Make a wallet", page=True, hidden=True),
    route("POST", "/lock", lock, summary="Lock the wallet", page=True, hidden=True),
)
