"""Under which keys the application keeps what the handlers need, and the cookie that knows an open wallet."""

import re

from aiohttp import web

from doors.words import sentences
from runtime.web import Pages, language_of
from runtime.words import Words, safe_text
from wallet.holding import masked
from wallet.sitting import Sitting
from wallet.store import WalletStore

SITTING: web.AppKey[Sitting] = web.AppKey("sitting", Sitting)
PAGES: web.AppKey[Pages] = web.AppKey("pages", Pages)
COOKIE = "wallet"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def store_of(request: web.Request) -> WalletStore:
    """The open wallet of who asks; raises ``WalletLocked``."""
    return request.app[SITTING].store(request.cookies.get(COOKIE, ""))


def value_in_words(name: str, value: object, words: Words, language: str, *, plain: bool = False) -> str:
    """A claim's value as people read it: yes and no, dates in the reader's way, long numbers masked unless ``plain``."""
    if isinstance(value, bool):
        return words.say(language, "value.yes" if value else "value.no")
    if name == "sex" and f"sex.{value}" in words.sentences[language]:
        return words.say(language, f"sex.{value}")
    if name.endswith("_date") and isinstance(value, str) and _DATE.fullmatch(value):
        year, month, day = map(int, value.split("-"))
        return words.say(language, "date", year=year, month=month, day=day)
    return str(value) if plain else masked(name, value)


def page(request: web.Request, template: str, /, status: int = 200, **values: object) -> web.Response:
    """The page in the reader's language; in it ``claim(name)`` names an attribute and ``refusal_words(code)`` explains a refusal,
    ``value_of(name, value)`` puts a value into words.
    """
    pages = request.app[PAGES]
    language = language_of(request, pages.words)

    def claim(name: str) -> str:
        key = f"claim.{name}"
        return pages.words.say(language, key) if key in pages.words.sentences[language] else safe_text(name)

    def value_of(name: str, value: object, *, plain: bool = False) -> str:
        return value_in_words(name, value, pages.words, language, plain=plain)

    return pages.render(request, template, status, claim=claim, value_of=value_of, refusal_words=sentences(language).__getitem__, **values)


def seated(request: web.Request, cookie: str) -> web.Response:
    """Back to the cards, with the cookie of a fresh sitting (a new one each time: no fixation)."""
    response = web.Response(status=303, headers={"Location": "/"})
    response.set_cookie(COOKIE, cookie, httponly=True, samesite="Strict", secure=request.secure, path="/")
    return response
