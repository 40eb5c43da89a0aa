"""Compare the selfie with the document's portrait; made to run in a worker process that can be killed."""

from doors.refusals import FaceMismatch, LivenessFailed
from proofing.copies import copy_similarity
from proofing.engine import FaceEngine, load_engine
from proofing.face_check import A_COPY, NOT_THE_SAME, TOO_CLOSE_TO_CALL, FaceCheck
from proofing.pictures import card_portrait, read_picture
from proofing.quality import Sighting, sight
from proofing.settings import FACE_SETTINGS, FaceSettings

PORTRAIT, SELFIE = "/portrait", "/selfie"


def load_models() -> None:
    """What a worker process does once at its start, so that no applicant waits for the models."""
    load_engine(FACE_SETTINGS.engine)


def compare_pictures(portrait: bytes, selfie: bytes, settings: FaceSettings) -> FaceCheck:
    """Accept ``selfie`` as the person of ``portrait`` (each a JPEG or PNG file), or raise the refusal that says why not.

    Raises ``LivenessFailed`` for a copy of the portrait, ``FaceMismatch`` (also between threshold and review limit), and what
    ``read_picture`` and
    ``sight`` raise, with the pointer of the picture. Nothing about the pictures but this verdict is kept.
    """
    if portrait == selfie:
        raise LivenessFailed(A_COPY, pointer=SELFIE)
    shown = read_picture(portrait, settings.pictures, PORTRAIT)
    taken = read_picture(selfie, settings.pictures, SELFIE)
    engine = load_engine(settings.engine)
    document = sight(shown, engine, gates=settings.gates, face_width=settings.gates.portrait_face_width, pointer=PORTRAIT)
    person = sight(taken, engine, gates=settings.gates, face_width=settings.gates.selfie_face_width, pointer=SELFIE)
    if copy_similarity(document, person) >= settings.copy_similarity:
        raise LivenessFailed(A_COPY, pointer=SELFIE)
    return FaceCheck(
        engine=engine.name,
        model_sha256=engine.model_sha256,
        threshold=engine.threshold,
        band=accepted_band(engine, _distance(engine, document, person)),
        portrait=card_portrait(document.pixels, document.face.box),
    )


def accepted_band(engine: FaceEngine, distance: float) -> str:
    """The name of the band in which an accepted ``distance`` lies; raises ``FaceMismatch`` above the threshold."""
    for limit, name in engine.bands:
        if distance <= limit:
            return name
    raise FaceMismatch(TOO_CLOSE_TO_CALL if distance <= engine.review_until else NOT_THE_SAME, pointer=SELFIE)


def _distance(engine: FaceEngine, a: Sighting, b: Sighting) -> float:
    return engine.distance(engine.template(a.pixels, a.face), engine.template(b.pixels, b.face))
