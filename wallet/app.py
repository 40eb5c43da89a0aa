"""The wallet's page, for the holder alone: on this machine, behind the passphrase."""

from aiohttp import web

from doors.refusals import SettingsInvalid
from runtime.clock import Clock, utc_now
from runtime.crash import CrashPoints
from runtime.log import configure_log
from runtime.serve import Listener, serve
from runtime.web import Front, Pages, application
from runtime.words import load_words
from wallet import handlers
from wallet.handlers.keys import PAGES, SITTING
from wallet.settings import WalletSettings
from wallet.sitting import Sitting

VERSION = "0.1.0"
LOOPBACK = "127.0.0.1"


def wallet_application(sitting: Sitting, *, port: int, clock: Clock) -> web.Application:
    """The page on ``port``; foreign names and origins are refused, so that no other site can reach into it."""
    words = load_words("runtime", "wallet")
    pages = Pages("wallet", words)
    front = Front(
        title="Tiger Tally wallet",
        version=VERSION,
        public_url=f"http://{LOOPBACK}:{port}",
        words=words,
        clock=clock,
        development=sitting.settings.development,
        hosts=(f"localhost:{port}",),
    )
    app = application((*handlers.ROUTES, *pages.routes()), front)
    app[SITTING], app[PAGES] = sitting, pages
    return app


async def run(settings: WalletSettings, *, port: int, trust: str, crash: CrashPoints) -> None:
    """Serve the page until told to stop; the wallet is locked then."""
    if port == 0:
        raise SettingsInvalid("port: expected a number above 0, because the page's address is part of its protection")
    configure_log("warning")
    sitting = Sitting(settings, utc_now, crash, trust=trust)
    try:
        await serve((Listener(wallet_application(sitting, port=port, clock=utc_now), LOOPBACK, port),), name="wallet")
    finally:
        sitting.lock()
