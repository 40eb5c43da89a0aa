"""The front of a service: every request comes through here, is guarded, handed on, and answered with care."""

import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import orjson
from aiohttp import hdrs, web

from doors.json import JsonObject
from doors.refusals import REFUSALS, AuthRequired, InputMalformed, InputTooLarge, InternalError, MethodNotAllowed, NotFound, Refused
from runtime.clock import Clock
from runtime.database import Database
from runtime.log import failure_fields, logger
from runtime.tokens import Caller, authenticate
from runtime.web import guard
from runtime.web.answers import oauth_error, problem, title_of
from runtime.web.idempotency import Idempotency
from runtime.web.metrics import Metrics
from runtime.web.openapi import describe
from runtime.web.pages import Pages
from runtime.web.reading import BODY, read_body
from runtime.web.routes import MAX_BODY, Route, route
from runtime.words import Words

Authenticator = Callable[[str, str], Awaitable[Caller]]
"""Token text and scope to the caller; raises ``AuthRequired`` or ``InsufficientScope``."""

CALLER: web.RequestKey[Caller] = web.RequestKey("caller", Caller)
TRACE: web.RequestKey[str] = web.RequestKey("trace_id", str)
ROUTES: web.AppKey[tuple[Route, ...]] = web.AppKey("routes", tuple)

_PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"
_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",  # with "no-referrer" a browser sends the Origin "null" along with our own forms (Fetch §3.2)
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
        "X-Frame-Options": "DENY",
    }
)
_BY_STATUS: Mapping[int, type[Refused]] = MappingProxyType({404: NotFound, 405: MethodNotAllowed, 413: InputTooLarge})


@dataclass(frozen=True, slots=True)
class Front:
    """What the front of a service must know. ``hosts``: names it is called by beside that of ``public_url``."""

    title: str
    version: str
    public_url: str
    words: Words
    clock: Clock
    development: bool = False
    hosts: tuple[str, ...] = ()
    authenticate: Authenticator | None = None
    idempotency: Idempotency | None = None
    metrics: Metrics | None = None
    requests_per_minute: int = 600
    trusted_proxies: tuple[guard.Network, ...] = ()
    refused_logins_per_minute: int = 20


def token_authenticator(database: Database, clock: Clock) -> Authenticator:
    """Callers by the API tokens kept in ``database``."""

    async def by_token(text: str, scope: str) -> Caller:
        return await database.read(lambda connection: authenticate(connection, text, scope=scope, now=clock()))

    return by_token


def application(routes: Iterable[Route], front: Front) -> web.Application:
    """An application that serves ``routes`` behind every guard of this room, with ``/openapi.json`` and ``/docs``.

    Raises ``ValueError`` where a route needs a scope or takes an Idempotency-Key and ``front`` has nothing to check it with.
    """
    pages = Pages("runtime", front.words)
    served = tuple(routes)
    own = {(each.method, each.path) for each in served}
    served += tuple(each for each in (*pages.routes(), *_description(served, front, pages)) if (each.method, each.path) not in own)
    if any(each.scope for each in served) and front.authenticate is None:
        raise ValueError("front: expected an authenticator, because a route needs a scope")
    if any(each.creates for each in served) and front.idempotency is None:
        raise ValueError("front: expected an idempotency store, because a route takes an Idempotency-Key")
    edge = _Edge(front, pages)
    app = web.Application(middlewares=[edge.answer], client_max_size=max([MAX_BODY, *(each.max_bytes for each in served)]))
    app[ROUTES] = served
    app.on_response_prepare.append(edge.add_headers)
    for each in served:
        edge.learn(app.router.add_route(each.method, each.path, each.handler), each)
        if each.method == "GET":
            edge.learn(app.router.add_route("HEAD", each.path, each.handler), each)
    return app


class _Edge:
    """The one middleware: guard, hand on, turn every refusal and fault into an answer, add the headers."""

    def __init__(self, front: Front, pages: Pages) -> None:
        self._front = front
        self._pages = pages
        self._routes: dict[web.AbstractRoute, Route] = {}
        self._requests = guard.RateLimit(front.requests_per_minute)
        self._logins = guard.RateLimit(front.refused_logins_per_minute)
        netloc = front.public_url.partition("://")[2].partition("/")[0].lower()
        self._hosts = frozenset({netloc, *map(str.lower, front.hosts)})
        self._https = front.public_url.startswith("https://")

    def learn(self, registered: web.AbstractRoute, route: Route) -> None:
        self._routes[registered] = route

    @web.middleware
    async def answer(self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
        started = time.perf_counter()
        request[TRACE] = trace_id = secrets.token_hex(8)
        route = self._routes.get(request.match_info.route)
        try:
            response = await self._guarded(request, route, handler)
        except Refused as refusal:
            response = self._refuse(request, route, refusal)
        except web.HTTPException as error:
            response = error if error.status < 400 else self._refuse_http(request, route, error)
        except Exception as error:
            logger().error("request failed", trace_id=trace_id, route=route.path if route else "", **failure_fields(error))
            response = self._refuse(request, route, InternalError("the service failed; quote the trace id when asking for help"))
        if self._front.metrics is not None:
            path = route.path if route else "unknown"
            self._front.metrics.answered(request.method if route else "OTHER", path, response.status, time.perf_counter() - started)
        return response

    async def _guarded(
        self, request: web.Request, route: Route | None, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        front = self._front
        guard.check_host(request, hosts=self._hosts, development=front.development)
        address = guard.address_of(request, front.trusted_proxies)
        self._requests.check(address)
        guard.check_parcel(request, max_bytes=route.max_bytes if route else MAX_BODY)
        guard.check_path(request)
        if route is None:
            return await handler(request)
        guard.check_origin(request, route)
        if route.scope:
            request[CALLER] = await self._known(request, route.scope, address)
        if route.creates and front.idempotency is not None:
            request[BODY] = body = await read_body(request, max_bytes=route.max_bytes)
            caller = request[CALLER].id if route.scope else ""
            return await front.idempotency.answered_once(request, body, caller=caller, work=lambda: handler(request))
        return await handler(request)

    async def _known(self, request: web.Request, scope: str, address: str) -> Caller:
        """The caller; who shows wrong tokens too often is not even looked up."""
        self._logins.check(address, cost=0)
        authenticate = self._front.authenticate or _nobody
        try:
            return await authenticate(_bearer(request), scope)
        except AuthRequired:
            self._logins.check(address)
            raise

    def _refuse_http(self, request: web.Request, route: Route | None, error: web.HTTPException) -> web.Response:
        kind = _BY_STATUS.get(error.status, InputMalformed if error.status < 500 else InternalError)
        response = self._refuse(request, route, kind(f"{request.method}: {title_of(kind)[:-1].lower()}"))
        if hdrs.ALLOW in error.headers:
            response.headers[hdrs.ALLOW] = error.headers[hdrs.ALLOW]
        return response

    def _refuse(self, request: web.Request, route: Route | None, refusal: Refused) -> web.Response:
        trace_id = request[TRACE]
        logger().info("refused", code=refusal.code, status=refusal.http_status, trace_id=trace_id, route=route.path if route else "")
        if self._front.metrics is not None:
            self._front.metrics.refused(refusal.code)
        if route is not None and route.shape == "oauth":
            return oauth_error(refusal, trace_id=trace_id)
        if (route is None or route.shape == "page") and "text/html" in request.headers.get(hdrs.ACCEPT, ""):
            return self._pages.refusal(request, refusal, trace_id=trace_id)
        return problem(refusal, trace_id=trace_id, docs=f"{self._front.public_url}/docs")

    async def add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        """What every answer carries, also one that is sent piece by piece."""
        headers = response.headers
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", _PAGE_POLICY if response.content_type == "text/html" else _API_POLICY)
        headers.setdefault("Cache-Control", "no-store")
        headers["Server"] = "tigertally"
        headers["Trace-Id"] = request.get(TRACE, "")
        if self._https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


async def _nobody(_text: str, _scope: str) -> Caller:
    raise AuthRequired("token: expected nobody to call this")


def _bearer(request: web.Request) -> str:
    """The token in the Authorization header (RFC 6750 §2.1)."""
    kind, _, text = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if kind.lower() != "bearer":
        raise AuthRequired("token: expected an API token as Authorization: Bearer, got none")
    return text.strip()


def _description(routes: tuple[Route, ...], front: Front, pages: Pages) -> tuple[Route, ...]:
    document = describe(routes, title=front.title, version=front.version, public_url=front.public_url)
    written = orjson.dumps(document)

    async def show_document(_request: web.Request) -> web.Response:
        return web.Response(body=written, content_type="application/json")

    async def show_page(request: web.Request) -> web.Response:
        return pages.render(request, "docs.html", document=document, refusals=_codes())

    return (
        route("GET", "/openapi.json", show_document, summary="This description for programs", hidden=True),
        route("GET", "/docs", show_page, summary="This description for people", page=True),
    )


def _codes() -> list[JsonObject]:
    return [{"code": code, "status": kind.http_status, "title": title_of(kind)} for code, kind in sorted(REFUSALS.items())]
