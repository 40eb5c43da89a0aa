"""The clerk's page in a real browser: a QR code, then green, red or amber, in both languages, light and dark."""

import shutil
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from tests.verifier.test_app import Service, running, service
from tests.verifier.test_packing import offline
from tests.verifier.world import SUBJECT_CLAIMS, World
from verifier.answer import Desk as VerifierDesk

__all__ = ["service"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = Path(__file__).resolve().parents[1] / "interop/peers/node_modules/axe-core/axe.min.js"
WORDS = {
    "en": {"valid": "VALID", "invalid": "NOT VALID", "undecided": "CANNOT DECIDE"},
    "zh-CN": {"valid": "有效", "invalid": "无效", "undecided": "无法判定"},
}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian's chromium)")


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One browser for all the tests here: the address at which it can be told what to do."""
    profile = tmp_path_factory.mktemp("chromium")
    options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank")
    with subprocess.Popen([str(CHROMIUM), *options], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        line = next(line for line in process.stderr if line.startswith("DevTools listening on "))
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield line.removeprefix("DevTools listening on ").strip()
        process.terminate()


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.connect_over_cdp(chromium)
        yield opened
        await opened.close()


class Desk:
    """The page open at the hotel's desk, and what it complained about."""

    def __init__(self, service: Service, page: Page) -> None:
        self.service, self.page = service, page
        self.complaints: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    async def open(self, language: str = "en", *, token: bool = True) -> None:
        secret = f"#token={self.service.token['Authorization'].removeprefix('Bearer ')}" if token else ""
        await self.page.goto(f"{self.service.programs.make_url('/desk/hotel')}?lang={language}{secret}")

    async def state(self, wanted: str) -> None:
        await self.page.wait_for_selector(f"#desk[data-state='{wanted}']", timeout=10_000)

    async def session_id(self) -> str:
        link = await self.page.get_attribute("#wallet-link", "href")
        assert link
        return link.rpartition("%2F")[2].partition("&")[0]

    async def present(self) -> None:
        await self.service.answered(await self.session_id())

    async def violations(self) -> list[str]:
        await self.page.add_script_tag(content=AXE.read_text("utf-8"))
        found = await self.page.evaluate(
            "async () => (await axe.run()).violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).join(' ')}`)"
        )
        return [str(each) for each in found]


@pytest.fixture
async def desk_page(service: Service, browser: Browser) -> AsyncIterator[Desk]:
    context = await browser.new_context(bypass_csp=False)
    yield Desk(service, await context.new_page())
    await context.close()


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_the_page_turns_green_with_the_guests_name_and_last_four(desk_page: Desk, language: str) -> None:
    await desk_page.open(language)
    await desk_page.state("waiting")
    await desk_page.present()
    await desk_page.state("valid")
    text = await desk_page.page.inner_text("#verdict")
    assert WORDS[language]["valid"] in text
    assert str(SUBJECT_CLAIMS["full_name"]) in text
    assert str(SUBJECT_CLAIMS["citizen_number"])[-4:] in text
    assert str(SUBJECT_CLAIMS["citizen_number"]) not in await desk_page.page.content()
    assert await desk_page.page.is_visible("#portrait")
    assert desk_page.complaints == []


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_the_page_turns_red_and_stays_open_for_the_right_card(desk_page: Desk, language: str) -> None:
    desk_page.service.world.revoked.add(7)
    desk_page.service.world.publish()
    await desk_page.open(language)
    await desk_page.state("waiting")
    session_id = await desk_page.session_id()
    await desk_page.present()
    await desk_page.state("invalid")
    assert (await desk_page.page.inner_text("#word")) == WORDS[language]["invalid"]
    assert await desk_page.page.is_visible("#retry")
    await desk_page.service.answered(session_id, index=8)
    await desk_page.state("valid")


async def test_the_page_turns_amber_where_nothing_can_be_decided(desk_page: Desk) -> None:
    desk_page.service.world.web.down = True
    await desk_page.open()
    await desk_page.state("waiting")
    await desk_page.present()
    await desk_page.state("undecided")
    assert (await desk_page.page.inner_text("#word")) == WORDS["en"]["undecided"]
    assert await desk_page.page.is_visible(".sign.undecided")


async def test_space_calls_the_next_guest(desk_page: Desk) -> None:
    await desk_page.open()
    await desk_page.state("waiting")
    first = await desk_page.session_id()
    await desk_page.present()
    await desk_page.state("valid")
    await desk_page.page.keyboard.press("Space")
    await desk_page.state("waiting")
    assert await desk_page.session_id() != first
    assert str(SUBJECT_CLAIMS["full_name"]) not in await desk_page.page.inner_text("#asking")


async def test_the_token_leaves_the_address_bar(desk_page: Desk) -> None:
    await desk_page.open()
    await desk_page.state("waiting")
    assert "token" not in desk_page.page.url


async def test_without_a_token_the_page_asks_for_one(desk_page: Desk) -> None:
    await desk_page.open(token=False)
    await desk_page.state("sign-in")
    await desk_page.page.fill("#token", desk_page.service.token["Authorization"].removeprefix("Bearer "))
    await desk_page.page.press("#token", "Enter")
    await desk_page.state("waiting")
    assert await desk_page.session_id()
    assert not await desk_page.page.is_visible("#sign-in")


async def test_with_a_wrong_token_the_page_asks_again(desk_page: Desk) -> None:
    await desk_page.open(token=False)
    await desk_page.page.fill("#token", "verifier_0000000000000000_" + "0" * 64)
    async with desk_page.page.expect_response(lambda answer: answer.request.method == "POST") as asked:
        await desk_page.page.press("#token", "Enter")
    assert (await asked.value).status == 401
    await desk_page.state("sign-in")
    assert await desk_page.page.input_value("#token") == ""
    assert not await desk_page.page.is_visible("#asking")


async def test_offline_the_page_says_how_old_its_facts_are(desk: VerifierDesk, world: World, tmp_path: Path, browser: Browser) -> None:
    alone = await offline(desk, world, tmp_path)
    world.now += timedelta(hours=20)
    async with running(alone, world, tmp_path) as service:
        page = Desk(service, await (await browser.new_context()).new_page())
        await page.open()
        await page.state("waiting")
        await page.present()
        await page.state("valid")
        assert await page.page.inner_text("#banner") == "No network: verdicts rest on data 20 h old; the policy allows 1 d."


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (tools/test-setup)")
@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_axe_finds_nothing_in_any_state(service: Service, browser: Browser, language: str) -> None:
    context = await browser.new_context(bypass_csp=True)
    desk = Desk(service, await context.new_page())
    await desk.open(language, token=False)
    await desk.state("sign-in")
    found = {"sign-in": await desk.violations()}
    await desk.page.goto("about:blank")
    for state, prepare in (("valid", None), ("invalid", "revoked"), ("undecided", "down")):
        service.world.revoked = {7} if prepare == "revoked" else set()
        service.world.web.down = False
        for kept in service.world.cache._kept.values():
            kept.clear()
        service.world.publish()
        service.world.web.down = prepare == "down"
        await desk.open(language)
        await desk.state("waiting")
        found["waiting"] = await desk.violations()
        await desk.present()
        await desk.state(state)
        found[state] = await desk.violations()
        await desk.page.goto("about:blank")
    await desk.page.goto(f"{service.programs.make_url('/')}?lang={language}")
    found["list"] = await desk.violations()
    assert {state: each for state, each in found.items() if each} == {}
    await context.close()
