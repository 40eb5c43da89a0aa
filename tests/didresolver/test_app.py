"""The resolver as a service (DID Resolution, HTTP(S) binding)."""

from collections.abc import Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from credentials.keys import generate_key
from credentials.keys.did_key import did_key
from didresolver.app import admin_app, public_app
from didresolver.methods.webvh_writing import update_log
from didresolver.settings import ResolverSettings
from doors.refusals import FetchTimeout
from runtime.web import Metrics
from tests.didresolver.histories import NIGHT, OWNER, THIEF, did_of, entries, forged, hours, new_log, on_the_web
from tests.didresolver.worlds import Answers, HandClock, as_bytes, did_document

KEY = generate_key("EdDSA").public
ISSUER, SLOW, GONE, NOBODY, FORGED = (f"did:web:{name}.example" for name in ("issuer", "slow", "gone", "nobody", "forged"))
ERRORS = "https://www.w3.org/ns/did#"
RESULT = "application/did-resolution"


def url(did: str) -> str:
    return f"https://{did.removeprefix('did:web:')}/.well-known/did.json"


@pytest.fixture
def settings() -> ResolverSettings:
    return ResolverSettings(public_url="http://127.0.0.1:8501", environment="development")


@pytest.fixture
async def client(aiohttp_client: Callable[..., Any], settings: ResolverSettings) -> TestClient[Any, Any]:
    fetch = Answers(
        {
            url(ISSUER): as_bytes(did_document(ISSUER, KEY)),
            url(SLOW): FetchTimeout("slow"),
            url(GONE): 410,
            url(NOBODY): 404,
            url(FORGED): as_bytes(did_document(ISSUER, KEY)),
        }
    )
    client: TestClient[Any, Any] = await aiohttp_client(public_app(settings, fetch=fetch, clock=HandClock(), metrics=Metrics()))
    return client


@pytest.mark.parametrize("did", [ISSUER, did_key(KEY)], ids=["did:web", "did:key"])
@pytest.mark.parametrize("accept", ["", "*/*", RESULT, "text/html, */*;q=0.1"])
async def test_a_did_is_answered_with_the_whole_result(client: TestClient[Any, Any], did: str, accept: str) -> None:
    answer = await client.get(f"/1.0/identifiers/{did}", headers={"Accept": accept})

    assert (answer.status, answer.content_type) == (200, RESULT)
    result = await answer.json(content_type=None)
    assert result["didDocument"]["id"] == did
    assert result["didResolutionMetadata"] == {"contentType": "application/did", "retrieved": "2026-11-21T09:00:00Z"}


@pytest.mark.parametrize("accept", ["application/did", "application/did+json", "application/did+ld+json", "application/json"])
async def test_the_document_alone_is_answered_where_that_is_asked_for(client: TestClient[Any, Any], accept: str) -> None:
    answer = await client.get(f"/1.0/identifiers/{ISSUER}", headers={"Accept": accept})

    assert (answer.status, answer.content_type) == (200, accept)
    assert (await answer.json(content_type=None))["id"] == ISSUER


@pytest.mark.parametrize(
    ("did", "status", "kind", "code"),
    [
        ("did:key:zzz", 400, "INVALID_DID", "did_invalid"),
        ("nonsense", 400, "INVALID_DID", "did_invalid"),
        ("did:web:10.0.0.1", 400, "INVALID_DID", "url_blocked"),
        ("did:ion:abc", 501, "METHOD_NOT_SUPPORTED", "did_method_unsupported"),
        (NOBODY, 404, "NOT_FOUND", "did_not_found"),
        (FORGED, 500, "INVALID_DID_DOCUMENT", "did_document_invalid"),
        (SLOW, 500, "INTERNAL_ERROR", "fetch_timeout"),
        (f"{ISSUER}?versionTime=2020-01-01T00:00:00Z", 501, "FEATURE_NOT_SUPPORTED", "did_option_unsupported"),
        (f"{ISSUER}?noCache=true", 501, "FEATURE_NOT_SUPPORTED", "did_option_unsupported"),
        (f"{ISSUER}?versionTime=yesterday", 400, "INVALID_OPTIONS", "input_malformed"),
    ],
)
async def test_each_failure_has_the_type_and_status_of_the_specification(
    client: TestClient[Any, Any], did: str, status: int, kind: str, code: str
) -> None:
    answer = await client.get(f"/1.0/identifiers/{did}")

    assert (answer.status, answer.content_type) == (status, RESULT)
    result = await answer.json(content_type=None)
    assert result["didDocument"] is None
    error = result["didResolutionMetadata"]["error"]
    assert (error["type"], error["code"]) == (ERRORS + kind, code)
    assert error["title"]
    assert error["detail"]


async def test_a_deactivated_did_is_gone(client: TestClient[Any, Any]) -> None:
    answer = await client.get(f"/1.0/identifiers/{GONE}")

    assert answer.status == 410
    assert (await answer.json(content_type=None))["didDocumentMetadata"] == {"deactivated": True}


async def test_a_representation_that_is_not_given_is_not_acceptable(client: TestClient[Any, Any]) -> None:
    answer = await client.get(f"/1.0/identifiers/{ISSUER}", headers={"Accept": "application/did+cbor"})

    assert answer.status == 406
    assert (await answer.json(content_type=None))["didResolutionMetadata"]["error"]["type"] == ERRORS + "REPRESENTATION_NOT_SUPPORTED"


async def test_a_did_key_answers_for_any_time(client: TestClient[Any, Any]) -> None:
    assert (await client.get(f"/1.0/identifiers/{did_key(KEY)}?versionTime=2020-01-01T00:00:00Z")).status == 200


async def test_a_percent_encoded_did_is_the_same_did(client: TestClient[Any, Any]) -> None:
    answer = await client.get("/1.0/identifiers/did%3Aweb%3Aissuer.example")

    assert answer.status == 200


async def test_the_service_describes_itself(client: TestClient[Any, Any]) -> None:
    document = await (await client.get("/openapi.json")).json()

    assert "/1.0/identifiers/{did}" in document["paths"]


async def test_the_management_port_says_it_is_alive(aiohttp_client: Callable[..., Any], settings: ResolverSettings) -> None:
    client = await aiohttp_client(admin_app(settings, clock=HandClock(), metrics=Metrics()))

    for path in ("/health/live", "/health/ready", "/version", "/metrics"):
        assert (await client.get(path)).status == 200


async def test_a_version_of_a_history_is_answered_by_time_id_and_number(
    aiohttp_client: Callable[..., Any], settings: ResolverSettings
) -> None:
    log = update_log(new_log(), OWNER, now=NIGHT + hours(1))
    app = public_app(settings, fetch=on_the_web(log), clock=HandClock(), metrics=Metrics())
    client = await aiohttp_client(app)
    first = entries(log)[0]["versionId"]

    for query in ({"versionTime": "2026-11-21T00:30:00Z"}, {"versionId": first}, {"versionNumber": "1"}):
        answer = await client.get(f"/1.0/identifiers/{did_of(log)}", params=query)
        assert (await answer.json(content_type=None))["didDocumentMetadata"]["versionId"] == first
    absent = await client.get(f"/1.0/identifiers/{did_of(log)}", params={"versionNumber": "3"})
    malformed = await client.get(f"/1.0/identifiers/{did_of(log)}", params={"versionNumber": "-1"})
    assert (absent.status, malformed.status) == (404, 400)


async def test_a_history_that_does_not_hold_is_an_invalid_did(aiohttp_client: Callable[..., Any], settings: ResolverSettings) -> None:
    app = public_app(settings, fetch=on_the_web(forged(new_log(), lambda entry: None, key=THIEF)), clock=HandClock(), metrics=Metrics())
    client = await aiohttp_client(app)

    answer = await client.get(f"/1.0/identifiers/{did_of(new_log())}")

    assert answer.status == 400
    assert (await answer.json(content_type=None))["didResolutionMetadata"]["error"]["type"] == f"{ERRORS}INVALID_DID"
