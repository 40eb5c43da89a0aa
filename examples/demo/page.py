"""The four roles side by side: what each did in the story, and where its own pages are. Holds invented people only."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from aiohttp import web

from runtime.clock import utc_now
from runtime.serve import Listener, serve
from runtime.web import Front, Pages, application, route
from runtime.words import load_words

STORY: web.AppKey[dict[str, Any]] = web.AppKey("story", dict)
PAGES: web.AppKey[Pages] = web.AppKey("pages", Pages)
WORDS = load_words("runtime", "examples.demo")


async def show(request: web.Request) -> web.Response:
    return request.app[PAGES].render(request, "roles.html", story=request.app[STORY])


def page_application(story: dict[str, Any], *, address: str) -> web.Application:
    """The page under ``address`` (``host:port``), and under this machine's own names."""
    pages = Pages("examples.demo", WORDS)
    front = Front(title="Tiger Tally demo", version="0.1.0", public_url=f"http://{address}", words=WORDS, clock=utc_now, development=True)
    app = application((route("GET", "/", show, summary="The four roles", page=True, hidden=True), *pages.routes()), front)
    app[STORY], app[PAGES] = story, pages
    return app


def main(
    *,
    story: Annotated[Path, typer.Option(help="The story as told (JSON).")],
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")],
    name: Annotated[str, typer.Option(help="The name by which other machines call this one.")] = "127.0.0.1",
) -> None:
    """Serve the page until stopped."""
    app = page_application(json.loads(story.read_text("utf-8")), address=f"{name}:{port}")
    asyncio.run(serve((Listener(app, host, port),), name="page"))


if __name__ == "__main__":
    typer.run(main)
