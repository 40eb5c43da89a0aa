"""A walk through every page of the wallet, stopping at each."""

from collections.abc import AsyncIterator

from tests.browser.conftest import PASSPHRASE, WalletPage
from tests.wallet.town import LDP, SD_JWT

PAGES = (
    *("door-new", "door-short", "cards-empty", "receive", "offer", "offer-code", "received", "refused", "cards", "card"),
    *("present", "consent", "short", "presented", "consent-court", "declined", "cannot", "log", "door", "door-wrong"),
)


async def walk(wallet: WalletPage, language: str) -> AsyncIterator[str]:
    """Yields the name of each page of ``PAGES`` when it is open; the wallet does not exist when the walk begins."""
    page, town = wallet.page, wallet.town
    await wallet.go("/", language)
    yield "door-new"
    await page.fill("#passphrase", PASSPHRASE)
    await page.fill("#again", "something else entirely")
    await wallet.press("form button")
    yield "door-short"
    await page.fill("#passphrase", PASSPHRASE)
    await page.fill("#again", PASSPHRASE)
    await wallet.press("form button")
    yield "cards-empty"
    async for name in _receiving(wallet):
        yield name
    await wallet.go("/")
    yield "cards"
    await wallet.press("a.card")
    await page.click("summary")
    yield "card"
    async for name in _presenting(wallet):
        yield name
    await wallet.go("/log")
    await page.click("summary")
    yield "log"
    await wallet.go("/")
    await wallet.press("form[action='/lock'] button")
    yield "door"
    await page.fill("#passphrase", "not the passphrase")
    await wallet.press("form button")
    yield "door-wrong"
    assert town.people > 0


async def _receiving(wallet: WalletPage) -> AsyncIterator[str]:
    await wallet.go("/receive")
    yield "receive"
    await wallet.look_at("/receive", (await wallet.town.offer(tx_code=True))["link"])
    yield "offer-code"
    await wallet.page.fill("#tx_code", "000000")
    await wallet.press("main form button")
    yield "refused"
    await wallet.look_at("/receive", (await wallet.town.offer(configurations=(LDP, SD_JWT)))["link"])
    yield "offer"
    await wallet.press("main form button")
    yield "received"


async def _presenting(wallet: WalletPage) -> AsyncIterator[str]:
    await wallet.go("/present")
    yield "present"
    await wallet.look_at("/present", await wallet.town.link())
    yield "consent"
    await wallet.press("button[value='share']")
    yield "short"
    await wallet.press("main form a.button")
    await wallet.page.click("#tick")
    await wallet.press("button[value='share']")
    yield "presented"
    await wallet.look_at("/present", await wallet.town.link("court"))
    yield "consent-court"
    await wallet.press("button[value='decline']")
    yield "declined"
    session = await wallet.town.question("hotel", dcql_query=_unknown())
    await wallet.look_at("/present", wallet.town.link_to(session))
    yield "cannot"


def _unknown() -> dict[str, object]:
    """A question for what is registered, and on no card here."""
    kind = "https://tigertally.example/credentials/id-card/v1"
    claims = [{"path": ["full_name"], "values": ["Somebody Else"]}]
    return {"credentials": [{"id": "guest", "format": "dc+sd-jwt", "meta": {"vct_values": [kind]}, "claims": claims}]}
