"""Tell the story: each step with its title, what happened, whether that was expected, and how long it took."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

from doors.json import JsonObject
from doors.words import sentences
from examples.demo.stage import Unexpected
from runtime.words import Words, safe_text

_TURNING = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_COLOURS = {"strong": "1", "quiet": "2", "good": "32", "bad": "31"}


@dataclass(slots=True)
class Step:
    """One step while it is told; ``lines`` is what was said in it."""

    title: str
    roles: tuple[str, ...]
    words: Words
    language: str
    lines: list[str] = field(default_factory=list)
    expected: int = 0
    seconds: float = 0.0

    def say(self, key: str, **values: object) -> None:
        """A sentence of the catalogue; what others wrote is made safe to show."""
        self.lines.append(self.word(key, **values))

    def word(self, key: str, **values: object) -> str:
        safe = {name: safe_text(value, 300) if isinstance(value, str) else value for name, value in values.items()}
        return self.words.say(self.language, key, **safe)

    def refused(self, code: str) -> None:
        """A refusal by its code, in the words that the catalogue of refusals has for people."""
        self.say("refused", code=code, sentence=sentences(self.language)[code].title)

    def expect(self, held: bool, what: str, *, got: object = "", service: str = "") -> None:
        """Go on where ``held``; raises ``Unexpected`` otherwise. ``what`` says in English what was expected."""
        if not held:
            raise Unexpected(f"expected {what}" + (f", got {got}" if got != "" else ""), service=service)
        self.expected += 1

    def to_json(self) -> JsonObject:
        return {"title": self.title, "roles": list(self.roles), "lines": list(self.lines), "seconds": round(self.seconds, 1)}


@dataclass(slots=True)
class Teller:
    """The narrator on ``out``: colours and a turning sign only on a terminal, plain lines everywhere else."""

    words: Words
    language: str
    out: TextIO = field(default_factory=lambda: sys.stdout)
    told: list[Step] = field(default_factory=list)

    @property
    def lively(self) -> bool:
        return self.out.isatty() and os.environ.get("TERM", "") != "dumb"

    @contextmanager
    def step(self, name: str, roles: tuple[str, ...]) -> Iterator[Step]:
        """One step; a step in which nothing was expected is a mistake of the story (``RuntimeError``)."""
        step = Step(self.words.say(self.language, f"{name}.title"), roles, self.words, self.language)
        number = len(self.told) + 1
        self.line(f"\n{number:>2}  {self._painted('strong', step.title)}")
        began = time.monotonic()
        try:
            with self._turning(began):
                yield step
        finally:
            step.seconds = time.monotonic() - began
            for text in step.lines:
                self.line(f"    {text}")
        if not step.expected:
            raise RuntimeError(f"{name}: a step that expects nothing shows nothing")
        self.line("    " + self._painted("good", f"✓ {self.say('as_expected')}") + self._painted("quiet", f"  {step.seconds:.1f} s"))
        self.told.append(step)

    def failed(self, sentence: str, *, name: str, log: list[str]) -> None:
        """What went otherwise, and the end of the log of the service that may know why."""
        self.line("    " + self._painted("bad", f"✗ {self.say('not_as_expected')}: {safe_text(sentence, 800)}"))
        if log:
            self.line(f"    {self.say('log_of', name=name)}")
            for text in log:
                self.line(f"      {safe_text(text, 400)}")

    def say(self, key: str, **values: object) -> str:
        return self.words.say(self.language, key, **values)

    def line(self, text: str = "") -> None:
        self.out.write(text + "\n")
        self.out.flush()

    def _painted(self, how: str, text: str) -> str:
        if not self.lively or os.environ.get("NO_COLOR"):
            return text
        return f"\x1b[{_COLOURS[how]}m{text}\x1b[0m"

    @contextmanager
    def _turning(self, began: float) -> Iterator[None]:
        """A sign that something goes on, with the seconds so far."""
        done = threading.Event()
        turning = threading.Thread(target=self._turn, args=(began, done), daemon=True)
        if self.lively:
            turning.start()
        try:
            yield
        finally:
            done.set()
            if self.lively:
                turning.join()
                self.out.write("\r\x1b[K")

    def _turn(self, began: float, done: threading.Event) -> None:
        while not done.wait(0.1):
            passed = time.monotonic() - began
            self.out.write(f"\r    {_TURNING[int(passed * 10) % len(_TURNING)]} {passed:.0f} s ")
            self.out.flush()
