"""The demo, run once as anybody runs it, and what it leaves behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from examples.demo.__main__ import _language, _tell_failure
from examples.demo.page import page_application
from examples.demo.stage import ROOT, Stage, Unexpected
from examples.demo.staying import _shown
from examples.demo.story import ROLES, STORY
from examples.demo.telling import Teller
from proofing.sample_photos import SDIST
from runtime.words import load_words

needs_photographs = pytest.mark.skipif(
    not (ROOT / SDIST).exists(), reason="the sample photographs are not there; `make setup` fetches them"
)
SECONDS = 300
"""Half a minute on a quiet machine with two cores; the limit is for one where other tests run beside it."""


def environment(folder: Path) -> Mapping[str, str]:
    return {**os.environ, "TMPDIR": str(folder), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "examples.demo", *arguments]


def processes_in(folder: Path) -> list[str]:
    """The command lines of living processes that name ``folder``."""
    lines = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = place.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in line:
            lines.append(line)
    return lines


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    folder = tmp_path_factory.mktemp("demo")
    ran = subprocess.run(command(), cwd=ROOT, env=environment(folder), capture_output=True, text=True, timeout=SECONDS, check=False)
    return ran, folder


@needs_photographs
def test_every_step_goes_as_expected(told: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    ran, _ = told
    count = len(STORY)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    assert ran.stdout.splitlines()[-1] == f"demo: {count} steps, {count} as expected"
    assert ran.stdout.count("✓ as expected") == count
    assert "\x1b" not in ran.stdout


@needs_photographs
def test_the_story_tells_what_matters(told: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    ran, _ = told
    codes = ("face_mismatch", "liveness_failed", "invalid_grant", "nonce_mismatch", "session_consumed", "sig_invalid", "status_revoked")
    assert [code for code in codes if code not in ran.stdout] == []
    assert "disclosed: full_name, citizen_number, portrait, age_over_18\n" in ran.stdout
    (kept_back,) = [line for line in ran.stdout.splitlines() if "not disclosed:" in line]
    assert "resident_address" in kept_back
    assert "birth_date" in kept_back


@needs_photographs
def test_nothing_is_left_behind(told: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    _, folder = told
    assert (list(folder.iterdir()), processes_in(folder)) == ([], [])


@contextmanager
def begun(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A demo that has started services in ``folder``."""
    demo = subprocess.Popen(command(), cwd=ROOT, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        until = time.monotonic() + SECONDS
        while not any("serve" in line for line in processes_in(folder)) and demo.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        yield demo
    finally:
        demo.kill()
        demo.wait()


@needs_photographs
def test_ctrl_c_stops_every_process_and_removes_the_folder(tmp_path: Path) -> None:
    with begun(tmp_path) as demo:
        assert processes_in(tmp_path) != []
        demo.send_signal(signal.SIGINT)
        out, _ = demo.communicate(timeout=SECONDS)
    assert demo.returncode == 130, out
    assert (list(tmp_path.iterdir()), processes_in(tmp_path)) == ([], [])


def test_a_step_that_goes_otherwise_is_not_called_expected() -> None:
    teller = Teller(load_words("examples.demo"), "en")
    with pytest.raises(Unexpected, match="expected one card, got 2"), teller.step("enrol", ROLES) as step:
        step.expect(False, "one card", got=2)
    assert teller.told == []


def test_what_went_otherwise_is_told_with_the_log_of_its_service() -> None:
    out = StringIO()
    teller = Teller(load_words("examples.demo"), "en", out)
    with Stage() as stage:
        stage.log("issuer").write_text("one line\nthe last line\n")
        _tell_failure(teller, stage, Unexpected("expected a card, got none", service="issuer"))
        _tell_failure(teller, stage, KeyError("claims"))
    told = out.getvalue()
    assert "✗ not as expected: expected a card, got none" in told
    assert "the last lines of the log of issuer:\n      one line\n      the last line" in told
    assert "KeyError: 'claims'" in told
    assert told.rstrip().endswith(f"demo: stopped at step 1 of {len(STORY)}; it was not as expected")


def test_a_step_that_expects_nothing_is_a_mistake() -> None:
    teller = Teller(load_words("examples.demo"), "en")
    with pytest.raises(RuntimeError, match="shows nothing"), teller.step("enrol", ROLES) as step:
        step.say("wallet.made")


def test_a_service_that_does_not_start_is_told_by_its_name_and_log() -> None:
    with Stage() as stage:
        stage.start("nobody", "trust", "serve", str(stage.folder / "nowhere"))
        with pytest.raises(Unexpected, match="nobody ended with") as unexpected:
            stage.wait_for("nobody")
        assert unexpected.value.service == "nobody"
        assert "run 'sign' first" in "\n".join(stage.last_lines("nobody"))
    assert not stage.folder.exists()


def test_every_act_has_its_title_in_both_languages() -> None:
    words = load_words("examples.demo")
    assert all(words.say(language, f"{act.name}.title") for act in STORY for language in ("en", "zh-CN"))


@pytest.mark.parametrize(("locale", "language"), [("zh_CN.UTF-8", "zh-CN"), ("de_DE.UTF-8", "en"), ("", "en")])
def test_the_story_speaks_the_language_of_the_terminal(monkeypatch: pytest.MonkeyPatch, locale: str, language: str) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, locale)
    assert _language() == language


def test_one_picture_alone_is_not_enough(tmp_path: Path) -> None:
    picture = tmp_path / "me.jpg"
    picture.touch()
    ran = subprocess.run(command("--portrait", str(picture)), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 2
    assert "together" in ran.stderr


def told_of(*, url: str) -> dict[str, Any]:
    step = {"title": "A <b>step</b>", "roles": ["hotel"], "lines": ["what happened"], "seconds": 1.5}
    return {"roles": [{"name": role, "places": [{"name": role, "url": url}]} for role in ROLES], "steps": [step]}


@pytest.mark.parametrize(("language", "words"), [("en", "four roles side by side"), ("zh-CN", "四个角色并列")])
async def test_the_four_roles_stand_side_by_side(language: str, words: str) -> None:
    app = page_application(told_of(url="http://127.0.0.1:1/"), address="192.0.2.7:8080")
    async with TestClient(TestServer(app)) as client:
        page = await (await client.get(f"/?lang={language}", headers={"Host": "192.0.2.7:8080"})).text()
        assert words in page
        assert "A &lt;b&gt;step&lt;/b&gt;" in page
        assert page.count("what happened") == 1
        assert (await client.get("/static/examples.demo/roles.css")).status == 200
        assert (await client.get("/", headers={"Host": "elsewhere.example"})).status == 400


def test_what_the_local_network_may_read_holds_no_token() -> None:
    places = {"hotel": [{"name": "hotel", "url": "http://127.0.0.1:1/#token=secret"}]}
    assert "token" not in str(_shown(places, lan=True))
    assert "token" in str(_shown(places, lan=False))
