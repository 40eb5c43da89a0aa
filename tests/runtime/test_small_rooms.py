"""Clock, secret file, crash points and log: small rooms, each with its one promise."""

import io
import json
import logging
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from doors.refusals import InputMalformed, SettingsInvalid, StorageUnavailable, StorePermissions
from runtime.clock import parse_rfc3339, rfc3339, utc_now
from runtime.crash import NEVER, CrashPoints, armed_from_environment
from runtime.log import configure_log, failure_fields, logger
from runtime.secret_file import secret_file


def test_now_is_aware() -> None:
    assert utc_now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21T20:16:00Z", datetime(2026, 11, 21, 20, 16, tzinfo=UTC)),
        ("2026-11-22t04:16:00.5+08:00", datetime(2026, 11, 21, 20, 16, 0, 500_000, tzinfo=UTC)),
        ("2026-11-21T20:16:00.123456789Z", datetime(2026, 11, 21, 20, 16, 0, 123_456, tzinfo=UTC)),
    ],
)
def test_moments_are_read(text: str, moment: datetime) -> None:
    assert parse_rfc3339(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-21",
        "2026-11-21T20:16:00",
        "2026-11-21 20:16:00Z",
        "2026-13-21T20:16:00Z",
        "2026-11-21T25:16:00Z",
        "٢٠٢٦-11-21T20:16:00Z",
        "0001-01-01T00:00:00+23:59",
        "20261121T201600Z",
        "2026-11-21T20:16:00Z ",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(InputMalformed):
        parse_rfc3339(text)


def test_moments_are_written_in_utc() -> None:
    assert rfc3339(datetime(2026, 11, 22, 4, 16, tzinfo=timezone(timedelta(hours=8)))) == "2026-11-21T20:16:00Z"


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "journal.key"
    secret = secret_file(path)
    assert len(secret) == 32
    assert secret_file(path) == secret
    assert [file.name for file in tmp_path.iterdir()] == ["journal.key"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.key"
    secret_file(path)
    path.chmod(0o640)
    with pytest.raises(StorePermissions):
        secret_file(path)


def test_a_secret_that_is_none_is_refused(tmp_path: Path) -> None:
    short, link = tmp_path / "short", tmp_path / "link"
    short.write_bytes(b"x")
    short.chmod(0o600)
    link.symlink_to(short)
    for path in (short, link, tmp_path, tmp_path / "missing" / "key"):
        with pytest.raises((StorageUnavailable, StorePermissions)):
            secret_file(path)


def test_an_unarmed_place_is_passed() -> None:
    for crash in (NEVER, CrashPoints.armed("issue.recorded"), CrashPoints.armed("issue.signed", passage=2)):
        crash("issue.signed")
    assert os.getpid()  # still here


@pytest.mark.parametrize(("asked", "survived"), [("here", []), ("here:3", ["1", "2"]), ("there", ["1", "2", "3", "4"])])
def test_an_armed_place_kills(asked: str, survived: list[str]) -> None:
    program = (
        "from runtime.crash import armed_from_environment\n"
        "crash = armed_from_environment({'here', 'there'})\n"
        "for n in range(1, 5):\n    crash('here')\n    print(n, flush=True)\n"
    )
    environment = {**os.environ, "TIGERTALLY_CRASH_AT": asked}
    ended = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert ended.stdout.split() == survived
    assert ended.returncode == (-signal.SIGKILL if asked != "there" else 0)


def test_a_place_that_does_not_exist_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    for asked in ("nowhere", "here:x", "here:0x1"):
        monkeypatch.setenv("TIGERTALLY_CRASH_AT", asked)
        with pytest.raises(SettingsInvalid):
            armed_from_environment({"here"})
    monkeypatch.delenv("TIGERTALLY_CRASH_AT")
    assert armed_from_environment({"here"}) is NEVER


def test_only_listed_fields_are_logged() -> None:
    stream = io.StringIO()
    configure_log("info", stream)
    logger().info("credential issued", format="ldp_vc", citizen_number="440000199901011234", token="secret")
    logger().debug("too quiet")
    line = json.loads(stream.getvalue())
    assert {"event": "credential issued", "format": "ldp_vc", "level": "info"}.items() <= line.items()
    assert line.keys() == {"event", "format", "level", "timestamp"}


@pytest.mark.parametrize("name", ["aiohttp.server", "asyncio"])
def test_a_library_is_not_quoted_in_the_log(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    configure_log("info", stream)
    logging.getLogger(name).error("Task exception %s", "440000199901011234")
    error = RuntimeError("440000199901011234")
    logging.getLogger(name).error("Error handling request", exc_info=error)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["a library reports", "a library reports"]
    assert [line.get("error_type") for line in lines] == [None, "RuntimeError"]
    assert "440000199901011234" not in stream.getvalue() + "".join(capfd.readouterr())


def test_a_process_that_holds_secrets_writes_no_core_file() -> None:
    program = "import resource\nfrom runtime.no_dump import leave_no_dump\nleave_no_dump()\nprint(resource.getrlimit(resource.RLIMIT_CORE))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "(0, 0)\n"


def test_an_error_is_logged_without_its_words() -> None:
    def fail() -> None:
        raise RuntimeError("440000199901011234")

    try:
        fail()
    except RuntimeError as error:
        fields = failure_fields(error)
    assert fields["error_type"] == "RuntimeError"
    assert "fail" in fields["where"]
    assert "4400" not in repr(fields)
