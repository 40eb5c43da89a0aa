"""Whether a picture holds exactly one face that is large, sharp and well lit enough to be compared."""

from dataclasses import dataclass

import cv2
import numpy as np

from doors.refusals import FaceMultiple, FaceNotFound, FaceTooSmall, ImageBlurred, ImageTooBright, ImageTooDark
from proofing.engine import Face, FaceEngine
from proofing.pictures import Pixels
from proofing.settings import QualityGates

_MEASURED_SIDE = 128
_SEARCH_SCALE = 0.7


@dataclass(frozen=True, slots=True)
class Sighting:
    """A picture with its one face, good enough to compare."""

    pixels: Pixels
    face: Face


def sight(pixels: Pixels, engine: FaceEngine, *, gates: QualityGates, face_width: int, pointer: str) -> Sighting:
    """The one face in ``pixels``, turned upright by quarter turns where needed.

    Raises ``FaceTooSmall``, ``FaceNotFound``, ``FaceMultiple``, ``ImageTooDark``, ``ImageTooBright`` or ``ImageBlurred``, with ``pointer``.
    """
    if min(pixels.shape[:2]) < face_width * 5 // 4:
        raise FaceTooSmall(f"face: expected at least {face_width} pixels wide, got a picture hardly larger", pointer=pointer)
    sighting = _one_face(pixels, engine, pointer)
    if sighting.face.width < face_width:
        raise FaceTooSmall(f"face: expected at least {face_width} pixels wide, got {sighting.face.width}", pointer=pointer)
    _refuse_poor(_face_in_grey(sighting), gates, pointer)
    return sighting


def _one_face(pixels: Pixels, engine: FaceEngine, pointer: str) -> Sighting:
    upright, faces = pixels, engine.faces(pixels)
    if not faces:
        upright = _turned_upright(pixels, engine)
        faces = engine.faces(upright) if upright is not pixels else ()
    if not faces:
        raise FaceNotFound("face: expected exactly one, got none", pointer=pointer)
    if len(faces) > 1:
        raise FaceMultiple(f"face: expected exactly one, got {len(faces)}", pointer=pointer)
    return Sighting(upright, faces[0])


def _turned_upright(pixels: Pixels, engine: FaceEngine) -> Pixels:
    """``pixels`` by the quarter turn that shows a face, else ``pixels``. Looked for in a smaller copy, at half the cost."""
    small = cv2.resize(pixels, None, fx=_SEARCH_SCALE, fy=_SEARCH_SCALE, interpolation=cv2.INTER_AREA)
    for quarter_turns in (1, 2, 3):
        if engine.faces(np.asarray(np.ascontiguousarray(np.rot90(small, quarter_turns)), dtype=np.uint8)):
            return np.ascontiguousarray(np.rot90(pixels, quarter_turns))
    return pixels


def _face_in_grey(sighting: Sighting) -> Pixels:
    top, right, bottom, left = sighting.face.box
    grey = cv2.cvtColor(sighting.pixels[top:bottom, left:right], cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, (_MEASURED_SIDE, _MEASURED_SIDE), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _refuse_poor(face: Pixels, gates: QualityGates, pointer: str) -> None:
    brightness = float(face.mean())
    if brightness < gates.darkest:
        raise ImageTooDark(
            f"face: expected a mean brightness of at least {gates.darkest:.0f} of 255, got {brightness:.0f}", pointer=pointer
        )
    if brightness > gates.brightest:
        raise ImageTooBright(
            f"face: expected a mean brightness of at most {gates.brightest:.0f} of 255, got {brightness:.0f}", pointer=pointer
        )
    if (found := sharpness(face)) < gates.sharpness:
        raise ImageBlurred(f"face: expected a sharpness of at least {gates.sharpness:.0f}, got {found:.0f}", pointer=pointer)


def sharpness(face: Pixels) -> float:
    """The variance of the Laplacian after the contrast is set to one value, so that dim but sharp faces are not called blurred."""
    grey = face.astype(np.float64)
    even = (grey - grey.mean()) * (50.0 / max(float(grey.std()), 1.0))
    return float(cv2.Laplacian(even, cv2.CV_64F).var())
