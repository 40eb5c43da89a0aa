"""The office as a process of its own, which can be killed at a named place and started again."""

import asyncio
import json
import multiprocessing
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from aiohttp import ClientConnectionError, ClientSession

from credentials.keys import PrivateKey
from credentials.keys.did_key import did_key_method
from issuer.app import DATABASE, KEYS, VAULT
from issuer.enrol import record_subject
from issuer.keys import make_keys, open_keys
from issuer.naming import did_web
from issuer.office import Office, Terms
from issuer.scopes import Scope
from issuer.store.schema import MIGRATIONS
from issuer.vault import Vault
from openid4vc.vci.offer_link import parse_offer_link
from openid4vc.vci.proofs import make_jwt_proof
from runtime.crash import NEVER
from runtime.database import Database
from runtime.secret_file import secret_file
from runtime.tokens import issue_token
from tests.issuer.office_process import serve
from tests.issuer.service import GRANT, LDP, free_port
from tests.issuer.world import consent, proven

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.issuer.office_process"])


class Lost(Exception):
    """The office died before it answered."""


@dataclass
class Site:
    """One office's folder and addresses, whoever runs it."""

    folder: Path
    port: int = field(default_factory=free_port)
    admin_port: int = field(default_factory=free_port)
    token: str = ""
    application_id: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def office(self) -> Office:
        return Office(
            terms=Terms(),
            keys=open_keys(self.folder / KEYS, issuer=did_web(self.url), public_url=self.url),
            vault=Vault(secret_file(self.folder / VAULT)),
            random_bytes=os.urandom,
            reached=NEVER,
        )

    def database(self) -> Database:
        return Database.open(self.folder / DATABASE, MIGRATIONS)

    async def set_up(self) -> None:
        """Keys, a token, and one person who is proved."""
        make_keys(self.folder / KEYS)
        office, now = self.office, datetime.now(UTC)
        subject = proven(office, now=now)
        with self.database() as database:
            self.token = await database.write(
                lambda c: issue_token(c, prefix="issuer", name="test", scopes=tuple(Scope), now=now, expires_at=now + timedelta(days=1))
            )
            record = await database.write(lambda c: record_subject(c, subject, consent(now), office=office, actor="test", now=now))
        self.application_id = record.id


@dataclass
class Running:
    """The office's process, a session with it, and what the wallet has learned so far."""

    site: Site
    process: BaseProcess
    session: ClientSession

    async def fate(self) -> int | None:
        """How the process ended."""
        await asyncio.to_thread(self.process.join)
        return self.process.exitcode

    async def ask(self, method: str, url: str, **options: Any) -> tuple[int, Any]:
        try:
            async with self.session.request(method, url, **options) as response:
                return response.status, await response.json(content_type=None)
        except ClientConnectionError as error:
            raise Lost from error

    async def admin(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.site.token}"}
        return await self.ask(method, f"http://127.0.0.1:{self.site.admin_port}{path}", headers=headers, **options)

    async def code(self) -> str:
        order = {"application_id": self.site.application_id, "configurations": [LDP], "tx_code": False}
        status, answer = await self.admin("POST", "/v1/offers", json=order)
        assert status == 201, answer
        offer = parse_offer_link(answer["link"]).offer
        assert offer is not None
        assert offer.pre_authorized is not None
        return offer.pre_authorized.code

    async def redeem(self, code: str) -> tuple[int, Any]:
        return await self.ask("POST", f"{self.site.url}/token", data={"grant_type": GRANT, "pre-authorized_code": code})

    async def proof(self, key: PrivateKey) -> str:
        _, answer = await self.ask("POST", f"{self.site.url}/nonce")
        named = key.named(did_key_method(key.public))
        return make_jwt_proof(named, issuer=self.site.url, nonce=answer["c_nonce"], now=datetime.now(UTC))

    async def credential(self, access: str, proof: str) -> tuple[int, Any]:
        body = {"credential_configuration_id": LDP, "proofs": {"jwt": [proof]}}
        return await self.ask("POST", f"{self.site.url}/credential", json=body, headers={"Authorization": f"Bearer {access}"})

    async def change(self, credential_id: str, name: str) -> tuple[int, Any]:
        return await self.admin("POST", f"/v1/credentials/{credential_id}/{name}", json={"reason": "holder_request"})


def environment_of(site: Site) -> dict[str, str]:
    return {
        "ISSUER_DATA_DIR": str(site.folder),
        "ISSUER_ENVIRONMENT": "development",
        "ISSUER_PUBLIC_URL": site.url,
        "ISSUER_PORT": str(site.port),
        "ISSUER_ADMIN_PORT": str(site.admin_port),
    }


@asynccontextmanager
async def started(site: Site, *, crash_at: str = "") -> AsyncIterator[Running]:
    """The office serving in a process of its own; armed to die at ``crash_at``. On leaving it is stopped, if it still lives.

    The process is forked from one that has the program loaded already, which saves seconds at each of the many starts.
    """
    environment = {**environment_of(site), **({"TIGERTALLY_CRASH_AT": crash_at} if crash_at else {})}
    ours, theirs = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=serve, args=(environment, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        await asyncio.to_thread(_ready, ours)
        async with ClientSession() as session:
            yield Running(site, process, session)
    finally:
        process.terminate()
        await asyncio.to_thread(process.join)
        ours.close()


def _ready(errors: Connection) -> None:
    """Returns at the ready line; raises ``Lost`` where the process ends before it."""
    with os.fdopen(os.dup(errors.fileno()), "rb") as lines:
        for line in lines:
            if line.startswith(b"{") and "ready" in json.loads(line):
                return
    raise Lost
