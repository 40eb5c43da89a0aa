"""The clerk's page turns green, red or amber while the clerk watches, on the answers of a real wallet."""

from contextlib import suppress

import pytest
from playwright.async_api import Browser

from doors.refusals import AnswerRejected
from tests.browser.conftest import Watched
from tests.wallet.conftest import Holder, holder
from tests.wallet.town import SD_JWT

__all__ = ["holder"]

pytestmark = pytest.mark.asyncio(loop_scope="session")
WORDS = {"en": ("VALID", "NOT VALID", "CANNOT DECIDE"), "zh-CN": ("有效", "无效", "无法判定")}


async def shown_by(holder: Holder, desk: Watched, state: str) -> str:
    """The guest answers the code on the screen; the word that the page then says, once it has come to ``state``."""
    await desk.page.wait_for_selector("#desk[data-state=waiting]")
    link = await desk.page.get_attribute("#wallet-link", "href")
    assert link
    asked = await holder.open(link)
    with suppress(AnswerRejected):
        await holder.present(asked, holder.agreed(asked))
    await desk.page.wait_for_selector(f"#desk[data-state={state}]")
    return await desk.page.inner_text("#word")


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_the_desk_turns_green_then_red_then_amber(holder: Holder, browser: Browser, language: str) -> None:
    town = holder.town
    await holder.receive(configurations=(SD_JWT,))
    context = await browser.new_context(viewport={"width": 1000, "height": 760})
    desk = Watched(await context.new_page())
    try:
        await desk.page.goto(f"{town.inside_url}/desk/hotel?lang={language}#token={town.token}")
        await desk.page.wait_for_selector("#desk[data-state=waiting]")
        await desk.picture(f"desk-waiting-{language}")
        words = []
        for state in ("valid", "invalid", "undecided"):
            if state == "invalid":
                await town.change_status("revoke")
            town.desk_network.down = state == "undecided"
            words.append(await shown_by(holder, desk, state))
            await desk.picture(f"desk-{state}-{language}")
            assert not await desk.is_wider_than(320)
            town.desk_network.down = False
            await desk.page.keyboard.press("Space")
        assert tuple(words) == WORDS[language]
        assert desk.complaints == []
    finally:
        town.desk_network.down = False
        await context.close()
