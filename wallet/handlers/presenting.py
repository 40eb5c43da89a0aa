"""Show a card: who asks, for what, why and for how long; each attribute with its own tick; share or decline."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aiohttp import web

from doors.json import JsonValue
from openid4vc.claims_path import ClaimPath, select
from openid4vc.forms import parse_form
from openid4vc.vp.dcql import Candidate, Candidates
from runtime.web import Route, read_body, route
from trust.relying_party import attribute_of
from wallet import opening
from wallet.asked import Asked, open_asked
from wallet.check import fresh, holdings
from wallet.handlers.answers import ended, for_people, to
from wallet.handlers.keys import SITTING, page, store_of
from wallet.handlers.receiving import link_in
from wallet.holding import Holding
from wallet.match import PORTRAIT, Consent, candidates, kept_back, picked_by, shown_names
from wallet.present import decline, present
from wallet.settings import trust_of


async def show_form(request: web.Request) -> web.StreamResponse:
    store_of(request)
    return page(request, "present.html")


async def look(request: web.Request) -> web.StreamResponse:
    """Find out who asks, and whether the cards are still good; nothing is shown yet."""
    store, sitting = store_of(request), request.app[SITTING]
    text = link_in(parse_form(await read_body(request)))
    async with opening.reaching(sitting.settings, store, crash=sitting.crash) as reach:
        asked = await open_asked(text, store=store, reach=reach)
        await fresh(store, reach=reach)
    return to(f"/present/{sitting.keep(asked)}")


async def ask_consent(request: web.Request) -> web.StreamResponse:
    """Who asks and what would be shown; nothing is ticked."""
    store, sitting, name = store_of(request), request.app[SITTING], request.match_info["request"]
    asked, cards = sitting.find(name, Asked), holdings(store)
    found = _found(request, asked, cards, frozenset())
    if found.missing():
        query, skew = asked.request.query, trust_of(store).skew
        lapsed = kept_back(query, cards, now=sitting.clock(), skew=skew)
        return page(request, "cannot.html", asked=asked, name=name, lapsed=lapsed)
    return page(request, "consent.html", asked=asked, name=name, **_choices(asked, found, cards))


async def answer(request: web.Request) -> web.StreamResponse:
    """Share exactly what was ticked, or nothing."""
    store, sitting = store_of(request), request.app[SITTING]
    form = parse_form(await read_body(request))
    asked, cards = sitting.find(form.get("request", ""), Asked), holdings(store)
    refused = frozenset(path for place, path in enumerate(asked.attributes) if form.get(f"show_{place}") != "on")
    found = _found(request, asked, cards, refused)
    if found.missing():
        names = sorted({attribute_of(path) for path in refused})
        return ended(request, "short.html", 400, asked=asked, name=form["request"], names=names)
    consent = Consent(picked_by(found, _cards_in(form)), refused, portrait=_portrait_ticked(asked, refused, form))
    if not consent.portrait and PORTRAIT in shown_names(_options(found, consent)):
        return ended(request, "short.html", 400, asked=asked, name=form["request"], names=[PORTRAIT])
    sitting.take(form["request"], Asked)
    async with opening.reaching(sitting.settings, store, crash=sitting.crash) as reach:
        presented = await present(asked, consent, cards, store=store, reach=reach)
    return ended(request, "presented.html", asked=asked, presented=presented)


async def refuse(request: web.Request) -> web.StreamResponse:
    store, sitting = store_of(request), request.app[SITTING]
    asked = sitting.take(parse_form(await read_body(request)).get("request", ""), Asked)
    async with opening.reaching(sitting.settings, store, crash=sitting.crash) as reach:
        await decline(asked, store=store, reach=reach)
    return ended(request, "declined.html", asked=asked)


def _found(request: web.Request, asked: Asked, cards: Sequence[Holding], refused: frozenset[ClaimPath]) -> Candidates:
    skew = trust_of(store_of(request)).skew
    return candidates(asked.request.query, cards, refused=refused, now=request.app[SITTING].clock(), skew=skew)


def _cards_in(form: Mapping[str, str]) -> frozenset[str]:
    return frozenset(value for name, value in form.items() if name.startswith("card_"))


def _portrait_ticked(asked: Asked, refused: frozenset[ClaimPath], form: Mapping[str, str]) -> bool:
    """Whether the portrait has a tick of its own: as an attribute that is asked for, or as a part of a card shown as a whole."""
    return form.get(PORTRAIT) == "on" or any(attribute_of(path) == PORTRAIT for path in set(asked.attributes) - refused)


def _options(found: Candidates, consent: Consent) -> Iterable[Candidate]:
    chosen = consent.chosen.items()
    return (option for query_id, card in chosen for option in found.by_query[query_id] if option.credential.id == card)


def _choices(asked: Asked, found: Candidates, cards: Sequence[Holding]) -> dict[str, Any]:
    """What the consent page lets the holder choose: the card of each query, each attribute, and what a whole card shows besides."""
    by_id = {card.id: card for card in cards}
    options = [option for query_id in found.preferred() for option in found.by_query[query_id]]
    attributes = [
        {"place": place, "name": attribute_of(path), "shown": _values(options, path)}
        for place, path in enumerate(asked.attributes)
        if any(select(option.credential.claims, path) for option in options)
    ]
    return {
        "options": {query_id: [by_id[each.credential.id] for each in found.by_query[query_id]] for query_id in found.preferred()},
        "attributes": attributes,
        "besides": [name for name in shown_names(options) if name not in {each["name"] for each in attributes}],
    }


def _values(options: Iterable[Candidate], path: ClaimPath) -> list[JsonValue]:
    """The value that would be shown; where cards differ, each one's."""
    values: list[JsonValue] = []
    for option in options:
        values += [claim.value for claim in select(option.credential.claims, path) if claim.value not in values]
    return values


ROUTES: tuple[Route, ...] = (
    route("GET", "/present", for_people(show_form), summary="Show a card", page=True, hidden=True),
    route("POST", "/present", for_people(look), summary="Look at a request", page=True, hidden=True),
    route("GET", "/present/{request}", for_people(ask_consent), summary="Who asks for what", page=True, hidden=True),
    route("POST", "/present/answer", for_people(answer), summary="Share what was ticked", page=True, hidden=True),
    route("POST", "/present/decline", for_people(refuse), summary="Decline", page=True, hidden=True),
)
