"""A small town on loopback: a real issuer, a real verifier with a hotel and a court desk, and a trust list that knows both."""

import io
import json
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from PIL import Image, ImageDraw

from credentials.id_card import ID_CARD_TYPE, ID_CARD_VCT
from credentials.keys import PrivateKey, generate_key
from credentials.keys.did_key import did_key
from didresolver import CachingResolver
from doors.refusals import FetchFailed
from issuer.enrol import record_subject
from issuer.naming import did_web
from proofing.evidence import evidence_entries, seal_evidence
from proofing.face_check import FaceCheck
from proofing.prove import Subject, card_claims
from runtime.clock import utc_now
from runtime.fetch import Fetched, OutboundFetch
from runtime.tokens import issue_token
from runtime.web import Metrics, Topics
from tests.issuer.service import LDP, SD_JWT, Service, free_port, running
from tests.issuer.world import consent, id_document
from trust.entries import Bilingual, Granted, IssuerEntry, RelyingPartyEntry
from trust.snapshot import MemoryCache, Snapshot, SnapshotKind
from trust.trust_list import TrustList, sign_trust_list
from verifier.answer import Desk
from verifier.app import inside_application, public_application
from verifier.gathering import Online
from verifier.handlers.programs import qr_svg
from verifier.identity import make_identity
from verifier.policy import Policy
from verifier.policy_file import load_policy, parse_policy
from verifier.request import ask, request_of, wallet_link
from verifier.session import Session
from verifier.settings import VerifierSettings
from verifier.store import Store

__all__ = ["LDP", "SD_JWT", "Network", "Town", "qr_svg", "town"]
Change = Callable[[Fetched], Fetched]


class ForgetfulCache(MemoryCache):
    """A cache that has seen trust lists, and keeps nothing else: what the desk judges by is what stands there now."""

    async def newest(self, kind: SnapshotKind, name: str) -> Snapshot | None:
        return await super().newest(kind, name) if kind == "trust-list" else None


@dataclass
class Network:
    """The way out, watched: every address asked is written down, an answer can be changed on its way, or the line be cut.

    ``changes``: by a part of the address, what becomes of its answer.
    """

    fetch: OutboundFetch
    asked: list[str] = field(default_factory=list)
    changes: dict[str, Change] = field(default_factory=dict)
    down: bool = False

    async def __call__(
        self,
        url: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 65536,
        accept: str = "",
    ) -> Fetched:
        self.asked.append(url)
        if self.down:
            raise FetchFailed("network: expected one, got none")
        fetched = await self.fetch(url, method=method, body=body, headers=headers, max_bytes=max_bytes, accept=accept)
        for part, change in self.changes.items():
            fetched = change(fetched) if part in url else fetched
        return fetched


@dataclass
class Town:
    """Everything in it runs on this machine and on the clock of this moment."""

    office: Service
    desk: Desk
    desk_network: Network
    inside_url: str
    token: str
    anchor: PrivateKey
    trust_url: str
    board: dict[str, bytes]
    people: int = 0

    @property
    def trust_policy(self) -> str:
        """What the wallet is told to believe, as a file."""
        return (
            f'types = ["{ID_CARD_TYPE}", "{ID_CARD_VCT}"]\nissuers = ["*"]\n'
            f'[trust_list]\nurl = "{self.trust_url}"\nanchors = ["{did_key(self.anchor.public)}"]\n'
        )

    async def offer(self, *, configurations: tuple[str, ...] = (LDP, SD_JWT), tx_code: bool = False) -> dict[str, Any]:
        """An offer to a new person, proved with the face check's result given."""
        self.people += 1
        office = self.office.rooms.counter.office
        subject, agreed = proven(office, order=self.people), consent(utc_now())
        record = await self.office.rooms.database.write(
            lambda c: record_subject(c, subject, agreed, office=office, actor="test", now=utc_now())
        )
        return await self.office.offer(tx_code=tx_code, configurations=configurations, application_id=record.id)

    async def change_status(self, change: str) -> None:
        """``revoke``, ``suspend`` or ``restore`` every card that the last person has."""
        listed = await self.office.admin("GET", "/v1/credentials", params={"limit": "200"})
        newest = listed.json["credentials"][-1]["application_id"]
        for card in listed.json["credentials"]:
            if card["application_id"] == newest:
                answer = await self.office.admin("POST", f"/v1/credentials/{card['id']}/{change}", json={"reason": "holder_request"})
                assert answer.status == 200, answer.json

    async def question(self, policy: str = "hotel", **changes: Any) -> Session:
        """A session of the desk, open for an answer; ``changes`` are made to its request before it is signed."""
        made = ask(self.desk.policies[policy], identity=self.desk.identity, flow="cross_device", now=utc_now(), random=secrets.token_bytes)
        session = replace(made, request={**made.request, **changes})
        await self.desk.store.add(session)
        return session

    async def link(self, policy: str = "hotel") -> str:
        return self.link_to(await self.question(policy))

    def link_to(self, session: Session) -> str:
        return wallet_link(session.id, identity=self.desk.identity)

    def publish(self, **changes: Any) -> None:
        """The trust list of this moment; ``changes`` are made to the entry of the relying party."""
        now, host = utc_now(), self.desk.identity.public_url.partition("://")[2]
        names = frozenset(
            attribute.name for policy in self.desk.policies.values() for card in policy.credentials for attribute in card.attributes
        )
        party = RelyingPartyEntry(
            client_id=self.desk.identity.client_id,
            name=Bilingual("Tiger Hotel", "虎符酒店"),
            hosts=(host,),
            attributes={ID_CARD_VCT: names, ID_CARD_TYPE: names},
            purpose=Bilingual("To register guests.", "住宿登记。"),
            granted=(Granted(now - timedelta(days=1)),),
            privacy_url=f"https://{host.partition(':')[0]}/privacy",
        )
        issuer = IssuerEntry(
            identifiers=(did_web(self.office.url), self.office.url),
            name=Bilingual("Registry office", "户籍处"),
            types=frozenset({ID_CARD_TYPE, ID_CARD_VCT}),
            granted=(Granted(now - timedelta(days=1)),),
        )
        sequence = int(now.timestamp() * 1000)
        listed = TrustList(sequence, now - timedelta(seconds=1), now + timedelta(days=1), (issuer,), (replace(party, **changes),))
        self.board["/trust-list.jwt"] = sign_trust_list(listed, self.anchor).encode()


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    anchor, board = generate_key("EdDSA"), dict[str, bytes]()
    trust_port, port, inside_port = free_port(), free_port(), free_port()
    trust_url = f"http://127.0.0.1:{trust_port}/trust-list.jwt"
    settings = VerifierSettings(
        environment="development",
        port=port,
        admin_port=inside_port,
        public_url=f"http://127.0.0.1:{port}",
        data_dir=folder / "verifier",
        requests_per_minute=1_000_000,
    )
    (folder / "issuer").mkdir()
    async with running(folder / "issuer", clock=utc_now, portrait_on_card=True) as office, OutboundFetch(development=True) as fetch:
        network = Network(fetch)
        desk = Desk(
            identity=make_identity(folder / "keys", public_url=settings.public_url),
            policies={name: _policy(name, trust_url, anchor) for name in ("hotel", "court")},
            store=Store.open(folder / "verifier"),
            source=Online(_Direct(network), network, ForgetfulCache()),
            clock=utc_now,
            random=secrets.token_bytes,
        )
        topics, metrics = Topics(), Metrics()
        apps = {
            port: public_application(desk, settings, topics=topics, metrics=metrics),
            inside_port: inside_application(desk, settings, topics=topics, metrics=metrics),
            trust_port: _board_application(board),
        }
        runners = [await started(app, where) for where, app in apps.items()]
        made = Town(office, desk, network, f"http://127.0.0.1:{inside_port}", await _token(desk), anchor, trust_url, board)
        made.publish()
        try:
            yield made
        finally:
            for runner in runners:
                await runner.cleanup()
            desk.store.close()


async def started(app: web.Application, port: int) -> web.AppRunner:
    runner = web.AppRunner(app, access_log=None, auto_decompress=False, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


class _Direct:
    """A resolver that remembers nothing."""

    def __init__(self, network: Network) -> None:
        self._network = network

    async def resolve(self, did: str, **options: Any) -> Any:
        return await CachingResolver(self._network, utc_now, development=True).resolve(did, **options)


def _policy(name: str, trust_url: str, anchor: PrivateKey) -> Policy:
    """A shipped policy that asks for status anew at each judgement."""
    text = load_policy(name).text.replace("skew_seconds = 60", "skew_seconds = 60\nrefetch_status_after_seconds = 0", 1)
    return parse_policy(text).trusting(trust_list_url=trust_url, anchors=(anchor.public,))


def _board_application(board: Mapping[str, bytes]) -> web.Application:
    async def show(request: web.Request) -> web.Response:
        if request.path not in board:
            raise web.HTTPNotFound
        return web.Response(body=board[request.path])

    app = web.Application()
    app.router.add_get("/{any:.*}", show)
    return app


async def _token(desk: Desk) -> str:
    now = utc_now()
    return await desk.store.database.write(
        lambda c: issue_token(c, prefix="vrf", name="desk", scopes=["verify"], now=now, expires_at=now + timedelta(days=1))
    )


def proven(office: Any, *, order: int) -> Subject:
    document, portrait, now = id_document(order), _portrait(), utc_now()
    application = office.new_id("application")
    face = FaceCheck(engine="dlib", model_sha256="0" * 64, threshold=0.45, band="strong", portrait=portrait)
    entries = evidence_entries(face, register="Register", now=now)
    claims = card_claims(document, portrait)
    evidence = seal_evidence(office.evidence_key, application_id=application, entries=entries, claims=claims)
    return Subject(application, document, portrait, evidence)


def _portrait() -> bytes:
    """A drawn head on a plain ground: nobody's picture."""
    picture = Image.new("RGB", (120, 150), "#cfd8e6")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((35, 25, 85, 90), fill="#8a6a52")
    pen.ellipse((10, 95, 110, 220), fill="#37506e")
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()


def request_document(session: Session) -> dict[str, Any]:
    """The question of a session as it stands in its request object."""
    return dict(request_of(session).to_json())


def with_members(**members: Any) -> Change:
    """A JSON answer on its way, with ``members`` put into it."""

    def change(answer: Fetched) -> Fetched:
        return replace(answer, content=json.dumps({**json.loads(answer.content), **members}).encode())

    return change
