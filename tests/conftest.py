"""What every test may use: how much of a thing is tried on a commit, and how much in a night."""

import os

import pytest
from hypothesis import settings

NIGHTLY = os.environ.get("TIGERTALLY_AMOUNT") == "nightly"
"""Whether this is a long run (``make nightly``): more kills, more races, more generated inputs."""

settings.register_profile("commit", print_blob=True, deadline=None)
settings.register_profile("nightly", print_blob=True, deadline=None, max_examples=2_000)
settings.load_profile("nightly" if NIGHTLY else "commit")


@pytest.fixture
def round_number(request: pytest.FixtureRequest) -> int:
    """Which round of a test marked ``often`` this is."""
    return int(request.param)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat what is marked ``often(commit=…, nightly=…)``: each round in a world of its own."""
    marker = metafunc.definition.get_closest_marker("often")
    if marker is not None:
        metafunc.fixturenames.append("round_number")
        metafunc.parametrize("round_number", range(marker.kwargs["nightly" if NIGHTLY else "commit"]), indirect=True)
