"""The face engine of dlib through face_recognition: HOG detector, five landmarks, 128-number network."""

import hashlib
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from proofing.engine import Face, FaceEngine, Template
from proofing.pictures import Pixels

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the models package asks for pkg_resources, which says at every start that it will go
    import face_recognition
    import face_recognition_models  # type: ignore[import-untyped]

THRESHOLD = 0.45
"""The library's own 0.6 let 0.69 % of 50,880 different pairs pass when measured; at 0.45 none did."""
REVIEW_UNTIL = 0.50
BANDS = ((0.35, "strong"), (THRESHOLD, "sufficient"))


@dataclass(frozen=True, slots=True)
class DlibResnet:
    """``FaceEngine`` over dlib. Distances are Euclidean, 0 for the same picture, about 0.85 between strangers."""

    model_sha256: str
    name: str = "face_recognition 1.3.0 / dlib ResNet v1"
    threshold: float = THRESHOLD
    review_until: float = REVIEW_UNTIL
    bands: tuple[tuple[float, str], ...] = BANDS

    def faces(self, pixels: Pixels) -> tuple[Face, ...]:
        boxes = face_recognition.face_locations(pixels, number_of_times_to_upsample=1, model="hog")
        marks = face_recognition.face_landmarks(pixels, boxes, model="small") if boxes else []
        return tuple(Face(box=_inside(box, pixels), landmarks=_five(mark)) for box, mark in zip(boxes, marks, strict=True))

    def template(self, pixels: Pixels, face: Face) -> Template:
        return np.asarray(face_recognition.face_encodings(pixels, [face.box], num_jitters=1, model="small")[0], dtype=np.float64)

    def distance(self, a: Template, b: Template) -> float:
        return float(np.linalg.norm(a - b))


def engine() -> FaceEngine:
    files = (face_recognition_models.face_recognition_model_location(), face_recognition_models.pose_predictor_five_point_model_location())
    return DlibResnet(model_sha256=models_sha256(Path(file) for file in files))


def models_sha256(files: Iterable[Path]) -> str:
    """SHA-256 (hex) over the SHA-256 digests of ``files`` in their order: what stands in the Evidence."""
    whole = hashlib.sha256()
    for file in files:
        with file.open("rb") as opened:
            whole.update(hashlib.file_digest(opened, "sha256").digest())
    return whole.hexdigest()


def _inside(box: tuple[int, int, int, int], pixels: Pixels) -> tuple[int, int, int, int]:
    height, width = pixels.shape[:2]
    top, right, bottom, left = box
    return max(0, top), min(width, right), min(height, bottom), max(0, left)


def _five(mark: dict[str, list[tuple[int, int]]]) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in (*mark["left_eye"], *mark["right_eye"], *mark["nose_tip"]))
