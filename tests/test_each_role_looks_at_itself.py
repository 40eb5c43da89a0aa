"""Each service, started as an operator starts it, says in one line whether its public address leads to it."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from typer.testing import CliRunner

from tests.runtime.free_ports import free_ports


def set_up(role: str, folder: Path, public_url: str) -> tuple[str, ...]:
    """The options with which ``serve`` finds what ``init`` made."""
    program = importlib.import_module(f"{role}.commands").program
    options = ["init", "--data-dir", str(folder), "--public-url", public_url, "--environment", "development"]
    assert CliRunner().invoke(program, options, catch_exceptions=False).exit_code == 0
    return ("--data-dir", str(folder))


@contextmanager
def serving(role: str, *options: str, port: int, admin_port: int) -> Iterator[IO[str]]:
    """What the running service says on standard error after its first line."""
    command = [sys.executable, "-m", role, "serve", "--port", str(port), "--admin-port", str(admin_port), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            assert json.loads(process.stderr.readline())["ready"] == role
            yield process.stderr
        finally:
            process.terminate()
            assert process.wait(30) == 0


@pytest.mark.parametrize("role", ["issuer", "verifier"])
def test_a_service_knows_itself_and_knows_another_with_other_keys_by_their_fingerprints(role: str, tmp_path: Path) -> None:
    port, admin_port, other_port, other_admin_port = free_ports(4)
    url = f"http://127.0.0.1:{port}"
    with serving(role, *set_up(role, tmp_path / "old", url), port=port, admin_port=admin_port) as old:
        assert json.loads(old.readline()) == {"public_url": url, "seen": "ours", "detail": "the public address leads here"}
        with serving(role, *set_up(role, tmp_path / "new", url), port=other_port, admin_port=other_admin_port) as new:
            told = json.loads(new.readline())
    assert told["seen"] == "metadata_mismatch"
    assert "the key of fingerprint" in told["detail"]


def test_the_resolver_asks_itself_and_a_wrong_address_does_not_stop_it() -> None:
    port, admin_port, nobody = free_ports(3)
    development = ("--environment", "development", "--public-url")
    with serving("didresolver", *development, f"http://127.0.0.1:{port}", port=port, admin_port=admin_port) as talk:
        assert json.loads(talk.readline())["seen"] == "ours"
    with serving("didresolver", *development, f"http://127.0.0.1:{nobody}", port=port, admin_port=admin_port) as talk:
        assert json.loads(talk.readline())["seen"] == "fetch_failed"
