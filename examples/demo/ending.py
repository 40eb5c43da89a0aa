"""Third part of the story: the network goes, and verdicts go on; the card is lost and revoked, and nobody takes it any more."""

import json
from pathlib import Path

from doors.json import JsonObject
from examples.demo.calling import call
from examples.demo.enrolment import Scene
from examples.demo.house import COURT, HOTEL, ISSUER, TRUST, House, start_issuer, start_trust
from examples.demo.showing import check_in
from examples.demo.stage import answers
from examples.demo.telling import Step

LONGEST = 90
SECRETS = ("full_name", "citizen_number", "resident_address", "birth_date")


def make_pack(scene: Scene, step: Step) -> None:
    house = scene.house
    made = house.stage.run("verifier", "pack", "--out", str(_pack(house)), "--data-dir", str(house.data(COURT)), "--json").json
    held: JsonObject = made["holds"]
    step.expect({"trust-list", "did-document", "status-list"} <= set(held), "trust list, keys and status lists in the pack", got=held)
    step.say(
        "pack.made",
        kilobytes=made["bytes"] // 1024,
        holds=", ".join(f"{count} {kind}" for kind, count in held.items()),
        until=made["expires_at"],
    )


def judge_offline(scene: Scene, step: Step) -> None:
    """Issuer and trust list are really gone; without them the same file is judged from the pack, and not at all without a pack."""
    house = scene.house
    house.stage.stop(ISSUER)
    house.stage.stop(TRUST)
    gone = [name for name in (ISSUER, TRUST) if not answers(house.places[name].port)]
    step.expect(gone == [ISSUER, TRUST], "issuer and trust list to be gone", got=gone)
    step.say("offline.gone")
    told, bare = _verify(house, ("--pack", str(_pack(house)), "--offline"), ())
    step.expect((told[0], told[1]["verdict"]) == (0, "valid"), "valid and exit status 0", got=told[1]["code"] or told[0])
    step.say("offline.valid", age=told[1]["data_age_seconds"])
    step.expect(
        (bare[0], bare[1]["verdict"]) == (5, "undecided"), "undecided and exit status 5 without a pack", got=bare[1]["code"] or bare[0]
    )
    step.say("offline.undecided", code=bare[1]["code"])


def revoke(scene: Scene, step: Step) -> None:
    house = scene.house
    start_issuer(house)
    start_trust(house)
    house.stage.wait_for(ISSUER, TRUST)
    step.say("revoke.back")
    admin, token = house.places[ISSUER].admin_url, house.tokens[ISSUER]
    listed = call("GET", f"{admin}/v1/credentials?application_id={scene.application_id}", token=token).json["credentials"]
    step.expect(len(listed) == 2, "two cards on record", got=len(listed), service=ISSUER)
    for card in listed:
        revoked = call("POST", f"{admin}/v1/credentials/{card['id']}/revoke", token=token, order={"reason": "document_lost"})
        step.expect(
            revoked.status == 200 and revoked.json["status"] == "revoked", "the card to be revoked", got=revoked.json, service=ISSUER
        )
        step.say("revoked", configuration=card["configuration"], reason=revoked.json["status_reason"])


def refuse_revoked(scene: Scene, step: Step) -> None:
    seen, status = check_in(scene.house)
    step.expect((seen["state"], seen.get("code")) == ("refused", "status_revoked"), "status_revoked", got=seen.get("code"), service=HOTEL)
    step.expect(status != 0, "the wallet to be told that it was refused", got=status)
    step.say("revoked.hotel", code=seen["code"])
    ((status, told),) = _verify(scene.house, ())
    step.expect((status, told["code"]) == (4, "status_revoked"), "exit status 4 for what was shown before, too", got=told["code"] or status)
    step.say("revoked.court", code=told["code"])
    cards = scene.house.wallet("list", "--check").rows
    standings = {card["standing"] for card in cards} if isinstance(cards, list) else set()
    step.expect(standings == {"status_revoked"}, "the wallet to know it", got=standings)
    step.say("revoked.wallet")


def look_back(scene: Scene, step: Step) -> None:
    """The filing stays good: the case file gives the verdict of its own moment."""
    told = scene.house.stage.run("verifier", "casefile", "reopen", str(scene.house.data("case.json")), "--json").json
    step.expect(told["verdict"] == "valid" and told["agrees"] is True, "the verdict of that moment", got=told["code"])
    step.say("case.then", at=told["recorded"]["at"])


def read_log(scene: Scene, step: Step) -> None:
    house = scene.house
    rows = house.wallet("log").rows
    lines = rows if isinstance(rows, list) else []
    text = json.dumps(lines, ensure_ascii=False)
    step.expect(len(lines) >= 5, "every transaction in the wallet's log", got=len(lines))
    step.expect(not any(str(house.person[name]) in text for name in SECRETS), "names of attributes and no values in the log")
    for line in reversed(lines):
        names, outcome = ", ".join(line["attributes"]), line["outcome"] or "ok"
        shown = names if len(names) <= LONGEST else step.word("log.many", count=len(line["attributes"]))
        step.say("log.line", act=step.word(f"act.{line['act']}"), name=line["name"][step.language], names=shown, outcome=outcome)


def check_journal(scene: Scene, step: Step) -> None:
    house = scene.house
    whose = (("issuer", ISSUER), ("verifier", COURT))
    commands = [(role, "journal", "verify", "--data-dir", str(house.data(name)), "--json") for role, name in whose]
    issuer, court = (answered.json for answered in house.stage.run_all(commands))
    step.expect(issuer["entries"] > 0 and court["entries"] > 0, "entries in both journals")
    step.say("journals", issuer=issuer["entries"], court=court["entries"])


def _pack(house: House) -> Path:
    return house.data("court.pack")


def _verify(house: House, *ways: tuple[str, ...]) -> list[tuple[int, JsonObject]]:
    """What the verifier's command says, each way, of the presentation that the court was shown."""
    nonce = json.loads(house.data("case.json").read_bytes())["request"]["nonce"]
    what = ("verifier", "verify", str(house.data("presentation.json")), "--policy", str(house.data("court.toml")))
    whose = ("--nonce", nonce, "--data-dir", str(house.data(COURT)), "--json")
    return [(told.status, told.json) for told in house.stage.run_all([(*what, *whose, *how) for how in ways], expect=None)]
