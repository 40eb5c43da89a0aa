"""First part of the story: the offices open, a person is enrolled by face and document, and the card reaches their wallet."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from doors.json import JsonObject
from examples.demo.calling import Reply, call
from examples.demo.house import COURT, HOTEL, ISSUER, REGISTER, TRUST, House, make_wallet, publish_trust_list, set_up, wait_for_all
from examples.demo.telling import Step

FORMATS = ("ldp_vc", "dc+sd-jwt")


@dataclass(frozen=True, slots=True)
class Photographs:
    """The pictures of the story: the document's portrait, a selfie of the same person, and one of somebody else."""

    portrait: bytes
    selfie: bytes
    stranger: bytes


@dataclass(slots=True)
class Scene:
    """What the acts hand on to each other."""

    house: House
    photographs: Photographs
    application_id: str = ""
    cards: tuple[str, ...] = ()
    guest_session: str = ""
    filing: str = ""
    case_file: bytes = b""
    presentation: bytes = b""
    nonce: str = ""


def publish_list(scene: Scene, step: Step) -> None:
    """Everybody makes their keys; the operator of the trust list lists, signs and publishes them."""
    house = scene.house
    set_up(house)
    listed = publish_trust_list(house)
    step.expect(len(listed["issuers"]) == 1 and len(listed["relying_parties"]) == 2, "one issuer and two relying parties on the list")
    step.say("list.signed", anchor=house.anchor)
    step.say("list.issuer", issuer=house.names[ISSUER])
    for desk in (HOTEL, COURT):
        step.say("list.party", name=listed_name(listed, house.names[desk], step.language), count=len(house.attributes(desk)))
    house.stage.wait_for(TRUST)


def open_offices(scene: Scene, step: Step) -> None:
    wait_for_all(scene.house)
    for name in (REGISTER, ISSUER, HOTEL, COURT):
        place = scene.house.places[name]
        reply = call("GET", f"{place.admin_url}/health/ready")
        step.expect(reply.status == 200, f"{name} to be ready", got=reply.json, service=name)
        step.say(f"office.{name}", url=place.url)
    step.say("offices.person", name=scene.house.person["full_name"])


def listed_name(listed: JsonObject, client_id: str, language: str) -> str:
    return next(str(party["name"][language]) for party in listed["relying_parties"] if party["client_id"] == client_id)


def open_wallet(scene: Scene, step: Step) -> None:
    made = make_wallet(scene.house)
    mode = scene.house.data("wallet").stat().st_mode & 0o777
    step.expect(bool(made["believes"]) and mode == 0o600, "a wallet that only its owner can read", got=oct(mode))
    step.say("wallet.made")


def refuse_stranger(scene: Scene, step: Step) -> None:
    reply = _enrol(scene, selfie=scene.photographs.stranger)
    step.expect((reply.status, reply.code) == (422, "face_mismatch"), "face_mismatch", got=reply.code or reply.status, service=ISSUER)
    step.refused(reply.code)


def refuse_copy(scene: Scene, step: Step) -> None:
    reply = _enrol(scene, selfie=scene.photographs.portrait)
    step.expect(reply.status == 422 and reply.code == "liveness_failed", "liveness_failed", got=reply.code or reply.status, service=ISSUER)
    step.refused(reply.code)


def enrol(scene: Scene, step: Step) -> None:
    reply = _enrol(scene, selfie=scene.photographs.selfie)
    step.expect(reply.status == 201, "the person to be enrolled", got=reply.json, service=ISSUER)
    scene.application_id = reply.json["id"]
    for entry in reply.json["evidence"]:
        step.say("evidence", what=", ".join(f"{name}: {value}" for name, value in _plain(entry).items()))
    step.expect(len(reply.json["evidence"]) >= 2, "evidence of the face and of the register")


def receive_cards(scene: Scene, step: Step) -> None:
    house = scene.house
    offer = call(
        "POST", f"{house.places[ISSUER].admin_url}/v1/offers", token=house.tokens[ISSUER], order={"application_id": scene.application_id}
    )
    step.expect(offer.status == 201, "an offer", got=offer.json, service=ISSUER)
    received = house.wallet("receive", offer.json["reference_link"], "--tx-code", offer.json["tx_code"]).json
    formats = sorted(card["format"] for card in received["received"])
    step.expect(
        formats == sorted(FORMATS) and not received["deleted"], "a card in two formats", got=received["deleted"] or formats, service=ISSUER
    )
    for card in received["received"]:
        step.say("card", title=card["title"][step.language], format=card["format"], until=card["valid_until"])
    again = house.wallet("receive", offer.json["reference_link"], "--tx-code", offer.json["tx_code"], expect=None)
    step.expect(again.status != 0, "the offer to be good once", got=again.status)
    step.expect("invalid_grant" in again.err, "invalid_grant", got=again.err.strip()[-200:])
    step.refused("invalid_grant")


def _enrol(scene: Scene, *, selfie: bytes) -> Reply:
    """What the officer's desk sends: the typed fields, the consent, both pictures."""
    house, given_at = scene.house, datetime.now(UTC) - timedelta(seconds=1)
    order = {
        "document": _document(house.person),
        "consent": {"notice": "face-comparison-2026-1", "given_by": "self", "given_at": given_at.isoformat()},
        "portrait": base64.b64encode(scene.photographs.portrait).decode(),
        "selfie": base64.b64encode(selfie).decode(),
    }
    return call("POST", f"{house.places[ISSUER].admin_url}/v1/applications", token=house.tokens[ISSUER], order=order)


def _document(person: JsonObject) -> JsonObject:
    """The invented person's ID card, as the officer types it."""
    today = datetime.now(UTC).date()
    kept = {name: value for name, value in person.items() if name != "validity"}
    return {
        **kept,
        "nationality": "CN",
        "document_number": person["citizen_number"],
        "issuing_authority": "虎符市公安局样本分局",
        "issuance_date": today.replace(year=today.year - 3, day=1).isoformat(),
        "expiry_date": today.replace(year=today.year + 7, day=1).isoformat(),
    }


def _plain(entry: JsonObject) -> JsonObject:
    """The members of an Evidence entry that read well in one line."""
    return {name: value for name, value in entry.items() if isinstance(value, str | int | float) and len(str(value)) <= 40}
