"""Enrolment in one call: consent, files, register, face, and evidence that fits only this person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from doors.refusals import (
    ConsentRequired,
    EvidenceMismatch,
    ImageFormatNotAllowed,
    ProofingTimeout,
    Refused,
    RegisterMismatch,
    RegisterUnavailable,
)
from proofing.evidence import check_evidence
from proofing.face_check import FaceCheck
from proofing.prove import Application, PictureWorker, Subject, prove
from proofing.register import PopulationRegister, RegisterEntry, Validity
from proofing.register.people import Person
from tests.proofing.conftest import KEY, NOW, RegisterInMemory, consent, document_of, picture

PORTRAIT, SELFIE = picture(64, 48), picture(64, 50)


class Accepting:
    """A worker that accepts the faces without looking, and counts."""

    def __init__(self) -> None:
        self.ran = 0

    async def run(self, act: Callable[..., Any], *args: object, refusal: type[Refused]) -> Any:
        self.ran += 1
        return FaceCheck(engine="recorded", model_sha256="0" * 64, threshold=0.45, band="strong", portrait=b"\xff\xd8small")


class OutOfTime:
    async def run(self, act: Callable[..., Any], *args: object, refusal: type[Refused]) -> Any:
        raise ProofingTimeout("face check: stopped after 20 s")


class Silent:
    name = "silent"

    async def look_up(self, *, citizen_number: str, full_name: str) -> RegisterEntry:
        raise RegisterUnavailable("register: no answer")


async def proved(
    person: Person, register: PopulationRegister | None = None, worker: PictureWorker | None = None, **changes: Any
) -> Subject:
    application = replace(Application("a-1", document_of(person), PORTRAIT, SELFIE, consent()), **changes)
    return await prove(
        application,
        register=register or RegisterInMemory(person),
        worker=worker or Accepting(),
        evidence_key=KEY,
        now=NOW,
    )


async def test_a_person_who_passes_every_step_is_proved_with_sealed_evidence(person: Person) -> None:
    subject = await proved(person)
    claims = subject.claims()
    assert claims["citizen_number"] == person.citizen_number
    assert claims["portrait"] == "data:image/jpeg;base64,/9hzbWFsbA=="
    assert check_evidence(subject.evidence, key=KEY, application_id="a-1", claims=claims).entries[2]["register"] == "register in memory"


async def test_another_portrait_on_the_card_breaks_the_evidence(person: Person) -> None:
    subject = await proved(person)
    with pytest.raises(EvidenceMismatch):
        check_evidence(
            subject.evidence, key=KEY, application_id="a-1", claims=subject.claims() | {"portrait": "data:image/jpeg;base64,AAAA"}
        )


async def test_without_consent_neither_register_nor_pictures_are_touched(person: Person) -> None:
    register, worker = RegisterInMemory(person), Accepting()
    with pytest.raises(ConsentRequired):
        await proved(person, register, worker, consent=None)
    assert (register.asked, worker.ran) == (0, 0)


async def test_a_file_that_is_no_picture_is_refused_before_the_register_is_asked(person: Person) -> None:
    register = RegisterInMemory(person)
    with pytest.raises(ImageFormatNotAllowed):
        await proved(person, register, selfie=b"%PDF-1.7")
    assert register.asked == 0


@pytest.mark.parametrize("validity", [Validity.EXPIRED, Validity.LOST, Validity.DECEASED])
async def test_an_entry_that_is_not_valid_stops_before_the_face(person: Person, validity: Validity) -> None:
    worker = Accepting()
    with pytest.raises(RegisterMismatch):
        await proved(person, RegisterInMemory(person, validity=validity), worker)
    assert worker.ran == 0


async def test_another_birth_date_in_the_register_is_a_mismatch(person: Person) -> None:
    with pytest.raises(RegisterMismatch) as refused:
        await proved(person, RegisterInMemory(person, birth_date=date(1950, 1, 1)))
    assert refused.value.pointer == "/birth_date"


async def test_a_silent_register_decides_nothing(person: Person) -> None:
    with pytest.raises(RegisterUnavailable) as refused:
        await proved(person, Silent())
    assert refused.value.verdict == "undecided"


async def test_a_face_check_out_of_time_decides_nothing(person: Person) -> None:
    with pytest.raises(ProofingTimeout) as refused:
        await proved(person, worker=OutOfTime())
    assert refused.value.verdict == "undecided"


async def test_no_printed_value_shows_a_picture_or_a_field(person: Person) -> None:
    subject = await proved(person)
    application = Application("a-1", document_of(person), PORTRAIT, SELFIE, consent())
    for shown in (repr(subject), repr(application)):
        assert "\\xff\\xd8" not in shown
        assert person.citizen_number not in shown
        assert person.full_name not in shown
