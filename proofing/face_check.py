"""The verdict on two pictures, and the sentences for the refusals that need their own."""

from dataclasses import dataclass, field

TOO_CLOSE_TO_CALL = "faces: too close to the threshold to call; not accepted without a second look"
NOT_THE_SAME = "faces: expected the same person in both pictures, got two that differ too much"
A_COPY = "selfie: expected a picture of its own, got a copy of the document's portrait"


@dataclass(frozen=True, slots=True)
class FaceCheck:
    """An accepted comparison: with what it was made, and in which band its distance lies (never the distance, never a template).

    ``portrait`` is the portrait as it goes onto the card: a small JPEG without metadata.
    """

    engine: str
    model_sha256: str
    threshold: float
    band: str
    portrait: bytes = field(repr=False)
