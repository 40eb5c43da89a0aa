"""The stage: services as real processes on free loopback ports, one temporary folder, and nothing left of either at the end."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

from doors.json import JsonObject, parse_json

ROOT = Path(__file__).resolve().parents[2]
_OTHERS = ("ISSUER_", "VERIFIER_", "WALLET_", "REGISTER_", "RESOLVER_")
_PATIENCE_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 0.03
_GRACE_SECONDS = 8.0
_LINES_SHOWN = 15
_HANDS = 16


class Unexpected(Exception):
    """Something went otherwise than the story says; ``service`` is the one whose log may tell why."""

    def __init__(self, sentence: str, *, service: str = "") -> None:
        super().__init__(sentence)
        self.service = service


@dataclass(frozen=True, slots=True)
class Answered:
    """What a command said: its exit status, its standard output, its standard error."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> JsonObject:
        """The one object on standard output; raises ``Unexpected`` where there is none."""
        value = self.rows
        if not isinstance(value, dict):
            raise Unexpected("a command answered with something else than an object")
        return value

    @property
    def rows(self) -> JsonObject | list[JsonObject]:
        try:
            value = parse_json(self.out)
        except Exception:
            raise Unexpected(f"a command did not answer with JSON; it said: {self.err.strip()[-400:]}") from None
        if not isinstance(value, dict | list):
            raise Unexpected("a command answered with something else than JSON objects")
        return value


@dataclass(slots=True)
class Stage:
    """A temporary folder and the processes that work in it. Leaving the ``with`` block stops them all and removes the folder."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="tigertally-demo-")))
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _commands: set[subprocess.Popen[bytes]] = field(default_factory=set)
    _hands: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_HANDS))
    """Processes are begun by threads, which Ctrl-C does not reach: in between, a process would be begun and not yet known."""

    def __enter__(self) -> Self:
        self.folder.chmod(0o700)
        (self.folder / "log").mkdir()
        (self.folder / "run").mkdir(mode=0o700)
        return self

    def __exit__(self, *_: object) -> None:
        with _undisturbed():
            self._hands.shutdown(wait=False, cancel_futures=True)
            for command in tuple(self._commands):
                command.kill()
            self._hands.shutdown(wait=True)
            for process in self._processes.values():
                process.terminate()
            for name in tuple(self._processes):
                self.stop(name)
            shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *arguments: str, expect: frozenset[int] | None = frozenset({0})) -> Answered:
        """``python -m arguments…`` to its end; raises ``Unexpected`` for an exit status that is not in ``expect`` (None: any will do)."""
        answered = self._hands.submit(self._command, arguments).result()
        if expect is not None and answered.status not in expect:
            raise Unexpected(f"`{' '.join(arguments[:2])}` ended with {answered.status}: {answered.err.strip()[-400:]}")
        return answered

    def run_all(self, commands: Sequence[Sequence[str]], *, expect: frozenset[int] | None = frozenset({0})) -> list[Answered]:
        """Several commands side by side, answered in their order."""
        with ThreadPoolExecutor(max(1, len(commands))) as pool:
            return list(pool.map(lambda command: self.run(*command, expect=expect), commands))

    def _command(self, arguments: Sequence[str]) -> Answered:
        ran = self._begun(arguments, out=subprocess.PIPE, err=subprocess.PIPE)
        self._commands.add(ran)
        try:
            out, err = ran.communicate(timeout=_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            ran.kill()
            out, err = ran.communicate()
        finally:
            self._commands.discard(ran)
        return Answered(ran.returncode, out.decode(errors="replace"), err.decode(errors="replace"))

    def start(self, name: str, *arguments: str) -> None:
        """Start a service; what it writes to standard error is its log. Ctrl-C in the terminal does not reach it: ``stop`` does."""
        self._hands.submit(self._service, name, arguments).result()

    def _service(self, name: str, arguments: Sequence[str]) -> None:
        with (self.log(name)).open("ab") as log:
            self._processes[name] = self._begun(arguments, out=log, err=log)

    def _begun(self, arguments: Sequence[str], *, out: IO[bytes] | int, err: IO[bytes] | int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - this project's own commands
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )

    def wait_for(self, *names: str) -> None:
        """Return once every one of the services has said that it is ready; raises ``Unexpected`` where one ended or none came."""
        until = time.monotonic() + _PATIENCE_SECONDS
        for name in names:
            while not self._ready(name):
                if self._processes[name].poll() is not None:
                    raise Unexpected(f"{name} ended with {self._processes[name].returncode} instead of starting", service=name)
                if time.monotonic() > until:
                    raise Unexpected(f"{name} was not ready within {_PATIENCE_SECONDS:.0f} s", service=name)
                time.sleep(_LOOK_AGAIN_SECONDS)

    def stop(self, name: str) -> None:
        """Ask a service to stop, wait, and insist where it does not."""
        process = self._processes.pop(name, None)
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def said(self, name: str, member: str) -> str:
        """The value of ``member`` in the newest JSON line of a service's log that has it, "" where none has."""
        for line in reversed(self.log(name).read_text("utf-8", "replace").splitlines()):
            with contextlib.suppress(ValueError):
                spoken = json.loads(line)
                if isinstance(spoken, dict) and member in spoken:
                    return str(spoken[member])
        return ""

    def last_lines(self, name: str) -> list[str]:
        """The end of a service's log; it holds no personal data, as every log of this house."""
        log = self.log(name)
        return log.read_text("utf-8", "replace").splitlines()[-_LINES_SHOWN:] if log.exists() else []

    def _ready(self, name: str) -> bool:
        return f'"pid":{self._processes[name].pid},' in self.log(name).read_text("utf-8", "replace")

    def _environment(self) -> dict[str, str]:
        """The visitor's own settings and home stay out of it."""
        kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(_OTHERS)}
        return {**kept, "HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder / "run"), "PYTHONUNBUFFERED": "1"}


def free_ports(count: int) -> tuple[int, ...]:
    """Ports of this machine that nobody listens on now."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return tuple(each.getsockname()[1] for each in sockets)


def answers(port: int) -> bool:
    """Whether anybody listens on this port of this machine."""
    with socket.socket() as caller:
        caller.settimeout(1)
        return caller.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl-C does not cut the tidying short."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
