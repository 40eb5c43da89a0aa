"""The examples' pages in a real browser, in both languages: the hotel's check-in, the court's filing, the four roles."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, async_playwright

from examples.demo.page import page_application
from tests.examples.conftest import Front
from tests.examples.test_demo import told_of
from tests.verifier.world import SUBJECT_CLAIMS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = Path(__file__).resolve().parents[1] / "interop/peers/node_modules/axe-core/axe.min.js"
LANGUAGES = ("en", "zh-CN")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian's chromium)")


@dataclass
class Looked:
    """A page, what its console complained about, and what axe found in it."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    async def violations(self) -> list[str]:
        found = []
        schemes: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
        for scheme in schemes:
            await self.page.emulate_media(color_scheme=scheme)
            await self.page.add_script_tag(content=AXE.read_text("utf-8"))
            found += [f"{scheme}: {each}" for each in await self.page.evaluate("async () => (await axe.run()).violations.map(v => v.id)")]
        return found


@asynccontextmanager
async def opened(url: str, *, axe: bool = False) -> AsyncIterator[Looked]:
    """``url`` in a browser of its own; ``axe`` lets the page's policy take the examiner's script."""
    async with async_playwright() as playwright:
        browser: Browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        looked = Looked(await browser.new_page(bypass_csp=axe))
        looked.page.set_default_timeout(15_000)
        looked.page.on("console", lambda said: looked.complaints.append(said.text) if said.type in {"error", "warning"} else None)
        looked.page.on("pageerror", lambda error: looked.complaints.append(str(error)))
        await looked.page.goto(url)
        yield looked
        await browser.close()


async def begun(page: Page) -> str:
    """Press the button; the session's id out of the link for the wallet."""
    await page.click("#begin")
    await page.wait_for_selector("#asking:not([hidden])")
    link = await page.get_attribute("#link", "href")
    assert link
    assert link.startswith("openid4vp://")
    return link.rpartition("%2F")[2].partition("&")[0]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_guest_is_checked_in_on_the_page(hotel_front: Front, language: str) -> None:
    async with opened(f"{hotel_front.client.make_url('/')}?lang={language}") as looked:
        await hotel_front.shown_to_hotel(await begun(looked.page))
        await looked.page.wait_for_selector("#guest:not([hidden])")
        shown = await looked.page.inner_text("main")
        assert str(SUBJECT_CLAIMS["full_name"]) in shown
        assert str(SUBJECT_CLAIMS["citizen_number"]) not in shown
        assert {"en": "VALID", "zh-CN": "有效"}[language] in shown
        assert looked.complaints == []


async def test_a_filing_is_accepted_on_the_page(court_front: Front, tmp_path: Path) -> None:
    paper = tmp_path / "claim.txt"
    paper.write_text("起诉状", "utf-8")
    async with opened(f"{court_front.client.make_url('/')}?lang=zh-CN") as looked:
        await court_front.shown_to_court(await begun(looked.page))
        await looked.page.wait_for_selector("#papers:not([hidden])")
        for kind in ("statement_of_claim", "evidence_list"):
            await looked.page.set_input_files(f"#{kind}", paper)
        await looked.page.click("#papers button")
        await looked.page.wait_for_function("() => document.getElementById('number').textContent !== ''")
        assert await looked.page.inner_text("#number") == "（2026）虎0101民初1号"
        assert looked.complaints == []


async def violations(url: str) -> list[str]:
    async with opened(url, axe=True) as looked:
        return await looked.violations()


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (tools/test-setup)")
@pytest.mark.parametrize("language", LANGUAGES)
async def test_axe_finds_nothing_on_the_examples_pages(hotel_front: Front, court_front: Front, language: str) -> None:
    for front in (hotel_front, court_front):
        assert await violations(f"{front.client.make_url('/')}?lang={language}") == []
    async with TestServer(page_application(told_of(url="http://127.0.0.1:1/"), address="127.0.0.1:1")) as roles:
        assert await violations(f"{roles.make_url('/')}?lang={language}") == []
