"""How a page's handler answers when the wallet is locked or something is refused: in plain words, with what to do next."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from doors.refusals import Refused
from doors.words import sentences
from runtime.web import TRACE, language_of
from wallet.handlers.keys import PAGES, SITTING, page
from wallet.sitting import Locked

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def for_people(handler: Handler) -> Handler:
    """``handler``, whose refusals become pages: the door where the wallet is locked, else what happened and what to do."""

    async def answered(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Locked:
            return door(request, 401)
        except Refused as refusal:
            return refused(request, refusal)

    return answered


def door(request: web.Request, status: int = 200, refusal: Refused | None = None) -> web.Response:
    """The page that asks for the passphrase, or for a new one where there is no wallet yet."""
    sentence = None if refusal is None else sentences(language_of(request, request.app[PAGES].words))[refusal.code]
    return page(request, "door.html", status, exists=request.app[SITTING].exists, sentence=sentence, refusal=refusal)


def refused(request: web.Request, refusal: Refused) -> web.Response:
    language = language_of(request, request.app[PAGES].words)
    return page(
        request, "refused.html", refusal.http_status, sentence=sentences(language)[refusal.code], refusal=refusal, trace_id=request[TRACE]
    )
