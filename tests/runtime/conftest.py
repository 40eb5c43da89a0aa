"""What the tests of the runtime share."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runtime.database import Database
from runtime.tokens import issue_token
from tests.runtime.house import MIGRATIONS, House, open_house

NOW = datetime(2026, 11, 21, 20, 16, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database.open(tmp_path / "test.db", MIGRATIONS) as database:
        yield database


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


@pytest.fixture
async def token(house: House) -> str:
    moment = datetime.now(UTC)
    return await house.shelf.database.write(
        lambda connection: issue_token(
            connection, prefix="tt", name="counter 1", scopes=("order",), now=moment, expires_at=moment + timedelta(hours=1)
        )
    )
