"""Put the verifier together: one application for wallets in the open, one on the inside for programs and the clerk's page."""

import asyncio
import json
import secrets
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from aiohttp import web

from credentials.keys import PublicKey
from didresolver import CachingResolver
from doors.refusals import Refused, SettingsInvalid
from runtime.clock import Clock
from runtime.fetch import Fetch, OutboundFetch
from runtime.journal import check_clock
from runtime.log import logger
from runtime.self_check import tell_what_is_seen
from runtime.serve import Listener, serve
from runtime.web import Front, Idempotency, Metrics, Pages, Topics, application, health_routes, token_authenticator
from runtime.words import Words, load_words
from trust.facts import Facts
from trust.pack import read_pack
from trust.snapshot_store import DatabaseCache
from verifier.answer import Desk
from verifier.gathering import FactsSource, FromPack, Online
from verifier.handlers import clerks, programs, wallets
from verifier.handlers.keys import DESK, PAGES, TOPICS
from verifier.identity import Identity
from verifier.library import key_of
from verifier.own_pages import own_pages
from verifier.policy import Policy
from verifier.policy_file import load_policy
from verifier.settings import VerifierSettings
from verifier.store import Store

VERSION = "0.1.0"
_PURGE_SECONDS = 60.0


async def run(settings: VerifierSettings, *, identity: Identity, store_folder: Path, clock: Clock, desk_token: str = "") -> None:
    """Serve until told to stop; forget what is past its time of keeping once a minute.

    With ``desk_token`` a line with a link to the desk goes to standard error.
    """
    fetch = OutboundFetch(development=settings.development, ca_file=settings.ca_file)
    store = Store.open(store_folder)
    try:
        desk = make_desk(settings, identity=identity, store=store, fetch=fetch, clock=clock)
        topics, metrics = Topics(), Metrics()
        public = public_application(desk, settings, topics=topics, metrics=metrics)
        inside = inside_application(desk, settings, topics=topics, metrics=metrics)
        inside.cleanup_ctx.append(_forgetting)
        if desk_token:
            link = f"http://{settings.admin_host}:{settings.admin_port}/#token={desk_token}"
            sys.stderr.write(json.dumps({"desk": link}) + "\n")
        listeners = (
            Listener(public, settings.host, settings.port),
            Listener(inside, settings.admin_host, settings.admin_port, purpose="admin"),
        )
        await serve(listeners, name="verifier", once=lambda: tell_what_is_seen(settings.public_url, own_pages(identity), fetch=fetch))
    finally:
        store.close()
        await fetch.close()


async def _forgetting(app: web.Application) -> AsyncIterator[None]:
    """Delete what was disclosed as soon as its time of keeping is over."""
    desk = app[DESK]
    task = asyncio.create_task(_forget_for_ever(desk))
    yield
    task.cancel()


async def _forget_for_ever(desk: Desk) -> None:
    while True:
        try:
            await desk.store.purge(now=desk.clock())
        except Refused as refusal:
            logger().error("purge failed", code=refusal.code)
        await asyncio.sleep(_PURGE_SECONDS)


def make_desk(settings: VerifierSettings, *, identity: Identity, store: Store, fetch: Fetch, clock: Clock) -> Desk:
    """A desk from its settings; raises ``SettingsInvalid``, and ``PackInvalid`` or ``PackExpired`` where it works from a pack."""
    return Desk(
        identity=identity,
        policies=load_policies(settings),
        store=store,
        source=facts_source(settings, identity=identity, store=store, fetch=fetch, clock=clock),
        clock=clock,
        random=secrets.token_bytes,
    )


def load_policies(settings: VerifierSettings) -> dict[str, Policy]:
    """The policies of the settings by their ids, on the trust list of the settings."""
    loaded = [load_policy(name) for name in settings.policies]
    if len({policy.id for policy in loaded}) != len(loaded):
        raise SettingsInvalid("policies: expected each id once")
    return {policy.id: policy.trusting(trust_list_url=settings.trust_list_url, anchors=settings.anchors) for policy in loaded}


def facts_source(settings: VerifierSettings, *, identity: Identity, store: Store, fetch: Fetch, clock: Clock) -> FactsSource:
    """The pack where the settings say ``offline``; else the network."""
    if not settings.offline:
        resolver = CachingResolver(fetch, clock, development=settings.development)
        return Online(resolver, fetch, DatabaseCache(store.database))
    if settings.pack is None:
        raise SettingsInvalid("pack: expected a pack to work from offline")
    signers = (identity.key.public, *(key_of(text) for text in settings.pack_signers))
    source = from_pack(settings.pack, signers)
    source.read(clock())
    return source


def from_pack(path: Path, signers: tuple[PublicKey, ...]) -> FromPack:
    """Facts from the pack at ``path``, read now; its end is looked at on each use. Raises ``SettingsInvalid``."""
    try:
        content = path.read_bytes()
    except OSError:
        raise SettingsInvalid(f"{path}: the pack cannot be read") from None

    def read(now: datetime) -> Facts:
        return read_pack(content, signers, now)

    return FromPack(read)


def public_application(desk: Desk, settings: VerifierSettings, *, topics: Topics, metrics: Metrics) -> web.Application:
    """What wallets reach under ``public_url``."""
    sentences = catalogue()
    pages = Pages("verifier", sentences)
    app = application((*wallets.ROUTES, *pages.routes()), _front(desk, settings, sentences, metrics, title="Tiger Tally verifier"))
    app[DESK], app[TOPICS], app[PAGES] = desk, topics, pages
    return app


def inside_application(desk: Desk, settings: VerifierSettings, *, topics: Topics, metrics: Metrics) -> web.Application:
    """What the relying party's own programs and clerks reach, on the management port."""
    sentences = catalogue()
    pages = Pages("verifier", sentences)
    health = health_routes(version=VERSION, checks={"store": lambda: _check_store(desk), "facts": lambda: _check_facts(desk)})
    routes = (*programs.ROUTES, *clerks.ROUTES, *health, *metrics.routes(), *pages.routes())
    app = application(routes, _front(desk, settings, sentences, metrics, title="Tiger Tally verifier, inside"))
    app[DESK], app[TOPICS], app[PAGES] = desk, topics, pages
    app.on_shutdown.append(_stop_news)
    return app


def catalogue() -> Words:
    return load_words("runtime", "verifier")


def _front(desk: Desk, settings: VerifierSettings, sentences: Words, metrics: Metrics, *, title: str) -> Front:
    database = desk.store.database
    return Front(
        title=title,
        version=VERSION,
        public_url=settings.public_url,
        words=sentences,
        clock=desk.clock,
        development=settings.development,
        hosts=(f"{settings.admin_host}:{settings.admin_port}", f"localhost:{settings.admin_port}"),
        authenticate=token_authenticator(database, desk.clock),
        idempotency=Idempotency(database, desk.clock, desk.store.journal_key),
        metrics=metrics,
        requests_per_minute=settings.requests_per_minute,
        trusted_proxies=settings.trusted_proxies,
    )


async def _stop_news(app: web.Application) -> None:
    app[TOPICS].close()


async def _check_store(desk: Desk) -> None:
    await desk.store.database.read(lambda connection: check_clock(connection, now=desk.clock()))


async def _check_facts(desk: Desk) -> None:
    """An offline desk whose pack has expired cannot decide anything any more."""
    if isinstance(desk.source, FromPack):
        desk.source.read(desk.clock())
