"""Under which keys the application keeps what the handlers need, and the cookie that knows an open wallet."""

from aiohttp import web

from doors.words import sentences
from runtime.web import Pages, language_of
from runtime.words import safe_text
from wallet.sitting import Sitting
from wallet.store import WalletStore

SITTING: web.AppKey[Sitting] = web.AppKey("sitting", Sitting)
PAGES: web.AppKey[Pages] = web.AppKey("pages", Pages)
COOKIE = "wallet"


def store_of(request: web.Request) -> WalletStore:
    """The open wallet of who asks; raises ``WalletLocked``."""
    return request.app[SITTING].store(request.cookies.get(COOKIE, ""))


def page(request: web.Request, template: str, /, status: int = 200, **values: object) -> web.Response:
    """The page in the reader's language; in it ``claim(name)`` names an attribute and ``refusal_words(code)`` explains a refusal."""
    pages = request.app[PAGES]
    language = language_of(request, pages.words)

    def claim(name: str) -> str:
        key = f"claim.{name}"
        return pages.words.say(language, key) if key in pages.words.sentences[language] else safe_text(name)

    return pages.render(request, template, status, claim=claim, refusal_words=sentences(language).__getitem__, **values)


def seated(request: web.Request, cookie: str) -> web.Response:
    """Back to the cards, with the cookie of a fresh sitting (a new one each time: no fixation)."""
    response = web.Response(status=303, headers={"Location": "/"})
    response.set_cookie(COOKIE, cookie, httponly=True, samesite="Strict", secure=request.secure, path="/")
    return response
