"""The desk page: a clerk sees a QR code that turns green, red or amber. The page itself holds nothing; its token asks for everything."""

from collections.abc import Mapping

from aiohttp import web

from doors.refusals import NotFound
from runtime.web import Route, language_of, route
from verifier.explain import words
from verifier.handlers.keys import DESK, PAGES

_PAGE_WORDS = ("desk.", "verdict.", "age.", "attribute.", "outcome.")


async def choose_desk(request: web.Request) -> web.Response:
    desk, pages = request.app[DESK], request.app[PAGES]
    return pages.render(request, "desks.html", policies=tuple(desk.policies.values()))


async def show_desk(request: web.Request) -> web.Response:
    """The desk of one policy."""
    desk, pages = request.app[DESK], request.app[PAGES]
    policy = desk.policies.get(request.match_info["policy"])
    if policy is None:
        raise NotFound("desk: expected a policy that this verifier works by")
    limit = min(policy.trust.stale_limit(kind) for kind in ("did_document", "status"))
    return pages.render(
        request,
        "desk.html",
        policy=policy,
        sentences=_sentences(language_of(request, pages.words)),
        offline=desk.source.offline,
        limit=int(limit.total_seconds()),
    )


def _sentences(language: str) -> Mapping[str, str]:
    """The words that the page's script says; they go into the page as data, not as code."""
    return {key: sentence for key, sentence in words(language).items() if key.startswith(_PAGE_WORDS)}


ROUTES: tuple[Route, ...] = (
    route("GET", "/", choose_desk, summary="Choose a desk", page=True, hidden=True),
    route("GET", "/desk/{policy}", show_desk, summary="The desk of one policy", page=True, hidden=True),
)
