"""The address where everybody fetches the trust list."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from doors.refusals import AlgNotAllowed
from trust.draft import DraftFolder
from trust.publish import ADDRESS, publishing_application

NOW = datetime(2026, 11, 21, 20, 16, tzinfo=UTC)


async def reader_of(folder: DraftFolder) -> TestClient[Request, Application]:
    app = publishing_application(folder, public_url="http://127.0.0.1:8601", clock=lambda: NOW)
    client = TestClient(TestServer(app))
    await client.start_server()
    return client


async def test_the_last_edition_is_published_and_a_new_one_replaces_it(tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path / "list")
    folder.init("EdDSA")
    folder.sign(now=NOW, lasting=timedelta(days=1))
    client = await reader_of(folder)

    first = await client.get(ADDRESS)
    assert (first.status, first.content_type) == (200, "application/trust-list+jwt")
    assert await first.text() == folder.published.read_text()
    unchanged = await client.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]})
    assert unchanged.status == 304

    folder.sign(now=NOW, lasting=timedelta(days=1))
    second = await client.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]})
    assert await second.text() == folder.published.read_text()
    await client.close()


async def test_neither_the_key_nor_the_draft_has_an_address(tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path / "list")
    folder.init("EdDSA")
    client = await reader_of(folder)
    assert [(await client.get(path)).status for path in (ADDRESS, "/key.jwk", "/draft.json", "/%2e%2e/key.jwk")] == [404] * 4
    await client.close()


@pytest.mark.parametrize("algorithm", ["ES384", "RS256", ""])
def test_no_list_is_begun_with_a_key_that_readers_would_refuse(tmp_path: Path, algorithm: str) -> None:
    with pytest.raises(AlgNotAllowed):
        DraftFolder(tmp_path / "list").init(algorithm)
    assert not (tmp_path / "list").exists()
