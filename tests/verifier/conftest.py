"""The world, a desk in it, and its sessions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.verifier.world import World, desk_of
from verifier.answer import Desk


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Iterator[Desk]:
    made = desk_of(world, tmp_path)
    yield made
    made.store.close()
