"""One cache in front of all methods."""

import asyncio
import subprocess
import sys
from collections.abc import Mapping

import pytest

from credentials.keys import generate_key
from credentials.keys.did_key import did_key
from didresolver import CachingResolver
from doors.refusals import DidMethodUnsupported, FetchTimeout
from runtime.fetch import Fetched
from tests.didresolver.worlds import MORNING, Answers, HandClock, as_bytes, did_document

DID = "did:web:issuer.example"
URL = "https://issuer.example/.well-known/did.json"
DOCUMENT = as_bytes(did_document(DID, generate_key("EdDSA").public))


async def test_a_young_document_is_not_asked_for_again() -> None:
    fetch, clock = Answers({URL: DOCUMENT}), HandClock()
    resolver = CachingResolver(fetch, clock)
    await resolver.resolve(DID)
    clock.passes(minutes=4)

    again = await resolver.resolve(DID)

    assert fetch.asked == [URL]
    assert (again.retrieved_at, again.content) == (MORNING, DOCUMENT)


async def test_an_older_document_is_asked_for_again() -> None:
    fetch, clock = Answers({URL: DOCUMENT}), HandClock()
    resolver = CachingResolver(fetch, clock)
    await resolver.resolve(DID)
    clock.passes(minutes=6)

    assert (await resolver.resolve(DID)).retrieved_at == clock.now
    assert len(fetch.asked) == 2


async def test_while_the_server_is_away_the_kept_document_serves_with_its_age() -> None:
    fetch, clock = Answers({URL: DOCUMENT}), HandClock()
    resolver = CachingResolver(fetch, clock)
    await resolver.resolve(DID)
    clock.passes(hours=3)
    fetch.table[URL] = FetchTimeout("slow")

    assert (await resolver.resolve(DID)).retrieved_at == MORNING


async def test_a_server_that_never_answered_is_a_network_refusal() -> None:
    with pytest.raises(FetchTimeout):
        await CachingResolver(Answers({URL: FetchTimeout("slow")}), HandClock()).resolve(DID)


async def test_a_method_that_is_not_read_is_refused() -> None:
    with pytest.raises(DidMethodUnsupported):
        await CachingResolver(Answers({}), HandClock()).resolve("did:ion:abc")


async def test_a_did_key_is_resolved_without_asking_anybody() -> None:
    fetch = Answers({})
    key = generate_key("EdDSA").public

    resolution = await CachingResolver(fetch, HandClock()).resolve(did_key(key), version_time=MORNING)

    assert fetch.asked == []
    assert resolution.document.id == did_key(key)


async def test_many_who_ask_at_once_share_one_request() -> None:
    asked: list[str] = []
    gate = asyncio.Event()

    async def slowly(
        url: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 65536,
        accept: str = "",
    ) -> Fetched:
        asked.append(url)
        await gate.wait()
        return Fetched(200, DOCUMENT, "application/json", "", url)

    resolver = CachingResolver(slowly, HandClock())
    waiting = [asyncio.ensure_future(resolver.resolve(DID)) for _ in range(20)]
    await asyncio.sleep(0)
    gate.set()

    assert len({resolution.content for resolution in await asyncio.gather(*waiting)}) == 1
    assert asked == [URL]


async def test_the_cache_keeps_no_more_than_it_may() -> None:
    names = [f"did:web:d{number}.example" for number in range(3)]
    fetch = Answers({f"https://d{n}.example/.well-known/did.json": DOCUMENT.replace(b"issuer", b"d%d" % n) for n in range(3)})
    resolver = CachingResolver(fetch, HandClock(), size=2)
    for did in names:
        await resolver.resolve(did)

    await resolver.resolve(names[0])

    assert len(fetch.asked) == 4


def test_the_resolver_is_imported_without_http_or_settings() -> None:
    script = "import sys, didresolver; print([name for name in ('aiohttp', 'pydantic', 'pyld') if name in sys.modules])"

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "[]"
