"""Rows A01 to A12 at the issuer's administration: the real service over loopback, its routes taken from the program itself."""

import asyncio
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from issuer.app import KEYS, VAULT
from issuer.handlers.admin_routes import ROUTES
from issuer.keys import ROLES
from issuer.scopes import Scope
from issuer.store import credentials
from runtime.web.routes import Route
from tests.issuer.service import LDP, Service, running, token_for
from tests.issuer.test_admin import consent_given, fields, in_base64
from tests.issuer.world import citizen_number

GUARDED = tuple(route for route in ROUTES if route.scope)


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


def address(route: Route) -> str:
    return re.sub(r"\{change:[^}]*\}", "revoke", re.sub(r"\{id\}", "unknown", route.path))


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running(tmp_path) as started:
        yield started


def test_every_route_of_the_office_is_guarded_or_known_to_be_open() -> None:
    assert len(GUARDED) == len(ROUTES) >= 13


@pytest.mark.parametrize("token", ["", "issuer_0000000000000000_" + "0" * 64, "unknown", "x" * 5000])
async def test_neg_A01_no_auth(service: Service, token: str) -> None:
    for route in GUARDED:
        answer = await service.admin(route.method, address(route), token=token, json={} if route.writes else None)
        assert (answer.status, answer.code) == (401, "auth_required"), name_of(route)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_neg_A01_an_expired_token_is_none(service: Service) -> None:
    service.clock.forward(days=30)
    assert (await service.admin("GET", "/v1/credentials")).code == "auth_required"


async def test_neg_A01_the_public_port_has_no_administration(service: Service) -> None:
    for route in GUARDED:
        headers = {"Authorization": f"Bearer {service.tokens['all']}"}
        assert (await service.ask(route.method, address(route), headers=headers)).status == 404


async def test_neg_A01_twin(service: Service) -> None:
    for route in GUARDED:
        answer = await service.admin(route.method, address(route), json={} if route.writes else None)
        assert answer.status not in (401,), name_of(route)
        assert answer.json is None or answer.json.get("code") not in ("auth_required", "insufficient_scope")


@pytest.mark.parametrize("scope", list(Scope))
async def test_neg_A02_wrong_scope(service: Service, scope: Scope) -> None:
    """The whole matrix: each route with a token of each scope; the one scope that the route declares is the twin."""
    for route in GUARDED:
        answer = await service.admin(route.method, address(route), scope=scope, json={} if route.writes else None)
        if scope == route.scope:
            assert answer.json is None or answer.json.get("code") != "insufficient_scope", name_of(route)
        else:
            assert (answer.status, answer.code) == (403, "insufficient_scope"), name_of(route)


async def test_neg_A02_issuing_does_not_allow_revoking_nor_reading_to_issue(service: Service) -> None:
    credential_id = await service.issued()
    refused = await service.admin("POST", f"/v1/credentials/{credential_id}/revoke", scope=Scope.ISSUE, json={"reason": "fraud"})
    assert (refused.status, refused.code) == (403, "insufficient_scope")
    refused = await service.admin("POST", "/v1/offers", scope=Scope.AUDIT, json={"application_id": await service.applicant(2)})
    assert (refused.status, refused.code) == (403, "insufficient_scope")
    twin = await service.admin("POST", f"/v1/credentials/{credential_id}/revoke", scope=Scope.REVOKE, json={"reason": "fraud"})
    assert twin.status == 200


SERVERS_OWN = ["tenant_id", "role", "issued_at", "status_index", "status", "id", "state", "__proto__"]


@pytest.mark.parametrize("member", SERVERS_OWN)
async def test_neg_A05_mass_assignment(service: Service, member: str) -> None:
    application_id, credential_id = await service.applicant(), await service.issued(order=2)
    picture = in_base64(b"picture")
    orders = [
        ("/v1/applications", {"document": fields(), "consent": consent_given(), "portrait": picture, "selfie": picture, member: "1"}),
        ("/v1/offers", {"application_id": application_id, member: "1"}),
        (f"/v1/credentials/{credential_id}/revoke", {"reason": "fraud", member: "1"}),
        ("/v1/credentials/search", {"citizen_number": citizen_number(), **({member: "1"} if member != "status" else {"index": 1})}),
    ]
    for path, order in orders:
        answer = await service.admin("POST", path, json=order)
        assert (answer.status, answer.code) == (422, "field_not_writable"), path
    record = await service.rooms.database.read(lambda c: credentials.find(c, credential_id))
    assert record.status == "valid"


async def test_neg_A05_in_the_document_too(service: Service) -> None:
    picture = in_base64(b"picture")
    order = {"document": {**fields(), "age_over_60": True}, "consent": consent_given(), "portrait": picture, "selfie": picture}
    answer = await service.admin("POST", "/v1/applications", json=order)
    assert (answer.status, answer.code) == (422, "field_not_writable")
    assert answer.json["errors"][0]["pointer"] == "/document/age_over_60"


async def test_neg_A05_twin(service: Service) -> None:
    order = {"application_id": await service.applicant(), "configurations": [LDP], "tx_code": True}
    assert (await service.admin("POST", "/v1/offers", json=order)).status == 201


HOSTILE = ["' OR 1=1--", "%", "_", "\\", "a\0b", "valid' OR '1'='1", "*", "application_%", "%00", "'; DROP TABLE credential;--"]


@pytest.mark.parametrize("name", ["application_id", "status", "after", "limit"])
async def test_neg_A06_sql_and_like(service: Service, name: str) -> None:
    await service.issued()
    for text in HOSTILE:
        answer = await service.admin("GET", "/v1/credentials", params={name: text})
        assert 400 <= answer.status < 500, (text, answer.json)
    assert len((await service.admin("GET", "/v1/credentials")).json["credentials"]) == 1


async def test_neg_A06_in_the_search_and_in_paths(service: Service) -> None:
    await service.issued()
    for text in HOSTILE:
        answer = await service.admin("POST", "/v1/credentials/search", json={"citizen_number": text})
        assert 400 <= answer.status < 500, text
        for path in ("/v1/credentials/", "/v1/applications/", "/v1/offers/"):
            answer = await service.admin("GET", path + text.replace("%", "%25").replace("\0", "%00").replace("'", "%27"))
            assert answer.status in (400, 404), (path, text, answer.json)


async def test_neg_A06_another_number_finds_nobody(service: Service) -> None:
    await service.issued()
    assert (await service.admin("POST", "/v1/credentials/search", json={"citizen_number": citizen_number(2)})).json["credentials"] == []


async def test_neg_A06_twin(service: Service) -> None:
    credential_id = await service.issued()
    answer = await service.admin("GET", "/v1/credentials", params={"status": "valid", "limit": "1"})
    assert [one["id"] for one in answer.json["credentials"]] == [credential_id]


async def test_neg_A07_idempotency(service: Service) -> None:
    first, second = await service.applicant(1), await service.applicant(2)
    headers = {"Idempotency-Key": "key-1"}
    made = await service.admin("POST", "/v1/offers", json={"application_id": first}, headers=headers)
    other = await service.admin("POST", "/v1/offers", json={"application_id": second}, headers=headers)
    assert (other.status, other.code) == (409, "idempotency_conflict")
    again = await service.admin("POST", "/v1/offers", json={"application_id": first}, headers=headers)
    assert (again.status, again.body) == (201, made.body)


async def test_neg_A07_fifty_at_once_have_one_effect(service: Service) -> None:
    order, headers = {"application_id": await service.applicant()}, {"Idempotency-Key": "key-1"}
    answers = await asyncio.gather(*(service.admin("POST", "/v1/offers", json=order, headers=headers) for _ in range(50)))
    assert {answer.status for answer in answers} <= {201, 409}
    assert len({answer.body for answer in answers if answer.status == 201}) == 1
    count = await service.rooms.database.read(lambda c: c.execute("SELECT count(*) FROM offer").fetchone()[0])
    assert count == 1


async def test_neg_A07_the_kept_answer_holds_no_code_in_clear(service: Service, tmp_path: Path) -> None:
    headers = {"Idempotency-Key": "key-1"}
    made = await service.admin("POST", "/v1/offers", json={"application_id": await service.applicant()}, headers=headers)
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert service.code(made.json).encode() not in content
    assert made.json["offer_uri"].rpartition("/")[2].encode() not in content


async def test_neg_A07_twin_without_a_key_two_orders_are_two(service: Service) -> None:
    order = {"application_id": await service.applicant()}
    made = [await service.admin("POST", "/v1/offers", json=order) for _ in range(2)]
    assert made[0].json["id"] != made[1].json["id"]


def edited(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE journal SET reason = 'none' WHERE entry = 2")


def deleted(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM journal WHERE entry = 2")


def reordered(connection: sqlite3.Connection) -> None:
    for before, after in ((2, 99), (3, 2), (99, 3)):
        connection.execute("UPDATE journal SET entry = ? WHERE entry = ?", (after, before))


def inserted(connection: sqlite3.Connection) -> None:
    for entry in range(9, 1, -1):
        connection.execute("UPDATE journal SET entry = ? WHERE entry = ?", (entry + 1, entry))
    connection.execute("INSERT INTO journal SELECT 2, at, actor, act, object, reason, outcome, seal FROM journal WHERE entry = 1")


@pytest.mark.parametrize("tamper", [edited, deleted, reordered, inserted])
async def test_neg_A11_audit_tamper(service: Service, tamper: Callable[[sqlite3.Connection], None]) -> None:
    await service.issued()
    assert (await service.admin("POST", "/v1/journal/verify")).status == 200
    await service.rooms.database.write(tamper)
    answer = await service.admin("POST", "/v1/journal/verify")
    assert (answer.status, answer.code) == (500, "audit_chain_broken")
    assert answer.json["errors"][0]["pointer"] == "/2"


async def test_neg_A11_a_cut_end_shows_against_a_head_noted_earlier(service: Service) -> None:
    await service.issued()
    noted = (await service.admin("POST", "/v1/journal/verify")).json
    params = {"entry": str(noted["entry"]), "seal": noted["seal"]}
    assert (await service.admin("POST", "/v1/journal/verify", params=params)).status == 200
    await service.rooms.database.write(lambda c: c.execute("DELETE FROM journal WHERE entry = (SELECT max(entry) FROM journal)"))
    answer = await service.admin("POST", "/v1/journal/verify", params=params)
    assert (answer.status, answer.code) == (500, "audit_chain_broken")


async def test_neg_A11_by_the_command_too(service: Service, tmp_path: Path) -> None:
    await service.issued()
    command = [sys.executable, "-m", "issuer", "journal", "verify", "--data-dir", str(tmp_path), "--json"]
    environment = {"ISSUER_PUBLIC_URL": service.url, "ISSUER_ENVIRONMENT": "development", "PATH": ""}
    whole = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
    assert json.loads(whole.stdout)["entries"] == 4
    await service.rooms.database.write(edited)
    broken = subprocess.run(command, env=environment, capture_output=True, check=False, text=True)
    assert broken.returncode == 3
    assert broken.stderr.startswith("audit_chain_broken: ")


@pytest.mark.parametrize("scope", [Scope.READ, "all"])
async def test_neg_A12_key_export(service: Service, scope: str) -> None:
    for role in (*ROLES, "vault", "anything"):
        answer = await service.admin("GET", f"/v1/keys/{role}/private", scope=scope)
        assert (answer.status, answer.code) == (403, "not_exportable"), role


async def test_neg_A12_no_answer_and_no_database_holds_a_private_key(service: Service, tmp_path: Path) -> None:
    credential_id = await service.issued()
    secrets = [json.loads((tmp_path / KEYS / f"{role}.jwk").read_text())["d"] for role in ROLES]
    secrets.append((tmp_path / VAULT).read_bytes().hex())
    paths = [address(route).replace("unknown", credential_id) for route in GUARDED if route.method == "GET"]
    paths += ["/openapi.json", "/docs", "/metrics", "/health/ready", "/version"]
    shown = "".join([(await service.admin("GET", path)).body.decode() for path in paths])
    for path in ("/.well-known/did.json", "/.well-known/jwt-vc-issuer", "/.well-known/openid-credential-issuer"):
        shown += (await service.ask("GET", path)).body.decode()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("issuer.db*"))
    for secret in secrets:
        assert secret not in shown
        assert secret.encode() not in stored


async def test_neg_A12_twin_public_keys_are_shown(service: Service) -> None:
    token = await token_for(service, (Scope.READ,))
    keys = (await service.admin("GET", "/v1/keys", token=token)).json["keys"]
    assert [key["id"].partition("#")[2] for key in keys] == list(ROLES)
