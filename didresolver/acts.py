"""What each command does, once its arguments are read."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from didresolver.app import admin_app, own_page, public_app
from didresolver.methods.ports import Wanted
from didresolver.resolver import CachingResolver, Resolution
from didresolver.settings import ResolverSettings
from runtime.clock import parse_rfc3339, utc_now
from runtime.fetch import OutboundFetch
from runtime.log import configure_log
from runtime.self_check import tell_what_is_seen
from runtime.serve import Listener, serve
from runtime.settings import load_settings
from runtime.web import Metrics


def wanted(version_time: str | None, version_id: str | None, version_number: int | None) -> Wanted:
    """Raises ``InputMalformed`` for a time that is none."""
    return Wanted(None if version_time is None else parse_rfc3339(version_time), version_id, version_number)


def resolve(did: str, wanted: Wanted, *, development: bool, ca_file: Path | None) -> Resolution:
    """Raises as ``Resolver.resolve``."""
    return asyncio.run(_resolved(did, wanted, development=development, ca_file=ca_file))


def serve_until_told(config: Path | None, flags: Mapping[str, object]) -> None:
    """Raises ``SettingsInvalid``."""
    asyncio.run(_serve(load_settings(ResolverSettings, config, flags)))


def in_words(resolution: Resolution) -> str:
    """The DID, and a line for each key: its name, its algorithm, what it may do."""
    document = resolution.document
    lines = [document.id]
    for method in document.methods.values():
        purposes = [purpose for purpose, members in document.relationships.items() if method.id in members]
        lines.append(f"  {method.id}  {method.key.algorithm}  {', '.join(purposes) or 'no purpose'}")
    return "\n".join(lines)


async def _resolved(did: str, wanted: Wanted, *, development: bool, ca_file: Path | None) -> Resolution:
    async with OutboundFetch(development=development, ca_file=ca_file) as fetch:
        resolver = CachingResolver(fetch, utc_now, development=development)
        return await resolver.resolve(did, version_time=wanted.time, version_id=wanted.id, version_number=wanted.number)


async def _serve(settings: ResolverSettings) -> None:
    configure_log(settings.log_level)
    metrics = Metrics()
    async with OutboundFetch(development=settings.development, ca_file=settings.ca_file) as fetch:
        public = public_app(settings, fetch=fetch, clock=utc_now, metrics=metrics)
        admin = admin_app(settings, clock=utc_now, metrics=metrics)
        listeners = (
            Listener(public, settings.host, settings.port),
            Listener(admin, settings.admin_host, settings.admin_port, purpose="admin"),
        )
        seen = [own_page(settings.public_url)]
        await serve(listeners, name="didresolver", once=lambda: tell_what_is_seen(settings.public_url, seen, fetch=fetch))
