"""Two pictures and one verdict, on real photographs."""

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from doors.refusals import (
    FaceMismatch,
    FaceMultiple,
    FaceNotFound,
    FaceTooSmall,
    ImageBlurred,
    ImageTooBright,
    ImageTooDark,
    LivenessFailed,
)
from proofing.compare import accepted_band, compare_pictures
from proofing.copies import copy_similarity
from proofing.engine import load_engine
from proofing.engine.dlib_resnet import models_sha256
from proofing.face_check import NOT_THE_SAME, TOO_CLOSE_TO_CALL, FaceCheck
from proofing.pictures import read_picture
from proofing.quality import sight
from proofing.settings import FACE_SETTINGS
from tests.proofing.conftest import face, re_saved
from tests.shared import needs_shared

pytestmark = needs_shared


def compared(portrait: bytes, selfie: bytes) -> FaceCheck:
    return compare_pictures(portrait, selfie, FACE_SETTINGS)


def test_two_photographs_of_one_person_are_accepted_with_band_and_model() -> None:
    check = compared(face("p04_2"), face("p04_1"))
    assert check.band in {"strong", "sufficient"}
    assert check.threshold == 0.45
    assert len(check.model_sha256) == 64
    with Image.open(io.BytesIO(check.portrait)) as portrait:
        assert portrait.format == "JPEG"
        assert not portrait.getexif()


def test_a_selfie_that_lies_on_its_side_is_turned_upright() -> None:
    assert compared(face("p01_2"), face("p01_rot90")).band in {"strong", "sufficient"}


@pytest.mark.parametrize(
    ("selfie", "refusal"),
    [
        ("p02_blur4", ImageBlurred),
        ("p02_dark", ImageTooDark),
        ("p02_tiny", FaceTooSmall),
        ("p02_2", FaceTooSmall),
        ("two_faces", FaceMultiple),
        ("noface_text", FaceNotFound),
        ("p03_1", FaceMismatch),
    ],
)
def test_each_fault_of_the_selfie_has_its_own_answer(selfie: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as refused:
        compared(face("p02_1"), face(selfie))
    assert getattr(refused.value, "pointer", "") == "/selfie"


def test_a_face_in_glaring_light_is_too_bright() -> None:
    glaring = re_saved(face("p02_1"), lambda image: Image.blend(image, Image.new("RGB", image.size, "white"), 0.82))
    with pytest.raises(ImageTooBright):
        sight(read_picture(glaring, FACE_SETTINGS.pictures, ""), load_engine("dlib"), gates=FACE_SETTINGS.gates, face_width=80, pointer="")


def test_a_fault_of_the_portrait_names_the_portrait() -> None:
    with pytest.raises(ImageBlurred) as refused:
        compared(face("p02_blur4"), face("p03_1"))
    assert refused.value.pointer == "/portrait"


def _cropped(image: Image.Image) -> Image.Image:
    return image.crop((image.width // 12, image.height // 16, image.width - image.width // 10, image.height - image.height // 20))


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image.resize((image.width * 2 // 3, image.height * 2 // 3)),
        _cropped,
        lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        lambda image: ImageEnhance.Brightness(image).enhance(1.25),
        lambda image: image.rotate(6, resample=Image.Resampling.BICUBIC),
    ],
    ids=["smaller", "cropped", "mirrored", "brighter", "tilted"],
)
def test_the_portrait_altered_and_sent_as_selfie_is_a_copy(change: object) -> None:
    with pytest.raises(LivenessFailed):
        compared(face("p05_1"), re_saved(face("p05_1"), change, quality=60))  # type: ignore[arg-type]


@pytest.mark.parametrize("replay", ["p03_screen", "p03_print"])
def test_the_portrait_held_up_on_a_screen_or_in_print_is_a_copy(replay: str) -> None:
    with pytest.raises(LivenessFailed):
        compared(face("p03_1"), face(replay))


def test_between_threshold_and_review_limit_it_is_not_accepted_with_its_own_words() -> None:
    engine = load_engine("dlib")
    assert [accepted_band(engine, distance) for distance in (0.0, 0.35, 0.36, 0.45)] == ["strong", "strong", "sufficient", "sufficient"]
    for distance, detail in ((0.4501, TOO_CLOSE_TO_CALL), (0.5, TOO_CLOSE_TO_CALL), (0.5001, NOT_THE_SAME)):
        with pytest.raises(FaceMismatch) as refused:
            accepted_band(engine, distance)
        assert refused.value.detail == detail


def test_the_model_hash_is_over_the_files_in_their_order(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_bytes(b"one")
    second.write_bytes(b"two")
    digests = hashlib.sha256(b"one").digest() + hashlib.sha256(b"two").digest()
    assert models_sha256([first, second]) == hashlib.sha256(digests).hexdigest()


def test_a_face_without_detail_is_no_copy_of_anything() -> None:
    engine = load_engine("dlib")
    sighting = sight(read_picture(face("p06_1"), FACE_SETTINGS.pictures, ""), engine, gates=FACE_SETTINGS.gates, face_width=80, pointer="")
    blank = type(sighting)(np.full_like(sighting.pixels, 128), sighting.face)
    assert copy_similarity(sighting, blank) < 0.5
