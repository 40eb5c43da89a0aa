"""Small worlds for did:webvh: keys, histories, the web they are published on, and entries that are forged from them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson

from credentials.keys import PrivateKey, generate_key
from didresolver.methods.webvh_history import entry_hash, unsigned
from didresolver.methods.webvh_proofs import sign
from didresolver.methods.webvh_writing import create_log
from tests.didresolver.worlds import MORNING, Answers

PLACE = "issuer.example"
LOG_URL = "https://issuer.example/.well-known/did.jsonl"
WITNESS_URL = "https://issuer.example/.well-known/did-witness.json"
OWNER, NEXT, THIEF, WITNESS, OTHER_WITNESS = (generate_key("EdDSA") for _ in range(5))
NIGHT = MORNING - timedelta(hours=9)
"""When the histories begin: long enough before ``MORNING`` for some changes."""


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def entries(log: bytes) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in log.splitlines()]


def did_of(log: bytes) -> str:
    return str(entries(log)[-1]["state"]["id"])


def new_log(**wishes: Any) -> bytes:
    return create_log(PLACE, wishes.pop("key", OWNER), now=wishes.pop("now", NIGHT), **wishes)


def forged(log: bytes, change: Callable[[dict[str, Any]], None], *, key: PrivateKey = OWNER) -> bytes:
    """``log`` whose last entry is changed, and then chained and signed anew as if its owner had made it so."""
    *before, last = entries(log)
    change(last)
    after = before[-1]["versionId"] if before else last["parameters"]["scid"]
    entry = unsigned(last)
    entry["versionId"] = f"{len(before) + 1}-{entry_hash(last, after=after)}"
    signed = {**entry, "proof": [sign(entry, key, now=NIGHT)]}
    return b"".join(orjson.dumps(line) + b"\n" for line in (*before, signed))


def on_the_web(log: bytes, witness_file: bytes | int = 404) -> Answers:
    return Answers({LOG_URL: log, WITNESS_URL: witness_file})


def rule(threshold: int, *witnesses: PrivateKey) -> dict[str, object]:
    return {"threshold": threshold, "witnesses": [{"id": f"did:key:{key.public.multikey()}"} for key in witnesses]}
