"""Look the office over: each thing that can be wrong, and what is wrong with it."""

from collections.abc import Awaitable, Callable, Mapping

from doors.refusals import Refused
from issuer.app import checks, opened
from issuer.handlers.rooms import Rooms
from issuer.own_pages import own_pages
from issuer.settings import IssuerSettings
from runtime.clock import Clock
from runtime.crash import NEVER
from runtime.fetch import OutboundFetch
from runtime.journal import verify_journal
from runtime.self_check import see_ourselves


async def diagnose(settings: IssuerSettings, *, clock: Clock) -> dict[str, object]:
    """The outcome of every check by name: "ok", or the refusal in one line."""
    try:
        async with opened(settings, clock=clock, reached=NEVER) as rooms:
            named: Mapping[str, Callable[[], Awaitable[None]]] = {
                **checks(rooms),
                "journal": lambda: _journal(rooms),
                "public_url": lambda: _public_url(rooms, settings),
            }
            return {name: await _outcome(check) for name, check in named.items()}
    except Refused as refusal:
        return {"data_dir": str(refusal)}


async def _journal(rooms: Rooms) -> None:
    key = rooms.counter.office.journal_key
    await rooms.database.read(lambda connection: verify_journal(connection, key=key))


async def _public_url(rooms: Rooms, settings: IssuerSettings) -> None:
    async with OutboundFetch(development=settings.development, ca_file=settings.ca_file) as fetch:
        await see_ourselves(own_pages(rooms.counter.office.keys), fetch=fetch)


async def _outcome(check: Callable[[], Awaitable[None]]) -> str:
    try:
        await check()
    except Refused as refusal:
        return str(refusal)
    return "ok"
