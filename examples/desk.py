"""What both examples need: a verifier to ask, by its HTTP interface and a token, and a room with a cabinet and a clock to work in."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer
from aiohttp import ClientError, ClientSession, web

from doors.json import JsonLimits, JsonObject, parse_object
from doors.refusals import FetchFailed, NotFound, SettingsInvalid
from runtime.clock import Clock, utc_now
from runtime.database import Database, Migration
from runtime.serve import Listener, serve
from runtime.web import Front, Pages, Route, application, route
from runtime.words import load_words

SESSIONS = "/v1/verification-sessions"
VERSION = "0.1.0"
PAGES: web.AppKey[Pages] = web.AppKey("pages", Pages)
WORDS = load_words("runtime", "examples")
_LIMITS = JsonLimits(size=2 * 1024 * 1024, string=1024 * 1024)

Verifier = Annotated[str, typer.Option(help="The verifier's address for programs, such as http://127.0.0.1:8211.")]
TokenFile = Annotated[Path, typer.Option(help="File with the token that `verifier token` printed.")]
DataDir = Annotated[Path, typer.Option(help="Folder for this application's database.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")]


class Desk:
    """The verifier's sessions of one policy. Every call raises ``FetchFailed`` where the verifier gives no good answer."""

    def __init__(self, http: ClientSession, policy: str) -> None:
        self._http = http
        self.policy = policy

    async def ask(self) -> JsonObject:
        """A new session; its ``wallet_link`` is for the person's wallet."""
        return parse_object(await self._call("POST", SESSIONS, {"policy": self.policy}))

    async def look(self, session_id: str) -> JsonObject:
        """The session as it stands; raises ``NotFound`` also for one of another policy."""
        session = parse_object(await self._call("GET", _session(session_id)), _LIMITS)
        if session["policy"] != self.policy:
            raise NotFound("session: there is none of this desk")
        return session

    async def qr(self, session_id: str) -> bytes:
        """The QR code of a session, as SVG."""
        return await self._call("GET", f"{_session(session_id)}/qr")

    async def rules(self) -> JsonObject:
        """The policy: what is asked for, why, and for how long it is kept."""
        listed = parse_object(await self._call("GET", "/v1/policies"))["policies"]
        return next(policy for policy in listed if policy["id"] == self.policy)

    async def _call(self, method: str, path: str, body: JsonObject | None = None) -> bytes:
        try:
            async with self._http.request(method, path, json=body, allow_redirects=False) as answer:
                content = await answer.read()
        except (ClientError, TimeoutError):
            raise FetchFailed("verifier: cannot be reached") from None
        if answer.status == 404:
            raise NotFound("verifier: there is nothing under this name")
        if answer.status >= 300:
            raise FetchFailed(f"verifier: expected a good answer, got status {answer.status}")
        return content


def _session(session_id: str) -> str:
    """Its address. The id came in a visitor's address: whatever it holds stays one step of the path, asked with this desk's token."""
    return f"{SESSIONS}/{quote(session_id, safe='')}"


@dataclass(frozen=True, slots=True)
class Room:
    """Where an example works: its desk at the verifier, its own database, and the time."""

    desk: Desk
    database: Database
    clock: Clock


ROOM: web.AppKey[Room] = web.AppKey("room", Room)


def open_room(title: str, routes: tuple[Route, ...], room: Room, *, port: int) -> web.Application:
    """An application on this machine alone: put a sign-in for the staff before it elsewhere."""
    pages = Pages("examples", WORDS)
    front = Front(title=title, version=VERSION, public_url=f"http://127.0.0.1:{port}", words=WORDS, clock=room.clock, development=True)
    app = application((*routes, *pages.routes()), front)
    app[ROOM], app[PAGES] = room, pages
    return app


def qr_route(path: str) -> Route:
    """The QR code of the session named in ``path``."""

    async def show(request: web.Request) -> web.Response:
        return web.Response(body=await request.app[ROOM].desk.qr(request.match_info["id"]), content_type="image/svg+xml")

    return route("GET", path, show, summary="The QR code for the person's wallet", answer_type="image/svg+xml")


def run_example(
    name: str,
    build: Callable[[Room, int], web.Application],
    *,
    tables: Migration,
    verifier: str,
    token_file: Path,
    data_dir: Path,
    port: int,
) -> None:
    """Serve the example ``name``, which is also its policy's name, until stopped."""
    try:
        token = token_file.read_text("ascii").strip()
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"token file or data folder: cannot be used ({type(error).__name__})") from None

    async def run() -> None:
        with Database.open(data_dir / f"{name}.db", (tables,)) as database:
            async with ClientSession(verifier, headers={"Authorization": f"Bearer {token}"}) as http:
                app = build(Room(Desk(http, name), database, utc_now), port)
                await serve((Listener(app, "127.0.0.1", port),), name=name)

    asyncio.run(run())
