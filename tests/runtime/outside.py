"""Other people's servers, played on this machine: honest ones, slow ones, endless ones, badly certified ones."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import trustme

from runtime.fetch import OutboundFetch

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
NAME = "issuer.test"


async def found_here(_host: str, _port: int) -> Sequence[str]:
    """A resolver that finds every name on this machine."""
    return ("127.0.0.1",)


@asynccontextmanager
async def listening(talk: Talk, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a server that leads ``talk`` with each that connects."""
    open_talks: set[asyncio.Task[None]] = set()

    async def led(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_talks.add(task)
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            open_talks.discard(task)
            writer.close()

    server = await asyncio.start_server(led, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in open_talks:
            task.cancel()


def answering(body: bytes = b"{}", *, status: str = "200 OK", headers: str = "Content-Type: application/json") -> Talk:
    """Answers one request whole."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status}\r\n{headers}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()

    return talk


class Certificates:
    """An authority of the test's own, and server certificates by it."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.ca_file = folder / "ca.pem"
        self.authority.cert_pem.write_to_path(str(self.ca_file))

    def server(self, *names: str, authority: trustme.CA | None = None, **issued: object) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        (authority or self.authority).issue_cert(*names, **issued).configure_cert(context)  # type: ignore[arg-type]
        return context

    def fetch(self, **settings: object) -> OutboundFetch:
        """Trusts the authority, finds every name here."""
        return OutboundFetch(development=True, ca_file=self.ca_file, look_up=found_here, **settings)  # type: ignore[arg-type]
