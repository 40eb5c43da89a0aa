"""A proved person on record: sealed, findable, and tied to their own proof."""

from dataclasses import replace
from typing import Any

import pytest

from doors.refusals import CredentialRequestDenied, EvidenceMismatch, EvidenceMissing
from issuer.enrol import citizen_tag, open_subject, record_subject
from issuer.office import Terms
from issuer.store import applications
from tests.issuer.world import START, World, citizen_number, consent, opened, proven


async def recorded(world: World, **changes: Any) -> applications.ApplicationRecord:
    subject = replace(proven(world.office), **changes)
    return await world.database.write(
        lambda connection: record_subject(connection, subject, consent(), office=world.office, actor="desk", now=START)
    )


async def test_a_proved_person_is_found_again_whole(world: World) -> None:
    record = await recorded(world)
    subject = open_subject(await world.database.read(lambda c: applications.find(c, record.id)), office=world.office)
    assert subject.claims["full_name"] == "李小梅"
    assert subject.citizen_tag == citizen_tag(citizen_number(), world.office)


async def test_the_portrait_is_kept_only_where_it_goes_onto_the_card(world: World, tmp_path) -> None:
    assert "portrait" not in open_subject(await recorded(world), office=world.office).claims
    with opened(tmp_path / "other", terms=Terms(portrait_on_card=True)) as other:
        assert open_subject(await recorded(other), office=other.office).claims["portrait"].startswith("data:image/jpeg;base64,")


async def test_nothing_in_the_files_names_the_person(world: World, tmp_path) -> None:
    await recorded(world)
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert len(content) > 4096
    for told in ("李小梅", "Xiaomei", citizen_number(), "D00000001", "兵符路"):
        assert told.encode() not in content


async def test_evidence_of_another_session_is_refused(world: World) -> None:
    with pytest.raises(EvidenceMismatch):
        await recorded(world, evidence=proven(world.office).evidence)


async def test_evidence_without_a_face_check_is_refused(world: World) -> None:
    evidence = proven(world.office).evidence
    with pytest.raises(EvidenceMissing):
        await recorded(world, evidence=replace(evidence, entries=evidence.entries[1:]))


async def test_an_erased_person_is_gone(world: World) -> None:
    record = await recorded(world)
    erased = await world.database.write(lambda c: applications.erase_past(c, record.erase_at))
    assert erased == (record.id,)
    with pytest.raises(CredentialRequestDenied):
        open_subject(await world.database.read(lambda c: applications.find(c, record.id)), office=world.office)
