"""The real verifier in a process of its own, asked by 64 connections; what counts is the CPU time that its process spends on a request."""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from aiohttp import ClientConnectionError, ClientSession, TCPConnector, web

from credentials.formats import FORMATS
from tests.bench.country import WRITERS, Country
from tests.bench.timing import Pace
from tests.issuer.service import free_port

CONNECTIONS = 64
POLICY = "court"
_ROOT = Path(__file__).parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")
_START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Load:
    """What one server did: requests per second of its CPU time, per second of the clock, and the slowest in a hundred (milliseconds)."""

    per_cpu_second: float
    per_second: float
    p99: float


def measure(pace: Pace) -> dict[str, Load]:
    """``hello``, and ``POST /v1/verify`` for a presentation in each format."""
    return asyncio.run(_measure(pace))


async def _measure(pace: Pace) -> dict[str, Load]:
    port = free_port()
    country = Country(site=f"http://127.0.0.1:{port}", did=f"did:web:127.0.0.1%3A{port}")
    async with _published(country, port), ClientSession(connector=TCPConnector(limit=CONNECTIONS)) as session:
        loads = {}
        async with _hello(session) as (pid, url):
            bodies = await asyncio.to_thread(_orders, country, "dc+sd-jwt", "did:web:nobody.example", pace)
            loads["hello"] = await _load(session, pid, url, bodies, {}, pace)
        async with _verifier(country, session) as (pid, url, client_id, token):
            for form in WRITERS:
                bodies = await asyncio.to_thread(_orders, country, form, client_id, pace)
                loads[form] = await _load(session, pid, f"{url}/v1/verify", bodies, {"Authorization": f"Bearer {token}"}, pace)
        return loads


def _orders(country: Country, form: str, client_id: str, pace: Pace) -> list[bytes]:
    """Presentations of different cards, each made for its own nonce, as a program hands them to its verifier."""
    writer = WRITERS[form]
    orders = []
    for order in range(pace.pool):
        vc = writer.secure(country.credential(form, "id-card", order), country.issuer_key(form), now=country.now)
        nonce = f"nonce-{order}-0123456789"
        shown = writer.present(vc, country.holder_key(form), nonce=nonce, audience=client_id, now=country.now).wire
        presentation = shown.decode() if form not in {"eddsa-rdfc-2022", "eddsa-jcs-2022"} else json.loads(shown)
        query = "identity_selective" if writer is FORMATS["dc+sd-jwt"] else "identity"
        token = {"vp_token": {query: [presentation]}}
        orders.append(json.dumps({"policy": POLICY, "nonce": nonce, "presentation": token}).encode())
    return orders


async def _load(session: ClientSession, pid: int, url: str, bodies: list[bytes], headers: Mapping[str, str], pace: Pace) -> Load:
    turn, waited = cycle(bodies), list[float]()

    async def ask_until(end: float) -> None:
        while time.perf_counter() < end:
            start = time.perf_counter()
            async with session.post(url, data=next(turn), headers={"Content-Type": "application/json", **headers}) as response:
                answer = await response.json()
            assert response.status == 200, answer
            assert answer.get("verdict", "valid") == "valid", answer
            waited.append(time.perf_counter() - start)

    async def ask_by_all(seconds: float) -> None:
        end = time.perf_counter() + seconds
        await asyncio.gather(*(ask_until(end) for _ in range(CONNECTIONS)))

    await ask_by_all(pace.http_seconds / 4)
    waited.clear()
    spent, start = _cpu_seconds(pid), time.perf_counter()
    await ask_by_all(pace.http_seconds)
    wall, spent = time.perf_counter() - start, _cpu_seconds(pid) - spent
    return Load(len(waited) / spent, len(waited) / wall, 1000 * statistics.quantiles(waited, n=100)[-1])


def _cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@asynccontextmanager
async def _published(country: Country, port: int) -> AsyncIterator[None]:
    """The issuer's and the trust list's public pages, on loopback."""
    pages = {address.removeprefix(country.site): content for address, content in country.pages().items()}

    async def page(request: web.Request) -> web.Response:
        content = pages.get(request.path)
        return web.Response(body=content, status=404 if content is None else 200, content_type="application/json")

    app = web.Application()
    app.router.add_get("/{path:.*}", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield
    await runner.cleanup()


@asynccontextmanager
async def _hello(session: ClientSession) -> AsyncIterator[tuple[int, str]]:
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    async with _process("-m", "tests.bench.hello", str(port)) as process:
        await _ready(session, url)
        yield process.pid, url


@asynccontextmanager
async def _verifier(country: Country, session: ClientSession) -> AsyncIterator[tuple[int, str, str, str]]:
    """``verifier init`` and ``verifier serve``, as an operator would."""
    port, inside = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        data, url = str(Path(folder) / "verifier"), f"http://127.0.0.1:{port}"
        flags = ("--trust-list", country.trust_list_url, "--anchor", f"did:key:{country.anchor.public.multikey()}")
        async with _process(
            "-m", "verifier", "init", "--data-dir", data, "--public-url", url, *flags, "--environment", "development", "--json", out=True
        ) as made:
            told: dict[str, Any] = json.loads((await made.communicate())[0])
        serve = ("-m", "verifier", "serve", "--data-dir", data, "--port", str(port), "--admin-port", str(inside))
        async with _process(*serve, VERIFIER_REQUESTS_PER_MINUTE="100000000") as process:
            await _ready(session, f"{url}/.well-known/did.json")
            yield process.pid, f"http://127.0.0.1:{inside}", told["client_id"], told["token"]


@asynccontextmanager
async def _process(*arguments: str, out: bool = False, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=_ROOT,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE if out else asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _ready(session: ClientSession, url: str) -> None:
    """Until somebody answers at ``url``."""
    async with asyncio.timeout(_START_SECONDS):
        while True:
            try:
                async with session.get(url):
                    return
            except ClientConnectionError:
                await asyncio.sleep(0.1)
