"""How strictly pictures and faces are judged; every number can be changed by the operator and has a measured default."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What is decoded at most: bytes of the file, pixels, pixels a side, scans of a progressive JPEG; and the side to which it is
    scaled down."""

    size: int = 8 * 1024 * 1024
    pixels: int = 24_000_000
    side: int = 8_192
    scans: int = 64
    working_side: int = 1_000


@dataclass(frozen=True, slots=True)
class QualityGates:
    """What a face must be to be compared: width in pixels after scaling down, sharpness, mean brightness from 0 to 255."""

    portrait_face_width: int = 40
    selfie_face_width: int = 80
    sharpness: float = 60.0
    darkest: float = 40.0
    brightest: float = 230.0


@dataclass(frozen=True, slots=True)
class FaceSettings:
    """One office's rules for comparing faces.

    ``engine`` names one of ``proofing.engine.ENGINES``. ``copy_similarity`` is the correlation of fine detail from which a selfie
    counts as a copy
    of the portrait. ``seconds`` bounds one
    comparison, ``memory_bytes`` what the worker process takes beyond its loaded models.
    """

    engine: str = "dlib"
    pictures: PictureLimits = field(default_factory=PictureLimits)
    gates: QualityGates = field(default_factory=QualityGates)
    copy_similarity: float = 0.90
    seconds: float = 20.0
    memory_bytes: int = 512 * 1024 * 1024


FACE_SETTINGS = FaceSettings()
