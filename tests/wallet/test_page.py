"""Who may reach the wallet's page: its holder on this machine with the passphrase, and no other site."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar

from runtime.clock import utc_now
from runtime.crash import NEVER
from tests.issuer.service import free_port
from tests.wallet.conftest import PASSPHRASE
from tests.wallet.town import started
from wallet.app import wallet_application
from wallet.settings import WalletSettings
from wallet.sitting import Sitting
from wallet.store import WalletStore


class Page:
    def __init__(self, session: ClientSession, url: str) -> None:
        self.session, self.url = session, url

    async def ask(self, method: str, path: str, **options: object) -> tuple[int, str]:
        headers = {"Origin": self.url, "Accept": "text/html", **options.pop("headers", {})}  # type: ignore[dict-item]
        async with self.session.request(method, self.url + path, headers=headers, allow_redirects=False, **options) as answer:  # type: ignore[arg-type]
            return answer.status, await answer.text()


@pytest.fixture
async def page(open_store: WalletStore, wallet_path: Path) -> AsyncIterator[Page]:
    port = free_port()
    sitting = Sitting(WalletSettings(wallet_path), utc_now, NEVER)
    runner = await started(wallet_application(sitting, port=port, clock=utc_now), port)
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Page(session, f"http://127.0.0.1:{port}")
    await runner.cleanup()


async def test_without_the_passphrase_there_is_nothing_but_the_door(page: Page) -> None:
    for method, path in (("GET", "/log"), ("GET", "/cards/x"), ("POST", "/check"), ("POST", "/receive"), ("POST", "/present/answer")):
        status, text = await page.ask(method, path)
        assert (status, 'name="passphrase"' in text) == (401, True), path
    assert (await page.ask("GET", "/"))[0] == 200
    status, text = await page.ask("POST", "/code", data=b"x", headers={"Accept": "application/json"})
    assert (status, '"wallet_locked"' in text) == (401, True)


async def test_the_passphrase_opens_it_and_lock_closes_it(page: Page) -> None:
    assert (await page.ask("POST", "/unlock", data={"passphrase": "wrong wrong wrong"}))[0] == 401
    assert (await page.ask("POST", "/unlock", data={"passphrase": PASSPHRASE}))[0] == 303
    assert (await page.ask("GET", "/log"))[0] == 200
    assert (await page.ask("POST", "/lock"))[0] == 303
    assert (await page.ask("GET", "/log"))[0] == 401


async def test_a_foreign_name_for_this_machine_is_refused(page: Page) -> None:
    assert (await page.ask("GET", "/", headers={"Host": "rebound.example"}))[0] >= 400


async def test_what_was_not_kept_is_told_as_answered(page: Page) -> None:
    await page.ask("POST", "/unlock", data={"passphrase": PASSPHRASE})
    for path in ("/receive/x", "/present/x", "/done/x", "/cards/x"):
        assert (await page.ask("GET", path))[0] == 404


async def test_a_forged_answer_is_refused(page: Page) -> None:
    await page.ask("POST", "/unlock", data={"passphrase": PASSPHRASE})
    status, _ = await page.ask("POST", "/present/answer", data={"request": "forged", "show_0": "on"})
    assert status == 303
    assert (await page.ask("GET", "/log.json"))[1] == "[]"
