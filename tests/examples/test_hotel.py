"""Checking a guest in: what is asked, what is kept, and for how long."""

from datetime import timedelta

import pytest
from yarl import URL

from doors.refusals import Refused
from tests.examples.conftest import Front
from tests.verifier.world import SUBJECT_CLAIMS
from verifier.request import ask


async def begun(front: Front) -> str:
    status, check_in = await front.post("/v1/check-ins")
    assert (status, check_in["state"]) == (201, "waiting")
    assert check_in["wallet_link"].startswith("openid4vp://")
    return str(check_in["id"])


async def test_a_guest_is_registered_once_and_the_line_says_when_it_goes(hotel_front: Front) -> None:
    check_in = await begun(hotel_front)
    assert (await hotel_front.get(f"/v1/check-ins/{check_in}"))[1]["state"] == "waiting"
    await hotel_front.shown_to_hotel(check_in)

    seen = [(await hotel_front.get(f"/v1/check-ins/{check_in}"))[1] for _ in range(2)]

    assert seen[0] == seen[1]
    assert (seen[0]["state"], seen[0]["guest"]) == ("registered", SUBJECT_CLAIMS["full_name"])
    assert seen[0]["number_ends"] == str(SUBJECT_CLAIMS["citizen_number"])[-4:]
    _, register = await hotel_front.get("/v1/register")
    (line,) = register["lines"]
    assert (line["registered_at"], line["delete_at"]) == ("2026-11-21T18:42:00Z", "2026-11-22T18:42:00Z")
    assert str(SUBJECT_CLAIMS["citizen_number"]) not in str(register)


async def test_the_line_is_gone_when_its_time_is_over(hotel_front: Front) -> None:
    check_in = await begun(hotel_front)
    await hotel_front.shown_to_hotel(check_in)
    await hotel_front.get(f"/v1/check-ins/{check_in}")

    hotel_front.world.now += timedelta(days=1)

    assert (await hotel_front.get("/v1/register"))[1] == {"lines": []}


async def test_a_guest_under_age_is_not_registered_without_a_guardian(hotel_front: Front) -> None:
    check_in = await begun(hotel_front)
    card = hotel_front.world.selective_card(claims={**SUBJECT_CLAIMS, "age_over_18": False})
    await hotel_front.shown_to_hotel(check_in, card=card)

    assert (await hotel_front.get(f"/v1/check-ins/{check_in}"))[1]["state"] == "guardian_needed"
    assert (await hotel_front.get("/v1/register"))[1] == {"lines": []}


async def test_a_revoked_card_leaves_no_line(hotel_front: Front) -> None:
    check_in = await begun(hotel_front)
    hotel_front.world.revoked.add(7)
    hotel_front.world.publish()
    with pytest.raises(Refused, match="status_revoked"):
        await hotel_front.shown_to_hotel(check_in)

    _, seen = await hotel_front.get(f"/v1/check-ins/{check_in}")
    assert (seen["state"], seen["code"], "guest" in seen) == ("refused", "status_revoked", False)
    assert (await hotel_front.get("/v1/register"))[1] == {"lines": []}


async def test_the_hotel_does_not_look_into_the_courts_sessions(hotel_front: Front) -> None:
    desk = hotel_front.desk
    session = ask(desk.policies["court"], identity=desk.identity, flow="cross_device", now=desk.clock(), random=desk.random)
    await desk.store.add(session)
    assert [(await hotel_front.get(f"/v1/check-ins/{name}"))[0] for name in (session.id, "vs_nobody")] == [404, 404]


async def test_a_verifier_that_is_gone_is_said_plainly(hotel_front: Front) -> None:
    check_in = await begun(hotel_front)
    hotel_front.desk.store.close()
    status, problem = await hotel_front.get(f"/v1/check-ins/{check_in}")
    assert (status, problem["code"]) == (502, "fetch_failed")


@pytest.mark.parametrize(("language", "word"), [("en", "Hotel check-in"), ("zh-CN", "酒店入住登记")])
async def test_the_page_says_what_is_asked_and_why(hotel_front: Front, language: str, word: str) -> None:
    answer = await hotel_front.client.get(f"/?lang={language}")
    page = await answer.text()
    assert (answer.status, word in page) == (200, True)
    policy = hotel_front.desk.policies["hotel"]
    assert all(attribute.why[language] in page for attribute in policy.credentials[0].attributes)
    for file in ("hotel.js", "court.js"):
        assert (await hotel_front.client.get(f"/static/examples/{file}")).status == 200


async def test_the_qr_code_comes_from_the_verifier(hotel_front: Front) -> None:
    answer = await hotel_front.client.get(f"/v1/check-ins/{await begun(hotel_front)}/qr")
    assert (answer.status, answer.content_type) == (200, "image/svg+xml")


@pytest.mark.parametrize(
    "name", ["%252e%252e/policies%3Fx=", "%252e%252e%2Fpolicies%3Fx=", "x%2F%252e%252e%2F%252e%252e%2Fpolicies%23", "x%3Fx="]
)
async def test_what_stands_for_a_session_leads_nowhere_else_in_the_verifier(hotel_front: Front, name: str) -> None:
    check_in = await begun(hotel_front)
    for path in (f"/v1/check-ins/{name}/qr", f"/v1/check-ins/{name}"):
        answer = await hotel_front.client.get(URL(path, encoded=True))
        assert (answer.status, (await answer.json())["code"]) == (404, "not_found")
    assert (await hotel_front.client.get(f"/v1/check-ins/{check_in}/qr")).status == 200
