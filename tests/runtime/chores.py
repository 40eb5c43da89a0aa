"""Functions that tests send to the worker's other process."""

import os
import time
from dataclasses import dataclass
from datetime import date

from doors.refusals import FaceNotFound


def add(a: int, b: int) -> int:
    return a + b


def own_process() -> int:
    return os.getpid()


def for_ever() -> None:
    while True:
        time.sleep(0.01)


def eat(size: int) -> int:
    return len(bytearray(size))


def length(given: bytes) -> int:
    return len(given)


def refuse_given(given: bytes) -> int:
    raise FaceNotFound(f"no face in {len(given)} bytes")


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Parcel:
    content: bytes


def refuse_parcel(given: Parcel) -> int:
    raise FaceNotFound(f"no face in {len(given.content)} bytes")


def much() -> bytes:
    return bytes(17 * 1024 * 1024)


def refuse() -> None:
    raise FaceNotFound("no face", pointer="/selfie")


def fail(secret: str) -> None:
    raise RuntimeError(secret)


def die() -> None:
    os._exit(9)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A result as rooms have them."""

    similarity: float
    made: date
    steps: tuple[str, ...]


def judge() -> Verdict:
    return Verdict(0.61, date(2026, 11, 21), ("blink", "turn"))


class Trap:
    """What a taken-over process would send: unpacking it would act."""

    def __reduce__(self) -> tuple[object, ...]:
        return (os.system, ("touch /tmp/trap-was-sprung",))


def trap() -> object:
    return Trap()
