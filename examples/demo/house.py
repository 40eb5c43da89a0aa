"""The house of the demo: who lives at which address, with throw-away keys made by each service's own commands."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from secrets import token_urlsafe

from credentials.id_card import ID_CARD_VCT
from doors.json import JsonObject
from examples.demo.stage import Answered, Stage, free_ports

ISSUER, REGISTER, TRUST, HOTEL, COURT = "issuer", "register", "trust", "hotel", "court"
APPLICATIONS = {HOTEL: "hotel-app", COURT: "court-app"}
"""The example application in front of each desk."""
PEOPLE = 10
STATUS_SECONDS = 1
"""How old a status list may be before a desk of the demo looks for a newer one; a minute is the rule, and too long for a story."""
_NAMES = {
    HOTEL: ("Tally Hotel", "虎符宾馆", "Guest registration", "旅客住宿登记"),
    COURT: ("Tally District Court", "虎符区人民法院", "Filing of cases", "立案"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A service on this machine: its public port and the one for its own people."""

    port: int
    admin_port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def admin_url(self) -> str:
        return f"http://127.0.0.1:{self.admin_port}"


@dataclass(slots=True)
class House:
    """What the story needs to know of the services: addresses, tokens, and the one person who is to be enrolled."""

    stage: Stage
    places: dict[str, Place]
    tokens: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    person: JsonObject = field(default_factory=dict)
    anchor: str = ""

    def data(self, name: str) -> Path:
        return self.stage.folder / name

    def wallet(self, *arguments: str, expect: frozenset[int] | None = frozenset({0})) -> Answered:
        """A command of the person's wallet."""
        verb, *rest = arguments
        network = ("--development",) if verb in {"receive", "present", "list"} else ()
        return self.stage.run("wallet", verb, *rest, "--wallet", str(self.data("wallet")), *network, "--json", expect=expect)

    def attributes(self, desk: str) -> list[str]:
        """What the desk's policy names, as its verifier's file has it."""
        return [line.split('"')[-2] for line in policy_text(desk).splitlines() if line.startswith("path = ")]


def house_on(stage: Stage) -> House:
    names = (ISSUER, REGISTER, HOTEL, COURT, TRUST, *APPLICATIONS.values(), "wallet", "page")
    ports = iter(free_ports(2 * len(names)))
    return House(stage, {name: Place(next(ports), next(ports)) for name in names})


def policy_text(desk: str) -> str:
    """The shipped policy, which looks for new status lists sooner than it would."""
    shipped = resources.files("verifier").joinpath("policies", f"{desk}.toml").read_text("utf-8")
    return shipped.replace("[trust]\n", f"[trust]\nrefetch_status_after_seconds = {STATUS_SECONDS}\n", 1)


def set_up(house: House) -> None:
    """Keys, databases and settings of every service, side by side where they do not wait for each other; then they start."""
    house.anchor = house.stage.run("trust", "init", str(house.data(TRUST)), "--json").json["anchor"]
    makers: tuple[Callable[[], None], ...] = (
        lambda: _make_register(house),
        lambda: _make_issuer(house),
        lambda: _make_desk(house, HOTEL),
        lambda: _make_desk(house, COURT),
    )
    _side_by_side(makers)
    start_all(house)


def start_all(house: House) -> None:
    """Start the register, the issuer, the desks and the applications before them; ``wait_for_all`` waits until they are ready."""
    start_register(house)
    start_issuer(house)
    for desk, application in APPLICATIONS.items():
        house.stage.start(desk, "verifier", "serve", "--data-dir", str(house.data(desk)), "--desk-link")
        place = house.places[application]
        here = ("--verifier", house.places[desk].admin_url, "--token-file", str(house.data(f"{desk}-token")))
        house.stage.start(application, f"examples.{desk}", *here, "--data-dir", str(house.data(application)), "--port", str(place.port))


def wait_for_all(house: House) -> None:
    house.stage.wait_for(REGISTER, ISSUER, HOTEL, COURT, *APPLICATIONS.values())


def start_register(house: House) -> None:
    place = house.places[REGISTER]
    ports = ("--port", str(place.port), "--admin-port", str(place.admin_port), "--public-url", place.url)
    house.stage.start(REGISTER, "proofing.register", "serve", "--data", str(house.data(REGISTER)), "--environment", "development", *ports)


def start_issuer(house: House) -> None:
    place = house.places[ISSUER]
    ports = ("--port", str(place.port), "--admin-port", str(place.admin_port))
    house.stage.start(ISSUER, "issuer", "serve", "--data-dir", str(house.data(ISSUER)), *ports)


def publish_trust_list(house: House) -> JsonObject:
    """List the issuer and both desks, sign the list, and serve it; the list as anyone can check it."""
    folder, place = str(house.data(TRUST)), house.places[ISSUER]
    house.stage.run(
        *("trust", "add-issuer", folder, "--identifier", house.names[ISSUER], "--identifier", place.url, "--type", ID_CARD_VCT),
        *("--name-en", "Tally Registry", "--name-zh", "虎符户籍登记处"),
    )
    for desk, (english, chinese, purpose, reason) in _NAMES.items():
        wanted = [word for name in house.attributes(desk) for word in ("--attribute", f"{ID_CARD_VCT}#{name}")]
        house.stage.run(
            *("trust", "add-relying-party", folder, "--client-id", house.names[desk], *wanted),
            *("--name-en", english, "--name-zh", chinese, "--purpose-en", purpose, "--purpose-zh", reason),
        )
    house.stage.run("trust", "sign", folder, "--days", "1")
    start_trust(house)
    return house.stage.run("trust", "show", f"{folder}/trust-list.jwt", "--anchor", house.anchor, "--json").json


def start_trust(house: House) -> None:
    house.stage.start(TRUST, "trust", "serve", str(house.data(TRUST)), "--port", str(house.places[TRUST].port))


def make_wallet(house: House) -> JsonObject:
    """A wallet that believes whom the trust list names, and stays unlocked while the story lasts."""
    believes = house.data("wallet-trust.toml")
    listed = f"[trust_list]\nurl = {json.dumps(_trust_list_url(house))}\nanchors = [{json.dumps(house.anchor)}]\n"
    believes.write_text(f'types = [{json.dumps(ID_CARD_VCT)}]\nissuers = ["*"]\n{listed}', "utf-8")
    _keep_secret(house.data("passphrase"), token_urlsafe(12))
    secret = ("--passphrase-file", str(house.data("passphrase")))
    made = house.wallet("init", "--trust", str(believes), *secret).json
    house.wallet("unlock", "--minutes", "60", *secret)
    return made


def _make_register(house: House) -> None:
    folder = str(house.data(REGISTER))
    seeded = house.stage.run("proofing.register", "seed", "--data", folder, "--count", str(PEOPLE)).out
    house.person = next(each for each in map(json.loads, seeded.splitlines()) if "1960" <= each["birth_date"] < "2000")
    token = house.stage.run("proofing.register", "token", "--data", folder, "--name", "issuer").out
    _keep_secret(house.data("register-token"), token.strip())


def _make_issuer(house: House) -> None:
    named = ("--name-en", "Tally Registry", "--name-zh", "虎符户籍登记处", "--environment", "development", "--json")
    made = house.stage.run("issuer", "init", "--data-dir", str(house.data(ISSUER)), "--public-url", house.places[ISSUER].url, *named).json
    house.tokens[ISSUER], house.names[ISSUER] = made["token"], made["did"]
    with (house.data(ISSUER) / "issuer.toml").open("a", encoding="utf-8") as file:
        file.write(f"register_url = {json.dumps(house.places[REGISTER].url)}\nportrait_on_card = true\n")
        file.write(f"register_token_file = {json.dumps(str(house.data('register-token')))}\n")


def _make_desk(house: House, desk: str) -> None:
    """A verifier of one policy, with a token for the application before it."""
    place, folder, policy = house.places[desk], house.data(desk), house.data(f"{desk}.toml")
    policy.write_text(policy_text(desk), "utf-8")
    listed = ("--trust-list", _trust_list_url(house), "--anchor", house.anchor, "--environment", "development", "--json")
    made = house.stage.run("verifier", "init", "--data-dir", str(folder), "--public-url", place.url, *listed).json
    house.tokens[desk], house.names[desk] = made["token"], made["client_id"]
    _keep_secret(house.data(f"{desk}-token"), made["token"])
    with (folder / "verifier.toml").open("a", encoding="utf-8") as file:
        file.write(f"port = {place.port}\nadmin_port = {place.admin_port}\npolicies = [{json.dumps(str(policy))}]\n")


def _trust_list_url(house: House) -> str:
    return f"{house.places[TRUST].url}/trust-list.jwt"


def _keep_secret(path: Path, secret: str) -> None:
    path.touch(mode=0o600)
    path.write_text(secret, "ascii")


def _side_by_side(makers: tuple[Callable[[], None], ...]) -> None:
    with ThreadPoolExecutor(len(makers)) as pool:
        for made in [pool.submit(make) for make in makers]:
            made.result()
