"""The verifier over HTTP: what wallets, programs and the clerk's page meet."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy
import pytest
import segno
import zxingcpp
from aiohttp.test_utils import TestClient, TestServer

from doors.refusals import SettingsInvalid
from openid4vc.vp.request_object import read_request
from openid4vc.vp.response import error_body, response_body
from runtime.settings import load_settings
from runtime.tokens import issue_token
from runtime.web import Metrics, Topics
from tests.verifier.world import HOTEL_CLAIMS, SUBJECT_CLAIMS, World
from verifier.answer import Desk
from verifier.app import inside_application, load_policies, public_application
from verifier.handlers.programs import qr_svg
from verifier.query import question_of
from verifier.request import request_of
from verifier.settings import VerifierSettings

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def settings_for(folder: Path, **flags: Any) -> VerifierSettings:
    given = {"environment": "development", "public_url": "http://127.0.0.1:8201", "data_dir": str(folder), "requests_per_minute": 100_000}
    return load_settings(VerifierSettings, None, {**given, **flags})


class Service:
    """Both applications on loopback, and a wallet's and a program's way of speaking to them."""

    def __init__(self, desk: Desk, world: World, wallets: "TestClient[Any, Any]", programs: "TestClient[Any, Any]", token: str) -> None:
        self.desk, self.world, self.wallets, self.programs = desk, world, wallets, programs
        self.token = {"Authorization": f"Bearer {token}"}

    async def opened(self, **order: str) -> dict[str, Any]:
        answer = await self.programs.post("/v1/verification-sessions", json={"policy": "hotel", **order}, headers=self.token)
        assert answer.status == 201, await answer.text()
        return dict(await answer.json())

    async def session(self, session_id: str, query: str = "") -> tuple[int, dict[str, Any]]:
        answer = await self.programs.get(f"/v1/verification-sessions/{session_id}{query}", headers=self.token)
        return answer.status, await answer.json()

    async def answered(self, session_id: str, **changes: Any) -> tuple[int, dict[str, Any]]:
        """Fetch the request as a wallet does, and post the hotel's answer to it."""
        text = await (await self.wallets.get(f"/oid4vp/request/{session_id}")).text()
        request = read_request(
            text,
            self.desk.identity.key.public,
            client_id=self.desk.identity.client_id,
            now=self.world.now,
            skew=timedelta(seconds=60),
        )
        shown = self.world.hotel_answer(request, **changes)
        body = response_body({"guest": [shown.wire]}, request=request)
        answer = await self.wallets.post(f"/oid4vp/response/{session_id}", data=body, headers=FORM)
        return answer.status, await answer.json()


@asynccontextmanager
async def running(desk: Desk, world: World, folder: Path) -> AsyncIterator[Service]:
    """The desk behind both its applications, on loopback."""
    settings, topics, metrics = settings_for(folder), Topics(), Metrics()
    token = await desk.store.database.write(
        lambda connection: issue_token(
            connection, prefix="vrf", name="desk", scopes=["verify"], now=world.now, expires_at=world.now + timedelta(days=1)
        )
    )
    wallets = TestClient(TestServer(public_application(desk, settings, topics=topics, metrics=metrics)))
    programs = TestClient(TestServer(inside_application(desk, settings, topics=topics, metrics=metrics)))
    await wallets.start_server()
    await programs.start_server()
    yield Service(desk, world, wallets, programs, token)
    await wallets.close()
    await programs.close()


@pytest.fixture
async def service(desk: Desk, world: World, tmp_path: Path) -> AsyncIterator[Service]:
    async with running(desk, world, tmp_path) as opened:
        yield opened


async def test_a_guest_presents_and_the_desk_learns_what_it_asked(service: Service) -> None:
    session = await service.opened()
    assert (session["status"], session.get("verdict")) == ("waiting", None)
    status, answer = await service.answered(session["id"])
    assert (status, answer["receipt"]["session"]) == (200, session["id"])
    _, seen = await service.session(session["id"])
    assert (seen["status"], seen["verdict"]) == ("answered", "valid")
    assert seen["claims"] == {"guest": {name: SUBJECT_CLAIMS[name] for name in HOTEL_CLAIMS}}
    assert (seen["explanations"]["en"]["word"], seen["explanations"]["zh-CN"]["word"]) == ("VALID", "有效")


async def test_a_revoked_card_is_told_to_wallet_and_desk(service: Service) -> None:
    service.world.revoked.add(7)
    service.world.publish()
    session = await service.opened()
    status, answer = await service.answered(session["id"])
    assert (status, answer["code"]) == (400, "status_revoked")
    _, seen = await service.session(session["id"])
    assert (seen["status"], seen["verdict"], seen["code"]) == ("refused", "invalid", "status_revoked")
    assert "claims" not in seen


async def test_a_wallets_no_is_taken_note_of(service: Service) -> None:
    """OpenID4VP 1.0 §8.2: an error response that was processed is answered with 200."""
    session = await service.opened()
    stored = await service.desk.store.session(session["id"])
    body = error_body("access_denied", request=request_of(stored))
    answer = await service.wallets.post(f"/oid4vp/response/{session['id']}", data=body, headers=FORM)
    assert (answer.status, await answer.json()) == (200, {})
    _, seen = await service.session(session["id"])
    assert (seen["verdict"], seen["code"]) == ("undecided", "presentation_declined")


@pytest.mark.often(commit=1, nightly=100)
async def test_of_a_hundred_answers_over_http_one_succeeds(service: Service) -> None:
    session = await service.opened()
    ends = await asyncio.gather(*(service.answered(session["id"]) for _ in range(100)))
    assert [status for status, _ in ends].count(200) == 1
    assert {answer["code"] for status, answer in ends if status != 200} == {"session_consumed"}


async def test_the_request_object_names_the_wallets_nonce(service: Service) -> None:
    session = await service.opened()
    answer = await service.wallets.post(f"/oid4vp/request/{session['id']}", data=b"wallet_nonce=abc123", headers=FORM)
    assert answer.content_type == "application/oauth-authz-req+jwt"
    identity = service.desk.identity
    request = read_request(await answer.text(), identity.key.public, client_id=identity.client_id, now=service.world.now, skew=timedelta(0))
    assert request.wallet_nonce == "abc123"


async def test_an_answered_session_gives_no_request_any_more(service: Service) -> None:
    session = await service.opened()
    await service.answered(session["id"])
    answer = await service.wallets.get(f"/oid4vp/request/{session['id']}")
    assert (answer.status, (await answer.json())["code"]) == (409, "session_consumed")


async def test_the_did_document_has_the_key_that_signs(service: Service) -> None:
    document = await (await service.wallets.get("/.well-known/did.json")).json()
    assert document["id"] == "did:web:desk.example"
    assert document["verificationMethod"][0]["id"] == service.desk.identity.key.kid


async def test_wallets_do_not_reach_what_programs_reach(service: Service) -> None:
    for path in ("/v1/policies", "/desk/hotel", "/metrics", "/v1/verification-sessions/x"):
        assert (await service.wallets.get(path)).status == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/verification-sessions"),
        ("GET", "/v1/verification-sessions/vs_x"),
        ("GET", "/v1/verification-sessions/vs_x/events"),
        ("GET", "/v1/verification-sessions/vs_x/qr"),
        ("GET", "/v1/verification-sessions/vs_x/case-file"),
        ("POST", "/v1/verification-sessions/vs_x/cancel"),
        ("POST", "/v1/verify"),
        ("GET", "/v1/policies"),
    ],
)
async def test_programs_need_a_token(service: Service, method: str, path: str) -> None:
    answer = await service.programs.request(method, path)
    assert (answer.status, (await answer.json())["code"]) == (401, "auth_required")


async def test_the_same_order_sent_twice_opens_one_session(service: Service) -> None:
    headers = {**service.token, "Idempotency-Key": "one"}
    bodies = [
        await (await service.programs.post("/v1/verification-sessions", json={"policy": "hotel"}, headers=headers)).json() for _ in range(2)
    ]
    assert bodies[0]["id"] == bodies[1]["id"]


@pytest.mark.parametrize(
    ("order", "status", "code"),
    [
        ({"policy": "bank"}, 404, "not_found"),
        ({}, 400, "input_malformed"),
        ({"policy": "hotel", "flow": "other"}, 400, "input_malformed"),
        ({"policy": "hotel", "state": "mine"}, 422, "field_not_writable"),
    ],
)
async def test_a_wrong_order_opens_nothing(service: Service, order: dict[str, str], status: int, code: str) -> None:
    answer = await service.programs.post("/v1/verification-sessions", json=order, headers=service.token)
    assert (answer.status, (await answer.json())["code"]) == (status, code)


async def test_a_cancelled_session_takes_no_answer(service: Service) -> None:
    session = await service.opened()
    text = await (await service.wallets.get(f"/oid4vp/request/{session['id']}")).text()
    answer = await service.programs.post(f"/v1/verification-sessions/{session['id']}/cancel", headers=service.token)
    assert (await answer.json())["status"] == "cancelled"
    identity = service.desk.identity
    request = read_request(text, identity.key.public, client_id=identity.client_id, now=service.world.now, skew=timedelta(0))
    body = response_body({"guest": [service.world.hotel_answer(request).wire]}, request=request)
    late = await service.wallets.post(f"/oid4vp/response/{session['id']}", data=body, headers=FORM)
    assert (late.status, (await late.json())["code"]) == (409, "session_consumed")


async def test_the_page_hears_at_once_what_happened(service: Service) -> None:
    session = await service.opened()
    async with service.programs.get(f"/v1/verification-sessions/{session['id']}/events", headers=service.token) as news:
        assert news.content_type == "text/event-stream"
        first = await _next_event(news)
        await service.answered(session["id"])
        second = await _next_event(news)
        assert (first["status"], second["status"], second["verdict"]) == ("waiting", "answered", "valid")
        assert (await news.content.read()).strip() == b""


async def test_neg_P14_over_http_the_result_needs_the_response_code(service: Service) -> None:
    mine, other = await service.opened(flow="same_device"), await service.opened(flow="same_device")
    ends = [(await service.answered(session["id"]))[1]["redirect_uri"] for session in (mine, other)]
    codes = [uri.rpartition("=")[2] for uri in ends]
    path = ends[0].partition("desk.example")[2].partition("?")[0]
    for query in ("", f"?response_code={codes[1]}"):
        status, problem = await service.session(mine["id"], query)
        assert (status, problem["code"]) == (400, "session_mismatch")
        assert (await service.wallets.get(path + query)).status == 400
    assert (await service.session(mine["id"], f"?response_code={codes[0]}"))[0] == 200
    page = await service.wallets.get(f"{path}?response_code={codes[0]}")
    assert (page.status, page.content_type) == (200, "text/html")
    text = await page.text()
    assert not any(str(SUBJECT_CLAIMS[name]) in text for name in ("full_name", "citizen_number"))


async def test_neg_P16_over_http_a_state_of_a_megabyte_is_another_sessions(service: Service) -> None:
    session = await service.opened()
    body = b"error=access_denied&state=" + b"x" * 1_000_000
    answer = await service.wallets.post(f"/oid4vp/response/{session['id']}", data=body, headers=FORM)
    assert (answer.status, (await answer.json())["code"]) == (400, "session_mismatch")


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("application/x-www-form-urlencoded", b"x" * (2 * 1024 * 1024 + 1), 413),
        ("application/x-www-form-urlencoded", b"response=a&response=b", 400),
        ("application/x-www-form-urlencoded", b"response=%ff", 400),
    ],
)
async def test_what_is_no_form_is_refused(service: Service, content_type: str, body: bytes, status: int) -> None:
    session = await service.opened()
    answer = await service.wallets.post(f"/oid4vp/response/{session['id']}", data=body, headers={"Content-Type": content_type})
    assert answer.status == status
    assert (await service.session(session["id"]))[1]["status"] == "waiting"


async def test_the_case_file_is_the_courts_alone(service: Service) -> None:
    session = await service.opened()
    await service.answered(session["id"])
    answer = await service.programs.get(f"/v1/verification-sessions/{session['id']}/case-file", headers=service.token)
    assert answer.status == 404


async def test_a_verdict_at_once(service: Service) -> None:
    card = service.world.whole_card()
    order = {"policy": "court", "credential": json.loads(card.wire)}
    verdict = await (await service.programs.post("/v1/verify", json=order, headers=service.token)).json()
    assert (verdict["verdict"], verdict["claims"]["credential"]["full_name"]) == ("valid", SUBJECT_CLAIMS["full_name"])
    order["credential"]["credentialSubject"]["full_name"] = "another"
    verdict = await (await service.programs.post("/v1/verify", json=order, headers=service.token)).json()
    assert (verdict["verdict"], verdict["code"]) == ("invalid", "sig_invalid")
    assert "claims" not in verdict


async def test_a_presentation_at_once_must_be_for_the_stated_nonce(service: Service) -> None:
    policy = service.desk.policies["hotel"]
    shown = service.world.hotel_answer(question_of(policy, nonce="n1", audience=service.desk.identity.client_id))
    order = {"policy": "hotel", "presentation": shown.wire.decode(), "nonce": "n1"}
    for nonce, code in (("n1", ""), ("n2", "nonce_mismatch"), ("", "holder_binding_missing")):
        answer = await service.programs.post("/v1/verify", json={**order, "nonce": nonce}, headers=service.token)
        assert (await answer.json())["code"] == code


@pytest.mark.parametrize("order", [{"policy": "court"}, {"policy": "court", "credential": "a", "presentation": "b"}])
async def test_an_order_with_nothing_or_two_things_is_refused(service: Service, order: dict[str, str]) -> None:
    answer = await service.programs.post("/v1/verify", json=order, headers=service.token)
    assert (answer.status, (await answer.json())["code"]) == (400, "input_malformed")


async def test_the_policies_are_open_to_the_desk(service: Service) -> None:
    listed = await (await service.programs.get("/v1/policies", headers=service.token)).json()
    assert [policy["id"] for policy in listed["policies"]] == ["hotel", "court"]
    assert [attribute["name"] for attribute in listed["policies"][0]["attributes"]] == list(HOTEL_CLAIMS)


@pytest.mark.parametrize(("language", "word"), [("en", "Waiting for the guest"), ("zh-CN", "等待出示")])
async def test_the_desk_page_speaks_both_languages_under_a_strict_policy(service: Service, language: str, word: str) -> None:
    answer = await service.programs.get(f"/desk/hotel?lang={language}")
    text = await answer.text()
    assert word in text
    assert "script-src" not in answer.headers["Content-Security-Policy"] or "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert "onclick" not in text
    assert "style=" not in text


@pytest.mark.parametrize("file", ["desk.js", "desk.css", "token.js", "verifier.js", "desks.js"])
async def test_the_pages_files_are_served(service: Service, file: str) -> None:
    assert (await service.programs.get(f"/static/verifier/{file}")).status == 200


async def test_an_unknown_desk_is_a_page_of_its_own(service: Service) -> None:
    answer = await service.programs.get("/desk/bank", headers={"Accept": "text/html"})
    assert (answer.status, answer.content_type) == (404, "text/html")


async def test_health_says_whether_it_can_work(service: Service) -> None:
    ready = await (await service.programs.get("/health/ready")).json()
    assert ready == {"status": "ready", "checks": {"store": "ok", "facts": "ok"}}


async def test_the_interface_describes_itself(service: Service) -> None:
    document = await (await service.programs.get("/openapi.json")).json()
    assert {"/v1/verification-sessions", "/v1/verify", "/v1/policies"} <= set(document["paths"])


async def test_the_qr_code_can_be_read(service: Service) -> None:
    session = await service.opened()
    answer = await service.programs.get(f"/v1/verification-sessions/{session['id']}", headers={**service.token, "Accept": "image/svg+xml"})
    assert answer.content_type == "image/svg+xml"
    assert await answer.read() == qr_svg(session["wallet_link"])
    assert _read_back(session["wallet_link"]) == session["wallet_link"]


def test_two_policies_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid):
        load_policies(settings_for(tmp_path, policies=("hotel", "hotel")))


def _read_back(link: str) -> str:
    """What a scanner reads from the same modules that the SVG draws."""
    rows = [[0 if module else 255 for module in row] for row in segno.make(link, error="m", micro=False).matrix_iter(scale=4, border=4)]
    return str(zxingcpp.read_barcodes(numpy.array(rows, dtype=numpy.uint8))[0].text)


async def _next_event(news: Any) -> dict[str, Any]:
    while True:
        line = (await asyncio.wait_for(news.content.readline(), 10)).decode()
        if line.startswith("data: "):
            return dict(json.loads(line[6:]))
