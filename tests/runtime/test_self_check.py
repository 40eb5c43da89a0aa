"""A service sees itself as others do, and says in one line what it sees."""

import io
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from socket import create_server

import pytest

from doors.refusals import MetadataMismatch
from runtime.fetch import OutboundFetch
from runtime.self_check import OwnPage, tell_what_is_seen
from tests.runtime.outside import NAME, Certificates, answering, listening


def is_ours(content: bytes) -> None:
    if content != b'{"we": true}':
        raise MetadataMismatch("page: expected ours, got another's")


async def seen(url: str, fetch: OutboundFetch, expected: Callable[[bytes], None] = is_ours) -> dict[str, str]:
    stream = io.StringIO()
    async with fetch:
        await tell_what_is_seen(url, [OwnPage(f"{url}/page", expected)], fetch=fetch, stream=stream)
    assert stream.getvalue().count("\n") == 1, "one line, whatever it says"
    return dict(json.loads(stream.getvalue()))


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path)


@pytest.fixture
def free_port() -> int:
    with closing(create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


async def test_its_own_page_is_recognised(certificates: Certificates) -> None:
    async with listening(answering(b'{"we": true}'), certificates.server(NAME)) as port:
        told = await seen(f"https://{NAME}:{port}", certificates.fetch())
    assert told == {"public_url": f"https://{NAME}:{port}", "seen": "ours", "detail": "the public address leads here"}


async def test_somebody_elses_page_is_told(certificates: Certificates) -> None:
    async with listening(answering(b'{"they": true}'), certificates.server(NAME)) as port:
        told = await seen(f"https://{NAME}:{port}", certificates.fetch())
    assert (told["seen"], told["detail"]) == ("metadata_mismatch", "page: expected ours, got another's")


async def test_a_page_that_is_not_there_is_told(certificates: Certificates) -> None:
    async with listening(answering(status="404 Not Found"), certificates.server(NAME)) as port:
        told = await seen(f"https://{NAME}:{port}", certificates.fetch())
    assert told["seen"] == "fetch_failed"
    assert told["detail"].endswith("got status 404")


async def test_a_redirecting_proxy_is_told(certificates: Certificates) -> None:
    async with listening(answering(status="301 Moved", headers="Location: https://elsewhere.example/"), certificates.server(NAME)) as port:
        assert (await seen(f"https://{NAME}:{port}", certificates.fetch()))["seen"] == "redirect_blocked"


async def test_a_certificate_of_another_name_is_told(certificates: Certificates) -> None:
    async with listening(answering(b'{"we": true}'), certificates.server("other.test")) as port:
        assert (await seen(f"https://{NAME}:{port}", certificates.fetch()))["seen"] == "tls_error"


async def test_nobody_at_the_address_is_told(certificates: Certificates, free_port: int) -> None:
    assert (await seen(f"https://{NAME}:{free_port}", certificates.fetch()))["seen"] == "fetch_failed"


async def test_a_private_address_is_told() -> None:
    assert (await seen("https://10.0.0.1", OutboundFetch()))["seen"] == "url_blocked"


async def test_a_fault_of_the_check_itself_stops_nothing(certificates: Certificates) -> None:
    def broken(_content: bytes) -> None:
        raise RuntimeError("broken")

    stream = io.StringIO()
    async with listening(answering(), certificates.server(NAME)) as port, certificates.fetch() as fetch:
        url = f"https://{NAME}:{port}"
        await tell_what_is_seen(url, [OwnPage(url, broken)], fetch=fetch, stream=stream)
    assert stream.getvalue() == ""
