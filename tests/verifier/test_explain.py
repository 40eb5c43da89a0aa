"""What people read: every check, the reason, and one next step, in both languages."""

import re
from pathlib import Path

import pytest

from doors.words import sentences
from trust.checks import Check
from verifier.explain import age_in_words, explain, words

PROJECT = Path(__file__).resolve().parents[2]
MADE = re.compile(r"""(?:\.step|\.passed|\.reject|Check)\(\s*f?"(?:\{[^}]*\}/)?([a-z_]+)\"""")
CHECKS = (Check("guest/signature", "passed"), Check("guest/status", "failed", code="status_revoked", age=420))


def test_both_catalogues_have_the_same_words() -> None:
    assert set(words("en")) == set(words("zh-CN"))


@pytest.mark.parametrize(
    ("verdict", "code", "english", "chinese"),
    [
        ("valid", "", "VALID", "有效"),
        ("invalid", "sig_invalid", "NOT VALID", "无效"),
        ("undecided", "status_unavailable", "CANNOT DECIDE", "无法判定"),
    ],
)
def test_the_verdict_is_one_of_three_words(verdict: str, code: str, english: str, chinese: str) -> None:
    assert explain((), verdict=verdict, code=code, language="en").word == english  # type: ignore[arg-type]
    assert explain((), verdict=verdict, code=code, language="zh-CN").word == chinese  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_revoked_card_is_explained_check_by_check(language: str) -> None:
    told = explain(CHECKS, verdict="invalid", code="status_revoked", language=language)
    assert told.sentence == sentences(language)["status_revoked"].title
    assert told.next_step == sentences(language)["status_revoked"].next
    assert [line.word for line in told.lines] == [words(language)["outcome.passed"], words(language)["outcome.failed"]]
    assert told.lines[1].reason == sentences(language)["status_revoked"].title


def test_a_passed_check_says_how_old_its_facts_are() -> None:
    told = explain((Check("guest/status", "passed", age=420),), verdict="valid", language="en")
    assert told.lines[0].reason == "data 7 min old"
    assert explain((Check("guest/status", "passed", age=7200),), verdict="valid", language="zh-CN").lines[0].reason == "数据已有2小时"


def test_a_check_without_words_of_its_own_is_still_listed() -> None:
    assert explain((Check("new_kind", "passed"),), verdict="valid", language="en").lines[0].sentence == words("en")["check.other"]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_check_that_is_made_has_words_of_its_own(language: str) -> None:
    sources = [path.read_text("utf-8") for package in ("trust", "verifier") for path in (PROJECT / package).glob("*.py")]
    named = {name for source in sources for name in MADE.findall(source)}
    assert {"format", "issuer", "signature", "data_model", "claims", "holder_key", "holder_binding"} <= named
    assert {f"check.{name}" for name in named} <= set(words(language))


@pytest.mark.parametrize(("seconds", "told"), [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3_700, "1 h"), (90_000, "1 d")])
def test_an_age_is_told_in_its_largest_unit(seconds: int, told: str) -> None:
    assert age_in_words(seconds, language="en") == told
