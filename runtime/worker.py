"""Heavy or risky work is done in a room of its own, with a clock and a limit of space, and the room can be cleared."""

import asyncio
import ctypes
import dataclasses
import datetime
import gc
import importlib
import io
import multiprocessing
import pickle
import resource
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

from doors.refusals import InternalError, Refused
from runtime.no_dump import leave_no_dump

T = TypeVar("T")

_STATM = Path("/proc/self/statm")
_LARGEST_ANSWER = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Room:
    """A running process and the pipe to it."""

    process: BaseProcess
    pipe: Connection

    def clear(self) -> None:
        """End it at once, whatever it does."""
        self.pipe.close()
        self.process.kill()
        self.process.join()
        self.process.close()


class Worker:
    """Runs functions in separate processes that are killed past ``seconds`` or once they take ``memory_bytes`` beyond their start.

    A function is named by its module and name and must stand at the top of an importable module. Arguments and results go
    through a pipe and nowhere else; a result is made of plain values, dataclasses, dates and enumerations. ``warm`` names a
    function that each process calls once at its start, outside the limits, to load what it needs. Between two calls a process holds
    nothing of the last one: what it was given and what it made of that has gone back to the system.
    """

    def __init__(self, *, memory_bytes: int, seconds: float, processes: int = 1, warm: Callable[[], object] | None = None) -> None:
        self._memory_bytes = memory_bytes
        self._seconds = seconds
        self._warm = _path_of(warm) if warm is not None else ""
        self._idle: list[_Room] = []
        self._closed = False
        self._places = asyncio.Semaphore(processes)
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="worker")

    async def run(self, act: Callable[..., T], *args: object, refusal: type[Refused]) -> T:
        """What ``act(*args)`` returns in another process; what it raises is raised here.

        Raises ``refusal`` where it takes too long or too much memory, or dies; the next call gets a fresh process.
        The time counts from when the process is ready, not while waiting for one.
        """
        path = _path_of(act)
        async with self._places:
            answer: T = await asyncio.get_running_loop().run_in_executor(self._threads, self._run, path, args, refusal)
        return answer

    async def close(self) -> None:
        """End all processes. Calls under way finish first."""
        self._closed = True
        await asyncio.get_running_loop().run_in_executor(None, self._threads.shutdown)
        while self._idle:
            self._idle.pop().clear()

    def _run(self, path: str, args: tuple[object, ...], refusal: type[Refused]) -> Any:
        room = self._taken()
        kept = False
        try:
            room.pipe.send((path, args))
            if not room.pipe.poll(self._seconds):
                raise refusal(f"expected to be done within {self._seconds:g} s and was stopped")
            good, answer = _read(room.pipe.recv_bytes(_LARGEST_ANSWER))
            kept = not (not good and isinstance(answer, MemoryError))
        except (EOFError, OSError, pickle.UnpicklingError):
            raise refusal("the work was ended by its limits before it was done") from None
        finally:
            if kept and not self._closed:
                self._idle.append(room)
            else:
                room.clear()
        if good:
            return answer
        try:
            raise refusal("expected to need less memory and was stopped") if isinstance(answer, MemoryError) else answer
        finally:
            del answer, args  # else the refusal and this frame hold each other, and what was sent, until the next collection

    def _taken(self) -> _Room:
        while self._idle:
            room = self._idle.pop()
            if room.process.is_alive():
                return room
            room.clear()
        return self._opened()

    def _opened(self) -> _Room:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self._memory_bytes, self._warm), daemon=True, name="tigertally-worker")
        process.start()
        theirs.close()
        room = _Room(process, ours)
        try:
            ours.recv()
        except (EOFError, OSError):
            room.clear()
            raise InternalError("worker: its process could not be started") from None
        return room


class _Answers(pickle.Unpickler):
    """Takes plain values, records and refusals out of an answer, nothing that could act: the other process reads hostile files."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module in sys.modules and "." not in name else None
        record = isinstance(found, type) and (
            dataclasses.is_dataclass(found) or issubclass(found, Refused | MemoryError | datetime.date | Enum)
        )
        if not record:
            raise pickle.UnpicklingError(f"worker: an answer holds a {module}.{name}")
        return found


def _read(answer: bytes) -> Any:
    return _Answers(io.BytesIO(answer)).load()


def _path_of(act: Callable[..., object]) -> str:
    """``module:name``; raises ``ValueError`` for what cannot be found again under that name."""
    module, name = act.__module__, act.__qualname__
    if module == "__main__" or getattr(sys.modules.get(module), name, None) is not act:
        raise ValueError(f"worker: expected a function at the top of an importable module, got {module}:{name}")
    return f"{module}:{name}"


def _found(path: str) -> Callable[..., Any]:
    module, _, name = path.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def _work(pipe: Connection, memory_bytes: int, warm: str) -> None:
    """The other process: set limits, then answer calls until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    leave_no_dump()
    if warm:
        _found(warm)()
    _limit_memory(memory_bytes)
    gc.freeze()
    pipe.send("ready")
    while True:
        try:
            answer = _outcome(*pipe.recv())
        except (EOFError, OSError):
            return
        pipe.send(answer)
        del answer  # a refusal holds on to the frames it came through, and they to the pictures
        _give_back_memory()


def _outcome(path: str, args: tuple[object, ...]) -> tuple[bool, Any]:
    """What the function returned or raised. Only refusals and memory errors keep their words: others may quote what was sent in."""
    try:
        return True, _found(path)(*args)
    except MemoryError:
        return False, MemoryError()
    except Refused as refusal:
        return False, refusal
    except Exception as error:
        return False, InternalError(f"worker: {type(error).__name__} in {path}")


def _give_back_memory() -> None:
    """Let go of what is not used any more, down to the pages that the allocator would keep for later (where it is glibc's)."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _limit_memory(memory_bytes: int) -> None:
    """Allow ``memory_bytes`` of address space beyond what is in use now, where the system says how much that is (Linux)."""
    if _STATM.exists():
        limit = int(_STATM.read_text().split()[0]) * resource.getpagesize() + memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
