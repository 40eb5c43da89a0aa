"""Opening and closing the counters: listen, say so, work until told to stop, then finish what was begun."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from doors.refusals import SettingsInvalid

_GRACE_SECONDS = 10.0
_KEEP_ALIVE_SECONDS = 75.0
_LINGER_SECONDS = 0.5  # to take in the rest of a body that was refused, so that the refusal is read
_BACKLOG = 1024


@dataclass(frozen=True, slots=True)
class Listener:
    """One application on one address. ``purpose`` names it in the ready line: "public", "admin". Port 0 takes a free one."""

    app: web.Application
    host: str
    port: int
    purpose: str = "public"


async def serve(listeners: Sequence[Listener], *, name: str, stop: asyncio.Event | None = None) -> None:
    """Serve until SIGTERM, SIGINT or ``stop``; then take nothing new, and finish what is under way within ten seconds.

    When all listen, one JSON line goes to standard error: ``{"ready": name, "pid": …, "listening": {purpose: url}}``.
    Raises ``SettingsInvalid`` where an address cannot be listened on.
    """
    stop = stop or asyncio.Event()
    _stop_on_signals(stop)
    runners: list[web.AppRunner] = []
    try:
        listening = {}
        for listener in listeners:
            runner = _runner(listener.app)
            runners.append(runner)
            listening[listener.purpose] = await _listen(runner, listener)
        ready = {"ready": name, "pid": os.getpid(), "listening": listening}
        sys.stderr.write(orjson.dumps(ready).decode() + "\n")
        sys.stderr.flush()
        await stop.wait()
    finally:
        for runner in reversed(runners):
            await runner.cleanup()


def _runner(app: web.Application) -> web.AppRunner:
    """Bodies are handed on as they came, so that a compressed one is refused instead of expanded."""
    return web.AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        auto_decompress=False,
        keepalive_timeout=_KEEP_ALIVE_SECONDS,
        lingering_time=_LINGER_SECONDS,
        shutdown_timeout=_GRACE_SECONDS,
    )


async def _listen(runner: web.AppRunner, listener: Listener) -> str:
    await runner.setup()
    site = web.TCPSite(runner, listener.host, listener.port, backlog=_BACKLOG)
    try:
        await site.start()
    except OSError as error:
        raise SettingsInvalid(f"{listener.purpose}: cannot listen on {listener.host} port {listener.port} ({error.strerror})") from None
    place: Any = runner.addresses[0]
    host = f"[{place[0]}]" if ":" in place[0] else place[0]
    return f"http://{host}:{place[1]}"


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
