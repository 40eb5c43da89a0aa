"""Each of the office's keys is of the algorithm that its role signs with."""

import json
from pathlib import Path

import pytest

from credentials.keys import generate_key
from doors.refusals import KeyNotAllowed
from issuer.keys import ROLES, make_keys, open_keys

OFFICE = {"issuer": "did:web:office.example", "public_url": "https://office.example"}


def test_the_keys_that_were_made_are_opened(tmp_path: Path) -> None:
    make_keys(tmp_path)
    assert {key.kid.partition("#")[2] for key in open_keys(tmp_path, **OFFICE).all()} == set(ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_a_key_of_another_algorithm_is_refused(tmp_path: Path, role: str) -> None:
    make_keys(tmp_path)
    (tmp_path / f"{role}.jwk").write_text(json.dumps(generate_key("ES384").private_jwk()))
    with pytest.raises(KeyNotAllowed):
        open_keys(tmp_path, **OFFICE)
