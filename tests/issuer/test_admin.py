"""The office's own people at work, over HTTP, with the real face check once."""

import asyncio
import base64
import json

import pytest
from aiohttp import FormData
from openapi_spec_validator import OpenAPIV31SpecValidator

from credentials.keys import generate_key
from issuer.scopes import Scope
from runtime.clock import rfc3339
from tests.issuer.service import LDP, AgreeingRegister, Service, running
from tests.issuer.world import START, citizen_number, id_document
from tests.shared import SHARED, needs_shared


def fields(order: int = 1) -> dict:
    return id_document(order).claims()


def consent_given() -> dict:
    return {"notice": "face-1", "given_by": "self", "given_at": rfc3339(START)}


def in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def application(portrait: bytes, selfie: bytes) -> dict:
    return {"document": fields(), "consent": consent_given(), "portrait": in_base64(portrait), "selfie": in_base64(selfie)}


@pytest.mark.parametrize(
    "header", ["Content-Disposition\xf2 form-data", "X: " + "a" * 9000, "no header", "X: a\0b", "Content-Type: multipart/mixed"]
)
async def test_a_form_that_is_damaged_is_told_so(service: Service, header: str) -> None:
    body = f'--B\r\n{header}\r\nContent-Disposition: form-data; name="application"\r\n\r\n{{}}\r\n--B--\r\n'.encode("latin-1")
    kind = {"Content-Type": "multipart/form-data; boundary=B"}
    answer = await service.admin("POST", "/v1/applications", data=body, headers=kind)
    assert (answer.status, answer.code) == (400, "input_malformed")


def photo(name: str) -> bytes:
    return (SHARED / "faces" / "img" / name).read_bytes()


@needs_shared
async def test_a_person_is_enrolled_with_real_pictures_and_gets_the_card_with_the_portrait(tmp_path) -> None:
    async with running(tmp_path, register=AgreeingRegister(id_document()), portrait_on_card=True) as service:
        form = FormData()
        form.add_field("application", json.dumps({"document": fields(), "consent": consent_given()}), content_type="application/json")
        form.add_field("portrait", photo("p01_1.jpg"), filename="portrait.jpg", content_type="image/jpeg")
        form.add_field("selfie", photo("p01_2.jpg"), filename="selfie.jpg", content_type="image/jpeg")
        enrolled = await service.admin("POST", "/v1/applications", data=form)
        assert enrolled.status == 201, enrolled.json
        assert {kind for entry in enrolled.json["evidence"] for kind in entry["type"]} >= {"FaceCheckEvidence", "RegisterCheckEvidence"}
        other = await service.admin("POST", "/v1/applications", json=application(photo("p01_1.jpg"), photo("p04_1.jpg")))
        assert (other.status, other.code) == (422, "face_mismatch")
        access = await service.access(application_id=enrolled.json["id"])
        answer = await service.fetch(access, generate_key("EdDSA"))
        assert answer.status == 200, answer.json
        subject = answer.json["credentials"][0]["credential"]["credentialSubject"]
        assert subject["portrait"].startswith("data:image/jpeg;base64,")
        content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert photo("p01_1.jpg")[1000:1100] not in content
        assert base64.b64decode(subject["portrait"].partition(",")[2])[200:300] not in content


async def test_a_credential_is_found_by_number_suspended_restored_and_revoked(service: Service) -> None:
    credential_id = await service.issued()
    found = await service.admin("POST", "/v1/credentials/search", json={"citizen_number": citizen_number()})
    assert [one["id"] for one in found.json["credentials"]] == [credential_id]
    for change, status in (("suspend", "suspended"), ("restore", "valid"), ("revoke", "revoked")):
        answer = await service.admin("POST", f"/v1/credentials/{credential_id}/{change}", json={"reason": "investigation"})
        assert (answer.status, answer.json["status"]) == (200, status)
    listed = await service.admin("GET", "/v1/credentials", params={"status": "revoked"})
    assert [one["id"] for one in listed.json["credentials"]] == [credential_id]
    assert (await service.admin("GET", f"/v1/credentials/{credential_id}")).json == listed.json["credentials"][0]


async def test_a_long_list_is_read_page_by_page(service: Service) -> None:
    made = [await service.issued(order=order) for order in (1, 2, 3)]
    first = (await service.admin("GET", "/v1/credentials", params={"limit": "2"})).json
    second = (await service.admin("GET", "/v1/credentials", params={"limit": "2", "after": first["after"]})).json
    assert [one["id"] for page in (first, second) for one in page["credentials"]] == made
    assert second["after"] == ""


async def test_who_withdraws_is_forgotten(service: Service) -> None:
    application_id = await service.applicant()
    assert (await service.admin("POST", f"/v1/applications/{application_id}/withdraw")).status == 204
    assert (await service.admin("GET", f"/v1/applications/{application_id}")).json["state"] == "erased"
    offer = await service.admin("POST", "/v1/offers", json={"application_id": application_id})
    assert (offer.status, offer.code) == (409, "state_conflict")


async def test_who_withdraws_between_offer_and_card_gets_no_card(service: Service) -> None:
    application_id = await service.applicant()
    access = await service.access(application_id=application_id)
    await service.admin("POST", f"/v1/applications/{application_id}/withdraw")
    answer = await service.fetch(access, generate_key("EdDSA"))
    assert (answer.status, answer.code) == (403, "credential_request_denied")


async def test_the_journal_is_read_and_verified(service: Service) -> None:
    await service.issued()
    head = await service.admin("POST", "/v1/journal/verify")
    entries = (await service.admin("GET", "/v1/journal")).json["entries"]
    assert head.json["entry"] == len(entries)
    assert [entry["act"] for entry in entries] == ["application.prove", "offer.make", "offer.redeem", "credential.record"]
    assert citizen_number() not in json.dumps(entries)


async def test_an_offer_is_followed_to_its_end(service: Service) -> None:
    offer = await service.offer()
    assert (await service.admin("GET", f"/v1/offers/{offer['id']}")).json["state"] == "open"
    await service.redeem(service.code(offer))
    assert (await service.admin("GET", f"/v1/offers/{offer['id']}")).json["state"] == "redeemed"


async def test_the_api_is_described_and_the_description_is_valid(service: Service) -> None:
    for base, count in ((service.admin_url, 15), (service.url, 12)):
        async with service.session.get(f"{base}/openapi.json") as response:
            description = await response.json()
        OpenAPIV31SpecValidator(description).validate()
        assert len(description["paths"]) >= count - 3


async def test_the_office_says_that_it_lives_and_can_work(service: Service) -> None:
    assert (await service.admin("GET", "/health/live", token="")).status == 200
    ready = await service.admin("GET", "/health/ready", token="")
    assert (ready.status, ready.json["status"]) == (200, "ready")
    assert set(ready.json["checks"]) == {"store", "clock", "keys", "status_lists"}
    assert (await service.admin("GET", "/metrics", token="")).status == 200


async def test_the_clock_behind_the_journal_stops_the_signing(service: Service) -> None:
    access, key = await service.access(), generate_key("EdDSA")
    service.clock.forward(hours=-1)
    answer = await service.fetch(access, key)
    assert (answer.status, answer.code) == (503, "clock_behind")
    assert (await service.admin("GET", "/health/ready", token="")).json["checks"]["clock"] == "clock_behind"


@pytest.mark.parametrize("scope", list(Scope))
async def test_every_route_declares_a_scope_or_tells_nothing(service: Service, scope: Scope) -> None:
    open_routes = {route.path for route in service.admin_routes if not route.scope}
    assert open_routes == {"/health/live", "/health/ready", "/version", "/metrics", "/openapi.json", "/docs", "/static/{package}/{file}"}
    assert {route.scope for route in service.admin_routes if route.scope} == {str(one) for one in Scope}
    assert scope in {route.scope for route in service.admin_routes}


async def test_many_desks_at_once_get_each_their_own_credential(service: Service) -> None:
    applicants = [await service.applicant(order) for order in range(1, 9)]
    accesses = [await service.access(application_id=one) for one in applicants]
    answers = await asyncio.gather(*(service.fetch(access, generate_key("EdDSA"), configuration=LDP) for access in accesses))
    assert {answer.status for answer in answers} == {200}
    entries = [answer.json["credentials"][0]["credential"]["credentialStatus"][0]["statusListIndex"] for answer in answers]
    assert len(set(entries)) == len(entries)
