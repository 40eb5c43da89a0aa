"""Opening and closing the counters: listen, say so, work until told to stop, then finish what was begun."""

import asyncio
import contextlib
import os
import resource
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from doors.refusals import SettingsInvalid
from runtime.doorway import Doorway
from runtime.no_dump import leave_no_dump

_GRACE_SECONDS = 10.0
_KEEP_ALIVE_SECONDS = 75.0
_LINGER_SECONDS = 0.5  # to take in the rest of a body that was refused, so that the refusal is read
_BACKLOG = 1024
_HEAD_SECONDS = 10.0
_MOST_WAITING = 512


@dataclass(frozen=True, slots=True)
class Listener:
    """One application on one address. ``purpose`` names it in the ready line: "public", "admin". Port 0 takes a free one."""

    app: web.Application
    host: str
    port: int
    purpose: str = "public"


async def serve(
    listeners: Sequence[Listener], *, name: str, stop: asyncio.Event | None = None, once: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Serve until SIGTERM, SIGINT or ``stop``; then take nothing new, and finish what is under way within ten seconds.

    When all listen, one JSON line goes to standard error: ``{"ready": name, "pid": …, "listening": {purpose: url}}``; then ``once`` is
    called, beside the work. Who connects has ten seconds to send the head of a request (``Doorway``).
    Raises ``SettingsInvalid`` where an address cannot be listened on.
    """
    stop = stop or asyncio.Event()
    _stop_on_signals(stop)
    leave_no_dump()
    _allow_many_connections()
    async with contextlib.AsyncExitStack() as opened:
        listening = {listener.purpose: await _open(listener, opened) for listener in listeners}
        ready = {"ready": name, "pid": os.getpid(), "listening": listening}
        sys.stderr.write(orjson.dumps(ready).decode() + "\n")
        sys.stderr.flush()
        if once is not None:
            opened.push_async_callback(_cancel, asyncio.ensure_future(once()))
        await stop.wait()


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


async def _open(listener: Listener, opened: contextlib.AsyncExitStack) -> str:
    """The address on which ``listener`` answers from now on, until ``opened`` is closed."""
    runner = _runner(listener.app)
    opened.push_async_callback(runner.cleanup)
    await runner.setup()
    doorway = Doorway(runner.server, head_seconds=_HEAD_SECONDS, most_waiting=_MOST_WAITING)  # type: ignore[arg-type]  # set up above
    try:
        server = await asyncio.get_running_loop().create_server(doorway, listener.host, listener.port, backlog=_BACKLOG)
    except OSError as error:
        raise SettingsInvalid(f"{listener.purpose}: cannot listen on {listener.host} port {listener.port} ({error.strerror})") from None
    opened.callback(server.close)
    place: Any = server.sockets[0].getsockname()
    host = f"[{place[0]}]" if ":" in place[0] else place[0]
    return f"http://{host}:{place[1]}"


async def _cancel(task: asyncio.Future[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _allow_many_connections() -> None:
    """As many open files as the system allows this process: each connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
