"""Say to people what was checked, how it ended, why, and what to do next: in Chinese and in English."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal

from doors.json import JsonObject
from doors.words import sentences
from trust.checks import Check
from verifier.policy import LANGUAGES

Verdict = Literal["valid", "invalid", "undecided"]

_UNITS = ((86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds"))


@dataclass(frozen=True, slots=True)
class Line:
    """One check as people read it: what is asked, the outcome in a word, and the reason or the age of what it rests on."""

    check: str
    outcome: str
    word: str
    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict as people read it: ``word`` is VALID, NOT VALID or CANNOT DECIDE in the reader's language; one next step."""

    verdict: Verdict
    word: str
    sentence: str
    next_step: str
    lines: tuple[Line, ...]

    def to_json(self) -> JsonObject:
        return {
            "verdict": self.verdict,
            "word": self.word,
            "sentence": self.sentence,
            "next_step": self.next_step,
            "checks": [{"name": line.check, "word": line.word, "sentence": line.sentence, "reason": line.reason} for line in self.lines],
        }

    def __str__(self) -> str:
        marks = {"passed": "✓", "failed": "✗", "undecided": "?"}
        lines = [f"  {marks.get(line.outcome, '-')} {line.sentence}" + (f"  ({line.reason})" if line.reason else "") for line in self.lines]
        return "\n".join([f"{self.word}  {self.sentence}", *lines, f"→ {self.next_step}"])


@cache
def words(language: str) -> Mapping[str, str]:
    """The catalogue of one language, ``en`` or ``zh-CN``; ``KeyError`` for another."""
    if language not in LANGUAGES:
        raise KeyError(language)
    text = (resources.files("verifier") / "words" / f"{language}.json").read_text("utf-8")
    return MappingProxyType(dict(json.loads(text)))


def explain(checks: tuple[Check, ...], *, verdict: Verdict, code: str = "", language: str) -> Explanation:
    """Every check for people, the verdict's own sentence and the one next step; ``code`` is the refusal's, empty where valid."""
    catalogue = words(language)
    refusal = sentences(language)[code or "internal_error"]
    return Explanation(
        verdict=verdict,
        word=catalogue[f"verdict.{verdict}"],
        sentence=catalogue["sentence.valid"] if verdict == "valid" else refusal.title,
        next_step=catalogue["next.valid"] if verdict == "valid" else refusal.next,
        lines=tuple(_line(check, language) for check in checks),
    )


def age_in_words(seconds: int, *, language: str) -> str:
    """A length of time in its largest fitting unit: ``7 min``."""
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), _UNITS[-1])
    return words(language)[f"age.{unit}"].format(n=seconds // size)


def _line(check: Check, language: str) -> Line:
    catalogue = words(language)
    kind = check.name.rsplit("/", 1)[-1]
    return Line(
        check=check.name,
        outcome=check.outcome,
        word=catalogue[f"outcome.{check.outcome}"],
        sentence=catalogue.get(f"check.{kind}", catalogue["check.other"]),
        reason=_reason(check, language),
    )


def _reason(check: Check, language: str) -> str:
    if check.outcome != "passed":
        return sentences(language)[check.code].title
    if check.age is None:
        return ""
    return words(language)["age"].format(age=age_in_words(check.age, language=language))
