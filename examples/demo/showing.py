"""Second part of the story: the card is shown to a hotel and to a court, and what is not in order is refused."""

import base64
import json
from typing import Any

from doors import base64url
from doors.json import JsonObject, parse_object
from examples.demo.calling import call
from examples.demo.enrolment import Scene
from examples.demo.house import APPLICATIONS, COURT, HOTEL, House
from examples.demo.telling import Step
from openid4vc.vp.request import PresentationRequest
from openid4vc.vp.response import response_body

FORM = "application/x-www-form-urlencoded"
PAPERS = {
    "statement_of_claim": ("statement of claim.txt", "起诉状：请求被告返还定金五百元。\n".encode()),
    "evidence_list": ("evidence.txt", "证据清单：一、收据一张。\n".encode()),
}
CLAIMS = (
    *("family_name", "given_name", "full_name", "birth_date", "sex", "nationality", "ethnicity", "resident_address", "citizen_number"),
    *("document_number", "issuing_authority", "issuance_date", "expiry_date", "portrait"),
    *("age_over_14", "age_over_16", "age_over_18", "age_over_21", "age_over_60"),
)
"""Everything the card says of a person."""


def show_hotel(scene: Scene, step: Step) -> None:
    house = scene.house
    begun = call("POST", _hotel(house, "/v1/check-ins")).json
    shown = set(house.wallet("present", begun["wallet_link"], "--yes", "--portrait").json["presented"])
    asked = set(house.attributes(HOTEL))
    step.expect(shown == asked, "exactly what the hotel's policy names", got=sorted(shown), service=HOTEL)
    step.say("hotel.shown", names=", ".join(name for name in CLAIMS if name in shown))
    step.say("hotel.kept_back", names=", ".join(name for name in CLAIMS if name not in shown))
    guest = call("GET", _hotel(house, f"/v1/check-ins/{begun['id']}")).json
    step.expect(guest["state"] == "registered", "the guest to be registered", got=guest["state"], service=APPLICATIONS[HOTEL])
    step.say("hotel.registered", name=guest["guest"], ends=guest["number_ends"], at=guest["registered_at"])
    lines = call("GET", _hotel(house, "/v1/register")).json["lines"]
    step.expect([line["guest"] for line in lines] == [guest["guest"]], "one line in the guest register", got=len(lines))
    step.say("hotel.deleted", at=lines[0]["delete_at"])
    seen = call("GET", f"{house.places[HOTEL].admin_url}/v1/verification-sessions/{begun['id']}", token=house.tokens[HOTEL]).json
    step.expect(set(seen["claims"]["guest"]) == asked, "the hotel to know nothing else", got=sorted(seen["claims"]["guest"]), service=HOTEL)


def file_case(scene: Scene, step: Step) -> None:
    house = scene.house
    scene.filing = call("POST", _court(house, "/v1/filings")).json["id"]
    early = call("POST", _court(house, f"/v1/filings/{scene.filing}/submit"))
    step.expect(
        (early.status, early.code) == (409, "state_conflict"), "an incomplete filing to be refused", got=early.status, service="court-app"
    )
    waiting = call("GET", _court(house, f"/v1/filings/{scene.filing}")).json
    step.say("court.incomplete", names=", ".join(waiting["missing"]))
    shown = house.wallet("present", waiting["wallet_link"], "--yes", "--portrait").json["presented"]
    step.say("court.shown", count=len(shown))
    for kind, (name, content) in PAPERS.items():
        kept = call(
            "POST", _court(house, f"/v1/filings/{scene.filing}/documents?kind={kind}&name={name.replace(' ', '%20')}"), body=content
        )
        step.expect(kept.status == 201, "the document to be taken", got=kept.status, service="court-app")
        step.say("court.document", name=name, sha256=kept.json["sha256"])
    filing = call("POST", _court(house, f"/v1/filings/{scene.filing}/submit")).json
    step.expect(
        filing.get("state") == "accepted" and bool(filing.get("number")), "a filing number", got=filing.get("detail"), service="court-app"
    )
    step.expect(filing["party"] == house.person["full_name"], "the party's name from the card")
    step.say("court.accepted", number=filing["number"], party=filing["party"])


def keep_case_file(scene: Scene, step: Step) -> None:
    """The court's own copy of everything it saw; the later acts need the presentation in it."""
    house = scene.house
    url = f"{house.places[COURT].admin_url}/v1/verification-sessions/{scene.filing}/case-file"
    reply = call("GET", url, token=house.tokens[COURT])
    shown: Any = reply.json["presentations"]["identity"][0]
    scene.case_file, scene.presentation, scene.nonce = reply.body, base64url.decode(shown["wire"]), reply.json["request"]["nonce"]
    house.data("case.json").write_bytes(scene.case_file)
    house.data("presentation.json").write_bytes(scene.presentation)
    stranger = call("GET", url)
    step.expect(stranger.status == 401, "nobody else to see the case file", got=stranger.status, service=COURT)
    reopened = house.stage.run("verifier", "casefile", "reopen", str(house.data("case.json")), "--json").json
    step.expect(reopened["verdict"] == "valid" and reopened["agrees"] is True, "the same verdict from the file alone", got=reopened["code"])
    step.say("case.kept", kilobytes=len(scene.case_file) // 1024, sha256=reply.json["sha256"])


def refuse_replay(scene: Scene, step: Step) -> None:
    """A thief who got hold of the very presentation that the court accepted shows it again: to the same session, and to a new one."""
    house = scene.house
    opened = call("POST", _sessions(house), token=house.tokens[COURT], order={"policy": "court"}).json
    request = PresentationRequest.parse(_members(call("GET", opened["request_uri"]).body))
    answer = response_body({"identity": (scene.presentation,)}, request=request)
    reply = call("POST", request.destination, body=answer, content_type=FORM)
    step.expect(reply.code == "nonce_mismatch", "nonce_mismatch", got=reply.code or reply.status, service=COURT)
    step.refused(reply.code)
    again = call("POST", request.destination.replace(opened["id"], scene.filing), body=answer, content_type=FORM)
    step.expect(again.code == "session_consumed", "session_consumed", got=again.code or again.status, service=COURT)
    step.refused(again.code)
    seen = call("GET", f"{_sessions(house)}/{opened['id']}", token=house.tokens[COURT]).json
    step.expect(seen["verdict"] == "invalid" and "claims" not in seen, "no verdict but invalid, and no claims", got=seen["verdict"])
    step.say("verdict", word=seen["explanations"][step.language]["word"], sentence=seen["explanations"][step.language]["sentence"])


def refuse_tampered(scene: Scene, step: Step) -> None:
    """One character of one attribute is changed; beside it the same presentation unchanged, which holds."""
    untouched = _judge(scene, scene.presentation)
    step.expect(untouched["verdict"] == "valid", "the presentation as it was to hold", got=untouched["code"], service=COURT)
    changed: Any = parse_object(scene.presentation)
    card = changed["verifiableCredential"]
    card = card[0] if isinstance(card, list) else card
    card["credentialSubject"]["birth_date"] = "1900" + card["credentialSubject"]["birth_date"][4:]
    judged = _judge(scene, json.dumps(changed).encode())
    step.expect((judged["verdict"], judged["code"]) == ("invalid", "sig_invalid"), "sig_invalid", got=judged["code"], service=COURT)
    step.expect("claims" not in judged, "no claims of what was not signed")
    step.refused(judged["code"])
    step.say(
        "tampered.checks", names=", ".join(f"{check['name']} {'✓' if check['outcome'] == 'passed' else '✗'}" for check in judged["checks"])
    )


def _judge(scene: Scene, presentation: bytes) -> JsonObject:
    house = scene.house
    order = {"policy": "court", "presentation": json.loads(presentation), "nonce": scene.nonce, "audience": house.names[COURT]}
    return call("POST", f"{house.places[COURT].admin_url}/v1/verify", token=house.tokens[COURT], order=order).json


def _members(request_object: bytes) -> JsonObject:
    """What a request object asks, as anyone who intercepts it can read."""
    payload = request_object.split(b".")[1]
    return parse_object(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))


def _sessions(house: House) -> str:
    return f"{house.places[COURT].admin_url}/v1/verification-sessions"


def _hotel(house: House, path: str) -> str:
    return house.places[APPLICATIONS[HOTEL]].url + path


def _court(house: House, path: str) -> str:
    return house.places[APPLICATIONS[COURT]].url + path


def check_in(house: House) -> tuple[JsonObject, int]:
    """A check-in that the wallet answers: how the hotel sees it, and the wallet's exit status."""
    begun = call("POST", _hotel(house, "/v1/check-ins")).json
    status = house.wallet("present", begun["wallet_link"], "--yes", "--portrait", expect=None).status
    return call("GET", _hotel(house, f"/v1/check-ins/{begun['id']}")).json, status
