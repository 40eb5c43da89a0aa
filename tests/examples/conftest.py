"""A verifier with a desk for hotel and court, and the two example applications in front of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from examples import court, hotel
from examples.desk import Desk as ExampleDesk
from examples.desk import Room
from runtime.database import Database
from runtime.settings import load_settings
from runtime.tokens import issue_token
from runtime.web import Metrics, Topics
from tests.verifier.world import World, desk_of, form_of
from verifier.answer import Desk, take
from verifier.app import inside_application
from verifier.request import request_of
from verifier.settings import VerifierSettings

Client = TestClient[Request, Application]


@dataclass(frozen=True)
class Front:
    """One example application, the verifier behind it, and the world of both."""

    world: World
    desk: Desk
    client: Client

    async def post(self, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        answer = await self.client.post(path, **body)
        return answer.status, await answer.json()

    async def get(self, path: str) -> tuple[int, dict[str, Any]]:
        answer = await self.client.get(path)
        return answer.status, await answer.json()

    async def shown_to_hotel(self, session_id: str, **changes: Any) -> None:
        """The guest's wallet answers."""
        session = await self.desk.store.session(session_id)
        await take(self.desk, session, form_of(session, {"guest": self.world.hotel_answer(request_of(session), **changes)}))

    async def shown_to_court(self, session_id: str, **changes: Any) -> None:
        """The party's wallet answers."""
        session = await self.desk.store.session(session_id)
        await take(self.desk, session, form_of(session, {"identity": self.world.court_answer(request_of(session), **changes)}))


@asynccontextmanager
async def fronted(name: str, folder: Path) -> AsyncIterator[Front]:
    """The example ``name`` on a verifier of its own, over HTTP."""
    world = World()
    desk = desk_of(world, folder)
    given = {"environment": "development", "public_url": "http://127.0.0.1:8201", "data_dir": str(folder)}
    inside = inside_application(desk, load_settings(VerifierSettings, None, given), topics=Topics(), metrics=Metrics())
    until = world.now + timedelta(days=1)
    token = await desk.store.database.write(
        lambda connection: issue_token(connection, prefix="v", name=name, scopes=["verify"], now=world.now, expires_at=until)
    )
    build = hotel.hotel_application if name == "hotel" else court.court_application
    tables = hotel.tables if name == "hotel" else court.tables
    async with TestServer(inside) as server, ClientSession(server.make_url("/"), headers={"Authorization": f"Bearer {token}"}) as http:
        with Database.open(folder / "example.db", (tables,)) as database:
            app = build(Room(ExampleDesk(http, name), database, world.clock), 8701)
            async with TestClient(TestServer(app)) as client:
                yield Front(world, desk, client)
    desk.store.close()


@pytest.fixture
async def hotel_front(tmp_path: Path) -> AsyncIterator[Front]:
    async with fronted("hotel", tmp_path / "hotel") as front:
        yield front


@pytest.fixture
async def court_front(tmp_path: Path) -> AsyncIterator[Front]:
    async with fronted("court", tmp_path / "court") as front:
        yield front
