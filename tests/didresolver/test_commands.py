"""The resolver on the command line, as a person meets it."""

import json
import subprocess
import sys
import urllib.request

import pytest

from credentials.keys import generate_key
from credentials.keys.did_key import did_key


def didresolver(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "didresolver", *arguments], capture_output=True, text=True, timeout=60, check=False)


def test_a_did_is_resolved_in_words_and_as_json() -> None:
    did = did_key(generate_key("EdDSA").public)

    words, result = didresolver("resolve", did), didresolver("resolve", did, "--json")

    assert words.returncode == result.returncode == 0
    assert words.stdout.startswith(did)
    assert "EdDSA" in words.stdout
    assert json.loads(result.stdout)["didDocument"]["id"] == did


@pytest.mark.parametrize(
    ("did", "status", "code"),
    [
        ("did:key:zzz", 3, "did_invalid"),
        ("did:foo:1", 3, "did_method_unsupported"),
        ("did:web:127.0.0.1", 3, "url_blocked"),
        ("did:web:localhost%3A1029", 7, "fetch_failed"),
    ],
)
def test_a_refusal_tells_its_code_and_exit_status(did: str, status: int, code: str) -> None:
    development = ["--development"] if "localhost" in did else []
    ran = didresolver("resolve", did, "--json", *development)

    assert ran.returncode == status
    assert ran.stderr.startswith(f"{code}: ")
    assert json.loads(ran.stdout)["didResolutionMetadata"]["error"]["code"] == code


def test_wrong_usage_is_told_apart() -> None:
    assert didresolver("resolve").returncode == 2
    assert didresolver("serve", "--public-url", "ftp://x").returncode == 2


def test_help_waits_for_nothing_heavy() -> None:
    script = (
        "import sys, didresolver.__main__; print([name for name in ('aiohttp', 'pydantic', 'cryptography', 'nacl') if name in sys.modules])"
    )

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "[]"


def test_the_service_starts_answers_and_stops() -> None:
    ports = ["--port", "0", "--admin-port", "0"]
    settings = ["--public-url", "http://127.0.0.1:8501", "--environment", "development"]
    did = did_key(generate_key("ES256").public)
    command = [sys.executable, "-m", "didresolver", "serve", *ports, *settings]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        ready = json.loads(running.stderr.readline())
        with urllib.request.urlopen(f"{ready['listening']['public']}/1.0/identifiers/{did}", timeout=10) as answer:
            result = json.load(answer)
        running.terminate()
        assert running.wait(10) == 0

    assert ready["ready"] == "didresolver"
    assert result["didDocument"]["id"] == did
