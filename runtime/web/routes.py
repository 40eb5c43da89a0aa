"""A route: one thing the service does when asked, with all that must be known to guard it and to document it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from doors.refusals import Refused

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Shape = Literal["api", "oauth", "page"]

MAX_BODY = 256 * 1024


class Body(BaseModel):
    """What comes or goes as JSON: types taken strictly, unknown members refused, immutable once read."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path. ``shape`` says how it refuses: as a problem document, in OAuth's words, or as a page for people."""

    method: str
    path: str
    handler: Handler
    summary: str
    body: type[BaseModel] | None
    answer: type[BaseModel] | None
    query: type[BaseModel] | None
    status: int
    scope: str
    shape: Shape
    creates: bool
    max_bytes: int
    body_type: str
    answer_type: str
    refusals: tuple[type[Refused], ...]
    hidden: bool

    @property
    def writes(self) -> bool:
        return self.method not in {"GET", "HEAD"}


def route(
    method: str,
    path: str,
    handler: Handler,
    *,
    summary: str,
    body: type[BaseModel] | None = None,
    answer: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    status: int = 200,
    scope: str = "",
    oauth: bool = False,
    page: bool = False,
    creates: bool = False,
    max_bytes: int = MAX_BODY,
    body_type: str = "application/json",
    answer_type: str = "",
    refusals: tuple[type[Refused], ...] = (),
    hidden: bool = False,
) -> Route:
    """A route for ``application``.

    ``scope``: what the caller's API token must allow, "" where anybody may call. ``creates``: takes an Idempotency-Key.
    ``oauth``: refuses with ``error`` and ``error_description``. ``page``: answers people, and takes POST only from its own origin.
    ``body``, ``query``, ``answer``: the models it reads and writes, for the API description. ``hidden``: not in that description.
    """
    shape: Shape = "oauth" if oauth else "page" if page else "api"
    return Route(
        method=method.upper(),
        path=path,
        handler=handler,
        summary=summary,
        body=body,
        answer=answer,
        query=query,
        status=status,
        scope=scope,
        shape=shape,
        creates=creates,
        max_bytes=max_bytes,
        body_type=body_type,
        answer_type=answer_type or ("text/html" if page else "application/json"),
        refusals=refusals,
        hidden=hidden,
    )
