"""How an operator makes a trust list: ``python -m trust``."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

HOTEL = "decentralized_identifier:did:web:hotel.example%3A8201"


def trust(*arguments: str, status: int = 0) -> str:
    ran = subprocess.run([sys.executable, "-m", "trust", *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == status, ran.stderr
    return ran.stdout + (ran.stderr if status else "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "trust"


def add_issuer(folder: Path, *more: str) -> None:
    identifiers = ("--identifier", "did:web:issuer.example", "--identifier", "https://issuer.example")
    trust("add-issuer", str(folder), *identifiers, "--type", "IdCardCredential", "--name-en", "Registry", "--name-zh", "户籍处", *more)


def test_a_list_is_made_signed_and_shown(folder: Path) -> None:
    anchor = json.loads(trust("init", str(folder), "--json"))["anchor"]
    add_issuer(folder, "--from", "2026-01-01T00:00:00Z")
    party = ("--name-en", "Hotel", "--name-zh", "酒店", "--purpose-en", "Registration", "--purpose-zh", "登记")
    trust("add-relying-party", str(folder), "--client-id", HOTEL, "--attribute", "https://t.example/card/v1#full_name", *party)

    assert json.loads(trust("sign", str(folder), "--days", "3", "--json"))["sequence"] == 1
    assert json.loads(trust("sign", str(folder), "--json"))["sequence"] == 2

    shown = json.loads(trust("show", str(folder / "trust-list.jwt"), "--anchor", anchor, "--json"))
    assert shown["issuers"][0]["granted"] == [{"from": "2026-01-01T00:00:00Z"}]
    assert shown["relying_parties"][0]["hosts"] == ["hotel.example:8201"]
    assert shown["relying_parties"][0]["attributes"] == {"https://t.example/card/v1": ["full_name"]}
    assert "户籍处" in trust("show", str(folder / "trust-list.jwt"), "--anchor", anchor)


def test_the_key_is_readable_by_its_owner_alone(folder: Path) -> None:
    trust("init", str(folder))

    assert stat.S_IMODE((folder / "key.jwk").stat().st_mode) == 0o600


def test_a_second_init_does_not_touch_the_first(folder: Path) -> None:
    trust("init", str(folder))
    before = (folder / "key.jwk").read_bytes()

    assert "state_conflict" in trust("init", str(folder), status=3)
    assert (folder / "key.jwk").read_bytes() == before


def test_an_ended_grant_stays_as_history_and_a_new_one_follows_it(folder: Path) -> None:
    trust("init", str(folder))
    add_issuer(folder, "--from", "2024-01-01T00:00:00Z")
    trust("end", str(folder), "https://issuer.example", "--until", "2025-01-01T00:00:00Z", "--yes")
    add_issuer(folder, "--from", "2026-01-01T00:00:00Z")

    granted = json.loads((folder / "draft.json").read_text())["issuers"][0]["granted"]

    assert granted == [{"from": "2024-01-01T00:00:00Z", "until": "2025-01-01T00:00:00Z"}, {"from": "2026-01-01T00:00:00Z"}]


def test_mistakes_are_told_with_their_exit_status(folder: Path) -> None:
    assert "settings_invalid" in trust("sign", str(folder), status=2)
    trust("init", str(folder))
    assert "not_found" in trust("end", str(folder), "did:web:nobody.example", "--yes", status=3)
    (folder / "forged.jwt").write_text("a.b.c")
    other = json.loads(trust("init", str(folder / "other"), "--json"))["anchor"]
    assert "trust_list_invalid" in trust("show", str(folder / "forged.jwt"), "--anchor", other, status=5)
    assert "key_not_allowed" in trust("show", str(folder / "forged.jwt"), "--anchor", "did:key:z6", status=3)
