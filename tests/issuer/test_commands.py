"""The office from the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from doors.refusals import NotFound, SettingsInvalid, StorageUnavailable, StorePermissions
from issuer.commands import program
from issuer.keys import ROLES

RUN = CliRunner()


def set_up(folder: Path) -> dict:
    arguments = ["init", "--data-dir", str(folder), "--public-url", "http://127.0.0.1:8101", "--environment", "development"]
    answer = RUN.invoke(program, [*arguments, "--name-zh", "虎符市公安局", "--json"], catch_exceptions=False)
    assert answer.exit_code == 0
    return dict(json.loads(answer.stdout))


def test_init_makes_keys_that_nobody_else_reads_and_prints_the_did(tmp_path: Path) -> None:
    told = set_up(tmp_path / "office")
    assert told["did"] == "did:web:127.0.0.1%3A8101"
    assert [name.partition("#")[2] for name in told["keys"]] == list(ROLES)
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "office").rglob("*")} == {0}


def test_init_again_keeps_the_keys(tmp_path: Path) -> None:
    assert set_up(tmp_path)["keys"] == set_up(tmp_path)["keys"]


def test_a_token_is_made_and_stands_in_the_journal(tmp_path: Path) -> None:
    set_up(tmp_path)
    made = RUN.invoke(
        program, ["token", "--name", "desk", "--scope", "issue", "--data-dir", str(tmp_path), "--json"], catch_exceptions=False
    )
    assert json.loads(made.stdout)["token"].startswith("issuer_")
    told = RUN.invoke(program, ["journal", "verify", "--data-dir", str(tmp_path), "--json"], catch_exceptions=False)
    head = json.loads(told.stdout)
    assert head["entries"] == 2
    noted = f"{head['entries']}:{head['seal']}"
    again = RUN.invoke(program, ["journal", "verify", "--data-dir", str(tmp_path), "--witnessed", noted], catch_exceptions=False)
    assert again.exit_code == 0


def test_doctor_names_what_is_wrong(tmp_path: Path) -> None:
    set_up(tmp_path)
    told = RUN.invoke(program, ["doctor", "--data-dir", str(tmp_path), "--json"], catch_exceptions=False)
    found = json.loads(told.stdout)
    assert told.exit_code == 1
    assert {name for name, outcome in found.items() if outcome == "ok"} == {"store", "clock", "keys", "status_lists", "journal"}
    assert found["public_url"].startswith("fetch_failed")
    (tmp_path / "keys" / "credential-p256.jwk").chmod(0o644)
    told = RUN.invoke(program, ["doctor", "--data-dir", str(tmp_path), "--json"], catch_exceptions=False)
    assert json.loads(told.stdout)["data_dir"].startswith("store_permissions")


def test_a_key_file_that_others_read_stops_every_command(tmp_path: Path) -> None:
    set_up(tmp_path)
    (tmp_path / "vault.key").chmod(0o640)
    answer = RUN.invoke(program, ["journal", "verify", "--data-dir", str(tmp_path)])
    assert isinstance(answer.exception, StorePermissions)


def test_a_database_without_its_secret_gets_no_new_one(tmp_path: Path) -> None:
    set_up(tmp_path)
    secret = (tmp_path / "vault.key").read_bytes()
    (tmp_path / "vault.key").unlink()
    for command in (["journal", "verify"], ["token", "--name", "x", "--scope", "read"], ["init", "--public-url", "https://office.example"]):
        answer = RUN.invoke(program, [*command, "--data-dir", str(tmp_path)])
        assert isinstance(answer.exception, StorageUnavailable)
        assert "backup" in answer.exception.detail
    assert not (tmp_path / "vault.key").exists()
    (tmp_path / "vault.key").write_bytes(secret)
    (tmp_path / "vault.key").chmod(0o600)
    assert RUN.invoke(program, ["journal", "verify", "--data-dir", str(tmp_path)]).exit_code == 0


def test_a_token_can_be_ended_before_its_time(tmp_path: Path) -> None:
    identifier = set_up(tmp_path)["token"].split("_")[1]
    ended = RUN.invoke(program, ["end-token", identifier, "--data-dir", str(tmp_path), "--json"], catch_exceptions=False)
    assert json.loads(ended.stdout) == {"ended": identifier}
    assert isinstance(RUN.invoke(program, ["end-token", identifier, "--data-dir", str(tmp_path)]).exception, NotFound)
    told = RUN.invoke(program, ["journal", "verify", "--data-dir", str(tmp_path), "--json"], catch_exceptions=False)
    assert json.loads(told.stdout)["entries"] == 2


@pytest.mark.parametrize(
    "public_url", ["http://office.example", "https://office.example/path", "office.example", "https://user@office.example"]
)
def test_an_address_that_cannot_work_is_refused(tmp_path: Path, public_url: str) -> None:
    answer = RUN.invoke(program, ["init", "--data-dir", str(tmp_path / "office"), "--public-url", public_url])
    assert isinstance(answer.exception, SettingsInvalid)
    assert not (tmp_path / "office").exists()


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "issuer.toml").write_text('public_url = "https://office.example"\nvalidity_days = 0\ncolour = "red"\n')
    answer = RUN.invoke(program, ["journal", "verify", "--data-dir", str(tmp_path)])
    assert isinstance(answer.exception, SettingsInvalid)
    assert "validity_days" in answer.exception.detail
    assert "colour" in answer.exception.detail
