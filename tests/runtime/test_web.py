"""What a service's front shows: answers, descriptions, pages, events; to programs and to people."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from aiohttp import web
from openapi_spec_validator import validate

from doors.refusals import REFUSALS, StorageUnavailable
from runtime.clock import utc_now
from runtime.web import Event, Front, Topics, application, health_routes, json_answer, route, send_events
from tests.runtime.house import WORDS, House, open_house


async def test_the_description_is_valid_openapi_and_complete(house: House) -> None:
    async with house.ask("GET", "/openapi.json") as answer:
        document = await answer.json()
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]["/v1/orders"]) == {"get", "post"}
    assert document["paths"]["/v1/orders"]["post"]["security"] == [{"token": ["order"]}]
    assert {"400", "401", "403", "413", "422", "429", "201"} <= set(document["paths"]["/v1/orders"]["post"]["responses"])
    assert "/page/order" not in document["paths"]


@pytest.mark.parametrize(("language", "title"), [("en", "Programming interface"), ("zh-CN", "编程接口")])
async def test_the_description_is_a_page_in_both_languages(house: House, language: str, title: str) -> None:
    async with house.ask("GET", f"/docs?lang={language}") as answer:
        text = await answer.text()
        policy = answer.headers["Content-Security-Policy"]
    assert title in text
    assert f'<html lang="{language}">' in text
    assert "unsafe" not in policy
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|https?://(?!house)", text.replace("http://www.w3.org", ""))
    for code in REFUSALS:
        assert f'id="{code}"' in text


async def test_the_chosen_language_is_remembered(house: House) -> None:
    async with house.ask("GET", "/docs?lang=zh-CN") as answer:
        cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    async with house.ask("GET", "/docs", headers={"Cookie": cookie.partition(";")[0]}) as answer:
        assert '<html lang="zh-CN">' in await answer.text()


async def test_a_fault_tells_nothing_but_a_number_to_quote(house: House) -> None:
    async with house.ask("GET", "/fail") as answer:
        document = await answer.json()
        assert (answer.status, document["code"]) == (500, "internal_error")
        assert "4400" not in json.dumps(document)
    async with house.ask("GET", "/page/fail", headers={"Accept": "text/html", "Accept-Language": "zh-CN"}) as answer:
        text = await answer.text()
        assert "服务暂时出现问题" in text
        assert answer.headers["Trace-Id"] in text
        assert "Traceback" not in text


async def test_refusals_on_oauth_routes_speak_oauth(house: House) -> None:
    async with house.ask("POST", "/token", data=b"{", headers={"Content-Type": "application/json"}) as answer:
        document = await answer.json()
        assert (answer.status, document["error"], document["code"]) == (400, "invalid_request", "input_malformed")
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}, {"Origin": "null"}]
)
async def test_a_page_is_changed_only_from_its_own_origin(house: House, headers: dict[str, str]) -> None:
    async with house.ask("POST", "/page/order", data={"name": "x"}, headers=headers) as answer:
        assert (answer.status, (await answer.json())["code"]) == (403, "csrf")


async def test_every_answer_carries_the_guards_for_browsers(house: House) -> None:
    for path in ("/docs", "/v1/orders/1", "/nowhere", "/fail", "/static/runtime/frame.css"):
        async with house.ask("GET", path) as answer:
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Strict-Transport-Security"]
            assert "Server" not in answer.headers or "aiohttp" not in answer.headers["Server"]


async def test_unknown_paths_and_methods_are_refused_by_code(house: House) -> None:
    async with house.ask("GET", "/nowhere") as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, "not_found")
    async with house.ask("DELETE", "/v1/orders") as answer:
        assert (answer.status, (await answer.json())["code"]) == (405, "method_not_allowed")
        assert set(answer.headers["Allow"].split(",")) == {"GET", "HEAD", "POST"}
    async with house.ask("HEAD", "/v1/orders/1") as answer:
        assert (answer.status, await answer.read()) == (200, b"")


async def test_files_are_not_sent_twice(house: House) -> None:
    async with house.ask("GET", "/static/runtime/frame.css") as answer:
        etag = answer.headers["ETag"]
    async with house.ask("GET", "/static/runtime/frame.css", headers={"If-None-Match": etag}) as answer:
        assert answer.status == 304


async def test_what_is_counted_names_no_one(house: House) -> None:
    async with house.ask("GET", "/v1/orders/440000199901011234"):
        pass
    async with house.ask("GET", "/440000199901011234"):
        pass
    async with house.ask("GET", "/metrics") as answer:
        text = await answer.text()
    assert 'requests_total{method="GET",route="/v1/orders/{id}",status="200"} 1.0' in text
    assert 'refusals_total{code="not_found"} 1.0' in text
    assert "4400" not in text


async def test_readiness_names_what_is_wrong(tmp_path: Path) -> None:
    async def well() -> None:
        """All is well."""

    async def ill() -> None:
        raise StorageUnavailable("gone")

    async def broken() -> None:
        raise RuntimeError("secret")

    async def no_events(request: web.Request) -> web.StreamResponse:
        return json_answer(b"{}")

    checks = health_routes(version="1", checks={"store": ill, "key": well, "clock": broken})
    renamed = tuple(route("GET", f"/x{each.path}", each.handler, summary=each.summary) for each in checks)
    async with open_house(tmp_path, further=renamed) as house:
        async with house.ask("GET", "/x/health/ready") as answer:
            expected = {"store": "storage_unavailable", "key": "ok", "clock": "internal_error"}
            assert (answer.status, await answer.json()) == (503, {"status": "not_ready", "checks": expected})
        async with house.ask("GET", "/health/ready") as answer:
            assert answer.status == 200
        async with house.ask("GET", "/health/live") as answer:
            assert await answer.json() == {"status": "alive"}


async def test_a_waiting_page_is_told_at_once(tmp_path: Path) -> None:
    topics, ended = Topics(), asyncio.Event()

    async def wait(request: web.Request) -> web.StreamResponse:
        async with topics.subscribe(request.match_info["id"]) as events:
            response = await send_events(request, events, keep_alive_seconds=0.02)
        ended.set()
        return response

    async with open_house(tmp_path, further=(route("GET", "/events/{id}", wait, summary="Wait"),)) as house:
        async with asyncio.timeout(3), house.ask("GET", "/events/s1") as answer:
            assert answer.content_type == "text/event-stream"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert await answer.content.readuntil(b"\n\n") == b"retry: 2000\n\n"
            assert await answer.content.readuntil(b"\n\n") == b": still here\n\n"
            topics.publish("s2", Event("other", {}))
            topics.publish("s1", Event("verdict", {"verdict": "valid\n"}))
            while (block := await answer.content.readuntil(b"\n\n")) == b": still here\n\n":
                pass
            assert block == b'event: verdict\ndata: {"verdict":"valid\\n"}\n\n'
            topics.close()
            async with asyncio.timeout(2):
                await ended.wait()
        assert topics._waiting == {}


def test_an_application_without_the_means_to_check_is_not_made() -> None:
    async def nothing(_request: web.Request) -> web.Response:
        return json_answer({})

    front = Front(title="x", version="1", public_url="https://house.test", words=WORDS, clock=utc_now)
    with pytest.raises(ValueError, match="authenticator"):
        application([route("GET", "/", nothing, summary="x", scope="read")], front)
    with pytest.raises(ValueError, match="idempotency"):
        application([route("POST", "/", nothing, summary="x", creates=True)], front)
