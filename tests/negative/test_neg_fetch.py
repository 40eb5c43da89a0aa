"""Rows R01-R05, R07, R08, W03 and W11 at the one gate outwards; every server here stands on this machine."""

import asyncio
import gzip
import socket
import ssl
import struct
import time
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from doors.refusals import FetchFailed, FetchTimeout, InputTooLarge, RedirectBlocked, TlsError, UrlBlocked
from runtime.fetch import OutboundFetch
from tests.runtime.outside import NAME, Certificates, answering, found_here, listening

LOOPBACK = (
    "https://127.0.0.1/",
    "https://127.0.0.1:8443/",
    "https://127.1.2.3/",
    "https://localhost/",
    "https://LOCALHOST:8443/",
    "https://localhost./",
    "https://issuer.localhost/",
    "https://[::1]/",
    "https://[0:0:0:0:0:0:0:1]:8443/",
    "https://0.0.0.0/",
    "https://[::]/",
)
PRIVATE = (
    "https://10.0.0.1/",
    "https://10.255.255.255/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://100.100.100.200/",
    "https://168.63.129.16/",
    "https://192.0.0.1/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://198.51.100.1/",
    "https://203.0.113.1/",
    "https://224.0.0.1/",
    "https://239.255.255.250:1900/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://[fd00::1]/",
    "https://[fc00::1]/",
    "https://[fe80::1]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[2001::1]/",
    "https://[2002:7f00:1::]/",
    "https://[3fff::1]/",
    "https://[100::1]/",
)
SPELLINGS = (
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://0X7F.0.0.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.1/",
    "https://127.0.1/",
    "https://127.0.0.01/",
    "https://127.0.0.1./",
    "https://1.2.3.4.5/",
    "https://a.0x1/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::ffff:8.8.8.8]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b:1::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[::1",
    "https://::1/",
    "https://１２７.0.0.1/",
    "https://127。0。0。1/",
    "https://ⓛocalhost.test/",
    "https://\u212aissuer.test/",
    "https://issuer%2etest/",
    "https://issuer.test@127.0.0.1/",
    "https://user:word@issuer.test/",
    "https://127.0.0.1#@issuer.test/",
    "https://issuer.test#fragment",
    "https://issuer.test\\@127.0.0.1/",
    "https:\\\\127.0.0.1/",
    "https:///127.0.0.1/",
    "https:127.0.0.1/",
    "https://issuer.test:0/",
    "https://issuer.test:22/",
    "https://issuer.test:6379999/",
    "https://issuer.test:65536/",
    "https://issuer.test:４４３/",
    "https://issuer.test/a b",
    "https://issuer.test/a\r\nHost: x",
    "https://issuer.test\t/",
    " https://issuer.test/",
    "https://intranet/",
    "https://-a.test/",
    "https://a..test/",
    "https://a_b.test/",
    "https://" + "a" * 64 + ".test/",
    "https://issuer.test/" + "a" * 2048,
    "",
    "//issuer.test/",
    "issuer.test",
)
SCHEMES = (
    "file:///etc/passwd",
    "ftp://issuer.test/",
    "gopher://issuer.test/",
    "data:text/plain,x",
    "javascript:alert(1)",
    "ws://issuer.test/",
    "unix:///var/run/docker.sock",
    "jar:https://issuer.test!/",
)


async def never_asked(_host: str, _port: int) -> Sequence[str]:
    pytest.fail("a refused address was looked up")


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path)


@pytest.mark.parametrize("url", LOOPBACK)
async def test_neg_R01_web_loopback(url: str) -> None:
    async with OutboundFetch(look_up=never_asked) as fetch:
        with pytest.raises(UrlBlocked):
            await fetch(url)


@pytest.mark.parametrize("url", PRIVATE)
async def test_neg_R02_web_private_and_metadata(url: str) -> None:
    async with OutboundFetch(look_up=never_asked) as fetch:
        with pytest.raises(UrlBlocked):
            await fetch(url)


@pytest.mark.parametrize("url", [*PRIVATE, *SPELLINGS, *SCHEMES])
async def test_neg_R02_development_opens_nothing_but_this_machine(url: str) -> None:
    async with OutboundFetch(development=True, look_up=never_asked) as fetch:
        with pytest.raises(UrlBlocked):
            await fetch(url)


async def test_neg_R01_twin_this_machine_is_reached_while_developing() -> None:
    async with listening(answering(b'{"id": 1}')) as port, OutboundFetch(development=True) as fetch:
        for host in ("127.0.0.1", "localhost"):
            assert (await fetch(f"http://{host}:{port}/x?y=1")).content == b'{"id": 1}'


@pytest.mark.parametrize("url", [*SPELLINGS, *SCHEMES])
async def test_neg_W03_offer_uri_ssrf(url: str) -> None:
    async with OutboundFetch(look_up=never_asked) as fetch:
        with pytest.raises(UrlBlocked):
            await fetch(url)


async def test_neg_W03_twin_a_plain_https_address(certificates: Certificates) -> None:
    async with listening(answering(b"{}"), certificates.server(NAME)) as port, certificates.fetch() as fetch:
        fetched = await fetch(f"https://{NAME}:{port}/offer/1?a=b", accept="application/json")
        assert (fetched.status, fetched.content, fetched.content_type) == (200, b"{}", "application/json")


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent", "300 Choices"])
@pytest.mark.parametrize("target", ["https://other.test/", "http://issuer.test/", "https://127.0.0.1/", "", "/loop"])
async def test_neg_R03_web_redirect(certificates: Certificates, status: str, target: str) -> None:
    asked = 0

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await answering(b"", status=status, headers=f"Location: {target}")(reader, writer)

    async with listening(redirect, certificates.server(NAME)) as port, certificates.fetch() as fetch:
        with pytest.raises(RedirectBlocked):
            await fetch(f"https://{NAME}:{port}/loop")
    assert asked == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
async def test_neg_W11_http_redirect_on_fetch(status: str, method: str) -> None:
    redirect = answering(b"", status=status, headers="Location: http://127.0.0.1:1/")
    async with listening(redirect) as port, OutboundFetch(development=True) as fetch:
        with pytest.raises(RedirectBlocked):
            await fetch(f"http://127.0.0.1:{port}/", method=method, body=b"x" if method == "POST" else None)


async def test_neg_W11_twin_an_answer_and_an_unchanged_one() -> None:
    async with listening(answering(b"", status="304 Not Modified", headers='ETag: "1"')) as port, OutboundFetch(development=True) as fetch:
        fetched = await fetch(f"http://127.0.0.1:{port}/", headers={"If-None-Match": '"1"'})
        assert (fetched.status, fetched.etag) == (304, '"1"')


@pytest.mark.parametrize(
    "answer",
    [
        ("127.0.0.1",),
        ("8.8.8.8", "127.0.0.1"),
        ("127.0.0.1", "8.8.8.8"),
        ("::1",),
        ("::ffff:127.0.0.1",),
        ("64:ff9b::7f00:1",),
        ("fe80::1",),
    ],
)
async def test_neg_R04_web_dns_rebinding_to_a_private_answer(answer: Sequence[str]) -> None:
    async def look_up(_host: str, _port: int) -> Sequence[str]:
        return answer

    connected = 0

    async def count(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        nonlocal connected
        connected += 1

    async with listening(count) as port, OutboundFetch(look_up=look_up) as fetch:
        with pytest.raises(UrlBlocked):
            await fetch(f"https://issuer.test:{port}/")
    assert connected == 0


async def test_neg_R04_web_dns_rebinding_between_check_and_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name changes its mind with every question; 200 tries, and only what was checked is ever connected to."""
    asked: list[str] = []
    reached: list[str] = []

    async def look_up(_host: str, _port: int) -> Sequence[str]:
        asked.append("8.8.8.8" if len(asked) % 2 == 0 else "127.0.0.1")
        return (asked[-1],)

    def unreachable(_fetch: OutboundFetch, info: tuple[object, ...]) -> socket.socket:
        reached.append(info[4][0])  # type: ignore[index]
        raise OSError("no way out of this test")

    monkeypatch.setattr(OutboundFetch, "_socket", unreachable)
    async with OutboundFetch(look_up=look_up) as fetch:
        for _ in range(200):
            with pytest.raises((UrlBlocked, FetchFailed)):
                await fetch("https://issuer.test:8443/")
    assert len(asked) == 200
    assert set(reached) == {"8.8.8.8"}
    assert len(reached) == 100


async def test_neg_R04_twin_a_name_that_stays(certificates: Certificates) -> None:
    async with listening(answering(), certificates.server(NAME)) as port, certificates.fetch() as fetch:
        for _ in range(3):
            assert (await fetch(f"https://{NAME}:{port}/")).status == 200


def test_neg_R04_nothing_unchecked_gets_a_socket() -> None:
    fetch = OutboundFetch()
    for address in ("127.0.0.1", "169.254.169.254", "::1", "10.0.0.1"):
        with pytest.raises(UrlBlocked):
            fetch._socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)))


@pytest.mark.parametrize("url", ["http://issuer.test/", "http://8.8.8.8/", "HTTP://issuer.test:8080/"])
@pytest.mark.parametrize("development", [False, True])
async def test_neg_R05_web_http(url: str, *, development: bool) -> None:
    async with OutboundFetch(development=development, look_up=never_asked) as fetch:
        with pytest.raises(TlsError):
            await fetch(url)


def _expired(certificates: Certificates) -> ssl.SSLContext:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    return certificates.server(NAME, not_before=yesterday - timedelta(days=9), not_after=yesterday)


def _self_signed(certificates: Certificates) -> ssl.SSLContext:
    return certificates.server(NAME, authority=trustme.CA())


def _wrong_name(certificates: Certificates) -> ssl.SSLContext:
    return certificates.server("other.test")


def _old_protocol(certificates: Certificates) -> ssl.SSLContext:
    context = certificates.server(NAME)
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


async def _polite(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers whatever it is told, as a plain http server answers a TLS greeting."""
    await reader.read(100)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()


def _no_tls(_certificates: Certificates) -> None:
    return None


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("server", [_expired, _self_signed, _wrong_name, _old_protocol, _no_tls])
async def test_neg_R05_web_tls(certificates: Certificates, server: Callable[[Certificates], ssl.SSLContext | None]) -> None:
    async with listening(_polite, server(certificates)) as port, certificates.fetch() as fetch:
        with pytest.raises(TlsError):
            await fetch(f"https://{NAME}:{port}/")


def _reset(writer: asyncio.StreamWriter) -> None:
    """Closed with bytes unread and nothing lingering, which the other side sees as a reset."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _hang_up_on_greeting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    _reset(writer)


async def test_neg_R05_web_tls_reset_within_the_handshake(certificates: Certificates) -> None:
    async with listening(_hang_up_on_greeting) as port, certificates.fetch() as fetch:
        with pytest.raises(TlsError):
            await fetch(f"https://{NAME}:{port}/")


async def test_neg_R05_web_tls_twin_a_reset_after_the_handshake_is_the_networks(certificates: Certificates) -> None:
    async with listening(_hang_up_on_greeting, certificates.server(NAME)) as port, certificates.fetch() as fetch:
        with pytest.raises(FetchFailed):
            await fetch(f"https://{NAME}:{port}/")


async def test_neg_R05_an_own_authority_is_trusted_only_where_it_is_set(certificates: Certificates) -> None:
    async with (
        listening(answering(), certificates.server(NAME)) as port,
        OutboundFetch(development=True, look_up=found_here) as fetch,
    ):
        with pytest.raises(TlsError):
            await fetch(f"https://{NAME}:{port}/")


async def test_neg_R05_twin_tls_as_it_should_be(certificates: Certificates) -> None:
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = certificates.server(NAME)
        context.minimum_version = context.maximum_version = version
        async with listening(answering(), context) as port, certificates.fetch() as fetch:
            assert (await fetch(f"https://{NAME}:{port}/")).status == 200


async def _endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
        await writer.drain()


async def _announced_50_megabytes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n")
    await writer.drain()


BOMB = gzip.compress(bytes(50_000_000))


@pytest.mark.parametrize(
    "talk",
    [_endless, _announced_50_megabytes, answering(bytes(65537)), answering(BOMB, headers="Content-Encoding: gzip")],
    ids=["endless", "announced", "one byte more", "gzip bomb"],
)
async def test_neg_R07_web_big(talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]) -> None:
    async with listening(talk) as port, OutboundFetch(development=True) as fetch:  # type: ignore[arg-type]
        started = time.process_time()
        with pytest.raises(InputTooLarge):
            await fetch(f"http://127.0.0.1:{port}/", max_bytes=65536)
        assert time.process_time() - started < 0.25


@pytest.mark.parametrize(
    ("body", "coding"),
    [(gzip.compress(b"x")[:-3], "gzip"), (gzip.compress(b"x") * 2, "gzip"), (b"x", "gzip"), (zlib.compress(b"x"), "deflate"), (b"x", "br")],
    ids=["cut short", "two of them", "none", "another", "unknown"],
)
async def test_neg_R07_codings_that_are_damaged_or_not_asked_for(body: bytes, coding: str) -> None:
    async with listening(answering(body, headers=f"Content-Encoding: {coding}")) as port, OutboundFetch(development=True) as fetch:
        with pytest.raises(FetchFailed):
            await fetch(f"http://127.0.0.1:{port}/")


async def test_neg_R07_twin_exactly_the_limit() -> None:
    for body, headers in ((bytes(65536), "X: y"), (gzip.compress(bytes(65536)), "Content-Encoding: gzip")):
        async with listening(answering(body, headers=headers)) as port, OutboundFetch(development=True) as fetch:
            assert (await fetch(f"http://127.0.0.1:{port}/", max_bytes=65536)).content == bytes(65536)


async def _drop_by_drop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _drop_by_drop_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()
    await asyncio.Event().wait()


@pytest.mark.parametrize("talk", [_drop_by_drop, _drop_by_drop_headers, _silent])
async def test_neg_R08_web_slow(talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]) -> None:
    async with listening(talk) as port, OutboundFetch(development=True, total_seconds=0.15) as fetch:  # type: ignore[arg-type]
        started = time.monotonic()
        with pytest.raises(FetchTimeout):
            await fetch(f"http://127.0.0.1:{port}/")
        assert time.monotonic() - started < 1.0


async def test_neg_R08_a_resolver_that_never_answers() -> None:
    async def look_up(_host: str, _port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return ()

    async with OutboundFetch(look_up=look_up, total_seconds=0.05) as fetch:
        with pytest.raises(FetchTimeout):
            await fetch("https://issuer.test/")


async def test_neg_R08_twin_within_the_time() -> None:
    async with listening(answering()) as port, OutboundFetch(development=True, total_seconds=3) as fetch:
        assert (await fetch(f"http://127.0.0.1:{port}/")).status == 200


def test_the_matrix_is_large_enough() -> None:
    assert len({*LOOPBACK, *PRIVATE, *SPELLINGS, *SCHEMES}) >= 40
