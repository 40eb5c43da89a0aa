"""Histories of did:webvh that are made here: they say what was wished for, and nothing that a resolver would refuse leaves."""

from typing import Any

import pytest

from credentials.keys import generate_key
from didresolver.methods.webvh_history import read_history
from didresolver.methods.webvh_proofs import multihash
from didresolver.methods.webvh_witness import parse_proofs
from didresolver.methods.webvh_writing import approve_log, create_log, deactivate_log, update_log
from doors.refusals import AlgKeyMismatch, DidDeactivated, DidLogInvalid, DidLogParametersInvalid, DidLogProofInvalid
from tests.didresolver.histories import NEXT, NIGHT, OTHER_WITNESS, OWNER, THIEF, WITNESS, did_of, entries, forged, hours, new_log, rule
from tests.didresolver.worlds import MORNING


def newest(log: bytes) -> Any:
    history = read_history(log, now=MORNING)
    assert history.fault is None
    return history.newest


def test_the_scid_stands_wherever_its_mark_stood() -> None:
    log = create_log(
        "{SCID}.issuer.example:dids", OWNER, now=NIGHT, document={"alsoKnownAs": ["did:web:{SCID}.issuer.example"], "controller": "{SCID}"}
    )
    scid = entries(log)[0]["parameters"]["scid"]

    assert newest(log).state["id"] == f"did:webvh:{scid}:{scid}.issuer.example:dids"
    assert newest(log).state["controller"] == scid
    assert b"{SCID}" not in log


def test_a_log_is_one_line_for_each_entry() -> None:
    log = update_log(new_log(), OWNER, now=NIGHT + hours(1))

    assert log.count(b"\n") == 2
    assert log.endswith(b"\n")
    assert update_log(log.removesuffix(b"\n"), OWNER, now=NIGHT + hours(2)).count(b"\n") == 3


def test_the_same_wishes_make_the_same_did() -> None:
    assert new_log() == new_log()
    assert did_of(new_log()) != did_of(new_log(now=NIGHT + hours(1)))


def test_an_update_changes_what_it_says_and_nothing_else() -> None:
    first = new_log(parameters={"ttl": 60, "portable": True})

    after = newest(update_log(first, OWNER, now=NIGHT + hours(1), document={"alsoKnownAs": ["https://issuer.example"]}))

    assert after.state["alsoKnownAs"] == ["https://issuer.example"]
    assert (after.parameters.ttl, after.parameters.portable) == (60, True)
    assert entries(update_log(first, OWNER, now=NIGHT + hours(1)))[1]["parameters"] == {}


def test_two_changes_within_one_second_are_told_apart() -> None:
    log = update_log(update_log(new_log(), OWNER, now=NIGHT), OWNER, now=NIGHT)

    assert [entry["versionTime"][-3:-1] for entry in entries(log)] == ["00", "01", "02"]


def test_committed_keys_take_over_one_after_the_other_until_none_is_committed_to() -> None:
    log = update_log(new_log(next_keys=[NEXT.public]), NEXT, now=NIGHT + hours(1), next_keys=[THIEF.public])
    log = update_log(log, THIEF, now=NIGHT + hours(2))
    log = update_log(log, THIEF, now=NIGHT + hours(3), update_keys=[OWNER.public])

    assert newest(log).parameters.update_keys == (OWNER.public.multikey(),)
    assert entries(log)[1]["parameters"]["nextKeyHashes"] == [multihash(THIEF.public.multikey().encode())]


def test_a_key_that_was_not_committed_to_cannot_write() -> None:
    with pytest.raises(DidLogParametersInvalid):
        update_log(new_log(next_keys=[NEXT.public]), OWNER, now=NIGHT + hours(1))


def test_somebody_elses_key_cannot_write() -> None:
    for write in (update_log, deactivate_log):
        with pytest.raises(DidLogProofInvalid):
            write(new_log(), THIEF, now=NIGHT + hours(1))


def test_only_ed25519_writes() -> None:
    with pytest.raises(AlgKeyMismatch):
        new_log(key=generate_key("ES256"))


@pytest.mark.parametrize(
    ("parameters", "refusal"),
    [
        ({"colour": "red"}, DidLogParametersInvalid),
        ({"ttl": -1}, DidLogParametersInvalid),
        ({"witness": rule(2, WITNESS)}, DidLogParametersInvalid),
    ],
)
def test_what_a_resolver_would_refuse_is_not_written(parameters: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        new_log(parameters=parameters)


@pytest.mark.parametrize(
    "place", ["", "issuer", "127.0.0.1", "127.0.0.2", "issuer.example/x", "issuer.example:..", 'issuer.example","x":"']
)
def test_a_place_that_is_none_is_not_written(place: str) -> None:
    with pytest.raises(DidLogInvalid):
        create_log(place, OWNER, now=NIGHT)


def test_nothing_is_added_to_a_broken_history() -> None:
    broken = forged(update_log(new_log(), OWNER, now=NIGHT + hours(1)), lambda entry: None, key=THIEF)
    for write in (update_log, deactivate_log):
        with pytest.raises(DidLogProofInvalid):
            write(broken, OWNER, now=NIGHT + hours(2))


def test_a_deactivated_did_has_no_keys_and_takes_no_more_changes() -> None:
    log = deactivate_log(new_log(), OWNER, now=NIGHT + hours(1))

    assert newest(log).parameters.deactivated
    assert newest(log).parameters.update_keys == ()
    with pytest.raises(DidDeactivated):
        update_log(log, OWNER, now=NIGHT + hours(2))
    with pytest.raises(DidDeactivated):
        deactivate_log(log, OWNER, now=NIGHT + hours(2))


def test_a_did_with_committed_keys_is_deactivated_by_one_of_them() -> None:
    log = new_log(next_keys=[NEXT.public])

    assert newest(deactivate_log(log, NEXT, now=NIGHT + hours(1))).parameters.deactivated
    with pytest.raises(DidLogParametersInvalid):
        deactivate_log(log, OWNER, now=NIGHT + hours(1))


def test_a_witness_keeps_only_its_newest_approval() -> None:
    first = new_log(parameters={"witness": rule(1, WITNESS, OTHER_WITNESS)})
    file = approve_log(first, approve_log(first, b"[]", WITNESS, now=NIGHT), OTHER_WITNESS, now=NIGHT)
    second = update_log(first, OWNER, now=NIGHT + hours(1))

    proofs = parse_proofs(approve_log(second, file, WITNESS, now=NIGHT + hours(1)))

    assert {version[0]: len(of_it) for version, of_it in proofs.items()} == {"1": 1, "2": 1}
