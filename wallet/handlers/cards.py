"""The cards, one card, the log, and whether the cards are still good."""

import secrets

import orjson
from aiohttp import web

from doors.refusals import ApprovalRequired, WalletLocked
from openid4vc.forms import parse_form
from runtime.clock import utc_now
from runtime.web import Route, json_answer, read_body, route
from wallet import opening
from wallet.check import check, holdings
from wallet.delete import clear_history, delete_card, find_card
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
    card = find_card(store_of(request), request.match_info["card"])
    plain = request.query.get("plain") == "1"
    claims = card.claims
    return page(request, "card.html", card=_shown(card), claims=claims, plain=plain, portrait=claims.get("portrait", ""))


async def delete(request: web.Request) -> web.StreamResponse:
    """Throw the card away, once the holder has ticked that they mean it."""
    store = store_of(request)
    if parse_form(await read_body(request)).get("sure") != "on":
        raise ApprovalRequired("card: expected the tick that says it is meant; nothing was deleted")
    delete_card(store, request.match_info["card"], now=utc_now(), random=secrets.token_bytes)
    return to("/")


async def forget(request: web.Request) -> web.StreamResponse:
    """Clear the list of what was shown, once the holder has ticked that they mean it."""
    store = store_of(request)
    if parse_form(await read_body(request)).get("sure") != "on":
        raise ApprovalRequired("list: expected the tick that says it is meant; nothing was forgotten")
    clear_history(store)
    return to("/log")


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
    route("POST", "/cards/{card}/delete", for_people(delete), summary="Throw a card away", page=True, hidden=True),
    route("POST", "/log/clear", for_people(forget), summary="Forget what was shown", page=True, hidden=True),
    route("POST", "/check", for_people(check_cards), summary="Look whether the cards are still good", page=True, hidden=True),
    route("GET", "/log", for_people(show_log), summary="What was shown and to whom", page=True, hidden=True),
    route("GET", "/log.json", for_people(download_log), summary="The log as a file", page=True, hidden=True),
)
