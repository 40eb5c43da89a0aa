"""Opening and closing the counters."""

import json
import signal
import subprocess
import sys
import urllib.request

PROGRAM = """
import asyncio
from aiohttp import web
from runtime.serve import Listener, serve

async def hello(request):
    return web.Response(text="hello")

def app():
    made = web.Application()
    made.router.add_get("/", hello)
    return made

asyncio.run(serve((Listener(app(), "127.0.0.1", 0), Listener(app(), "127.0.0.1", 0, "admin")), name="desk"))
print("closed")
"""


def test_a_service_says_where_it_listens_and_closes_when_told() -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        ready = json.loads(process.stderr.readline())
        assert ready["ready"] == "desk"
        assert ready["pid"] == process.pid
        for url in (ready["listening"]["public"], ready["listening"]["admin"]):
            with urllib.request.urlopen(url) as answer:
                assert answer.read() == b"hello"
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=10)
        assert (process.returncode, out) == (0, "closed\n")


def test_an_address_in_use_is_a_mistake_in_the_settings() -> None:
    program = PROGRAM.replace('"127.0.0.1", 0, "admin"', '"192.0.2.1", 0, "admin"')
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=10)
    assert ended.returncode != 0
    assert "admin: cannot listen on 192.0.2.1" in ended.stderr
