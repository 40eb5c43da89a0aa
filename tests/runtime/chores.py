"""Functions that tests send to the worker's other process."""

import os
import time

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


def refuse() -> None:
    raise FaceNotFound("no face", pointer="/selfie")


def fail(secret: str) -> None:
    raise RuntimeError(secret)


def die() -> None:
    os._exit(9)
