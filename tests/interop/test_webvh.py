"""didwebvh-ts and did-webvh, and our did:webvh: each reads the histories of the other, and refuses what was changed in them."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from didresolver.methods.webvh_history import read_history
from didresolver.methods.webvh_writing import approve_log, deactivate_log, update_log
from tests.didresolver.histories import NEXT, NIGHT, OTHER_WITNESS, OWNER, THIEF, WITNESS, did_of, entries, forged, hours, new_log, rule
from tests.didresolver.test_webvh import with_key
from tests.didresolver.worlds import MORNING
from tests.interop.node import PeerRefused, ask, missing

ENVIRONMENT = Path(__file__).parents[2] / "build" / "webvh-peer"
TIMES = ["2026-11-21T00:00:00Z", "2026-11-21T01:00:00Z"]
Answer = dict[str, Any]


async def by_typescript(log: bytes, witness_file: bytes, wish: dict[str, Any]) -> Answer:
    names = {"version_id": "versionId", "version_number": "versionNumber"}
    named = {names[name]: value for name, value in wish.items()}
    order = {"log": entries(log), "witness_proofs": orjson.loads(witness_file), "wish": named}
    answer = await ask("webvh.mjs", do="read", clock=int(MORNING.timestamp() * 1000), **order)
    return {"document": answer["doc"], "versionId": answer["meta"]["versionId"], "deactivated": answer["meta"]["deactivated"]}


async def by_python(log: bytes, witness_file: bytes, wish: dict[str, Any]) -> Answer:
    named = {name: str(value) for name, value in wish.items()}
    answer = await python_peer(do="read", did=did_of(log), log=log.decode(), witness_file=witness_file.decode(), wish=named)
    if answer.get("didDocument") is None:
        raise PeerRefused(str(answer["didResolutionMetadata"]))
    metadata = answer["didDocumentMetadata"]
    return {"document": answer["didDocument"], "versionId": metadata["versionId"], "deactivated": metadata["deactivated"]}


async def python_peer(**order: Any) -> Any:
    command = (ENVIRONMENT / "bin" / "python", Path(__file__).with_name("webvh_peer.py"))
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    out, err = await asyncio.wait_for(process.communicate(orjson.dumps(order)), 60)
    assert process.returncode == 0, err.decode()
    return json.loads(out)


Peer = Callable[[bytes, bytes, dict[str, Any]], Awaitable[Answer]]
NODE = pytest.mark.skipif(bool(missing()), reason=missing())
PYTHON = pytest.mark.skipif(not (ENVIRONMENT / ".done").exists(), reason="the environment of did-webvh is not built: make interop")
both = pytest.mark.parametrize("peer", [pytest.param(by_typescript, marks=NODE), pytest.param(by_python, marks=PYTHON)])


def ours() -> dict[str, tuple[bytes, bytes]]:
    """Histories of every kind that we make, with the approvals that they need."""
    plain = new_log(document=with_key("did:webvh:{SCID}:issuer.example", NEXT))
    committed = update_log(new_log(next_keys=[NEXT.public]), NEXT, now=NIGHT + hours(1), next_keys=[THIEF.public])
    witnessed = update_log(new_log(parameters={"witness": rule(2, WITNESS, OTHER_WITNESS)}), OWNER, now=NIGHT + hours(1))
    approvals = approve_log(witnessed, approve_log(witnessed, b"[]", WITNESS, now=MORNING), OTHER_WITNESS, now=MORNING)
    return {
        "made": (plain, b"[]"),
        "changed": (
            update_log(plain, OWNER, now=NIGHT + hours(1), document=with_key(did_of(plain), THIEF, alsoKnownAs=["did:web:x"])),
            b"[]",
        ),
        "handed over": (update_log(plain, OWNER, now=NIGHT + hours(1), update_keys=[NEXT.public]), b"[]"),
        "committed": (committed, b"[]"),
        "commitment ended": (update_log(committed, THIEF, now=NIGHT + hours(2)), b"[]"),
        "witnessed": (witnessed, approvals),
        "with further rules": (new_log(parameters={"portable": True, "ttl": 60, "watchers": ["https://watcher.example"]}), b"[]"),
    }


def without_implicit(document: dict[str, Any]) -> dict[str, Any]:
    """Both peers add services that the method implies."""
    return {name: value for name, value in document.items() if name != "service"}


@both
@pytest.mark.parametrize("name", ours())
async def test_a_peer_reads_what_we_made(peer: Peer, name: str) -> None:
    log, witness_file = ours()[name]
    newest = entries(log)[-1]

    answer = await peer(log, witness_file, {})

    assert (without_implicit(answer["document"]), answer["versionId"]) == (newest["state"], newest["versionId"])
    first = await peer(log, witness_file, {"version_id": entries(log)[0]["versionId"]})
    assert without_implicit(first["document"]) == entries(log)[0]["state"]


@both
async def test_a_peer_sees_that_a_did_of_ours_is_given_up(peer: Peer) -> None:
    for log, key in ((new_log(), OWNER), (new_log(next_keys=[NEXT.public]), NEXT)):
        assert (await peer(deactivate_log(log, key, now=NIGHT + hours(1)), b"[]", {}))["deactivated"]


@both
async def test_a_peer_refuses_what_we_refuse(peer: Peer) -> None:
    log, _ = ours()["witnessed"]
    for bad, file in (
        (log, b"[]"),
        (log, approve_log(log, b"[]", WITNESS, now=MORNING)),
        (forged(ours()["changed"][0], lambda entry: None, key=THIEF), b"[]"),
        (ours()["changed"][0].replace(b"did:web:x", b"did:web:y"), b"[]"),
    ):
        with pytest.raises(PeerRefused):
            await peer(bad, file, {})


@NODE
async def test_we_read_what_the_peer_in_typescript_made() -> None:
    keys = [{"jwk": key.private_jwk(), "multikey": key.public.multikey()} for key in (OWNER, NEXT)]
    made = await ask("webvh.mjs", do="make", clock=int(MORNING.timestamp() * 1000), address="peer.example", keys=keys, times=TIMES)

    read_as_made(made["did"], lines(made["log"]))
    given_up = read_history(lines(made["given_up"]), now=MORNING)
    assert (given_up.fault, given_up.newest.parameters.deactivated) == (None, True)


@PYTHON
async def test_we_read_what_the_peer_in_python_made() -> None:
    made = await python_peer(do="make", place="peer.example", keys=[key.private_jwk() for key in (OWNER, NEXT)], times=TIMES)

    read_as_made(made["did"], made["log"].encode())


def lines(log: list[dict[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(entry) + b"\n" for entry in log)


def read_as_made(did: str, log: bytes) -> None:
    history = read_history(log, now=MORNING)

    assert history.fault is None
    assert [version.state["id"] for version in history.versions] == [did, did]
    assert history.newest.state["alsoKnownAs"] == ["did:web:peer.example"]
    assert history.newest.parameters.update_keys == (NEXT.public.multikey(),)
    assert history.newest.written_time == TIMES[1]
    assert read_history(log.replace(b"did:web:peer", b"did:web:fear"), now=MORNING).fault is not None
