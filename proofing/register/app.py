"""The demo register over HTTP: one question, answered to offices that hold a token."""

from datetime import date

from aiohttp import web
from pydantic import Field

from doors.refusals import RegisterMismatch
from proofing.register import RegisterEntry, Validity, store
from proofing.register.client import LOOK_UPS
from proofing.register.settings import RegisterSettings
from runtime.clock import Clock
from runtime.database import Database
from runtime.web import Body, Front, Route, application, health_routes, json_answer, read_json, route, token_authenticator
from runtime.words import load_words

LOOK_UP_SCOPE = "register:look-up"
VERSION = "1.0.0"
"""Of the register's interface."""
TITLE = "Demo population register (invented people)"


class LookUp(Body):
    """Whom the office asks about. It travels in the body only, so that no address or log ever holds it."""

    citizen_number: str = Field(pattern=r"^[0-9]{17}[0-9X]$")
    full_name: str = Field(min_length=1, max_length=150)


class Entry(Body):
    """What the register says of the person with this number and this name."""

    citizen_number: str
    full_name: str
    birth_date: date
    validity: Validity


def register_app(database: Database, *, settings: RegisterSettings, clock: Clock) -> web.Application:
    """The public application: ``POST /v1/look-ups``, and its own description at ``/openapi.json`` and ``/docs``."""
    return application([_look_ups(database)], _front(database, settings, clock))


def admin_app(database: Database, *, settings: RegisterSettings, clock: Clock) -> web.Application:
    """The management application: health and version."""

    async def readable() -> None:
        await database.read(lambda connection: connection.execute("SELECT 1 FROM person LIMIT 1").fetchone())

    return application(health_routes(version=VERSION, checks={"database": readable}), _front(database, settings, clock))


def _front(database: Database, settings: RegisterSettings, clock: Clock) -> Front:
    return Front(
        title=TITLE,
        version=VERSION,
        public_url=settings.public_url,
        words=load_words("runtime"),
        clock=clock,
        development=settings.development,
        authenticate=token_authenticator(database, clock),
        requests_per_minute=settings.requests_per_minute,
        trusted_proxies=settings.trusted_proxies,
    )


def _look_ups(database: Database) -> Route:
    async def look_up(request: web.Request) -> web.Response:
        asked = await read_json(request, LookUp, max_bytes=4_096)
        entry = await database.read(
            lambda connection: store.find(connection, citizen_number=asked.citizen_number, full_name=asked.full_name)
        )
        return json_answer(_shown(entry))

    return route(
        "POST",
        LOOK_UPS,
        look_up,
        summary="The entry of the person with this number and this name",
        body=LookUp,
        answer=Entry,
        scope=LOOK_UP_SCOPE,
        max_bytes=4_096,
        refusals=(RegisterMismatch,),
    )


def _shown(entry: RegisterEntry) -> Entry:
    return Entry(citizen_number=entry.citizen_number, full_name=entry.full_name, birth_date=entry.birth_date, validity=entry.validity)
