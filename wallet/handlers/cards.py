"""The cards, one card, the log, and whether the cards are still good."""

import orjson
from aiohttp import web

from doors.refusals import NotFound, WalletLocked
from runtime.web import Route, json_answer, route
from wallet import opening
from wallet.check import check, holdings
from wallet.handlers.answers import door, for_people, to
from wallet.handlers.keys import COOKIE, SITTING, page, store_of
from wallet.history import history
from wallet.holding import Holding, masked
from wallet.receive import PENDING


async def show_cards(request: web.Request) -> web.StreamResponse:
    if not request.app[SITTING].exists or COOKIE not in request.cookies:
        return door(request)
    try:
        store = store_of(request)
    except WalletLocked:
        return door(request)
    return page(
        request, "cards.html", cards=[_shown(card) for card in holdings(store)], pending=len(store.all(PENDING)), recovered=store.recovered
    )


async def show_card(request: web.Request) -> web.StreamResponse:
    wanted = [card for card in holdings(store_of(request)) if card.id == request.match_info["card"]]
    if not wanted:
        raise NotFound("card: there is none of that name")
    plain = request.query.get("plain") == "1"
    claims = wanted[0].claims
    return page(request, "card.html", card=_shown(wanted[0]), claims=claims, plain=plain, portrait=claims.get("portrait", ""))


async def check_cards(request: web.Request) -> web.StreamResponse:
    store, sitting = store_of(request), request.app[SITTING]
    async with opening.reaching(sitting.settings, store, crash=sitting.crash) as reach:
        await check(store, reach=reach)
    return to("/")


async def show_log(request: web.Request) -> web.StreamResponse:
    return page(request, "log.html", entries=history(store_of(request)))


async def download_log(request: web.Request) -> web.StreamResponse:
    entries = [entry.to_json() for entry in history(store_of(request))]
    return json_answer(orjson.dumps(entries), headers={"Content-Disposition": 'attachment; filename="wallet-log.json"'})


def _shown(card: Holding) -> dict[str, object]:
    """What a card's face shows: title, issuer, masked number, end."""
    claims = card.claims
    return {
        "id": card.id,
        "title": card.title,
        "issuer": card.issuer_name,
        "name": claims.get("full_name") or f"{claims.get('given_name', '')} {claims.get('family_name', '')}",
        "number": masked("citizen_number", claims.get("citizen_number", "")),
        "valid_until": card.credential.valid_until,
        "format": card.format,
        "standing": card.standing.code,
        "checked_at": card.standing.checked_at,
    }


ROUTES: tuple[Route, ...] = (
    route("GET", "/", for_people(show_cards), summary="The cards", page=True, hidden=True),
    route("GET", "/cards/{card}", for_people(show_card), summary="One card", page=True, hidden=True),
    route("POST", "/check", for_people(check_cards), summary="Look whether the cards are still good", page=True, hidden=True),
    route("GET", "/log", for_people(show_log), summary="What was shown and to whom", page=True, hidden=True),
    route("GET", "/log.json", for_people(download_log), summary="The log as a file", page=True, hidden=True),
)
