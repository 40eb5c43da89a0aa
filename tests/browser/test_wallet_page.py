"""The wallet's page as its holder meets it, in both languages, by mouse and by keyboard."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.conftest import AXE, PASSPHRASE, WalletPage, qr_picture, served
from tests.browser.walk import PAGES, walk
from tests.wallet.town import LDP, SD_JWT, Town

pytestmark = pytest.mark.asyncio(loop_scope="session")
LANGUAGES = ("en", "zh-CN")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_works_under_its_own_policy_and_on_a_narrow_screen(
    town: Town, browser: Browser, wallet_path: Path, language: str
) -> None:
    town.publish()
    seen, wide = [], []
    async for wallet in served(town, browser, wallet_path):
        async for name in walk(wallet, language):
            seen.append(name)
            assert await wallet.page.get_attribute("html", "lang") == language
            await wallet.picture(f"wallet-{name}-{language}")
            wide += [name] if await wallet.is_wider_than(320) else []
        assert wallet.complaints == []
    assert sorted(seen) == sorted(PAGES)
    assert wide == []


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (tools/test-setup)")
@pytest.mark.parametrize("language", LANGUAGES)
async def test_axe_finds_nothing_on_any_page_in_light_and_dark(town: Town, browser: Browser, wallet_path: Path, language: str) -> None:
    town.publish()
    found = []
    async for wallet in served(town, browser, wallet_path, bypass_csp=True):
        async for _name in walk(wallet, language):
            found += await wallet.violations()
    assert found == []


async def test_nothing_is_ticked_beforehand_and_the_portrait_never_by_the_button(wallet: WalletPage) -> None:
    await wallet.unlock()
    await wallet.receive(configurations=(SD_JWT,))
    await wallet.look_at("/present", await wallet.town.link())
    boxes = wallet.page.locator("input[type=checkbox]")
    assert await boxes.count() == 4
    assert [await boxes.nth(place).is_checked() for place in range(4)] == [False] * 4
    await wallet.page.click("#tick")
    assert await wallet.page.locator("input[type=checkbox]:checked").count() == 3
    assert not await wallet.page.locator(".sensitive input").is_checked()
    assert "Tiger Hotel" in await wallet.text()
    assert "*******" in await wallet.text()


async def test_share_and_decline_weigh_the_same(wallet: WalletPage) -> None:
    await wallet.unlock()
    await wallet.receive(configurations=(SD_JWT,))
    await wallet.look_at("/present", await wallet.town.link())
    looks = [
        await wallet.page.locator(f"button[value='{act}']").evaluate(
            "button => { const s = getComputedStyle(button); return [s.color, s.backgroundColor, s.fontSize, s.height].join() }"
        )
        for act in ("share", "decline")
    ]
    assert looks[0] == looks[1]


async def test_one_attribute_can_be_refused_on_the_page(wallet: WalletPage) -> None:
    await wallet.unlock()
    await wallet.receive(configurations=(SD_JWT,))
    session = await wallet.town.question()
    await wallet.look_at("/present", wallet.town.link_to(session))
    await wallet.page.click("#tick")
    await wallet.press("button[value='share']")
    answered = await wallet.town.desk.store.session(session.id)
    assert answered.result is not None
    assert set(answered.result.claims["guest"]) == {"full_name", "citizen_number", "age_over_18"}


async def test_a_whole_card_goes_only_with_the_portraits_own_tick(wallet: WalletPage) -> None:
    await wallet.unlock()
    await wallet.receive(configurations=(LDP,))
    session = await wallet.town.question("court")
    await wallet.look_at("/present", wallet.town.link_to(session))
    await wallet.page.click("#tick")
    await wallet.press("button[value='share']")
    assert "Nothing was sent" in await wallet.text()
    await wallet.press("main form a.button")
    await wallet.page.click("#tick")
    await wallet.page.check("input[name=portrait]")
    await wallet.press("button[value='share']")
    assert "Tiger Hotel has received your answer" in await wallet.text()
    assert (await wallet.town.desk.store.session(session.id)).status == "answered"


@pytest.mark.parametrize("place", ["/receive", "/present"])
async def test_a_picture_of_the_code_is_as_good_as_the_link(wallet: WalletPage, place: str) -> None:
    await wallet.unlock()
    link = (await wallet.town.offer())["reference_link"] if place == "/receive" else await wallet.town.link()
    await wallet.go(place)
    await wallet.page.set_input_files("#picture", {"name": "code.png", "mimeType": "image/png", "buffer": qr_picture(link)})
    await wallet.page.wait_for_function("() => document.querySelector('#link').value !== ''")
    assert await wallet.page.input_value("#link") == link
    assert wallet.complaints == []
    await wallet.press("main form button")
    assert ("Registry office" if place == "/receive" else "Tiger Hotel") in await wallet.text()


async def test_a_picture_without_a_code_is_told(wallet: WalletPage) -> None:
    await wallet.unlock()
    await wallet.go("/receive")
    await wallet.page.set_input_files("#picture", {"name": "no.png", "mimeType": "image/png", "buffer": b"\x89PNG no picture"})
    await wallet.page.wait_for_selector("#reading:has-text('No single QR code')")
    assert await wallet.page.input_value("#link") == ""


async def test_the_language_can_be_changed_in_the_middle_of_a_consent(wallet: WalletPage) -> None:
    await wallet.unlock()
    await wallet.receive(configurations=(SD_JWT,))
    await wallet.look_at("/present", await wallet.town.link())
    await wallet.press("a[hreflang='zh-CN']")
    assert "虎符酒店" in await wallet.text()
    await wallet.press("button[value='share']")
    await wallet.press("a[hreflang='en']")
    assert "Nothing was sent" in await wallet.text()


async def test_a_revoked_card_is_marked_and_not_offered(wallet: WalletPage) -> None:
    await wallet.unlock()
    await wallet.receive(configurations=(SD_JWT,))
    await wallet.town.change_status("revoke")
    await wallet.go("/")
    await wallet.press("form[action='/check'] button")
    assert "revoked" in await wallet.text()
    await wallet.picture("wallet-cards-revoked-en")
    await wallet.look_at("/present", await wallet.town.link())
    assert "You have no card for this" in await wallet.text()
    assert "expired, suspended or revoked" in await wallet.text()


async def test_a_second_press_answers_nothing_twice(wallet: WalletPage) -> None:
    await wallet.unlock()
    await wallet.receive(configurations=(SD_JWT,))
    await wallet.look_at("/present", await wallet.town.link())
    consent = wallet.page.url
    await wallet.page.click("#tick")
    await wallet.press("button[value='share']")
    answer = await wallet.page.goto(consent)
    assert answer is not None
    assert answer.status == 404


async def test_with_the_keyboard_alone_a_card_is_received_and_shown(wallet: WalletPage) -> None:
    page = wallet.page
    await wallet.go("/", "en")
    await page.wait_for_selector("#passphrase:focus")
    await page.keyboard.type(PASSPHRASE)
    await _enter(wallet)
    await _tab_to(wallet, "a[href='/receive']")
    await _enter(wallet)
    await _tab_to(wallet, "#link")
    await page.keyboard.insert_text((await wallet.town.offer(configurations=(SD_JWT,)))["link"])
    for _ in range(2):
        await _tab_to(wallet, "main form button")
        await _enter(wallet)
    await _tab_to(wallet, "a[href='/present']")
    await _enter(wallet)
    await _tab_to(wallet, "#link")
    session = await wallet.town.question()
    await page.keyboard.insert_text(wallet.town.link_to(session))
    await _tab_to(wallet, "main form button")
    await _enter(wallet)
    for place in range(4):
        await _tab_to(wallet, f"[name=show_{place}]")
        await page.keyboard.press("Space")
    await _tab_to(wallet, "button[value=share]")
    await _enter(wallet)
    assert "has received your answer" in await wallet.text()
    assert (await wallet.town.desk.store.session(session.id)).status == "answered"


async def _tab_to(wallet: WalletPage, selector: str) -> None:
    for _ in range(30):
        if await wallet.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        await wallet.page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with the Tab key on {wallet.page.url}")


async def _enter(wallet: WalletPage) -> None:
    async with wallet.page.expect_navigation():
        await wallet.page.keyboard.press("Enter")
