"""Prove who an applicant is: consent, document, register, face; the first step that fails is the answer."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from doors.json import JsonObject
from doors.refusals import ProofingTimeout, Refused
from proofing.compare import PORTRAIT, SELFIE, compare_pictures, load_models
from proofing.consent import Consent, check_consent
from proofing.containers import open_container
from proofing.document import IdDocument
from proofing.evidence import Evidence, evidence_entries, seal_evidence
from proofing.face_check import FaceCheck
from proofing.register import PopulationRegister, confirm
from proofing.settings import FACE_SETTINGS, FaceSettings
from runtime.worker import Worker

T = TypeVar("T")


class PictureWorker(Protocol):
    """Where pictures are opened: another process with limits on time and memory; raises ``refusal`` at either. See ``face_worker``."""

    async def run(self, act: Callable[..., T], *args: object, refusal: type[Refused]) -> T: ...


def face_worker(settings: FaceSettings = FACE_SETTINGS, *, processes: int = 1) -> Worker:
    """The worker for ``prove``: ``processes`` at a time, each killed past the limits of ``settings``. Closed by whoever made it."""
    return Worker(memory_bytes=settings.memory_bytes, seconds=settings.seconds, processes=processes, warm=load_models)


@dataclass(frozen=True, slots=True, repr=False)
class Application:
    """What a person hands in at enrolment. The pictures live only as long as this value; its ``repr`` shows nothing."""

    id: str
    document: IdDocument
    portrait: bytes
    selfie: bytes
    consent: Consent | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A person who has been proved. ``portrait`` is the small JPEG for the card, and leaves memory only inside a sealed credential."""

    application_id: str
    document: IdDocument = field(repr=False)
    portrait: bytes = field(repr=False)
    evidence: Evidence

    def claims(self) -> JsonObject:
        """The proved claims of the ID card; the Evidence is sealed over exactly these."""
        return card_claims(self.document, self.portrait)


def card_claims(document: IdDocument, portrait: bytes) -> JsonObject:
    return {**document.claims(), "portrait": "data:image/jpeg;base64," + base64.b64encode(portrait).decode("ascii")}


async def prove(
    application: Application,
    *,
    register: PopulationRegister,
    worker: PictureWorker,
    evidence_key: bytes,
    now: datetime,
    settings: FaceSettings = FACE_SETTINGS,
) -> Subject:
    """The person of ``application``, proved at ``now``, with Evidence sealed by ``evidence_key`` (32 bytes or more).

    Raises ``ConsentRequired`` before anything else is looked at; then, in this order, what is wrong with the files, ``RegisterMismatch`` or
    ``RegisterUnavailable``, and what ``compare_pictures`` raises, or ``ProofingTimeout``. After a refusal nothing of the pictures is left.
    """
    check_consent(application.consent, birth_date=application.document.birth_date, now=now)
    for picture, pointer in ((application.portrait, PORTRAIT), (application.selfie, SELFIE)):
        open_container(picture, settings.pictures, pointer)
    await confirm(application.document, register)
    face = await worker.run(compare_pictures, application.portrait, application.selfie, settings, refusal=ProofingTimeout)
    return _subject(application, face, register=register.name, evidence_key=evidence_key, now=now)


def _subject(application: Application, face: FaceCheck, *, register: str, evidence_key: bytes, now: datetime) -> Subject:
    evidence = seal_evidence(
        evidence_key,
        application_id=application.id,
        entries=evidence_entries(face, register=register, now=now),
        claims=card_claims(application.document, face.portrait),
    )
    return Subject(application.id, application.document, face.portrait, evidence)
