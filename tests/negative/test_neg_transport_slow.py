"""Row X04: hundreds of connections that dawdle at the door of a real service, and one client that gets its answers all the same."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import aiohttp
import pytest

from credentials.keys import generate_key
from credentials.keys.did_key import did_key
from tests.conftest import NIGHTLY

AMOUNT = 1000 if NIGHTLY else 300
"""So many dawdle in the manner of the test, and as many more say nothing at all; together more than a door lets wait."""
BYTE_EVERY = 10.0 if NIGHTLY else 0.5
REQUESTS = 5000 if NIGHTLY else 500
BAR = 0.1
"""At most this much, in seconds, may they add to the time that all but one in a hundred requests keep."""


class Service(NamedTuple):
    port: int
    process: "subprocess.Popen[str]"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """The resolver as anybody starts it, but for the number of requests that one address may make."""
    options = ["--port", "0", "--admin-port", "0", "--public-url", "http://127.0.0.1:8501", "--environment", "development"]
    environment = {**os.environ, "DIDRESOLVER_REQUESTS_PER_MINUTE": "1000000", "DIDRESOLVER_LOG_LEVEL": "error"}
    command = [sys.executable, "-m", "didresolver", "serve", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        port = int(json.loads(process.stderr.readline())["listening"]["public"].rpartition(":")[2])
        yield Service(port, process)
        process.terminate()
        assert process.wait(30) == 0, "it still closes in good order"


@contextmanager
def besieged(port: int, manner: str) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.negative.dawdlers", str(port), str(AMOUNT), str(BYTE_EVERY), manner]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as crowd:
        assert crowd.stdout is not None
        assert crowd.stdout.readline() == "all there\n"
        yield
        assert crowd.poll() is None
        crowd.kill()


async def p99(port: int) -> float:
    """How long an ordinary client's request takes, connection and all, every tenth on a new one: all but one in a hundred are faster."""
    url, taken = f"http://127.0.0.1:{port}/1.0/identifiers/{did_key(generate_key('EdDSA').public)}", []
    for _ in range(REQUESTS // 10):
        async with aiohttp.ClientSession() as session:
            for _ in range(10):
                started = time.perf_counter()
                async with session.get(url) as answer:
                    assert answer.status == 200
                    await answer.read()
                taken.append(time.perf_counter() - started)
    return statistics.quantiles(taken, n=100)[-1]


@pytest.mark.parametrize("manner", ["head", "long head", "body"])
async def test_neg_X04_slow_client(service: Service, manner: str) -> None:
    alone = await p99(service.port)
    with besieged(service.port, manner):
        under_siege = await p99(service.port)
    assert under_siege < 2 * alone + BAR, f"alone {alone:.3f} s, besieged {under_siege:.3f} s"
    assert service.process.poll() is None


async def test_neg_X04_slow_client_twin_alone_again(service: Service) -> None:
    assert await p99(service.port) > 0
