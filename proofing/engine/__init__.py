"""What finds and compares faces: one small interface, and a mapping of the engines there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from proofing.pictures import Pixels

Template = NDArray[np.float64]
"""What an engine knows of a face. It identifies a person like the face itself: never stored, never logged."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Face:
    """Where a face is: box as top, right, bottom, left; five landmarks (outer and inner corner of the eye on the left of the picture,
    the same of
    the eye on the right, base of the nose) as x, y; all in pixels."""

    box: tuple[int, int, int, int]
    landmarks: tuple[Point, ...] = field(repr=False)

    @property
    def width(self) -> int:
        return self.box[1] - self.box[3]


class FaceEngine(Protocol):
    """Finds faces and says how far two are apart.

    ``threshold``: the largest distance at which two faces count as one person's. Up to ``review_until`` it is too close to call: not
    accepted either.
    ``model_sha256``: over the model files in use. ``bands``: names of distance ranges below the threshold, largest distance first-fit.
    """

    @property
    def name(self) -> str: ...
    @property
    def model_sha256(self) -> str: ...
    @property
    def threshold(self) -> float: ...
    @property
    def review_until(self) -> float: ...
    @property
    def bands(self) -> tuple[tuple[float, str], ...]: ...

    def faces(self, pixels: Pixels) -> tuple[Face, ...]: ...
    def template(self, pixels: Pixels, face: Face) -> Template: ...
    def distance(self, a: Template, b: Template) -> float: ...


ENGINES: Mapping[str, str] = MappingProxyType({"dlib": "proofing.engine.dlib_resnet"})
"""Each engine's module; its ``engine()`` makes one. Loaded by name, because the models take seconds and 170 MB that only the worker
should pay."""


@cache
def load_engine(name: str) -> FaceEngine:
    """The engine ``name`` of ``ENGINES``, loaded once a process."""
    engine: FaceEngine = import_module(ENGINES[name]).engine()
    return engine
