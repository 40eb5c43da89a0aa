"""The demo register on loopback, with two hundred people in it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from proofing.register import store
from proofing.register.__main__ import entry_of
from proofing.register.app import LOOK_UP_SCOPE, register_app
from proofing.register.client import HttpRegister
from proofing.register.people import Person, people
from proofing.register.settings import RegisterSettings
from runtime.database import Database
from runtime.fetch import OutboundFetch
from runtime.tokens import issue_token

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RunningRegister:
    url: str
    people: tuple[Person, ...]
    token: str
    token_without_scope: str
    client: Callable[[str], HttpRegister]


async def _token(database: Database, scope: str) -> str:
    def issue(connection: Any) -> str:
        return issue_token(connection, prefix="reg", name="office", scopes=[scope], now=NOW, expires_at=NOW + timedelta(days=1))

    return await database.write(issue)


@pytest.fixture
async def register(tmp_path: Path) -> AsyncIterator[RunningRegister]:
    invented = tuple(people(200, Random(4)))
    database = Database.open(tmp_path / "register.sqlite", store.MIGRATIONS)
    await database.write(lambda connection: store.enter(connection, map(entry_of, invented)))
    settings = RegisterSettings(environment="development", public_url="http://127.0.0.1:8401", data_dir=tmp_path)
    server = TestServer(register_app(database, settings=settings, clock=lambda: NOW))
    await server.start_server()
    fetch = OutboundFetch(development=True)
    url = f"http://127.0.0.1:{server.port}"
    yield RunningRegister(
        url=url,
        people=invented,
        token=await _token(database, LOOK_UP_SCOPE),
        token_without_scope=await _token(database, "other"),
        client=lambda token: HttpRegister(fetch, url=url, token=token, name="demo register"),
    )
    await fetch.close()
    await server.close()
    database.close()
