"""A verdict on its way to the terminal: words for people, members for programs, a number for the shell."""

from collections.abc import Mapping
from dataclasses import dataclass

from doors.json import JsonObject
from doors.refusals import REFUSALS, Refused
from trust.checks import Check, Rejected
from verifier.explain import Verdict, explain

UNDECIDED = 5


@dataclass(frozen=True, slots=True)
class Told:
    """What a command says at its end, and the exit status it leaves."""

    text: str
    members: JsonObject
    exit_status: int = 0


def told_of(checks: tuple[Check, ...], *, word: str, code: str, claims: JsonObject | None, language: str) -> Told:
    """A verdict in words, as members, and as an exit status; ``word`` is valid, invalid or undecided, else ``KeyError``."""
    verdict = VERDICTS[word]
    told = explain(checks, verdict=verdict, code=code, language=language)
    members = {
        "verdict": verdict,
        "code": code,
        "checks": [check.to_json() for check in checks],
        "data_age_seconds": max((check.age for check in checks if check.age is not None), default=0),
        "claims": claims,
        "explanation": told.to_json(),
    }
    return Told(str(told), members, _exit_status(verdict, code))


def told_of_refusal(refusal: Refused, *, language: str) -> Told:
    """What came to no verdict, or to a bad one."""
    outcome = "undecided" if refusal.verdict == "undecided" else "invalid"
    checks = refusal.checks if isinstance(refusal, Rejected) else (_check(refusal),)
    return told_of(checks, word=outcome, code=refusal.code, claims=None, language=language)


VERDICTS: Mapping[str, Verdict] = {"valid": "valid", "invalid": "invalid", "undecided": "undecided"}


def _exit_status(verdict: Verdict, code: str) -> int:
    """0 valid, 3 invalid, 4 lapsed, 5 cannot decide, for whatever reason."""
    if verdict == "undecided":
        return UNDECIDED
    return 0 if verdict == "valid" else REFUSALS[code].exit_status if code in REFUSALS else 3


def _check(refusal: Refused) -> Check:
    return Check("answer", "undecided" if refusal.verdict == "undecided" else "failed", refusal.code, refusal.detail)
