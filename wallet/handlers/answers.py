"""How a page's handler answers when the wallet is locked or something is refused: in plain words, with what to do next."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from doors.refusals import Refused, WalletLocked
from runtime.web import TRACE, Route, route
from wallet.handlers.keys import SITTING, page, store_of
from wallet.sitting import Outcome

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def for_people(handler: Handler) -> Handler:
    """``handler``, whose refusals become pages: the door where the wallet is locked, else what happened and what to do."""

    async def answered(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except WalletLocked:
            return door(request, 401)
        except Refused as refusal:
            return refused(request, refusal)

    return answered


def door(request: web.Request, status: int = 200, refusal: Refused | None = None, *, note: str = "") -> web.Response:
    """The page that asks for the passphrase, or for a new one where there is no wallet yet; ``note`` is the key of a sentence."""
    return page(request, "door.html", status, exists=request.app[SITTING].exists, refusal=refusal, note=note)


def refused(request: web.Request, refusal: Refused, *, again: str = "/") -> web.Response:
    """What happened and what to do; ``again`` is where it can be tried once more."""
    values = {"refusal": refusal, "trace_id": request[TRACE], "again": again}
    if request.method == "POST":
        return ended(request, "refused.html", refusal.http_status, **values)
    return page(request, "refused.html", refusal.http_status, **values)


def ended(request: web.Request, template: str, status: int = 200, **values: object) -> web.Response:
    """On to the page that tells how it ended. It has an address of its own, so that it can be reloaded, or read in the other language."""
    return to(f"/done/{request.app[SITTING].keep(Outcome(template, status, values))}")


def to(place: str) -> web.Response:
    return web.Response(status=303, headers={"Location": place})


async def show_outcome(request: web.Request) -> web.StreamResponse:
    store_of(request)
    outcome = request.app[SITTING].find(request.match_info["name"], Outcome)
    return page(request, outcome.template, outcome.status, **outcome.values)


ROUTES: tuple[Route, ...] = (route("GET", "/done/{name}", for_people(show_outcome), summary="How something ended", page=True, hidden=True),)
