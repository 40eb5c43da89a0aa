"""Operations per second of CPU time: several rounds, and the middle one counts."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TypeVar

Act = Callable[[], object]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a measurement takes: ``rounds`` of ``seconds`` of CPU time each; a peer in a process of its own gets ``peer_seconds``."""

    seconds: float
    rounds: int
    peer_seconds: float
    pool: int
    http_seconds: float


FULL = Pace(seconds=0.2, rounds=3, peer_seconds=1.0, pool=64, http_seconds=4.0)
QUICK = Pace(seconds=0.03, rounds=1, peer_seconds=0.1, pool=8, http_seconds=0.5)


def per_second(act: Act, pace: Pace) -> float:
    """How often ``act`` can be done in a second of CPU time of this process."""
    act()
    gc.collect()
    return statistics.median(_round(act, pace.seconds) for _ in range(pace.rounds))


def over(act: Callable[[T], object], pool: Sequence[T]) -> Act:
    """``act`` on each of ``pool`` in turn, so that nothing is fast only because it was seen a moment ago."""
    turn: Iterator[T] = cycle(pool)
    return lambda: act(next(turn))


def _round(act: Act, seconds: float) -> float:
    done, batch = 0, 1
    start = time.process_time()
    while (spent := time.process_time() - start) < seconds:
        for _ in range(batch):
            act()
        done += batch
        batch = min(batch * 2, 256)
    return done / spent
