"""Pages for people: a sitting that somebody else prepared, and buttons that another site presses."""

import pytest

from tests.wallet.conftest import PASSPHRASE, blank, open_store, wallet_path
from tests.wallet.test_page import Page, page

__all__ = ["blank", "open_store", "page", "wallet_path"]
FOREIGN = [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}, {"Origin": ""}]


def sitting(opened: Page) -> str:
    (cookie,) = [cookie for cookie in opened.session.cookie_jar if cookie.key == "wallet"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    return str(cookie.value)


async def test_neg_A08_session_fixation(page: Page) -> None:
    """A cookie that was there before opens nothing; each opening makes a new one, and the old one is good for nothing."""
    planted = {"Cookie": "wallet=planted-by-somebody-else"}
    assert (await page.ask("GET", "/log", headers=planted))[0] == 401
    await page.ask("POST", "/unlock", data={"passphrase": PASSPHRASE}, headers=planted)
    first = sitting(page)
    assert first != "planted-by-somebody-else"
    await page.ask("POST", "/unlock", data={"passphrase": PASSPHRASE})
    assert sitting(page) != first
    page.session.cookie_jar.clear()
    assert (await page.ask("GET", "/log", headers={"Cookie": f"wallet={first}"}))[0] == 401


async def test_neg_A08_session_fixation_twin(page: Page) -> None:
    await page.ask("POST", "/unlock", data={"passphrase": PASSPHRASE})
    assert (await page.ask("GET", "/log"))[0] == 200


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_neg_A09_csrf(page: Page, headers: dict[str, str]) -> None:
    await page.ask("POST", "/unlock", data={"passphrase": PASSPHRASE})
    status, text = await page.ask("POST", "/lock", headers={"Accept": "application/json", **headers})
    assert (status, '"csrf"' in text) == (403, True)
    assert (await page.ask("GET", "/log"))[0] == 200, "nothing has happened"


async def test_neg_A09_csrf_twin(page: Page) -> None:
    await page.ask("POST", "/unlock", data={"passphrase": PASSPHRASE})
    assert (await page.ask("POST", "/lock"))[0] == 303
