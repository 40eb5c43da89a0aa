"""Loading a room only when it is entered."""

import subprocess
import sys

import pytest

from runtime.lazy import lazy

PROGRAM = """
import sys
from runtime.lazy import lazy
room = lazy("runtime.fetch")
print("aiohttp" in sys.modules)
print(room.MAX_BYTES, "aiohttp" in sys.modules)
"""


def test_a_room_is_loaded_when_something_in_it_is_used() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.split() == ["False", "65536", "True"]


def test_a_room_that_was_loaded_is_the_same() -> None:
    assert lazy("runtime.lazy").lazy is lazy


def test_a_room_that_does_not_exist_is_told_at_once() -> None:
    with pytest.raises(ModuleNotFoundError):
        lazy("runtime.nowhere")
