"""Words: the reader's language, the same keys in each, and foreign words tamed."""

from pathlib import Path

import pytest

from runtime.words import LANGUAGES, load_words, negotiate, safe_text


@pytest.mark.parametrize(
    ("asked", "remembered", "accepted", "chosen"),
    [
        ("", "", "", "en"),
        ("zh-CN", "en", "en", "zh-CN"),
        ("fr", "zh-CN", "en", "zh-CN"),
        ("", "", "zh", "zh-CN"),
        ("", "", "zh-Hans-SG,en;q=0.5", "zh-CN"),
        ("", "", "fr, en;q=0.3, zh;q=0.7", "zh-CN"),
        ("", "", "zh;q=0, en", "en"),
        ("", "", "*", "en"),
        ("", "", "zh;q=nan, ;;;,,, en;q=2", "en"),
        ("../../etc", "<script>", "x" * 10_000, "en"),
    ],
)
def test_the_language_is_negotiated(asked: str, remembered: str, accepted: str, chosen: str) -> None:
    assert negotiate(LANGUAGES, asked=asked, remembered=remembered, accepted=accepted) == chosen


def test_sentences_are_said_in_both_languages() -> None:
    words = load_words("runtime")
    assert words.say("en", "refusal.title") == "This did not work"
    assert words.say("zh-CN", "refusal.title") == "操作未完成"
    with pytest.raises(KeyError):
        words.say("en", "no.such.key")


def test_a_key_missing_in_one_language_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "halfspoken" / "words"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("")
    (folder / "en.json").write_text('{"a": "A", "b": "B"}')
    (folder / "zh-CN.json").write_text('{"a": "甲"}')
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match="b"):
        load_words("halfspoken")


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("Grand Hotel 广州大酒店", "Grand Hotel 广州大酒店"),
        ("a\u202egnp.exe\u2066b\u200fc", "agnp.exebc"),
        ("\x1b[31mred\x1b[0m \x1b]0;title\x07text", "red text"),
        ("\x9b31mred", "red"),
        ("one\n\r\ttwo\x00\x08", "one two"),
        ("zero\u200bwidth\ufeff\u00ad", "zerowidth"),
        ("Z" + "\u0301" * 50, "\u0179" + "\u0301" * 3),
        ("\ud800x", "x"),
        ("  spaced  ", "spaced"),
        ("", ""),
    ],
)
def test_foreign_text_is_tamed(foreign: str, shown: str) -> None:
    assert safe_text(foreign) == shown


def test_long_foreign_text_is_cut() -> None:
    assert safe_text("x" * 10_000, 20) == "x" * 19 + "…"
    assert safe_text("x" * 20, 20) == "x" * 20
