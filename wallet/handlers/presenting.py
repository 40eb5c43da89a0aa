"""Show a card: who asks, for what, why and for how long; each attribute with its own tick; share or decline."""

from collections.abc import Iterable

from aiohttp import web

from doors.json import JsonValue
from openid4vc.claims_path import ClaimPath, select
from openid4vc.forms import parse_form
from openid4vc.vp.dcql import Candidate, Candidates
from runtime.web import Route, read_body, route
from trust.relying_party import attribute_of
from wallet import opening
from wallet.asked import Asked, open_asked
from wallet.check import holdings
from wallet.handlers.answers import for_people
from wallet.handlers.keys import SITTING, page, store_of
from wallet.handlers.receiving import link_in
from wallet.holding import Holding, masked
from wallet.match import Consent, candidates, shown_names
from wallet.present import decline, present
from wallet.reach import Reach


async def show_form(request: web.Request) -> web.StreamResponse:
    store_of(request)
    return page(request, "present.html")


async def look(request: web.Request) -> web.StreamResponse:
    """Find out who asks and what would be shown; nothing is sent yet, and nothing is ticked."""
    store, sitting = store_of(request), request.app[SITTING]
    text = link_in(parse_form(await read_body(request)))
    async with opening.reaching(sitting.settings, store, crash=sitting.crash) as reach:
        asked = await open_asked(text, store=store, reach=reach)
        cards = holdings(store)
        found = _found(asked, cards, frozenset(), reach)
    if found.missing():
        return page(request, "cannot.html", asked=asked, name=sitting.keep_request(asked))
    return _consent_page(request, asked, found, cards)


async def answer(request: web.Request) -> web.StreamResponse:
    """Share exactly what was ticked, or nothing."""
    store, sitting = store_of(request), request.app[SITTING]
    form = parse_form(await read_body(request))
    asked = sitting.request(form.get("request", ""))
    cards = holdings(store)
    refused = frozenset(path for place, path in enumerate(asked.attributes) if form.get(f"show_{place}") != "on")
    async with opening.reaching(sitting.settings, store, crash=sitting.crash) as reach:
        found = _found(asked, cards, refused, reach)
        if found.missing():
            names = sorted({attribute_of(path) for path in refused})
            return page(request, "short.html", 400, asked=asked, name=form["request"], names=names)
        sitting.take_request(form["request"])
        consent = Consent(_chosen(found, form), refused)
        presented = await present(asked, consent, cards, store=store, reach=reach)
    return page(request, "presented.html", asked=asked, presented=presented)


async def refuse(request: web.Request) -> web.StreamResponse:
    store, sitting = store_of(request), request.app[SITTING]
    asked = sitting.take_request(parse_form(await read_body(request)).get("request", ""))
    async with opening.reaching(sitting.settings, store, crash=sitting.crash) as reach:
        await decline(asked, store=store, reach=reach)
    return page(request, "declined.html", asked=asked)


def _found(asked: Asked, cards: tuple[Holding, ...], refused: frozenset[ClaimPath], reach: Reach) -> Candidates:
    return candidates(asked.request.query, cards, refused=refused, now=reach.clock(), skew=reach.policy.skew)


def _chosen(found: Candidates, form: dict[str, str]) -> dict[str, str]:
    """The card picked for each credential query that is answered; the form always names one, the first where it was forged away."""
    return {query_id: form.get(f"card_{query_id}") or found.by_query[query_id][0].credential.id for query_id in found.preferred()}


def _consent_page(request: web.Request, asked: Asked, found: Candidates, cards: tuple[Holding, ...]) -> web.Response:
    by_id = {card.id: card for card in cards}
    options = {query_id: [by_id[each.credential.id] for each in found.by_query[query_id]] for query_id in found.preferred()}
    first = [found.by_query[query_id][0] for query_id in found.preferred()]
    attributes = [
        {"place": place, "name": attribute_of(path), "value": _value(first, path)}
        for place, path in enumerate(asked.attributes)
        if any(select(option.credential.claims, path) for option in first)
    ]
    besides = [name for name in shown_names(first) if name not in {each["name"] for each in attributes}]
    return page(
        request,
        "consent.html",
        asked=asked,
        name=request.app[SITTING].keep_request(asked),
        options=options,
        attributes=attributes,
        besides=besides,
    )


def _value(options: Iterable[Candidate], path: ClaimPath) -> JsonValue:
    """The value that would be shown, masked where it is a long number."""
    for option in options:
        for claim in select(option.credential.claims, path):
            return masked(attribute_of(path), claim.value)
    return ""


ROUTES: tuple[Route, ...] = (
    route("GET", "/present", for_people(show_form), summary="Show a card", page=True, hidden=True),
    route("POST", "/present", for_people(look), summary="Look at a request", page=True, hidden=True),
    route("POST", "/present/answer", for_people(answer), summary="Share what was ticked", page=True, hidden=True),
    route("POST", "/present/decline", for_people(refuse), summary="Decline", page=True, hidden=True),
)
