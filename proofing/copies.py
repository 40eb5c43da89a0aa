"""Whether the selfie is a copy of the document's own picture: the same photograph, re-encoded, resized, cropped, turned or mirrored."""

import cv2
import numpy as np
from numpy.typing import NDArray

from proofing.pictures import Pixels
from proofing.quality import Sighting

_SIDE = 96
_MARGIN = 12
_WHERE_FACES_LIE = np.array([[0.20, 0.30], [0.36, 0.30], [0.80, 0.30], [0.64, 0.30], [0.50, 0.58]], dtype=np.float32)
_FINE, _COARSE = 1.5, 5.0
_EVERYWHERE = np.full((_SIDE, _SIDE), 255, dtype=np.uint8)
_STEPS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 50, 1e-4)

Chip = NDArray[np.float32]


def copy_similarity(portrait: Sighting, selfie: Sighting) -> float:
    """How alike the fine detail of both faces is once they lie on each other, from -1 to 1.

    Two photographs of one person stayed below 0.71, of different persons below 0.82; copies of one photograph lay above 0.98
    (docs/proofing.md).
    """
    reference, probe = _chip(portrait), _chip(selfie)
    mirrored = np.ascontiguousarray(probe[:, ::-1])
    # Each alignment is tried both ways round: where half the face is cut off, only one of them finds its way.
    ways = ((reference, probe), (probe, reference), (reference, mirrored), (mirrored, reference))
    return max(_aligned_similarity(moved, still) for moved, still in ways)


def _chip(sighting: Sighting) -> Chip:
    """The face in grey, eyes and nose brought to fixed places, so that size, place and tilt no longer matter."""
    landmarks = np.array(sighting.face.landmarks, dtype=np.float32)
    placed, _ = cv2.estimateAffinePartial2D(landmarks, _WHERE_FACES_LIE * _SIDE, method=cv2.LMEDS)
    if placed is None:
        return np.zeros((_SIDE, _SIDE), dtype=np.float32)
    grey = _softened(
        np.asarray(cv2.cvtColor(sighting.pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8), float(np.hypot(placed[0, 0], placed[0, 1]))
    )
    return np.asarray(cv2.warpAffine(grey, placed, (_SIDE, _SIDE), borderMode=cv2.BORDER_REPLICATE), dtype=np.float32)


def _softened(grey: Pixels, scale: float) -> Pixels:
    """Blur before scaling down, so that a large and a small copy lose the same detail."""
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.5 / scale), dtype=np.uint8) if 0 < scale < 1 else grey


def _aligned_similarity(moved: Chip, still: Chip) -> float:
    """Correlation of the middle frequencies after a fine affine alignment (enhanced correlation coefficient)."""
    start = np.eye(2, 3, dtype=np.float32)
    soft_moved, soft_still = (cv2.GaussianBlur(chip, (0, 0), _FINE) for chip in (moved, still))
    try:
        _, warp = cv2.findTransformECC(soft_still, soft_moved, start, cv2.MOTION_AFFINE, _STEPS, _EVERYWHERE, 5)
    except cv2.error:
        return -1.0  # no alignment brings them closer: not the same photograph
    aligned = cv2.warpAffine(moved, warp, (_SIDE, _SIDE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
    return _correlation(_detail(np.asarray(aligned, dtype=np.float32)), _detail(still))


def _detail(chip: Chip) -> Chip:
    band = cv2.GaussianBlur(chip, (0, 0), _FINE) - cv2.GaussianBlur(chip, (0, 0), _COARSE)
    return np.asarray(band[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN], dtype=np.float32)


def _correlation(a: Chip, b: Chip) -> float:
    centred_a, centred_b = a - a.mean(), b - b.mean()
    size = float(np.linalg.norm(centred_a) * np.linalg.norm(centred_b))
    return float((centred_a * centred_b).sum()) / size if size > 0 else -1.0
