"""Faces are compared in a process of their own, whose limits end in an answer."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from doors.refusals import FaceMismatch, ImageTooDark, ProofingTimeout
from proofing.compare import compare_pictures
from proofing.prove import Application, face_worker, prove
from proofing.settings import FACE_SETTINGS
from runtime.worker import Worker
from tests.proofing.conftest import KEY, NOW, RegisterInMemory, a_person, consent, document_of, face
from tests.shared import needs_shared

pytestmark = needs_shared


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    made = face_worker()
    yield made
    await made.close()


async def test_enrolment_runs_in_the_worker_from_consent_to_evidence(worker: Worker) -> None:
    person = a_person()
    application = Application("a-1", document_of(person), face("p03_2"), face("p03_1"), consent())
    subject = await prove(application, register=RegisterInMemory(person), worker=worker, evidence_key=KEY, now=NOW)
    assert subject.evidence.entries[0]["score_band"] in {"strong", "sufficient"}
    for selfie, refusal in (("p02_1", FaceMismatch), ("p03_dark", ImageTooDark)):
        with pytest.raises(refusal) as refused:
            await worker.run(compare_pictures, face("p03_2"), face(selfie), FACE_SETTINGS, refusal=ProofingTimeout)
        assert refused.value.pointer == "/selfie"


async def test_a_comparison_past_its_limits_is_an_undecided_answer() -> None:
    small = face_worker(replace(FACE_SETTINGS, memory_bytes=8 * 1024 * 1024))
    try:
        with pytest.raises(ProofingTimeout) as refused:
            await small.run(compare_pictures, face("p03_2"), face("p03_1"), FACE_SETTINGS, refusal=ProofingTimeout)
    finally:
        await small.close()
    assert refused.value.verdict == "undecided"
