"""A court's filing counter: the party shows who they are, hands in documents, which are hashed, and a complete filing gets its number."""

import hashlib
from datetime import datetime
from sqlite3 import Connection
from typing import Annotated, Any, Literal

import typer
from aiohttp import web
from pydantic import Field
from sqlite_utils import Database as SqliteDatabase

from doors.json import JsonObject
from doors.refusals import NotFound, StateConflict
from examples.desk import PAGES, ROOM, DataDir, Port, Room, TokenFile, Verifier, open_room, qr_route, run_example
from runtime.clock import rfc3339
from runtime.web import Body, json_answer, read_body, read_query, route

NEEDED = ("statement_of_claim", "evidence_list")
LARGEST = 8 * 1024 * 1024


class Document(Body):
    """A document as it was handed in; ``sha256`` in hexadecimal is its receipt."""

    kind: str
    name: str
    sha256: str
    received_at: str


class Filing(Body):
    """A filing: ``missing`` says what it still lacks. Whoever knows its random id may go on with it."""

    id: str
    state: Literal["open", "accepted"]
    wallet_link: str
    identity: Literal["waiting", "valid", "invalid", "undecided"]
    code: str | None = None
    party: str | None = None
    documents: list[Document]
    missing: list[str]
    number: str | None = None


class Handed(Body):
    """What a document that is handed in is called."""

    kind: Literal["statement_of_claim", "evidence_list", "evidence"]
    name: Annotated[str, Field(min_length=1, max_length=200)]


async def begin(request: web.Request) -> web.Response:
    room = request.app[ROOM]
    session = await room.desk.ask()
    await room.database.write(lambda connection: connection.execute("INSERT INTO filing (id) VALUES (?)", (session["id"],)))
    return json_answer(await _filing(room, session["id"]), 201)


async def show(request: web.Request) -> web.Response:
    return json_answer(await _filing(request.app[ROOM], request.match_info["id"]))


async def hand_in(request: web.Request) -> web.Response:
    """Take one document, as the body of the request, while the filing is open."""
    room, handed, filing = request.app[ROOM], read_query(request, Handed), await _filing(request.app[ROOM], request.match_info["id"])
    if filing.state != "open":
        raise StateConflict("filing: expected one that is open, got one that was accepted")
    content = await read_body(request, max_bytes=LARGEST)
    document = Document(kind=handed.kind, name=handed.name, sha256=hashlib.sha256(content).hexdigest(), received_at=_now(room))
    row = (filing.id, document.kind, document.name, document.sha256, document.received_at, content)
    await room.database.write(lambda connection: connection.execute("INSERT OR IGNORE INTO document VALUES (?, ?, ?, ?, ?, ?)", row))
    return json_answer(document, 201)


async def submit(request: web.Request) -> web.Response:
    """Give a complete filing its number, once; raises ``StateConflict`` that names what is missing."""
    room = request.app[ROOM]
    filing = await _filing(room, request.match_info["id"])
    if filing.missing:
        raise StateConflict(f"filing: expected it to be complete, missing: {', '.join(filing.missing)}")
    year = room.clock().year
    await room.database.write(lambda connection: _accept(connection, filing, year=year, now=room.clock()))
    return json_answer(await _filing(room, filing.id))


async def show_page(request: web.Request) -> web.Response:
    return request.app[PAGES].render(request, "court.html", policy=await request.app[ROOM].desk.rules(), needed=NEEDED)


async def _filing(room: Room, filing_id: str) -> Filing:
    """The filing as it stands: what the court has of it, and what its verifier says of the party."""
    number, party, documents = await room.database.read(lambda connection: _on_file(connection, filing_id))
    session: JsonObject = {"wallet_link": "", "verdict": "valid"} if number else await room.desk.look(filing_id)
    shown: JsonObject = next(iter(session.get("claims", {}).values()), {})
    verdict: Any = session.get("verdict") or "waiting"
    lacking = [kind for kind in NEEDED if kind not in {document.kind for document in documents}]
    return Filing(
        id=filing_id,
        state="accepted" if number else "open",
        wallet_link=session["wallet_link"],
        identity=verdict,
        code=session.get("code") or None,
        party=party or shown.get("full_name"),
        documents=documents,
        missing=lacking if verdict == "valid" else ["identity", *lacking],
        number=number,
    )


def _on_file(connection: Connection, filing_id: str) -> tuple[str | None, str | None, list[Document]]:
    row = connection.execute("SELECT number, party FROM filing WHERE id = ?", (filing_id,)).fetchone()
    if row is None:
        raise NotFound("filing: there is none under this name")
    rows = connection.execute("SELECT kind, name, sha256, received_at FROM document WHERE filing = ? ORDER BY rowid", (filing_id,))
    return row[0], row[1], [Document(**dict(zip(Document.model_fields, each, strict=True))) for each in rows]


def _accept(connection: Connection, filing: Filing, *, year: int, now: datetime) -> None:
    """The next number of the year, in the form (2026)虎0101民初1号; a second submission changes nothing."""
    given = connection.execute("SELECT count(*) FROM filing WHERE number LIKE ?", (f"（{year}）%",)).fetchone()[0]
    number = f"（{year}）虎0101民初{given + 1}号"
    accepted = (number, filing.party, rfc3339(now), filing.id)
    connection.execute("UPDATE filing SET number = ?, party = ?, accepted_at = ? WHERE id = ? AND number IS NULL", accepted)


def _now(room: Room) -> str:
    return rfc3339(room.clock().replace(microsecond=0))


def tables(database: SqliteDatabase) -> None:
    database.execute("CREATE TABLE filing (id TEXT PRIMARY KEY, number TEXT UNIQUE, party TEXT, accepted_at TEXT) STRICT")
    columns = "filing TEXT NOT NULL REFERENCES filing, kind TEXT, name TEXT, sha256 TEXT, received_at TEXT, content BLOB"
    database.execute(f"CREATE TABLE document ({columns}, UNIQUE (filing, kind, sha256)) STRICT")


_FILING = "/v1/filings/{id}"
ROUTES = (
    route("POST", "/v1/filings", begin, summary="Begin a filing", answer=Filing, status=201),
    route("GET", _FILING, show, summary="Where a filing stands", answer=Filing),
    qr_route(f"{_FILING}/qr"),
    route(
        "POST",
        f"{_FILING}/documents",
        hand_in,
        summary="Hand in a document",
        query=Handed,
        answer=Document,
        status=201,
        max_bytes=LARGEST,
        body_type="application/octet-stream",
    ),
    route("POST", f"{_FILING}/submit", submit, summary="Submit a complete filing", answer=Filing, refusals=(StateConflict,)),
    route("GET", "/", show_page, summary="The filing page", page=True, hidden=True),
)


def court_application(room: Room, port: int) -> web.Application:
    return open_room("Court filing", ROUTES, room, port=port)


def main(*, verifier: Verifier, token_file: TokenFile, data_dir: DataDir, port: Port = 8702) -> None:
    """Serve the court's filing counter."""
    run_example("court", court_application, tables=tables, verifier=verifier, token_file=token_file, data_dir=data_dir, port=port)


if __name__ == "__main__":
    typer.run(main)
