"""After the story: the pages stay open until Ctrl-C, and their addresses are printed."""

import contextlib
import json
import signal
import socket
from collections.abc import Mapping

import segno

from doors.json import JsonObject
from examples.demo.calling import call
from examples.demo.enrolment import Scene
from examples.demo.house import APPLICATIONS, COURT, HOTEL, ISSUER, House
from examples.demo.stage import Unexpected
from examples.demo.telling import Teller

WALLET, PAGE = "wallet", "page"


def stay(teller: Teller, scene: Scene, *, lan: bool) -> None:
    """Open the wallet's page and the page of the four roles beside everything that runs, and wait for Ctrl-C."""
    house = scene.house
    places, name = _places(house), _own_name() if lan else "127.0.0.1"
    told = {"roles": _shown(places, lan=lan), "steps": [step.to_json() for step in teller.told]}
    house.data("story.json").write_text(json.dumps(told), "utf-8")
    wallet, page = house.places[WALLET], house.places[PAGE]
    house.stage.start(WALLET, "wallet", "serve", "--wallet", str(house.data("wallet")), "--port", str(wallet.port), "--development")
    listening = ("--host", "0.0.0.0" if lan else "127.0.0.1", "--port", str(page.port), "--name", name)  # noqa: S104 - asked for by --lan
    house.stage.start(PAGE, "examples.demo.page", "--story", str(house.data("story.json")), *listening)
    house.stage.wait_for(WALLET, PAGE)
    _print(teller, house, places, f"http://{name}:{page.port}/")
    _offer_again(teller, scene)
    if lan:
        _invite(teller, f"http://{name}:{page.port}/")
    teller.line(f"\n{teller.say('stay.until')}")
    with contextlib.suppress(KeyboardInterrupt):
        _wait()


def _places(house: House) -> Mapping[str, list[JsonObject]]:
    """Whose pages lie where; the desks' links hold a token, as `verifier serve --desk-link` prints them."""
    issuer = house.places[ISSUER]
    desks = {desk: house.stage.said(desk, "desk") for desk in (HOTEL, COURT)}
    return {
        ISSUER: [{"name": "issuer", "url": f"{issuer.url}/docs"}, {"name": "issuer-admin", "url": f"{issuer.admin_url}/docs"}],
        WALLET: [{"name": "wallet", "url": f"{house.places[WALLET].url}/"}],
        HOTEL: [{"name": "hotel-app", "url": f"{house.places[APPLICATIONS[HOTEL]].url}/"}, {"name": "hotel", "url": desks[HOTEL]}],
        COURT: [{"name": "court-app", "url": f"{house.places[APPLICATIONS[COURT]].url}/"}, {"name": "court", "url": desks[COURT]}],
    }


def _shown(places: Mapping[str, list[JsonObject]], *, lan: bool) -> list[JsonObject]:
    """The roles with their links; what the local network may read holds no token."""

    def link(url: str) -> str:
        return url.partition("#")[0] if lan else url

    return [
        {"name": role, "places": [{"name": place["name"], "url": link(place["url"])} for place in here]} for role, here in places.items()
    ]


def _offer_again(teller: Teller, scene: Scene) -> None:
    """The story ends with revoked cards; whoever stays gets an offer of new ones, to try the pages with."""
    house = scene.house
    url, token = f"{house.places[ISSUER].admin_url}/v1/offers", house.tokens[ISSUER]
    offer = call("POST", url, token=token, order={"application_id": scene.application_id})
    if offer.status != 201:
        raise Unexpected(f"expected an offer of new cards, got {offer.code}", service=ISSUER)
    teller.line(f"\n{teller.say('stay.offer', code=offer.json['tx_code'])}")
    teller.line(f"  {offer.json['reference_link']}")


def _print(teller: Teller, house: House, places: Mapping[str, list[JsonObject]], page: str) -> None:
    teller.line(f"\n{teller.say('stay.pages')}")
    teller.line(f"  {teller.say('place.page')}: {page}")
    for here in places.values():
        for place in here:
            teller.line(f"  {teller.say('place.' + place['name'])}: {place['url']}")
    teller.line(f"  {teller.say('stay.passphrase', passphrase=house.data('passphrase').read_text('ascii'))}")


def _invite(teller: Teller, address: str) -> None:
    """A QR code for a phone, and what it means that the page is open to the network."""
    teller.line(f"\n{teller.say('stay.lan', address=address)}")
    segno.make(address, micro=False).terminal(out=teller.out, compact=True, border=2)


def _own_name() -> str:
    """This machine's address in the local network; nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostbyname(socket.gethostname())


def _wait() -> None:
    while True:
        signal.pause()
