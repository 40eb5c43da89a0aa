"""A hotel's check-in: asks a guest for what its policy names and nothing else, keeps one line of the register, and deletes it in time."""

from datetime import datetime, timedelta
from sqlite3 import Connection
from typing import Literal

import typer
from aiohttp import web
from sqlite_utils import Database as SqliteDatabase

from doors.json import JsonObject
from examples.desk import PAGES, ROOM, DataDir, Port, Room, TokenFile, Verifier, open_room, qr_route, run_example
from runtime.clock import rfc3339
from runtime.web import Body, json_answer, route

LINE = "session TEXT PRIMARY KEY, full_name TEXT, citizen_number TEXT, state TEXT, registered_at TEXT, delete_at TEXT NOT NULL"


class CheckIn(Body):
    """A check-in: the link for the guest's wallet, and, once it was answered, the guest. ``portrait`` is shown, never kept."""

    id: str
    state: Literal["waiting", "registered", "guardian_needed", "refused", "undecided", "over"]
    wallet_link: str
    code: str | None = None
    guest: str | None = None
    number_ends: str | None = None
    portrait: str | None = None
    registered_at: str | None = None
    delete_at: str | None = None


class RegisterLine(Body):
    """One line of the guest register, the number cut to its end."""

    guest: str
    number_ends: str
    registered_at: str
    delete_at: str


class Register(Body):
    """The guests whose line is not yet to be deleted."""

    lines: list[RegisterLine]


async def begin(request: web.Request) -> web.Response:
    session = await request.app[ROOM].desk.ask()
    return json_answer(CheckIn(id=session["id"], state="waiting", wallet_link=session["wallet_link"]), 201)


async def show(request: web.Request) -> web.Response:
    """Where the check-in stands; a good answer is entered into the register the first time it is seen."""
    room = request.app[ROOM]
    session = await room.desk.look(request.match_info["id"])
    if session.get("verdict") != "valid" or "claims" not in session:
        state = _state(session)
        return json_answer(CheckIn(id=session["id"], state=state, wallet_link=session["wallet_link"], code=session.get("code") or None))
    guest: JsonObject = session["claims"]["guest"]
    line = await _enter(room, session["id"], guest)
    return json_answer(
        CheckIn(
            id=session["id"],
            state=line["state"],
            wallet_link=session["wallet_link"],
            guest=guest["full_name"],
            number_ends=guest["citizen_number"][-4:],
            portrait=guest.get("portrait"),
            registered_at=line["registered_at"],
            delete_at=line["delete_at"],
        )
    )


async def show_register(request: web.Request) -> web.Response:
    room = request.app[ROOM]
    rows = await room.database.write(lambda connection: _lines(connection, room.clock()))
    return json_answer(Register(lines=[RegisterLine(**row) for row in rows]))


async def show_page(request: web.Request) -> web.Response:
    return request.app[PAGES].render(request, "hotel.html", policy=await request.app[ROOM].desk.rules())


async def _enter(room: Room, session_id: str, guest: JsonObject) -> JsonObject:
    """The register's line for this answer, written once; a guest under age is not registered without a guardian."""
    now, keep = room.clock().replace(microsecond=0), (await room.desk.rules())["retention_seconds"]
    state = "registered" if guest["age_over_18"] is True else "guardian_needed"
    line = (session_id, guest["full_name"], guest["citizen_number"], state, rfc3339(now), rfc3339(now + timedelta(seconds=keep)))

    def write(connection: Connection) -> JsonObject:
        connection.execute("INSERT OR IGNORE INTO guest VALUES (?, ?, ?, ?, ?, ?)", line)
        query = "SELECT state, registered_at, delete_at FROM guest WHERE session = ?"
        return dict(zip(("state", "registered_at", "delete_at"), connection.execute(query, (session_id,)).fetchone(), strict=True))

    return await room.database.write(write)


def _lines(connection: Connection, now: datetime) -> list[JsonObject]:
    connection.execute("DELETE FROM guest WHERE delete_at <= ?", (rfc3339(now),))
    shown = "full_name, substr(citizen_number, -4), registered_at, delete_at"
    query = f"SELECT {shown} FROM guest WHERE state = 'registered' ORDER BY registered_at"  # noqa: S608 - constants alone
    return [dict(zip(("guest", "number_ends", "registered_at", "delete_at"), row, strict=True)) for row in connection.execute(query)]


def _state(session: JsonObject) -> Literal["waiting", "refused", "undecided", "over"]:
    if session["status"] == "waiting":
        return "waiting"
    return "undecided" if session.get("verdict") == "undecided" else "refused" if session.get("verdict") else "over"


def tables(database: SqliteDatabase) -> None:
    database.execute(f"CREATE TABLE guest ({LINE}) STRICT")


ROUTES = (
    route("POST", "/v1/check-ins", begin, summary="Begin a check-in", answer=CheckIn, status=201),
    route("GET", "/v1/check-ins/{id}", show, summary="Where a check-in stands", answer=CheckIn),
    qr_route("/v1/check-ins/{id}/qr"),
    route("GET", "/v1/register", show_register, summary="The guest register", answer=Register),
    route("GET", "/", show_page, summary="The check-in page", page=True, hidden=True),
)


def hotel_application(room: Room, port: int) -> web.Application:
    return open_room("Hotel check-in", ROUTES, room, port=port)


def main(*, verifier: Verifier, token_file: TokenFile, data_dir: DataDir, port: Port = 8701) -> None:
    """Serve the hotel's check-in."""
    run_example("hotel", hotel_application, tables=tables, verifier=verifier, token_file=token_file, data_dir=data_dir, port=port)


if __name__ == "__main__":
    typer.run(main)
