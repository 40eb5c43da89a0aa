"""Who knocks and says nothing is sent away; who speaks is never kept waiting for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from runtime.doorway import Doorway
from runtime.web import reading
from tests.runtime.house import House

HEAD = b"GET / HTTP/1.1\r\nHost: desk\r\n\r\n"
LONG = 3600.0
Knock = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def hello(request: web.Request) -> web.Response:
    return web.Response(text=f"hello {len(await request.read())}")


@asynccontextmanager
async def door(*, head_seconds: float, most_waiting: int = 100) -> AsyncIterator[tuple[Doorway, int]]:
    app = web.Application()
    app.router.add_route("*", "/", hello)
    runner = web.AppRunner(app, keepalive_timeout=LONG)
    await runner.setup()
    assert runner.server is not None
    doorway = Doorway(runner.server, head_seconds=head_seconds, most_waiting=most_waiting)
    server = await asyncio.get_running_loop().create_server(doorway, "127.0.0.1", 0)
    try:
        yield doorway, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await runner.cleanup()


async def knock(port: int, text: bytes = b"") -> Knock:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text)
    return reader, writer


async def is_sent_away(visitor: Knock) -> bool:
    async with asyncio.timeout(5):
        return await visitor[0].read(100) == b""


async def answered(visitor: Knock, text: bytes) -> bytes:
    visitor[1].write(text)
    async with asyncio.timeout(5):
        head = await visitor[0].readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split()[0])
        return head.split()[1] + b" " + await visitor[0].readexactly(length)


@pytest.mark.parametrize("said", [b"", b"G", HEAD[:-1], b"\r\n", b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 50])
async def test_who_does_not_finish_the_head_is_sent_away(said: bytes) -> None:
    async with door(head_seconds=0.05) as (doorway, port):
        assert await is_sent_away(await knock(port, said))
        assert doorway.waiting == 0


async def test_who_finishes_the_head_has_all_the_time_of_the_server() -> None:
    async with door(head_seconds=0.05) as (doorway, port):
        speaking, silent = await knock(port), await knock(port)
        assert await answered(speaking, HEAD) == b"200 hello 0"
        assert await is_sent_away(silent)
        assert await answered(speaking, HEAD) == b"200 hello 0"
        assert doorway.waiting == 0


@pytest.mark.parametrize("cut", range(1, len(HEAD), 5))
async def test_a_head_in_two_pieces_is_a_head(cut: int) -> None:
    async with door(head_seconds=LONG) as (doorway, port):
        visitor = await knock(port, HEAD[:cut])
        await visitor[1].drain()
        assert await answered(visitor, HEAD[cut:]) == b"200 hello 0"
        assert doorway.waiting == 0


async def test_a_head_of_single_bytes_is_a_head() -> None:
    async with door(head_seconds=LONG) as (doorway, port):
        visitor = await knock(port)
        for byte in HEAD[:-1]:
            visitor[1].write(bytes([byte]))
            await visitor[1].drain()
        assert await answered(visitor, HEAD[-1:]) == b"200 hello 0"
        assert doorway.waiting == 0


async def test_one_too_many_sends_the_oldest_away_and_nobody_else() -> None:
    async with door(head_seconds=LONG, most_waiting=3) as (doorway, port):
        visitors = []
        for _ in range(5):
            visitors.append(await knock(port, b"G"))
            while doorway.waiting < min(3, len(visitors)):
                await asyncio.sleep(0)
        assert [await is_sent_away(visitor) for visitor in visitors[:2]] == [True, True]
        for visitor in visitors[2:]:
            assert await answered(visitor, HEAD[1:]) == b"200 hello 0"


async def test_who_leaves_is_forgotten() -> None:
    async with door(head_seconds=LONG) as (doorway, port):
        _, writer = await knock(port, b"GET")
        while not doorway.waiting:
            await asyncio.sleep(0)
        writer.close()
        while doorway.waiting:
            await asyncio.sleep(0)
        assert doorway.waiting == 0, "long before the visitor's time was up"


async def test_a_body_that_does_not_come_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BODY_SECONDS", 0.05)
    head = f"POST /open HTTP/1.1\r\nHost: 127.0.0.1:{house.port}\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n"
    told = await answered(await knock(house.port), head.encode() + b'{"name"')
    assert told.startswith(b"408 ")
    assert b'"code":"request_timeout"' in told
    assert house.shelf.orders == 0
