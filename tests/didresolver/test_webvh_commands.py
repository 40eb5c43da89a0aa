"""did:webvh on the command line: a history from its beginning to its end."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.didresolver.test_commands import didresolver


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def webvh(*arguments: str) -> subprocess.CompletedProcess[str]:
    return didresolver("webvh", *arguments)


def told(*arguments: str) -> dict[str, str]:
    ran = webvh(*arguments, "--json")
    assert ran.returncode == 0, ran.stderr
    answer: dict[str, str] = json.loads(ran.stdout)
    return answer


def test_a_did_is_made_changed_and_given_up(here: Path) -> None:
    (here / "document.json").write_text('{"alsoKnownAs": ["did:web:issuer.example"]}')
    made = told(
        "create", "did.jsonl", "--place", "issuer.example:dids", "--key", "a.jwk", "--next-key", "b.jwk", "--portable", "--ttl", "60"
    )
    changed = told("update", "did.jsonl", "--key", "b.jwk", "--document", "document.json", "--next-key", "c.jwk")
    given_up = told("deactivate", "did.jsonl", "--key", "c.jwk")
    versions = webvh("verify", "did.jsonl", "--json")

    assert made["did"] == changed["did"] == given_up["did"]
    assert made["did"].endswith(":issuer.example:dids")
    assert [row["versionId"] for row in json.loads(versions.stdout)] == [row["versionId"] for row in (made, changed, given_up)]
    assert oct((here / "a.jwk").stat().st_mode & 0o777) == "0o600"
    assert not (here / "did.jsonl.new").exists()


def test_a_witness_approves_and_without_it_nothing_is_believed(here: Path) -> None:
    told("create", "w.jsonl", "--place", "witness.example", "--key", "witness.jwk")
    key = json.loads((here / "w.jsonl").read_text())["parameters"]["updateKeys"][0]
    told("create", "did.jsonl", "--place", "issuer.example", "--key", "a.jwk", "--witness", f"did:key:{key}")

    alone = webvh("verify", "did.jsonl")
    told("approve", "did.jsonl", "--key", "witness.jwk", "--witness-file", "did-witness.json")
    approved = webvh("verify", "did.jsonl", "--witness-file", "did-witness.json")

    assert (alone.returncode, approved.returncode) == (3, 0)
    assert alone.stderr.startswith("did_log_invalid: ")


def test_what_cannot_be_done_is_refused_and_leaves_the_file_as_it_was(here: Path) -> None:
    told("create", "did.jsonl", "--place", "issuer.example", "--key", "a.jwk")
    told("create", "other.jsonl", "--place", "other.example", "--key", "b.jwk")
    before = (here / "did.jsonl").read_bytes()

    again = webvh("create", "did.jsonl", "--place", "issuer.example", "--key", "a.jwk")
    by_another = webvh("update", "did.jsonl", "--key", "b.jwk")
    without_key = webvh("update", "did.jsonl", "--key", "absent.jwk")
    without_file = webvh("verify", "absent.jsonl")

    codes = [ran.stderr.partition(":")[0] for ran in (again, by_another, without_key, without_file)]
    assert codes == ["state_conflict", "did_log_proof_invalid", "input_malformed", "input_malformed"]
    assert (here / "did.jsonl").read_bytes() == before
    assert not (here / "absent.jwk").exists()


def test_help_of_the_histories_waits_for_nothing_heavy() -> None:
    script = "import sys, didresolver.commands; print([name for name in ('aiohttp', 'cryptography', 'nacl') if name in sys.modules])"

    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_a_time_that_is_none_is_refused_before_anybody_is_asked() -> None:
    ran = didresolver("resolve", "did:webvh:QmXhVjFG6EBTosDastaaHMRypm2qSv4SMGctADsx878Yux:issuer.example", "--version-time", "yesterday")

    assert (ran.returncode, ran.stderr.partition(":")[0]) == (3, "input_malformed")
