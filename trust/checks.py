"""Every check that was made, in order, with its outcome; and the one exception that says which of them failed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NoReturn

from doors.json import JsonObject
from doors.refusals import Refused
from trust.instants import age_of

Outcome = Literal["passed", "failed", "undecided"]


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, how it ended, the refusal's code where it did not pass, and the age in seconds of what it rests on."""

    name: str
    outcome: Outcome
    code: str = ""
    detail: str = ""
    age: int | None = None

    def to_json(self) -> JsonObject:
        return {"name": self.name, "outcome": self.outcome, "code": self.code, "detail": self.detail, "age_seconds": self.age}


class Rejected(Refused):
    """The verdict is not ``valid``: carries the checks made so far, and the code of the one that ended it.

    ``cause`` is the refusal itself; ``code``, ``http_status``, ``exit_status`` and ``verdict`` are its own.
    """

    def __init__(self, checks: tuple[Check, ...], cause: Refused) -> None:
        super().__init__(cause.detail, pointer=cause.pointer)
        self.checks = checks
        self.cause = cause
        vars(self).update(code=cause.code, http_status=cause.http_status, exit_status=cause.exit_status, verdict=cause.verdict)


class Findings:
    """What one step adds to its check while it runs: a sentence, and the oldest fact it used."""

    __slots__ = ("age", "detail")

    def __init__(self) -> None:
        self.detail = ""
        self.age: int | None = None

    def rests_on(self, fetched_at: datetime, now: datetime) -> None:
        """Note that the step used something fetched at ``fetched_at``; the oldest counts."""
        self.age = max(self.age or 0, int(age_of(fetched_at, now).total_seconds()))


class Ledger:
    """Keeps the checks of one judgement in their order.

    ``with ledger.step("dates"): ...`` records a passed check, or a failed or undecided one and raises ``Rejected``.
    """

    def __init__(self, checks: tuple[Check, ...] = ()) -> None:
        self._checks = list(checks)

    @property
    def checks(self) -> tuple[Check, ...]:
        return tuple(self._checks)

    @contextmanager
    def step(self, name: str) -> Iterator[Findings]:
        findings = Findings()
        try:
            yield findings
        except Rejected:
            raise
        except Refused as refusal:
            self.reject(name, refusal, age=findings.age)
        self._checks.append(Check(name, "passed", detail=findings.detail, age=findings.age))

    def reject(self, name: str, refusal: Refused, *, age: int | None = None) -> NoReturn:
        """Record that the step ``name`` ended in ``refusal``, and raise ``Rejected``."""
        outcome: Outcome = "undecided" if refusal.verdict == "undecided" else "failed"
        self._checks.append(Check(name, outcome, code=refusal.code, detail=refusal.detail, age=age))
        raise Rejected(self.checks, refusal) from refusal

    def passed(self, name: str, detail: str = "") -> None:
        self._checks.append(Check(name, "passed", detail=detail))

    def add(self, checks: tuple[Check, ...]) -> None:
        """Take over the checks of another judgement."""
        self._checks.extend(checks)
