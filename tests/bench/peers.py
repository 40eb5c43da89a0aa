"""The same operations by other people's libraries, on the same documents and the same machine in the same run."""

import asyncio
import json
import subprocess
import venv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from credentials.credential import Credential
from credentials.id_card import ID_CARD_VCT
from credentials.jsonld.bundle import PINS, context_bytes
from credentials.sd_jwt.vc_payload import to_payload
from credentials.timestamps import format_timestamp
from didresolver import expand_self_certifying
from tests.bench.country import SUITES, Country
from tests.bench.ours import AUDIENCE, NONCE, Pool, pool_of
from tests.bench.timing import Pace, over, per_second
from tests.interop.cast import MULTIKEY_CONTEXT, multikey
from tests.interop.node import missing, told

Figures = dict[str, dict[str, float]]
"""By operation and peer."""

ROOT = Path(__file__).parents[2]
ENVIRONMENT, LOCK = ROOT / "build" / "peers", ROOT / "locks" / "peers.lock"
MEASURED = ("id-card", "id-card-portrait")
FEW = 16


def absent() -> list[str]:
    """Makes what a peer needs; says why any of them cannot be asked here."""
    return [reason for reason in (_environment(), missing()) if reason]


def figures(country: Country, pace: Pace, form: str, document: str) -> Figures:
    """What each peer does per second of CPU time, by operation.

    The cards have no status here, for not every peer looks at one, and one decodes the whole list each time.
    """
    found: Figures = {}
    if document in MEASURED:
        pool = pool_of(country, form, document, FEW, listed=False)
        for peer, operation, per_cpu_second in _all(country, pace, form, pool):
            found.setdefault(operation, {})[peer] = per_cpu_second
    return found


def _all(country: Country, pace: Pace, form: str, pool: Pool) -> Iterable[tuple[str, str, float]]:
    if _installed():
        yield from (("openvc-core", *figure) for figure in _openvc(country, pace, form, pool).items())
    if form == "dc+sd-jwt":
        yield from (("sd-jwt", *figure) for figure in _reference(country, pace, pool).items())
    if not missing() and form == "dc+sd-jwt":
        yield from (("@sd-jwt/sd-jwt-vc", *figure) for figure in _sd_jwt_js(country, pace, pool).items())
    if not missing() and form == "eddsa-rdfc-2022":
        yield from (("@digitalbazaar/vc", *figure) for figure in _digitalbazaar(country, pace, pool).items())


def _documents(pool: Pool, form: str) -> tuple[list[Any], list[Any]]:
    """Cards and presentations as a library takes them: parsed JSON, or the compact token."""
    cards, shown = [vc.wire for vc in pool.secured], list(pool.shown)
    read = orjson.loads if form in SUITES else bytes.decode
    return [read(wire) for wire in cards], [read(wire) for wire in shown]


# openvc-core (Python)


def _installed() -> bool:
    return (ENVIRONMENT / ".done").exists()


def _environment() -> str:
    """Make the environment of the peer; says what is wrong where it cannot be made."""
    done = ENVIRONMENT / ".done"
    if done.exists() and done.stat().st_mtime >= LOCK.stat().st_mtime:
        return ""
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    command = [str(ENVIRONMENT / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    made = subprocess.run([*command, "-r", str(LOCK)], check=False, capture_output=True, text=True)
    if made.returncode:
        return f"openvc-core could not be installed: {made.stderr.strip().splitlines()[-1:]}"
    done.touch()
    return ""


def _openvc(country: Country, pace: Pace, form: str, pool: Pool) -> dict[str, float]:
    issuer, holder = country.issuer_key(form), country.holder_key(form)
    cards, shown = _documents(pool, form)
    unsecured = [credential.document if form in SUITES else _payload(country, credential) for credential in pool.credentials]
    order = {
        "format": form,
        "issuer_public": issuer.public.jwk(),
        "issuer_private": issuer.private_jwk(),
        "issuer_kid": issuer.kid,
        "holder_public": holder.public.jwk(),
        "nonce": NONCE,
        "audience": AUDIENCE,
        "vct": ID_CARD_VCT,
        "contexts": _contexts(),
        "seconds": pace.peer_seconds,
        "pools": {"verify": cards, "verify-presentation": shown, "issue": unsecured},
    }
    command = [ENVIRONMENT / "bin" / "python", Path(__file__).with_name("openvc_peer.py")]
    answer = subprocess.run(command, input=json.dumps(order), check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(answer.stdout)
    return measured


def _payload(country: Country, credential: Credential) -> tuple[dict[str, Any], list[str]]:
    """What an SD-JWT VC states, and which of it is to be selectively disclosable."""
    payload = to_payload(credential, now=country.now)
    return {name: value for name, value in payload.items() if name not in {"cnf", "vct"}}, list(credential.claims)


def _contexts() -> dict[str, Any]:
    return {address: json.loads(context_bytes(address)) for address in PINS}


# sd-jwt, the reference implementation (Python)


def _reference(country: Country, pace: Pace, pool: Pool) -> dict[str, float]:
    issuer, holder = (JWK(**key.private_jwk()) for key in (country.issuer_key("dc+sd-jwt"), country.holder_key("dc+sd-jwt")))
    cards, shown = _documents(pool, "dc+sd-jwt")
    claims, disclosable = _payload(country, pool.credentials[0])
    marked = {SDObj(name) if name in disclosable else name: value for name, value in claims.items()} | {"vct": ID_CARD_VCT}
    acts = {
        "verify": over(lambda token: SDJWTVerifier(token, lambda *_: issuer).get_verified_payload(), cards),
        "verify-presentation": over(lambda token: SDJWTVerifier(token, lambda *_: issuer, AUDIENCE, NONCE).get_verified_payload(), shown),
        "issue": lambda: SDJWTIssuer(dict(marked), issuer, holder, extra_header_parameters={"typ": "dc+sd-jwt"}),
    }
    return {operation: per_second(act, pace) for operation, act in acts.items()}


# Libraries in Node


def _node(script: str, pace: Pace, **order: Any) -> float:
    """One act repeated in one process, by that process's own CPU time with all its threads."""
    return float(asyncio.run(told(script, seconds=pace.peer_seconds, **order))["per_second"])


def _digitalbazaar(country: Country, pace: Pace, pool: Pool) -> dict[str, float]:
    cards, shown = _documents(pool, "eddsa-rdfc-2022")
    order = {"documents": _published(country), "now": format_timestamp(country.now), "challenge": NONCE, "domain": AUDIENCE}
    issuer, holder = (multikey(key) for key in (country.issuer_key("eddsa-rdfc-2022"), country.holder_key("eddsa-rdfc-2022")))
    unsecured = [credential.document for credential in pool.credentials]
    bare = [{name: value for name, value in presentation.items() if name != "proof"} for presentation in shown]
    orders: Mapping[str, dict[str, Any]] = {
        "verify": {"do": "verify-credential", "credentials": cards},
        "verify-presentation": {"do": "verify-presentation", "presentations": shown},
        "issue": {"do": "issue", "credentials": unsecured, "key": issuer},
        "present": {"do": "present", "presentations": bare, "key": holder},
    }
    return {operation: _node("data-integrity.mjs", pace, **order, **own) for operation, own in orders.items()}


def _published(country: Country) -> dict[str, Any]:
    documents = _contexts()
    own = orjson.loads(country.pages()[f"{country.site}/.well-known/did.json"])
    for document in (own, expand_self_certifying(country.holder_ed25519.kid.partition("#")[0]).document):
        methods = {method["id"]: {"@context": MULTIKEY_CONTEXT, **method} for method in document["verificationMethod"]}
        documents |= {document["id"]: document, **methods}
    return documents


def _sd_jwt_js(country: Country, pace: Pace, pool: Pool) -> dict[str, float]:
    cards, shown = _documents(pool, "dc+sd-jwt")
    issuer, holder = country.issuer_key("dc+sd-jwt"), country.holder_key("dc+sd-jwt")
    claims, disclosable = _payload(country, pool.credentials[0])
    order = {
        "issuer_public": issuer.public.jwk(),
        "holder_public": holder.public.jwk(),
        "now": int(country.now.timestamp()),
        "audience": AUDIENCE,
    }
    payload = {**claims, "vct": ID_CARD_VCT, "cnf": {"jwk": holder.public.jwk()}}
    orders: Mapping[str, dict[str, Any]] = {
        "verify": {"do": "verify", "tokens": cards},
        "verify-presentation": {"do": "verify", "tokens": shown, "nonce": NONCE},
        "issue": {"do": "issue", "payload": payload, "conceal": disclosable, "header": {}, "issuer_private": issuer.private_jwk()},
        "present": {
            "do": "present",
            "tokens": cards,
            "frame": dict.fromkeys(disclosable, True),
            "holder_private": holder.private_jwk(),
            "nonce": NONCE,
        },
    }
    return {operation: _node("sd-jwt.mjs", pace, **order, **own) for operation, own in orders.items()}
