"""Telling a waiting page at once what happened, over one open answer."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

_KEEP_ALIVE_SECONDS = 15.0
_WAITING = 64


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: its name and what is said about it."""

    event: str
    data: Mapping[str, Any]

    def line(self) -> bytes:
        return b"event: " + self.event.encode() + b"\ndata: " + orjson.dumps(self.data) + b"\n\n"


@dataclass(slots=True)
class Topics:
    """Who waits for news about what, within this process. ``close`` ends all waiting, so that the service can stop."""

    _waiting: dict[str, set[asyncio.Queue[Event | None]]] = field(default_factory=dict)

    def publish(self, topic: str, event: Event) -> None:
        """Hand ``event`` to all who wait for ``topic``; who has not read the last 64 misses it."""
        for queue in self._waiting.get(topic, set()):
            if not queue.full():
                queue.put_nowait(event)

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncIterator[AsyncIterator[Event]]:
        """The events published on ``topic`` from now on."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue(_WAITING)
        self._waiting.setdefault(topic, set()).add(queue)
        try:
            yield _until_closed(queue)
        finally:
            self._waiting[topic].discard(queue)
            if not self._waiting[topic]:
                del self._waiting[topic]

    def close(self) -> None:
        for queue in [queue for queues in self._waiting.values() for queue in queues]:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)


async def send_events(
    request: web.Request, events: AsyncIterator[Event], *, keep_alive_seconds: float = _KEEP_ALIVE_SECONDS
) -> web.StreamResponse:
    """``events`` as server-sent events (WHATWG HTML §9.2) until they end or the page goes; comment lines keep the way open."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"})
    await response.prepare(request)
    if request.method == "HEAD":
        return response
    upcoming: asyncio.Future[Event] | None = None
    try:
        await response.write(b"retry: 2000\n\n")
        while True:
            upcoming = upcoming or asyncio.ensure_future(anext(events))
            done, _ = await asyncio.wait({upcoming}, timeout=keep_alive_seconds)
            if done:
                await response.write(upcoming.result().line())
                upcoming = None
            else:
                await response.write(b": still here\n\n")
    except (StopAsyncIteration, ConnectionResetError):
        return response
    finally:
        if upcoming is not None:
            upcoming.cancel()


async def _until_closed(queue: asyncio.Queue[Event | None]) -> AsyncIterator[Event]:
    while (event := await queue.get()) is not None:
        yield event
