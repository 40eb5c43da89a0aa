"""Publish a signed trust list: its last edition under one address, read anew whenever it is signed again, and nothing else."""

import asyncio
import hashlib
from pathlib import Path

from aiohttp import web

from doors.refusals import NotFound, SettingsInvalid
from runtime.clock import Clock
from runtime.serve import Listener, serve
from runtime.web import Front, Route, application, route
from runtime.words import load_words
from trust.draft import DraftFolder
from trust.trust_list import TRUST_LIST_SIZE, TRUST_LIST_TYP

ADDRESS = "/trust-list.jwt"
MAX_AGE_SECONDS = 300
VERSION = "0.1.0"


def publishing_application(folder: DraftFolder, *, public_url: str, clock: Clock) -> web.Application:
    """Serves the last signed edition at ``/trust-list.jwt``. The folder's key and its draft have no address."""
    front = Front(
        title="Tiger Tally trust list",
        version=VERSION,
        public_url=public_url,
        words=load_words("runtime"),
        clock=clock,
        development=public_url.startswith("http://"),
    )
    return application((_edition(folder.published),), front)


async def publish(folder: DraftFolder, *, host: str, port: int, public_url: str, clock: Clock, stop: asyncio.Event | None = None) -> None:
    """Serve until told to stop; raises ``SettingsInvalid`` where nothing has been signed yet."""
    if not folder.published.is_file():
        raise SettingsInvalid(f"{folder.published}: expected a signed edition; run 'sign' first")
    app = publishing_application(folder, public_url=public_url or f"http://{host}:{port}", clock=clock)
    await serve((Listener(app, host, port),), name="trust", stop=stop)


def _edition(published: Path) -> Route:
    async def show(request: web.Request) -> web.Response:
        content = await asyncio.to_thread(_read, published)
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": f"public, max-age={MAX_AGE_SECONDS}"}
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=content, headers={**headers, "Content-Type": f"application/{TRUST_LIST_TYP}"})

    return route("GET", ADDRESS, show, summary="The last signed edition of the trust list", answer_type=f"application/{TRUST_LIST_TYP}")


def _read(published: Path) -> bytes:
    """The edition; larger than any reader takes it is not handed out."""
    if not published.is_file() or published.stat().st_size > TRUST_LIST_SIZE:
        raise NotFound("trust list: there is no signed edition")
    return published.read_bytes()
