"""A small service with every kind of route, as ``serve`` runs it, and a client that sends exactly what it is told."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import aiohttp
from aiohttp import web
from pydantic import Field
from yarl import URL

from runtime.clock import utc_now
from runtime.database import Database, like_literal
from runtime.journal import journal_tables
from runtime.serve import _runner
from runtime.spend import spend_tables
from runtime.tokens import token_tables
from runtime.web import (
    CALLER,
    Body,
    Front,
    Idempotency,
    Metrics,
    Pages,
    Route,
    application,
    health_routes,
    idempotency_tables,
    json_answer,
    read_form,
    read_json,
    read_query,
    route,
    token_authenticator,
)
from runtime.words import load_words

MIGRATIONS = (spend_tables, journal_tables, token_tables, idempotency_tables)
WORDS = load_words("runtime")


class Order(Body):
    name: Annotated[str, Field(max_length=100)]
    copies: int = 1


class Receipt(Body):
    """What was ordered."""

    id: str
    ordered_by: str = ""


class Search(Body):
    name: Annotated[str, Field(max_length=100)] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 10


class Found(Body):
    names: tuple[str, ...]


@dataclass(slots=True)
class Shelf:
    """What the small service does: it counts orders and finds names."""

    database: Database
    orders: int = 0

    async def order(self, request: web.Request) -> web.Response:
        order = await read_json(request, Order)
        self.orders += 1
        caller = request[CALLER].name if CALLER in request else ""
        receipt = Receipt(id=f"{order.name}-{self.orders}", ordered_by=caller)
        return json_answer(receipt, 201, headers={"Location": f"/v1/orders/{self.orders}"})

    async def order_by_form(self, request: web.Request) -> web.Response:
        order = await read_form(request, Order)
        return json_answer(Receipt(id=order.name))

    async def search(self, request: web.Request) -> web.Response:
        wanted = read_query(request, Search)
        pattern = f"%{like_literal(wanted.name)}%"
        rows = await self.database.read(
            lambda connection: connection.execute(
                "SELECT name FROM shelf WHERE name LIKE ? ESCAPE '\\' ORDER BY name LIMIT ?", (pattern, wanted.limit)
            ).fetchall()
        )
        return json_answer(Found(names=tuple(name for (name,) in rows)))

    async def one(self, request: web.Request) -> web.Response:
        return json_answer({"id": request.match_info["id"]})

    async def fail(self, _request: web.Request) -> web.Response:
        raise RuntimeError("440000199901011234")

    def routes(self) -> tuple[Route, ...]:
        return (
            route("POST", "/v1/orders", self.order, summary="Order", body=Order, answer=Receipt, status=201, scope="order", creates=True),
            route("GET", "/v1/orders", self.search, summary="Search", query=Search, answer=Found),
            route("GET", "/v1/orders/{id}", self.one, summary="Show one"),
            route("POST", "/open", self.order, summary="Order openly", body=Order, answer=Receipt, status=201),
            route("POST", "/token", self.order, summary="Order in OAuth's way", body=Order, answer=Receipt, oauth=True),
            route("POST", "/page/order", self.order_by_form, summary="Order on a page", page=True),
            route("GET", "/page/fail", self.fail, summary="Fail on a page", page=True),
            route("GET", "/fail", self.fail, summary="Fail"),
        )


@dataclass(frozen=True, slots=True)
class House:
    """The running service: ``ask`` sends a request to it."""

    shelf: Shelf
    port: int
    session: aiohttp.ClientSession
    metrics: Metrics

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, **sent: object) -> "aiohttp.client._RequestContextManager":
        return self.session.request(method, URL(self.url + path, encoded=True), allow_redirects=False, **sent)  # type: ignore[arg-type]


def shelf_tables(database: object) -> None:
    database.execute("CREATE TABLE shelf (name TEXT NOT NULL)")  # type: ignore[attr-defined]


@asynccontextmanager
async def open_house(folder: Path, *, further: Iterable[Route] = (), **changes: object) -> AsyncIterator[House]:
    database = Database.open(folder / "house.db", (*MIGRATIONS, shelf_tables))
    metrics = Metrics()
    front = Front(
        title="Small service",
        version="1.2.3",
        public_url="https://house.test",
        words=WORDS,
        clock=utc_now,
        development=True,
        authenticate=token_authenticator(database, utc_now),
        idempotency=Idempotency(database, utc_now, bytes(32)),
        metrics=metrics,
        requests_per_minute=0,
    )
    shelf = Shelf(database)
    pages = Pages("runtime", WORDS)
    routes = (*shelf.routes(), *health_routes(version="1.2.3", checks={}), *metrics.routes(), *pages.routes(), *further)
    runner = _runner(application(routes, replace(front, **changes)))  # type: ignore[arg-type]
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        async with aiohttp.ClientSession(auto_decompress=False) as session:
            yield House(shelf, runner.addresses[0][1], session, metrics)
    finally:
        await runner.cleanup()
        database.close()
