"""A case file gives the same verdict years later, with no network, and shows when it was changed."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from doors.refusals import InputMalformed, StoreCorrupt
from tests.verifier.test_verify import facts_for, question
from tests.verifier.world import World
from verifier.casefile import CaseFile, read_case_file, reopen
from verifier.receipt import digest_of


async def a_case(world: World) -> CaseFile:
    policy = world.policy("court")
    request = replace(question(policy), destination="https://desk.example/oid4vp/response/x", state="s", response_mode="direct_post")
    presentations = {"identity": (world.court_answer(request),)}
    facts = await facts_for(world, presentations, policy)
    return CaseFile(request, presentations, facts, policy, world.now, "valid", "")


async def test_a_case_file_reopens_to_the_same_verdict_without_a_network(world: World) -> None:
    content = (await a_case(world)).to_bytes()
    world.web.down, asked = True, len(world.web.asked)
    world.now += timedelta(days=3650)
    reopened = reopen(content)
    assert (reopened.outcome.word, reopened.agrees) == ("valid", True)
    assert len(world.web.asked) == asked


async def test_a_case_file_written_and_read_is_the_same(world: World) -> None:
    case = await a_case(world)
    assert read_case_file(case.to_bytes()).to_bytes() == case.to_bytes()


async def test_a_refusal_is_kept_as_one(world: World) -> None:
    world.revoked.add(7)
    world.publish()
    case = replace(await a_case(world), word="invalid", code="status_revoked")
    reopened = reopen(case.to_bytes())
    assert (reopened.outcome.code, reopened.agrees) == ("status_revoked", True)


async def test_a_verdict_that_does_not_follow_is_shown_as_such(world: World) -> None:
    case = replace(await a_case(world), word="invalid", code="sig_invalid")
    assert not reopen(case.to_bytes()).agrees


async def test_a_changed_case_file_is_refused(world: World) -> None:
    members = (await a_case(world)).to_json()
    members["verdict"]["verified_at"] = "2030-01-01T00:00:00Z"
    with pytest.raises(StoreCorrupt):
        reopen(json.dumps(members).encode())


async def test_a_changed_snapshot_is_refused_even_with_a_new_sum(world: World) -> None:
    members = (await a_case(world)).to_json()
    members["facts"]["snapshots"][0]["content"] = members["facts"]["snapshots"][1]["content"]
    members["sha256"] = digest_of({name: value for name, value in members.items() if name != "sha256"})
    with pytest.raises(StoreCorrupt):
        reopen(json.dumps(members).encode())


@pytest.mark.parametrize("content", [b"{}", b'{"kind":"tigertally-case-file","version":2}', b"[]", b"\x00"])
def test_what_is_no_case_file_is_refused(content: bytes) -> None:
    with pytest.raises(InputMalformed):
        read_case_file(content)
