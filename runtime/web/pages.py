"""Pages for people: own templates and files only, in the reader's language, with every foreign word escaped."""

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any

import jinja2
from aiohttp import web

from doors.refusals import NotFound, Refused
from runtime.web.routes import Route, route
from runtime.words import Words, negotiate, safe_text

_COOKIE = "language"
_TYPES = MappingProxyType(
    {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json"}
)


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    content_type: str
    etag: str


class Pages:
    """The templates and files of ``package`` (folders ``templates`` and ``static``) over the frame that all services share."""

    def __init__(self, package: str, words: Words) -> None:
        self.package = package
        self.words = words
        own = resources.files(package).joinpath("templates")
        places = [jinja2.PackageLoader(package, "templates")] if own.is_dir() else []
        self._environment = jinja2.Environment(
            loader=jinja2.ChoiceLoader([*places, jinja2.PackageLoader("runtime", "templates")]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["foreign"] = safe_text
        self._files = MappingProxyType({name: _files(name) for name in {package, "runtime"}})

    def render(self, request: web.Request, template: str, /, status: int = 200, **values: Any) -> web.Response:
        """The page ``template`` in the reader's language. In it: ``t(key, **values)``, ``language``, ``languages``, ``x | foreign``."""
        language = language_of(request, self.words)

        def t(key: str, /, **named: object) -> str:
            return self.words.say(language, key, **named)

        text = self._environment.get_template(template).render(
            {**values, "t": t, "language": language, "languages": self.words.languages, "package": self.package, "path": request.path}
        )
        response = web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
        response.headers["Content-Language"] = language
        response.headers["Vary"] = "Accept-Language, Cookie"
        if request.query.get("lang"):
            response.set_cookie(_COOKIE, language, samesite="Lax", httponly=True, secure=request.secure, path="/", max_age=365 * 24 * 3600)
        return response

    def refusal(self, request: web.Request, refusal: Refused, *, trace_id: str) -> web.Response:
        """What happened, whether anything was lost, what to do, and a number to quote; never a trace."""
        key = refusal.http_status if refusal.http_status in (401, 403, 404, 413, 429) else 500 if refusal.http_status >= 500 else 400
        return self.render(request, "refusal.html", refusal.http_status, kind=key, code=refusal.code, trace_id=trace_id)

    def routes(self) -> tuple[Route, ...]:
        return (route("GET", "/static/{package}/{file}", self._serve, summary="Files of the pages", answer_type="*/*", hidden=True),)

    async def _serve(self, request: web.Request) -> web.Response:
        file = self._files.get(request.match_info["package"], {}).get(request.match_info["file"])
        if file is None:
            raise NotFound("file: there is nothing under this name")
        headers = {"ETag": file.etag, "Cache-Control": "no-cache"}
        if request.headers.get("If-None-Match") == file.etag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=file.content, headers={**headers, "Content-Type": file.content_type})


def language_of(request: web.Request, words: Words) -> str:
    """``?lang=``, else the language chosen before, else what the browser prefers."""
    return negotiate(
        words.languages,
        asked=request.query.get("lang", ""),
        remembered=request.cookies.get(_COOKIE, ""),
        accepted=request.headers.get("Accept-Language", ""),
    )


def _files(package: str) -> Mapping[str, _File]:
    """All files of the package's folder, read once: what is not in it cannot be asked for."""
    folder = resources.files(package).joinpath("static")
    if not folder.is_dir():
        return {}
    return {file.name: _read(file.name, file.read_bytes()) for file in folder.iterdir() if file.is_file()}


def _read(name: str, content: bytes) -> _File:
    suffix = name[name.rfind(".") :]
    kind = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return _File(content, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
