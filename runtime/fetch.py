"""The one way out: what is asked of other machines goes through this gate, small, soon, over TLS, and never to a private address."""

import asyncio
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from doors.refusals import FetchFailed, FetchTimeout, InputTooLarge, RedirectBlocked, Refused, TlsError, UrlBlocked
from runtime.addresses import Target, check_address, parse_target

LookUp = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host name and port to IP addresses; raises ``OSError`` where there is none."""

MAX_BYTES = 64 * 1024
_TOTAL_SECONDS = 3.0
_LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: any status but a redirect, the whole body within its limit, ``etag`` and ``content_type`` "" where absent."""

    status: int
    content: bytes
    content_type: str
    etag: str
    url: str


class Fetch(Protocol):
    """Asks one address once. Raises ``UrlBlocked RedirectBlocked TlsError FetchTimeout FetchFailed InputTooLarge``."""

    async def __call__(
        self,
        url: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        accept: str = "",
    ) -> Fetched: ...


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses the system's resolver knows for ``host``; ``localhost`` is always this machine (RFC 6761 §6.3)."""
    if host == "localhost":
        return _LOOPBACK
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class OutboundFetch:
    """``Fetch`` over the network. ``development`` alone opens loopback addresses and plain http to them.

    ``ca_file``: PEM certificates trusted beside the system's. A name's addresses are looked up once per connection, all of
    them are checked, and the connection goes to one of exactly those, so that a name that changes its mind gains nothing.
    """

    def __init__(
        self, *, development: bool = False, ca_file: Path | None = None, look_up: LookUp = look_up, total_seconds: float = _TOTAL_SECONDS
    ) -> None:
        self._development = development
        self._total_seconds = total_seconds
        self._resolver = _CheckedResolver(look_up, development=development)
        self._tls = None if ca_file is None else _tls_context(ca_file)
        self._session: aiohttp.ClientSession | None = None

    async def __call__(
        self,
        url: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        accept: str = "",
    ) -> Fetched:
        """The answer of ``url``: at most ``max_bytes`` on the wire and once decoded, ``total_seconds`` from look-up to last byte."""
        target = parse_target(url, development=self._development)
        sent = {"Accept": accept or "*/*", "Accept-Encoding": "identity", **(headers or {})}
        try:
            async with asyncio.timeout(self._total_seconds):
                return await self._ask(target.url, method, body, headers=sent, max_bytes=max_bytes)
        except TimeoutError:
            raise FetchTimeout(f"{target.host}: expected an answer within {self._total_seconds:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _mapped(error, target) from error

    async def _ask(self, url: str, method: str, body: bytes | None, *, headers: Mapping[str, str], max_bytes: int) -> Fetched:
        request = self._opened().request(method, URL(url, encoded=True), data=body, headers=headers, allow_redirects=False)
        async with request as answer:
            if 300 <= answer.status < 400 and answer.status != 304:
                raise RedirectBlocked(f"{answer.url.host}: expected an answer, got a redirect (status {answer.status})")
            content = _decoded(await _read(answer, max_bytes), answer.headers.get("Content-Encoding", ""), max_bytes)
            return Fetched(answer.status, content, answer.headers.get("Content-Type", ""), answer.headers.get("ETag", ""), url)

    def _opened(self) -> aiohttp.ClientSession:
        """Made with the first call, because it belongs to the loop that runs then."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(
                resolver=self._resolver,
                use_dns_cache=False,
                ssl=self._tls or _tls_context(None),
                limit=64,
                limit_per_host=16,
                socket_factory=self._socket,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                headers={"User-Agent": "tigertally"},
                timeout=aiohttp.ClientTimeout(total=self._total_seconds),
            )
        return self._session

    def _socket(self, info: tuple[object, ...]) -> socket.socket:
        """The last gate: nothing is connected whose number has not been checked, whatever way it came."""
        family, kind, protocol, _, place = info
        check_address(str(place[0]), development=self._development)  # type: ignore[index]
        return socket.socket(family, kind, protocol)  # type: ignore[arg-type]

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()


class _CheckedResolver(AbstractResolver):
    """Hands to the connector only addresses that have passed; one bad address among them refuses the name."""

    def __init__(self, look_up: LookUp, *, development: bool) -> None:
        self._look_up = look_up
        self._development = development

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        addresses = [check_address(text, development=self._development) for text in await self._look_up(host, port)]
        if not addresses:
            raise OSError("the name has no address")
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is held open."""


def _tls_context(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
    return context


def _mapped(error: Exception, target: Target) -> Refused:
    name = type(error).__name__
    if isinstance(error, aiohttp.InvalidURL):
        return UrlBlocked("address: expected one that can be connected to")
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError) or (target.scheme == "https" and _broken_off(error)):
        return TlsError(f"{target.host}: the TLS certificate or protocol is not acceptable ({name})")
    return FetchFailed(f"{target.host}: could not be asked ({name})")


def _broken_off(error: Exception) -> bool:
    """Whether the other side hung up after the connection and before the TLS handshake was done."""
    return isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, ConnectionResetError | ConnectionAbortedError)


async def _read(answer: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    if (answer.content_length or 0) > max_bytes:
        raise InputTooLarge(f"answer: expected at most {max_bytes} bytes, got {answer.content_length}")
    content = bytearray()
    async for chunk in answer.content.iter_any():
        content += chunk
        if len(content) > max_bytes:
            answer.close()
            raise InputTooLarge(f"answer: expected at most {max_bytes} bytes, got more")
    return bytes(content)


def _decoded(content: bytes, coding: str, max_bytes: int) -> bytes:
    """``content`` without its gzip coding, expanded no further than one byte past the limit (RFC 9110 §8.4)."""
    if coding.strip().lower() in ("", "identity"):
        return content
    if coding.strip().lower() not in ("gzip", "x-gzip"):
        raise FetchFailed("answer: expected no content coding or gzip, got another")
    reader = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        plain = reader.decompress(content, max_bytes + 1)
    except zlib.error:
        raise FetchFailed("answer: its gzip coding is damaged") from None
    if len(plain) > max_bytes:
        raise InputTooLarge(f"answer: expected at most {max_bytes} bytes once expanded, got more")
    if not reader.eof or reader.unused_data:
        raise FetchFailed("answer: its gzip coding is cut off or followed by more")
    return plain
