"""Open the office: keys and cabinet from the data folder, both counters, and the sweep that erases in time."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from doors.refusals import Refused, StorageUnavailable
from issuer.enrol import Desk
from issuer.hand_out import Counter
from issuer.handlers import admin_routes, protocol, published
from issuer.handlers.rooms import ROOMS, Rooms
from issuer.keys import open_keys
from issuer.lint import lint_bench
from issuer.naming import did_web
from issuer.office import Office
from issuer.own_pages import own_pages
from issuer.private_files import read_private
from issuer.publish import StatusLists
from issuer.settings import IssuerSettings
from issuer.store.schema import MIGRATIONS
from issuer.sweep import sweep
from issuer.vault import Vault
from issuer.wording import office_words
from proofing.prove import face_worker
from proofing.register import PopulationRegister
from proofing.register.client import HttpRegister
from proofing.settings import FACE_SETTINGS
from runtime.clock import Clock
from runtime.database import Database
from runtime.fetch import OutboundFetch
from runtime.journal import check_clock
from runtime.log import failure_fields, logger
from runtime.secret_file import secret_file
from runtime.self_check import tell_what_is_seen
from runtime.serve import Listener, serve
from runtime.web.front import Front, application, token_authenticator
from runtime.web.health import Check, health_routes
from runtime.web.idempotency import Idempotency
from runtime.web.metrics import Metrics

VERSION = "0.1.0"
DATABASE = "issuer.db"
VAULT = "vault.key"
KEYS = "keys"
_SWEEP_SECONDS = 60.0


def open_office(settings: IssuerSettings, *, reached: Callable[[str], None]) -> Office:
    """The office of a data folder that ``issuer init`` has set up; raises ``StorePermissions`` and ``StorageUnavailable``."""
    keys = open_keys(settings.data_dir / KEYS, issuer=did_web(settings.public_url), public_url=settings.public_url)
    return Office(
        terms=settings.terms,
        keys=keys,
        vault=open_vault(settings.data_dir),
        random_bytes=secrets.token_bytes,
        reached=reached,
    )


def open_vault(folder: Path) -> Vault:
    """The vault of a data folder, with a new secret only where nothing has been put on record under another.

    Raises ``StorageUnavailable`` where there is a database without its secret: under a new one nobody on record would be found again, no
    journal verify and no status index be safe from coming twice.
    """
    if (folder / DATABASE).exists() and not (folder / VAULT).exists():
        raise StorageUnavailable(f"{VAULT}: expected the one with which {DATABASE} was begun, got none; put it back from the backup")
    return Vault(secret_file(folder / VAULT))


def open_database(settings: IssuerSettings) -> Database:
    return Database.open(settings.data_dir / DATABASE, MIGRATIONS, synchronous=settings.durability)


@asynccontextmanager
async def opened(settings: IssuerSettings, *, clock: Clock, reached: Callable[[str], None]) -> AsyncIterator[Rooms]:
    """Everything the handlers need, closed again in the right order."""
    office = open_office(settings, reached=reached)
    fetch = OutboundFetch(development=settings.development, ca_file=settings.ca_file)
    worker = face_worker(FACE_SETTINGS)
    with open_database(settings) as database:
        try:
            desk = Desk(office, database, clock, _register(settings, fetch), worker, FACE_SETTINGS)
            counter = Counter(office, database, lint_bench(office), clock)
            yield Rooms(counter, desk, StatusLists(office, database, clock), office_words(settings))
        finally:
            await worker.close()
            await fetch.close()


def public_application(rooms: Rooms, settings: IssuerSettings) -> web.Application:
    """What wallets and verifiers reach."""
    front = Front(
        title="Tiger Tally issuer",
        version=VERSION,
        public_url=settings.public_url,
        words=rooms.words,
        clock=rooms.clock,
        development=settings.development,
        requests_per_minute=settings.requests_per_minute,
        trusted_proxies=settings.trusted_proxies,
    )
    app = application((*published.ROUTES, *protocol.ROUTES), front)
    app[ROOMS] = rooms
    return app


def admin_application(rooms: Rooms, settings: IssuerSettings) -> web.Application:
    """What the office's own people reach, on another port."""
    metrics = Metrics()
    address = f"{settings.admin_host}:{settings.admin_port}"
    front = Front(
        title="Tiger Tally issuer administration",
        version=VERSION,
        public_url=f"http://{address}",
        words=rooms.words,
        clock=rooms.clock,
        development=settings.development,
        hosts=(address, f"localhost:{settings.admin_port}"),
        authenticate=token_authenticator(rooms.database, rooms.clock),
        idempotency=Idempotency(rooms.database, rooms.clock, rooms.counter.office.vault.derived("idempotency")),
        metrics=metrics,
        requests_per_minute=settings.requests_per_minute,
    )
    health = health_routes(version=VERSION, checks=checks(rooms))
    app = application((*admin_routes.ROUTES, *health, *metrics.routes()), front)
    app[ROOMS] = rooms
    return app


def checks(rooms: Rooms) -> Mapping[str, Check]:
    """What must hold for the office to work: store, clock, keys, status lists."""

    async def store() -> None:
        await rooms.database.read(lambda connection: connection.execute("SELECT next FROM status_counter").fetchone())

    async def clock() -> None:
        await rooms.database.read(lambda connection: check_clock(connection, now=rooms.clock()))

    async def keys() -> None:
        for key in rooms.counter.office.keys.all():
            key.public.verify(b"ready", key.sign(b"ready"))

    async def status_lists() -> None:
        await rooms.lists.current(1, "token")

    return {"store": store, "clock": clock, "keys": keys, "status_lists": status_lists}


async def run(settings: IssuerSettings, *, clock: Clock, reached: Callable[[str], None], stop: asyncio.Event | None = None) -> None:
    """Serve both ports until told to stop."""
    async with opened(settings, clock=clock, reached=reached) as rooms:
        sweeping = asyncio.create_task(sweep_for_ever(rooms))
        try:
            await serve(
                (
                    Listener(public_application(rooms, settings), settings.host, settings.port),
                    Listener(admin_application(rooms, settings), settings.admin_host, settings.admin_port, "admin"),
                ),
                name="issuer",
                stop=stop,
                once=lambda: _look_at_ourselves(rooms, settings),
            )
        finally:
            sweeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sweeping


async def sweep_for_ever(rooms: Rooms, *, seconds: float = _SWEEP_SECONDS) -> None:
    """Sweep now and every minute, and leave nothing of it in the database's log; what fails is tried again the next minute."""
    while True:
        try:
            await rooms.database.write(lambda connection: sweep(connection, office=rooms.counter.office, now=rooms.clock()))
            await rooms.database.empty_log()
        except Refused as refusal:
            logger().warning("sweep refused", code=refusal.code)
        except Exception as error:
            logger().error("sweep failed", **failure_fields(error))
        await asyncio.sleep(seconds)


async def _look_at_ourselves(rooms: Rooms, settings: IssuerSettings) -> None:
    async with OutboundFetch(development=settings.development, ca_file=settings.ca_file) as fetch:
        await tell_what_is_seen(settings.public_url, own_pages(rooms.counter.office.keys), fetch=fetch)


def _register(settings: IssuerSettings, fetch: OutboundFetch) -> PopulationRegister:
    token = read_private(settings.register_token_file).decode("ascii").strip() if settings.register_token_file else ""
    return HttpRegister(fetch, url=settings.register_url, token=token, name=settings.register_name)
