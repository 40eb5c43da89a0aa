"""What a history of a did:webvh must not do, each fault with the history that is free of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest

from didresolver.methods.webvh_history import read_history, split_did
from didresolver.methods.webvh_proofs import multihash
from didresolver.methods.webvh_writing import update_log
from doors.refusals import DidInvalid, DidLogInvalid, DidLogParametersInvalid, DidLogProofInvalid, UrlBlocked
from tests.didresolver.histories import NEXT, NIGHT, OWNER, THIEF, WITNESS, entries, forged, hours, new_log, rule
from tests.didresolver.worlds import MORNING

Change = Callable[[dict[str, Any]], None]
SCID = "QmXhVjFG6EBTosDastaaHMRypm2qSv4SMGctADsx878Yux"


def two_entries(**wishes: Any) -> bytes:
    return update_log(new_log(**wishes), OWNER, now=NIGHT + hours(1))


def fault_of(log: bytes) -> DidLogInvalid:
    try:
        fault = read_history(log, now=MORNING).fault
    except DidLogInvalid as refusal:
        return refusal
    assert fault is not None, "read without fault"
    return fault


def parameter(name: str, value: object) -> Change:
    return lambda entry: entry["parameters"].__setitem__(name, value)


def without(name: str) -> Change:
    return lambda entry: entry["parameters"].pop(name)


def test_a_history_without_fault_is_read_to_its_end() -> None:
    history = read_history(two_entries(), now=MORNING)

    assert history.fault is None
    assert [version.number for version in history.versions] == [1, 2]


@pytest.mark.parametrize(
    "change",
    [
        parameter("method", "did:webvh:99.0"),
        parameter("method", "did:webvh:1.0-rc1"),
        parameter("method", "didwebvh:1.0"),
        parameter("method", None),
        without("method"),
        without("updateKeys"),
        parameter("updateKeys", "z6Mk"),
        parameter("updateKeys", [1]),
        parameter("ttl", -1),
        parameter("ttl", 2**31 + 1),
        parameter("ttl", True),
        parameter("ttl", 3.5),
        parameter("portable", "yes"),
        parameter("deactivated", 1),
        parameter("colour", "red"),
        parameter("watchers", {}),
        parameter("nextKeyHashes", "Qm"),
        parameter("witness", {"threshold": 1}),
        parameter("witness", {"witnesses": []}),
        parameter("witness", {"threshold": 1, "witnesses": []}),
        parameter("witness", {**rule(1, WITNESS), "threshold": 0}),
        parameter("witness", {**rule(1, WITNESS), "threshold": 2}),
        parameter("witness", {**rule(1, WITNESS), "threshold": True}),
        parameter("witness", {**rule(1, WITNESS), "threshold": 1.5}),
        parameter("witness", {**rule(1, WITNESS), "threshold": "1"}),
        parameter("witness", rule(1, WITNESS, WITNESS)),
        parameter("witness", {"threshold": 1, "witnesses": [{"id": "did:web:witness.example"}]}),
        parameter("witness", {"threshold": 1, "witnesses": ["did:key:z6Mk"]}),
        parameter("witness", []),
    ],
)
def test_a_first_entry_with_a_parameter_that_is_not_allowed_is_refused(change: Change) -> None:
    assert isinstance(fault_of(forged(new_log(), change)), DidLogParametersInvalid)


@pytest.mark.parametrize("change", [parameter("portable", True), parameter("scid", SCID), parameter("method", "did:webvh:0.5")])
def test_a_later_entry_cannot_set_what_only_the_first_may(change: Change) -> None:
    assert isinstance(fault_of(forged(two_entries(), change)), DidLogParametersInvalid)


@pytest.mark.parametrize("name", ["witness", "watchers", "nextKeyHashes", "ttl", "deactivated", "portable"])
def test_null_is_the_old_way_to_write_a_default(name: str) -> None:
    assert read_history(forged(two_entries(), parameter(name, None)), now=MORNING).fault is None


def state(name: str, value: object) -> Change:
    return lambda entry: entry["state"].__setitem__(name, value)


def member(name: str, value: object) -> Change:
    return lambda entry: entry.__setitem__(name, value)


@pytest.mark.parametrize(
    "change",
    [
        member("versionTime", "2026-11-21T01:00:00"),
        member("versionTime", "2026-11-21T01:00:00+01:00"),
        member("versionTime", "2026-11-21"),
        member("versionTime", 5),
        member("versionTime", "2026-11-21T00:00:00Z"),
        member("versionTime", "2026-11-20T23:59:59Z"),
        member("versionTime", "2026-11-21T09:05:01Z"),
        member("versionTime", "9999-01-01T00:00:00Z"),
        member("state", []),
        member("parameters", None),
        member("extra", 1),
        state("id", None),
        state("id", "did:web:issuer.example"),
        state("id", f"did:webvh:{SCID}:issuer.example"),
        state("id", "did:webvh:issuer.example"),
    ],
)
def test_a_later_entry_that_breaks_a_rule_ends_the_history_there(change: Change) -> None:
    history = read_history(forged(two_entries(), change), now=MORNING)

    assert len(history.versions) == 1
    assert history.fault is not None


def test_five_minutes_into_the_future_are_let_pass() -> None:
    log = forged(two_entries(), member("versionTime", "2026-11-21T09:05:00Z"))

    assert read_history(log, now=MORNING).fault is None


def test_the_document_keeps_its_fragmentless_did() -> None:
    log = two_entries()
    did = entries(log)[0]["state"]["id"]

    assert "did:webvh" in fault_of(forged(log, state("id", f"{did}#key-1"))).detail


def swapped(log: bytes, index: int, **members: object) -> bytes:
    """An entry changed without chaining and signing it anew."""
    all_entries = entries(log)
    all_entries[index].update(members)
    return b"".join(orjson.dumps(entry) + b"\n" for entry in all_entries)


def test_a_middle_entry_that_was_changed_is_found() -> None:
    log = update_log(two_entries(), OWNER, now=NIGHT + hours(2))

    assert "hash" in fault_of(swapped(log, 1, versionTime="2026-11-21T00:30:00Z")).detail


def test_a_left_out_entry_is_found() -> None:
    first, _, third = update_log(two_entries(), OWNER, now=NIGHT + hours(2)).splitlines(keepends=True)

    assert "version 2" in fault_of(first + third).detail


@pytest.mark.parametrize("text", ["2--{hash}", "02-{hash}", "+2-{hash}", "2{hash}", "{hash}", "2-{hash}-1", "2-", "３-{hash}"])
def test_a_version_id_has_one_spelling(text: str) -> None:
    log = two_entries()
    own_hash = entries(log)[1]["versionId"][2:]

    assert "version 2" in fault_of(swapped(log, 1, versionId=text.format(hash=own_hash))).detail


def proof(**members: object) -> Callable[[bytes], bytes]:
    def change(log: bytes) -> bytes:
        own = entries(log)[-1]["proof"][0]
        return swapped(log, -1, proof=[{name: value for name, value in {**own, **members}.items() if value is not None}])

    return change


THIEFS_URL = f"did:key:{THIEF.public.multikey()}#{THIEF.public.multikey()}"
BODY_OF_ANOTHER = f"did:key:{OWNER.public.multikey()}#{THIEF.public.multikey()}"


@pytest.mark.parametrize(
    "change",
    [
        proof(cryptosuite="eddsa-rdfc-2022"),
        proof(cryptosuite="ecdsa-jcs-2019"),
        proof(cryptosuite=None),
        proof(type="Ed25519Signature2020"),
        proof(proofPurpose="authentication"),
        proof(verificationMethod=THIEFS_URL),
        proof(verificationMethod=BODY_OF_ANOTHER),
        proof(verificationMethod=f"did:key:{OWNER.public.multikey()}"),
        proof(verificationMethod="did:web:issuer.example#key-1"),
        proof(verificationMethod=7),
        proof(proofValue="z11111111"),
        proof(proofValue=None),
        proof(created="2026-11-21T00:00:01Z"),
        proof(created="2027-11-21T00:00:01Z"),
        proof(expires="2026-11-21T00:00:01Z"),
        proof(nonce="added"),
        proof(**{"@context": "https://www.w3.org/ns/did/v1"}),
        proof(previousProof="urn:uuid:1"),
        lambda log: swapped(log, -1, proof=[]),
        lambda log: swapped(log, -1, proof=[7]),
        lambda log: swapped(log, -1, proof=entries(log)[-1]["proof"] * 5),
        lambda log: swapped(log, -1, proof=entries(log)[-1]["proof"] + [{}]),
        lambda log: forged(log, lambda entry: None, key=THIEF),
    ],
)
def test_an_entry_that_its_owner_did_not_sign_is_refused(change: Callable[[bytes], bytes]) -> None:
    assert isinstance(fault_of(change(two_entries())), DidLogProofInvalid)
    assert isinstance(fault_of(change(new_log())), DidLogProofInvalid)


def test_new_keys_sign_only_the_entry_after_the_one_that_names_them() -> None:
    log = update_log(new_log(), OWNER, now=NIGHT + hours(1), update_keys=[NEXT.public])

    assert read_history(update_log(log, NEXT, now=NIGHT + hours(2)), now=MORNING).newest.number == 3
    with pytest.raises(DidLogProofInvalid):
        update_log(log, OWNER, now=NIGHT + hours(2))
    assert isinstance(fault_of(forged(log, lambda entry: None, key=NEXT)), DidLogProofInvalid)


def committed() -> bytes:
    return update_log(new_log(next_keys=[NEXT.public]), NEXT, now=NIGHT + hours(1), next_keys=[OWNER.public])


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (without("updateKeys"), NEXT),
        (without("nextKeyHashes"), NEXT),
        (parameter("updateKeys", [THIEF.public.multikey()]), THIEF),
        (parameter("updateKeys", [NEXT.public.multikey(), THIEF.public.multikey()]), NEXT),
        (parameter("updateKeys", [OWNER.public.multikey()]), OWNER),
    ],
)
def test_while_keys_are_committed_to_no_other_may_follow(change: Change, key: Any) -> None:
    assert isinstance(fault_of(forged(committed(), change, key=key)), DidLogParametersInvalid)


def test_a_committed_key_signs_its_own_entry_and_the_old_key_does_not() -> None:
    log = committed()

    assert read_history(log, now=MORNING).newest.parameters.next_key_hashes == (multihash(OWNER.public.multikey().encode()),)
    assert isinstance(fault_of(forged(log, lambda entry: None, key=OWNER)), DidLogProofInvalid)


def moved(place: str, **members: object) -> Change:
    def change(entry: dict[str, Any]) -> None:
        old = entry["state"]["id"]
        entry["state"].update({"id": old.replace("issuer.example", place), "alsoKnownAs": [old], **members})

    return change


def test_a_portable_did_may_move_and_says_where_it_was() -> None:
    log = forged(two_entries(parameters={"portable": True}), moved("office.example:dids"))

    assert len(read_history(log, now=MORNING).names) == 2


@pytest.mark.parametrize(
    ("log", "change"),
    [
        (two_entries(), moved("office.example")),
        (two_entries(parameters={"portable": True}), moved("office.example", alsoKnownAs=["did:web:issuer.example"])),
        (two_entries(parameters={"portable": True}), moved("office.example", alsoKnownAs="x")),
        (two_entries(parameters={"portable": True}), moved("127.0.0.1.1")),
        (two_entries(parameters={"portable": True}), lambda entry: (moved("office.example")(entry), parameter("portable", False)(entry))),
    ],
)
def test_other_moves_are_refused(log: bytes, change: Any) -> None:
    assert fault_of(forged(log, change)).code == "did_log_invalid"


def test_nothing_follows_on_a_deactivation() -> None:
    log = forged(two_entries(), parameter("deactivated", True))
    after = {**entries(two_entries())[1], "versionTime": "2026-11-21T02:00:00Z"}

    assert "deactivation" in fault_of(log + orjson.dumps(after) + b"\n").detail


@pytest.mark.parametrize(
    "log", [b"", b"\n", b"{}\n", b"[]\n", b"\xff\n", b'{"a":1,"a":2}\n', b"{" * 10_000, b" " * (1024 * 1024 + 1), b"\n" * 600]
)
def test_what_is_no_history_is_refused(log: bytes) -> None:
    assert isinstance(fault_of(log), DidLogInvalid)


@pytest.mark.parametrize(
    ("did", "refusal"),
    [
        (f"did:webvh:{SCID}", DidInvalid),
        (f"did:webvh:{SCID}:", DidInvalid),
        (f"did:webvh:{SCID[:-1]}:issuer.example", DidInvalid),
        (f"did:webvh:{SCID[:-1]}0:issuer.example", DidInvalid),
        ("did:webvh:{SCID}:issuer.example", DidInvalid),
        (f"did:webvh:{SCID}:example", DidInvalid),
        (f"did:webvh:{SCID}:issuer.example%3A0", DidInvalid),
        (f"did:webvh:{SCID}:issuer.example%3A65536", DidInvalid),
        (f"did:webvh:{SCID}:issuer.example%3A1%3A2", DidInvalid),
        (f"did:webvh:{SCID}:issuer%3A1.example", DidInvalid),
        (f"did:webvh:{SCID}:issuer.example%253A80", DidInvalid),
        (f"did:webvh:{SCID}:issuer.example:..", DidInvalid),
        (f"did:webvh:{SCID}:issuer.example:%2e%2E:x", DidInvalid),
        (f"did:webvh:{SCID}:issuer.example:a%2Fb", DidInvalid),
        (f"did:webvh:{SCID}:issuer.example:a%5Cb", DidInvalid),
        (f"did:webvh:{SCID}:issuer.example:a%00", DidInvalid),
        (f"did:webvh:{SCID}:issuer.example:%20a", DidInvalid),
        (f"did:webvh:{SCID}:issuer.example::a", DidInvalid),
        (f"did:webvh:{SCID}:issuer..example", DidInvalid),
        (f"did:webvh:{SCID}:issuer.example/path", DidInvalid),
        (f"did:webvh:{SCID}:issuer.example?versionId=1", DidInvalid),
        (f"did:webvh:{SCID}:10.0.0.1", UrlBlocked),
        (f"did:webvh:{SCID}:127.0.0.1", UrlBlocked),
        (f"did:webvh:{SCID}:127.0.0.1.", UrlBlocked),
        (f"did:webvh:{SCID}:127%2E0%2E0%2E2", UrlBlocked),
        (f"did:webvh:{SCID}:169%2e254%2E169%2e254", UrlBlocked),
        (f"did:webvh:{SCID}:0x7f.1", UrlBlocked),
        (f"did:webvh:{SCID}:2130706433", UrlBlocked),
        (f"did:webvh:{SCID}:%5B%3A%3A1%5D", UrlBlocked),
        (f"did:webvh:{SCID}:10.0.0.1%3a8080", UrlBlocked),
    ],
)
def test_a_did_that_is_none_is_refused(did: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        split_did(did)


def test_dids_with_port_and_path_are_read() -> None:
    assert split_did(f"did:webvh:{SCID}:issuer.example%3A8443:dids:office") == (SCID, "issuer.example%3A8443:dids:office")


def test_a_history_of_a_hundred_entries_is_read_to_its_end() -> None:
    log = new_log()
    for number in range(99):
        later = {**entries(log)[-1], "parameters": {}, "versionTime": f"{NIGHT + timedelta(minutes=number + 1):%Y-%m-%dT%H:%M:%SZ}"}
        log = forged(log + orjson.dumps(later) + b"\n", lambda _: None)

    assert read_history(log, now=MORNING).newest.number == 100


def test_no_byte_of_a_history_can_be_changed_and_still_say_something_else() -> None:
    log = two_entries(parameters={"portable": True, "ttl": 60})
    good = read_history(log, now=MORNING)
    for place in range(len(log)):
        for changed in (log[:place] + bytes([log[place] ^ 1]) + log[place + 1 :], log[:place] + log[place + 1 :]):
            assert is_refused(changed) or read_history(changed, now=MORNING) == good


def is_refused(log: bytes) -> bool:
    try:
        return read_history(log, now=MORNING).fault is not None
    except DidLogInvalid:
        return True


@pytest.mark.parametrize("lines", [1, 2])
def test_what_is_cut_off_or_repeated_is_noticed_or_is_an_earlier_state(lines: int) -> None:
    log = two_entries()
    first, second = log.splitlines(keepends=True)

    assert read_history(first, now=MORNING).newest.number == 1
    assert is_refused(second)
    assert is_refused(second + first)
    assert is_refused(log + (first, second)[lines - 1])
