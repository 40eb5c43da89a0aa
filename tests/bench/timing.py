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
    """How long a measurement takes: ``rounds`` of ``seconds`` of CPU time each; a peer in a process of its own gets ``peer_seconds``.

    ``pool`` cards are taken in turn: more than any memory of ours keeps, or repeating would look like speed.
    """

    seconds: float
    rounds: int
    peer_seconds: float
    pool: int
    http_seconds: float


FULL = Pace(seconds=0.2, rounds=3, peer_seconds=1.0, pool=64, http_seconds=4.0)
QUICK = Pace(seconds=0.03, rounds=1, peer_seconds=0.1, pool=40, http_seconds=0.5)


def per_second(act: Act, pace: Pace) -> float:
    """How often ``act`` can be done in a second of CPU time of this process."""
    return side_by_side((act,), pace)[0]


def side_by_side(acts: Sequence[Act], pace: Pace) -> list[float]:
    """``per_second`` of each, a round of one after a round of the other, so that all meet the machine in the same mood."""
    for act in acts:
        act()
    gc.collect()
    rounds = [[_round(act, pace.seconds) for act in acts] for _ in range(pace.rounds)]
    return [statistics.median(figures) for figures in zip(*rounds, strict=True)]


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
