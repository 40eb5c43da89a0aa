"""A browser, a holder's wallet page and a clerk's desk page, in the town of the wallet's tests."""

import io
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
import segno
from playwright.async_api import Browser, ConsoleMessage, Page, Response, async_playwright

from runtime.clock import utc_now
from runtime.crash import NEVER
from tests.issuer.service import free_port
from tests.wallet.conftest import PASSPHRASE, blank, open_store, the_town, wallet_path
from tests.wallet.town import Town, started
from wallet.app import wallet_application
from wallet.settings import WalletSettings, believe
from wallet.sitting import Sitting
from wallet.store import WalletStore

__all__ = ["PASSPHRASE", "blank", "open_store", "the_town", "wallet_path"]

CHROMIUM = shutil.which("chromium")
AXE = Path(__file__).resolve().parents[1] / "interop/peers/node_modules/axe-core/axe.min.js"
SCREENS = Path(__file__).resolve().parents[2] / "build" / "screens"
QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium there is nothing to look at; all of these tests share one event loop with the browser."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian's chromium)"))


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIETLY))
        yield opened
        await opened.close()


@dataclass
class Watched:
    """A page, and everything that its console complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    name: str = ""

    def __post_init__(self) -> None:
        self.page.set_default_timeout(6_000)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        expected = "Failed to load resource: the server responded with a status of 4"
        if message.type in {"error", "warning"} and expected not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    async def picture(self, name: str) -> None:
        SCREENS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=SCREENS / f"{name}.png", full_page=True)

    async def violations(self) -> list[str]:
        """What axe finds: by every rule in light, and by its rule about contrast in dark too, which alone sees colours."""
        found = []
        await self.page.add_script_tag(content=AXE.read_text("utf-8"))
        for scheme, options in (("light", "{}"), ("dark", "{runOnly: ['color-contrast']}")):
            await self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            told = await self.page.evaluate(
                f"async () => (await axe.run({options})).violations.map(v => `${{v.id}}: ${{v.nodes.map(n => n.html).join(' ')}}`)"
            )
            found += [f"{self.page.url} {scheme} {each}" for each in told]
        await self.page.emulate_media(color_scheme="light")
        return found

    async def is_wider_than(self, pixels: int) -> bool:
        """Whether the page must be scrolled sideways on a screen of that width."""
        await self.page.set_viewport_size({"width": pixels, "height": 640})
        wide = await self.page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
        await self.page.set_viewport_size({"width": 1000, "height": 760})
        return bool(wide)


@dataclass
class WalletPage(Watched):
    """The wallet's page in a browser of its holder."""

    town: Town = None  # type: ignore[assignment]
    url: str = ""

    async def go(self, place: str = "/", language: str = "") -> Response | None:
        return await self.page.goto(f"{self.url}{place}{f'?lang={language}' if language else ''}")

    async def unlock(self, language: str = "en") -> None:
        await self.go("/", language)
        await self.page.fill("#passphrase", PASSPHRASE)
        await self.press("form button")

    async def press(self, selector: str) -> None:
        """Press a button that leads to another page."""
        async with self.page.expect_navigation():
            await self.page.click(selector)

    async def look_at(self, place: str, link: str) -> None:
        """Paste a link on ``/receive`` or ``/present``."""
        await self.go(place)
        await self.page.fill("#link", link)
        await self.press("main form button")

    async def receive(self, **offered: object) -> None:
        await self.look_at("/receive", (await self.town.offer(**offered))["link"])  # type: ignore[arg-type]
        await self.press("main form button")

    async def text(self) -> str:
        return await self.page.inner_text("main")


def qr_picture(text: str) -> bytes:
    written = io.BytesIO()
    segno.make(text, error="l").save(written, kind="png", scale=6, border=4)
    return written.getvalue()


@pytest_asyncio.fixture(loop_scope="session")
async def wallet(town: Town, browser: Browser, open_store: WalletStore, wallet_path: Path) -> AsyncIterator[WalletPage]:
    """An empty wallet that believes the town's trust list, locked."""
    town.publish()
    believe(open_store, town.trust_policy)
    async for page in served(town, browser, wallet_path):
        yield page


async def served(town: Town, browser: Browser, path: Path, *, bypass_csp: bool = False) -> AsyncIterator[WalletPage]:
    port = free_port()
    sitting = Sitting(WalletSettings(path, development=True), utc_now, NEVER, trust=town.trust_policy)
    runner = await started(wallet_application(sitting, port=port, clock=utc_now), port)
    context = await browser.new_context(bypass_csp=bypass_csp, viewport={"width": 1000, "height": 760})
    try:
        yield WalletPage(await context.new_page(), town=town, url=f"http://127.0.0.1:{port}")
    finally:
        await context.close()
        await runner.cleanup()
