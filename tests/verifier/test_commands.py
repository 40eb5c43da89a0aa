"""The verifier on the command line: verdicts as words, as JSON, and as an exit status."""

import io
import json
import subprocess
import sys
import threading
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from credentials.keys import PrivateKey, generate_key
from credentials.keys.did_key import did_key
from tests.verifier.test_casefile import a_case
from tests.verifier.world import SUBJECT_CLAIMS, World
from trust.pack import make_pack
from verifier.casefile import CaseFile
from verifier.commands import main
from verifier.packing import collect
from verifier.query import question_of

ME = "decentralized_identifier:did:web:desk.example"


@dataclass
class Ended:
    """What a command left."""

    returncode: int
    stdout: bytes
    stderr: bytes


@dataclass
class Shell:
    """The command, with a pack beside it; in a thread of its own, because it runs a loop of its own."""

    world: World
    folder: Path
    signer: PrivateKey

    def run(self, *arguments: str, stdin: bytes = b"") -> Ended:
        out, err, status = io.StringIO(), io.StringIO(), [0]

        def call() -> None:
            try:
                main()
            except SystemExit as ended:
                status[0] = int(ended.code or 0)

        with (
            patch.object(sys, "argv", ["verifier", *arguments]),
            patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            thread = threading.Thread(target=call)
            thread.start()
            thread.join(60)
        return Ended(status[0], out.getvalue().encode(), err.getvalue().encode())

    def verify(self, content: bytes, *arguments: str) -> Ended:
        return self.run(
            "verify", "-", "--pack", str(self.folder / "pack.zip"), "--offline", "--anchor", did_key(self.world.anchor.public),
            "--pack-signer", did_key(self.signer.public), "--json", *arguments, stdin=content,
        )  # fmt: skip

    async def pack(self, *, hours: int = 24) -> None:
        facts = await collect(self.world.online(), fetch=self.world.web, policy=self.world.policy("court").trust, now=self.world.now)
        (self.folder / "pack.zip").write_bytes(make_pack(facts, self.signer, self.world.now + timedelta(hours=hours)))


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(World(now=datetime.now(UTC)), tmp_path, generate_key("EdDSA"))


def test_the_command_is_a_program() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "verifier", "explain", "status_revoked", "--json"], capture_output=True, check=True, timeout=60
    )
    assert json.loads(ended.stdout)["code"] == "status_revoked"


async def test_a_good_card_ends_with_zero(shell: Shell) -> None:
    await shell.pack()
    ended = shell.verify(shell.world.whole_card().wire)
    told = json.loads(ended.stdout)
    assert (ended.returncode, told["verdict"], told["explanation"]["word"]) == (0, "valid", "VALID")
    assert told["claims"]["credential"]["full_name"] == SUBJECT_CLAIMS["full_name"]


async def test_a_changed_card_ends_with_three(shell: Shell) -> None:
    await shell.pack()
    card = json.loads(shell.world.whole_card().wire)
    card["credentialSubject"]["sex"] = 1
    ended = shell.verify(json.dumps(card).encode())
    assert (ended.returncode, json.loads(ended.stdout)["code"]) == (3, "sig_invalid")


@pytest.mark.parametrize("mark", ["revoked", "suspended"])
async def test_a_lapsed_card_ends_with_four(shell: Shell, mark: str) -> None:
    getattr(shell.world, mark).add(7)
    shell.world.publish()
    await shell.pack()
    ended = shell.verify(shell.world.selective_card().wire, "--policy", "hotel")
    assert (ended.returncode, json.loads(ended.stdout)["code"]) == (4, f"status_{mark}")


async def test_with_an_expired_pack_nothing_can_be_decided(shell: Shell) -> None:
    shell.world.now -= timedelta(hours=30)
    shell.world.publish()
    await shell.pack(hours=24)
    ended = shell.verify(shell.world.whole_card().wire)
    assert (ended.returncode, json.loads(ended.stdout)["code"]) == (5, "pack_expired")


async def test_a_pack_of_a_stranger_is_refused(shell: Shell) -> None:
    await shell.pack()
    shell.signer = generate_key("EdDSA")
    ended = shell.verify(shell.world.whole_card().wire)
    assert (ended.returncode, json.loads(ended.stdout)["code"]) == (3, "pack_invalid")


async def test_a_presentation_must_be_for_the_stated_nonce(shell: Shell) -> None:
    await shell.pack()
    request = question_of(shell.world.policy("hotel"), nonce="n1", audience=ME)
    shown = shell.world.hotel_answer(request).wire
    for nonce, status, code in (("n1", 0, ""), ("n2", 3, "nonce_mismatch")):
        ended = shell.verify(shown, "--policy", "hotel", "--nonce", nonce, "--audience", ME)
        assert (ended.returncode, json.loads(ended.stdout)["code"]) == (status, code)
    assert shell.verify(shown, "--policy", "hotel").returncode == 3


@pytest.mark.parametrize(("content", "code"), [(b"hello", "input_malformed"), (b"{", "input_malformed"), (b"", "input_malformed")])
async def test_what_is_no_credential_ends_with_three(shell: Shell, content: bytes, code: str) -> None:
    await shell.pack()
    ended = shell.verify(content)
    assert (ended.returncode, json.loads(ended.stdout)["code"]) == (3, code)


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "-", "--offline"),
        ("verify", "-", "--policy", "bank"),
        ("verify", "/nowhere"),
        ("verify", "-", "--anchor", "nonsense"),
        ("request", "--policy", "hotel"),
        ("explain", "no_such_code"),
    ],
)
def test_a_wrong_use_ends_with_two(shell: Shell, arguments: tuple[str, ...]) -> None:
    ended = shell.run(*arguments)
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert b"Traceback" not in ended.stderr


async def test_people_read_every_check_and_the_next_step(shell: Shell) -> None:
    await shell.pack()
    common = ("--pack", str(shell.folder / "pack.zip"), "--anchor", did_key(shell.world.anchor.public))
    ended = shell.run(
        "verify", "-", *common, "--pack-signer", did_key(shell.signer.public), "--lang", "zh-CN", stdin=shell.world.whole_card().wire
    )
    lines = ended.stdout.decode().splitlines()
    assert lines[0].startswith("有效")
    assert len([line for line in lines if "✓" in line]) >= 8
    assert lines[-1].startswith("→")


def test_a_verifier_is_set_up_asks_and_keeps_its_session(shell: Shell) -> None:
    data = str(shell.folder / "data")
    made = shell.run("init", "--data-dir", data, "--public-url", "https://desk.example", "--json")
    told: dict[str, Any] = json.loads(made.stdout)
    assert told["did"] == "did:web:desk.example"
    assert {file.stat().st_mode & 0o077 for file in Path(data).rglob("*") if file.is_file()} == {0}
    asked = json.loads(shell.run("request", "--policy", "hotel", "--data-dir", data, "--qr", str(shell.folder / "qr.svg"), "--json").stdout)
    assert asked["wallet_link"].startswith("openid4vp://?client_id=decentralized_identifier")
    assert (shell.folder / "qr.svg").read_bytes().startswith(b"<svg")
    again = shell.run("init", "--data-dir", data, "--public-url", "https://desk.example")
    assert (again.returncode, b"never overwritten" in again.stderr) == (2, True)
    assert json.loads(shell.run("journal", "verify", "--data-dir", data, "--json").stdout)["entries"] == 0


def test_a_token_can_be_ended_before_its_time(shell: Shell) -> None:
    data = str(shell.folder / "data")
    shell.run("init", "--data-dir", data, "--public-url", "https://desk.example", "--json")
    token = json.loads(shell.run("token", "--name", "desk", "--data-dir", data, "--json").stdout)["token"]
    identifier = token.split("_")[1]
    assert json.loads(shell.run("end-token", identifier, "--data-dir", data, "--json").stdout) == {"ended": identifier}
    again = shell.run("end-token", identifier, "--data-dir", data)
    assert (again.returncode, b"not_found" in again.stderr) == (3, True)


@pytest.mark.parametrize(("language", "word"), [("en", "revoked"), ("zh-CN", "撤销")])
def test_a_code_is_explained(shell: Shell, language: str, word: str) -> None:
    ended = shell.run("explain", "status_revoked", "--lang", language)
    assert ended.returncode == 0
    assert "→" in ended.stdout.decode()
    assert word in ended.stdout.decode() or language == "zh-CN"


async def test_a_case_file_is_reopened(shell: Shell) -> None:
    world, policy = shell.world, shell.world.policy("court")
    sent = question_of(policy, nonce="n1", audience=ME)
    request = type(sent).parse({**sent.to_json(), "response_mode": "direct_post", "response_uri": "https://desk.example/r", "state": "s"})
    shown = world.court_answer(request)
    facts = await world.online().facts(shown.credentials, policy=policy.trust, now=world.now)
    case = CaseFile(request, {"identity": (shown,)}, facts, policy, world.now, "valid", "")
    (shell.folder / "case.json").write_bytes(case.to_bytes())
    ended = shell.run("casefile", "reopen", str(shell.folder / "case.json"), "--json")
    told = json.loads(ended.stdout)
    assert (ended.returncode, told["verdict"], told["agrees"]) == (0, "valid", True)
    wrong = CaseFile(request, {"identity": (shown,)}, facts, policy, world.now, "invalid", "sig_invalid").to_bytes()
    assert shell.run("casefile", "reopen", "-", stdin=wrong).returncode == 3
    changed = case.to_bytes().replace(b'"word":"valid"', b'"word":"inval"')
    assert shell.run("casefile", "reopen", "-", stdin=changed).returncode not in {0, 1, 2}


async def test_a_case_file_is_not_taken_for_a_presentation_and_names_whom_it_believes(shell: Shell) -> None:
    """Anybody can make a case file, on a trust list of their own."""
    theirs = await a_case(World())
    (shell.folder / "case.json").write_bytes(theirs.to_bytes())
    file, mine = str(shell.folder / "case.json"), did_key(shell.world.anchor.public)
    assert shell.run("verify", file, "--anchor", mine, "--nonce", "n1", "--audience", ME).returncode == 3
    assert b"trust_list_invalid" in shell.run("casefile", "reopen", file, "--anchor", mine).stderr
    told = json.loads(shell.run("casefile", "reopen", file, "--json").stdout)
    assert told["on_the_word_of"] == [did_key(theirs.policy.trust.anchors[0])]
    assert shell.run("casefile", "reopen", file, "--anchor", told["on_the_word_of"][0]).returncode == 0, "the twin: by who believes them"


def test_an_unanswered_question_is_not_decided(shell: Shell) -> None:
    data = str(shell.folder / "data")
    shell.run("init", "--data-dir", data, "--public-url", "https://desk.example")
    ended = shell.run("request", "--policy", "hotel", "--data-dir", data, "--wait", "1", "--json")
    assert (ended.returncode, json.loads(ended.stdout.splitlines()[-1])["verdict"]) == (5, "undecided")


@pytest.mark.parametrize(("outcome", "status"), [("ok", 0), ("ok: edition 3", 0), ("fetch_failed: nobody there", 1), ("okay not", 1)])
def test_the_doctor_ends_with_one_where_something_is_wrong(shell: Shell, outcome: str, status: int) -> None:
    with patch("verifier.acts.settings_of"), patch("verifier.acts.examine", return_value={"clock": "ok", "trust_list": outcome}):
        assert shell.run("doctor").returncode == status
