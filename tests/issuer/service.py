"""The real office on loopback, and a small wallet and desk that talk to it over HTTP."""

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, ClientSession, web

from credentials.keys import PrivateKey, generate_key
from credentials.keys.did_key import did_key_method
from issuer.app import KEYS, admin_application, opened, public_application
from issuer.enrol import record_subject
from issuer.handlers.rooms import Rooms
from issuer.keys import make_keys
from issuer.scopes import Scope
from issuer.settings import IssuerSettings
from openid4vc.vci.offer_link import parse_offer_link
from openid4vc.vci.proofs.jwt import make_jwt_proof
from proofing.document import IdDocument
from proofing.register import RegisterEntry, Validity
from runtime.crash import NEVER
from runtime.tokens import issue_token
from runtime.web.front import ROUTES
from runtime.web.routes import Route
from tests.issuer.world import HandSetClock, consent, proven

GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
LDP, SD_JWT = "id-card-ldp", "id-card-sd-jwt"


class AgreeingRegister:
    """A register for tests that knows exactly the one person of ``document``."""

    name = "register of the test"

    def __init__(self, document: IdDocument) -> None:
        self._entry = RegisterEntry(document.citizen_number, document.full_name, document.birth_date, Validity.VALID)

    async def look_up(self, *, citizen_number: str, full_name: str) -> RegisterEntry:
        return self._entry


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    json: Any

    @property
    def code(self) -> str:
        """The project's own code of a refusal, in either shape."""
        return str(self.json["code"])

    @property
    def error(self) -> str:
        return str(self.json["error"])


@dataclass
class Service:
    """A running office: its parts, its addresses, a session to ask it with."""

    rooms: Rooms
    settings: IssuerSettings
    clock: HandSetClock
    session: ClientSession
    admin_url: str
    admin_routes: tuple[Route, ...]
    public_routes: tuple[Route, ...]
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.settings.public_url

    async def ask(self, method: str, path: str, **options: Any) -> Answer:
        async with self.session.request(method, self.url + path, **options) as response:
            return await _answer(response)

    async def admin(self, method: str, path: str, *, scope: str = "", token: str | None = None, **options: Any) -> Answer:
        given = self.tokens[scope or "all"] if token is None else token
        headers = {**({"Authorization": f"Bearer {given}"} if given else {}), **options.pop("headers", {})}
        async with self.session.request(method, self.admin_url + path, headers=headers, **options) as response:
            return await _answer(response)

    async def applicant(self, order: int = 1) -> str:
        """The application of a person who is proved; the face check's result is given."""
        office = self.rooms.counter.office
        subject = proven(office, order=order, now=self.clock())
        record = await self.rooms.database.write(
            lambda c: record_subject(c, subject, consent(self.clock()), office=office, actor="test", now=self.clock())
        )
        return record.id

    async def offer(
        self, *, tx_code: bool = False, configurations: tuple[str, ...] = (LDP, SD_JWT), application_id: str = ""
    ) -> dict[str, Any]:
        order = {
            "application_id": application_id or await self.applicant(),
            "configurations": list(configurations),
            "tx_code": tx_code,
        }
        answer = await self.admin("POST", "/v1/offers", json=order)
        assert answer.status == 201, answer.json
        offered: dict[str, Any] = answer.json
        return offered

    def code(self, offer: dict[str, Any]) -> str:
        parsed = parse_offer_link(offer["link"]).offer
        assert parsed is not None
        assert parsed.pre_authorized is not None
        return parsed.pre_authorized.code

    async def redeem(self, code: str, tx_code: str = "") -> Answer:
        form = {"grant_type": GRANT, "pre-authorized_code": code, **({"tx_code": tx_code} if tx_code else {})}
        return await self.ask("POST", "/token", data=form)

    async def access(self, *, application_id: str = "") -> str:
        answer = await self.redeem(self.code(await self.offer(application_id=application_id)))
        assert answer.status == 200, answer.json
        return str(answer.json["access_token"])

    async def nonce(self) -> str:
        return str((await self.ask("POST", "/nonce")).json["c_nonce"])

    def proof(self, key: PrivateKey, nonce: str, *, issuer: str = "", named: bool = True) -> str:
        signer = key.named(did_key_method(key.public)) if named else key
        return make_jwt_proof(signer, issuer=issuer or self.url, nonce=nonce, now=self.clock())

    async def credential(self, access: str, proofs: object, *, configuration: str = LDP, **options: Any) -> Answer:
        body = {"credential_configuration_id": configuration, **({} if proofs is None else {"proofs": proofs})}
        headers = {"Authorization": f"Bearer {access}"} if access else {}
        return await self.ask("POST", "/credential", json=body, headers=headers, **options)

    async def fetch(self, access: str, key: PrivateKey, *, configuration: str = LDP) -> Answer:
        return await self.credential(access, {"jwt": [self.proof(key, await self.nonce())]}, configuration=configuration)

    async def issued(self, *, order: int = 1) -> str:
        """The id of a credential that was issued to a new holder key."""
        access = await self.access(application_id=await self.applicant(order))
        answer = await self.fetch(access, generate_key("EdDSA"))
        assert answer.status == 200, answer.json
        return str(answer.json["credentials"][0]["credential"]["id"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running(folder: Path, **changes: Any) -> AsyncIterator[Service]:
    port, admin_port = free_port(), free_port()
    register, reached = changes.pop("register", None), changes.pop("reached", NEVER)
    clock = changes.pop("clock", None) or HandSetClock()
    given = {"port": port, "admin_port": admin_port, "public_url": f"http://127.0.0.1:{port}", "data_dir": folder, **changes}
    settings = IssuerSettings(environment="development", requests_per_minute=1_000_000, **{"durability": "NORMAL", **given})
    make_keys(folder / KEYS)
    async with opened(settings, clock=clock, reached=reached) as whole, ClientSession() as session:
        rooms = replace(whole, desk=replace(whole.desk, register=register or whole.desk.register))
        public, admin = public_application(rooms, settings), admin_application(rooms, settings)
        runners = [await _started(public, port), await _started(admin, admin_port)]
        service = Service(rooms, settings, clock, session, f"http://127.0.0.1:{admin_port}", admin[ROUTES], public[ROUTES])
        for name in (*Scope, "all"):
            service.tokens[name] = await token_for(service, tuple(Scope) if name == "all" else (name,))
        try:
            yield service
        finally:
            for runner in runners:
                await runner.cleanup()


async def token_for(service: Service, scopes: tuple[str, ...]) -> str:
    now = service.clock()
    return await service.rooms.database.write(
        lambda c: issue_token(c, prefix="issuer", name="test", scopes=scopes, now=now, expires_at=now + timedelta(days=30))
    )


async def _started(app: web.Application, port: int) -> web.AppRunner:
    runner = web.AppRunner(app, access_log=None, auto_decompress=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


async def _answer(response: ClientResponse) -> Answer:
    body = await response.read()
    json = await response.json(content_type=None) if "json" in response.content_type and body else None
    return Answer(response.status, response.headers, body, json)
