"""did:webvh: the public test suite, whose histories two other implementations made, read through the whole resolver."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from credentials.timestamps import parse_timestamp
from didresolver import CachingResolver
from didresolver.methods.webvh_history import read_history
from didresolver.methods.webvh_witness import needs_witnesses, witnessed
from doors.refusals import DidDeactivated, DidInvalid, DidLogInvalid, DidLogParametersInvalid, DidLogProofInvalid, Refused, UrlBlocked
from tests.didresolver.worlds import MORNING, Answers, HandClock
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
VECTORS = SHARED / "vectors" / "didwebvh"
STATED: dict[str, tuple[type[Refused], ...]] = {
    "invalidDid": (DidInvalid, UrlBlocked, DidLogInvalid),
    "invalidProof": (DidLogProofInvalid,),
    "invalidParameters": (DidLogParametersInvalid,),
}
"""Which of our refusals is the error that a vector states."""

CONTRADICTED = "witness-update/ts/resolutionResult.json"
"""The two implementations disagree on one and the same history: a rule of two witnesses becomes one of one, and one witness approved
that. The specification has the old rule in force for this entry ("Witness Lists": a new list becomes active AFTER the entry), so the
refusal of the Python vector is right, and the document of the TypeScript one is not given here."""

RESULTS = sorted(VECTORS.glob("*/*/resolutionResult*.json"))
GIVEN = [path for path in RESULTS if json.loads(path.read_text())["didDocument"] and str(path.relative_to(VECTORS)) != CONTRADICTED]
REFUSED = [path for path in RESULTS if path not in GIVEN and str(path.relative_to(VECTORS)) != CONTRADICTED]


def name_of(path: Path) -> str:
    return str(path.relative_to(VECTORS)).removesuffix(".json")


def published(folder: Path) -> tuple[str, Answers]:
    """The DID of a history, and a web that publishes the history with its witnesses' proofs."""
    log = (folder / "did.jsonl").read_bytes()
    did = json.loads(log.splitlines()[-1])["state"]["id"]
    witness_file = folder / "did-witness.json"
    table: dict[str, Any] = {
        "https://example.com/.well-known/did.jsonl": log,
        "https://example.com/.well-known/did-witness.json": witness_file.read_bytes() if witness_file.exists() else 404,
    }
    return did, Answers(table)


def without_implicit_services(document: dict[str, Any]) -> dict[str, Any]:
    """Both implementations add services that the method implies, each in its own spelling; we give the document as it was signed."""
    services = [service for service in document.get("service", []) if service["id"].partition("#")[2] not in {"files", "whois"}]
    return {**document, "service": services} if services else {name: value for name, value in document.items() if name != "service"}


@pytest.mark.parametrize("path", GIVEN, ids=name_of)
async def test_a_version_is_what_the_other_implementation_says(path: Path) -> None:
    expected = json.loads(path.read_text())
    theirs = expected["didDocumentMetadata"]
    did, web = published(path.parent)
    resolver = CachingResolver(web, HandClock())
    if theirs.get("deactivated"):
        await gives_no_document_but_the_same_history(resolver, did, path.parent, expected)
        return

    ours = await resolver.resolve(did, version_id=theirs["versionId"])

    assert ours.document.document == without_implicit_services(expected["didDocument"])
    assert json.loads(ours.content) == ours.document.document
    same_metadata(ours.metadata, theirs)
    by_number = await resolver.resolve(did, version_number=theirs["versionNumber"])
    at_that_time = await resolver.resolve(did, version_time=parse_timestamp(theirs["versionTime"], pointer=""))
    assert by_number.content == at_that_time.content == ours.content


async def gives_no_document_but_the_same_history(resolver: CachingResolver, did: str, folder: Path, expected: dict[str, Any]) -> None:
    """did:webvh 1.0, "Deactivate": a resolver MUST NOT give the document; both implementations still do."""
    with pytest.raises(DidDeactivated):
        await resolver.resolve(did)
    newest = read_history((folder / "did.jsonl").read_bytes(), now=MORNING).newest
    assert newest.state == without_implicit_services(expected["didDocument"])
    assert (newest.id, newest.parameters.deactivated) == (expected["didDocumentMetadata"]["versionId"], True)
    assert (await resolver.resolve(did, version_number=1)).metadata["deactivated"] is True


def same_metadata(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Numbers are texts with us, as the specification has it; ``updated`` is the newest entry's time, which TypeScript cuts."""
    for name, value in theirs.items():
        if name == "versionNumber":
            assert ours["versionId"].startswith(f"{value}-")
        elif name == "witness" and value:
            assert ours["witness"] == {**value, "threshold": str(value["threshold"])}
        elif name == "updated":
            assert ours["updated"] >= value
        else:
            assert ours[name] == value


def asked_dids(folder: Path) -> list[str]:
    script = (folder.parent / "script.yaml").read_text()
    log = (folder / "did.jsonl").read_text().splitlines()
    return re.findall(r'did: "(did:webvh:[^"]+)"', script) or [json.loads(log[0])["state"]["id"]]


@pytest.mark.parametrize("path", REFUSED, ids=name_of)
async def test_what_must_be_refused_is_refused_with_the_stated_error(path: Path) -> None:
    stated = json.loads(path.read_text())["didResolutionMetadata"]["error"]
    _, web = published(path.parent) if (path.parent / "did.jsonl").read_bytes() else ("", Answers({}))
    for did in asked_dids(path.parent):
        with pytest.raises(STATED[stated]):
            await CachingResolver(web, HandClock()).resolve(did)


def fault_of(log: bytes, witness_file: Path) -> Exception:
    read = read_history(log, now=MORNING)
    if needs_witnesses(read) and read.fault is None:
        read = witnessed(read, witness_file.read_bytes(), now=MORNING)
    return read.fault or AssertionError("read without fault")


@pytest.mark.parametrize("path", [path for path in REFUSED if (path.parent / "did.jsonl").read_bytes()], ids=name_of)
def test_what_must_be_refused_is_refused_for_its_own_fault(path: Path) -> None:
    history, log = path.parent.parent.name, (path.parent / "did.jsonl").read_bytes()
    with pytest.raises(DidLogInvalid) as caught:
        raise fault_of(log, path.parent / "did-witness.json")
    assert FAULTS[history] in caught.value.detail


FAULTS = {
    "negative-cross-did-witness-replay": "to be witnessed by more",
    "negative-duplicate-witness-ids": "each witness once",
    "negative-portable-scid-swap": "SCID",
    "negative-scid-mismatch-genesis": "SCID",
    "negative-versiontime-future": "future",
    "negative-wrong-cryptosuite": "eddsa-jcs-2022",
    "witness-update": "to be witnessed by more",
}


def test_the_contradiction_is_decided_by_the_specification() -> None:
    folder = (VECTORS / CONTRADICTED).parent
    read = witnessed(
        read_history((folder / "did.jsonl").read_bytes(), now=MORNING), (folder / "did-witness.json").read_bytes(), now=MORNING
    )

    assert [version.number for version in read.versions] == [1]
    assert read.fault is not None


def test_every_result_of_the_suite_is_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    assert (len(GIVEN), len(REFUSED), len(RESULTS)) == (28, 9, 38)
    with capsys.disabled():
        sys.stdout.write(f"\ndidwebvh: {len(GIVEN)} results as stated, {len(REFUSED)} refused as stated, 1 against the specification\n")
