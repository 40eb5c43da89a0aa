"""Look the office over: each thing that can be wrong, and what is wrong with it."""

from collections.abc import Awaitable, Callable, Mapping

from doors.json import parse_object
from doors.refusals import FetchFailed, MetadataMismatch, Refused
from issuer.app import checks, opened
from issuer.handlers.rooms import Rooms
from issuer.settings import IssuerSettings
from openid4vc.vci.metadata import IssuerMetadata, issuer_metadata_url
from runtime.clock import Clock
from runtime.crash import NEVER
from runtime.fetch import OutboundFetch
from runtime.journal import verify_journal


async def diagnose(settings: IssuerSettings, *, clock: Clock) -> dict[str, object]:
    """The outcome of every check by name: "ok", or the refusal in one line."""
    try:
        async with opened(settings, clock=clock, reached=NEVER) as rooms:
            named: Mapping[str, Callable[[], Awaitable[None]]] = {
                **checks(rooms),
                "journal": lambda: _journal(rooms),
                "public_url": lambda: _public_url(settings),
            }
            return {name: await _outcome(check) for name, check in named.items()}
    except Refused as refusal:
        return {"data_dir": str(refusal)}


async def _journal(rooms: Rooms) -> None:
    key = rooms.counter.office.journal_key
    await rooms.database.read(lambda connection: verify_journal(connection, key=key))


async def _public_url(settings: IssuerSettings) -> None:
    """The metadata as a wallet would fetch it (OpenID4VCI 1.0 §12.2.2); raises ``FetchFailed``, ``MetadataMismatch`` and the like."""
    fetch = OutboundFetch(development=settings.development, ca_file=settings.ca_file)
    try:
        answer = await fetch(issuer_metadata_url(settings.public_url), accept="application/json")
    finally:
        await fetch.close()
    if answer.status != 200:
        raise FetchFailed(f"public_url: expected the issuer's metadata there, got status {answer.status}")
    try:
        IssuerMetadata.parse(parse_object(answer.content), issuer=settings.public_url)
    except MetadataMismatch as error:
        raise MetadataMismatch("public_url: expected this issuer's metadata there, got another's") from error


async def _outcome(check: Callable[[], Awaitable[None]]) -> str:
    try:
        await check()
    except Refused as refusal:
        return str(refusal)
    return "ok"
