"""Small worlds for resolver tests: scripted answers without a network, and a real https server on loopback."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import trustme
from aiohttp import web

from credentials.keys import PublicKey
from doors.refusals import FetchFailed, Refused
from runtime.fetch import Fetched, OutboundFetch

MORNING = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
Answer = bytes | int | Refused


@dataclass
class Answers:
    """A ``Fetch`` that answers from a table, and remembers what it was asked."""

    table: dict[str, Answer]
    asked: list[str] = field(default_factory=list)

    async def __call__(
        self,
        url: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 65536,
        accept: str = "",
    ) -> Fetched:
        self.asked.append(url)
        answer = self.table.get(url, FetchFailed("nobody there"))
        if isinstance(answer, Refused):
            raise answer
        if isinstance(answer, int):
            return Fetched(answer, b"", "", "", url)
        return Fetched(200, answer, "application/json", "", url)


@dataclass
class HandClock:
    """A clock that only moves when it is told to."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **length: float) -> None:
        self.now += timedelta(**length)


def did_document(did: str, key: PublicKey, *, purposes: tuple[str, ...] = ("assertionMethod", "authentication")) -> dict[str, object]:
    method = f"{did}#key-1"
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [{"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": key.multikey()}],
        **{purpose: [method] for purpose in purposes},
    }


def as_bytes(document: dict[str, object]) -> bytes:
    return orjson.dumps(document)


@dataclass(frozen=True)
class Site:
    """An https server on loopback under a name, with the certificate that trusts it."""

    name: str
    port: int
    ca_file: Path

    @property
    def did(self) -> str:
        return f"did:web:{self.name}%3A{self.port}"

    def fetch(self, *, total_seconds: float = 3.0) -> OutboundFetch:
        """The real way out, which knows this site's name and trusts its certificate."""
        return OutboundFetch(development=True, ca_file=self.ca_file, look_up=_this_machine, total_seconds=total_seconds)


async def _this_machine(host: str, port: int) -> tuple[str, ...]:
    return ("127.0.0.1",)


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def https_site(
    handler: Handler,
    folder: Path,
    *,
    certificate_name: str = "issuer.example",
    expired: bool = False,
    unknown_authority: bool = False,
) -> AsyncIterator[Site]:
    authority = trustme.CA()
    (trustme.CA() if unknown_authority else authority).cert_pem.write_to_path(str(folder / "ca.pem"))
    ends = datetime(2020, 1, 1, tzinfo=UTC) if expired else None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(certificate_name, not_after=ends, not_before=ends and ends - timedelta(days=9)).configure_cert(context)
    app = web.Application()
    app.router.add_get("/{path:.*}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    try:
        yield Site("issuer.example", runner.addresses[0][1], folder / "ca.pem")
    finally:
        await runner.cleanup()


PROTOCOL_VERSION_ALERT = bytes.fromhex("15 0301 0002 02 46")
"""What a server that speaks only TLS 1.0 answers to a client that begins with 1.2 (RFC 8446 §6.2, protocol_version)."""


@asynccontextmanager
async def site_of_old_tls(folder: Path) -> AsyncIterator[Site]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(PROTOCOL_VERSION_ALERT)
        await writer.drain()
        await reader.read()
        writer.close()

    trustme.CA().cert_pem.write_to_path(str(folder / "ca.pem"))
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield Site("issuer.example", server.sockets[0].getsockname()[1], folder / "ca.pem")
