"""Measure everything side by side, print the table, and write build/bench.json."""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench import over_http, peers
from tests.bench.country import Country
from tests.bench.floors import signature_floors
from tests.bench.ours import Case, cases
from tests.bench.timing import FULL, QUICK, Pace, per_second

OUT = Path(__file__).parents[2] / "build" / "bench.json"
ORDER = ("issue", "verify", "present", "verify-presentation", "status-check", "status-decode", "http-verify")


@dataclass(frozen=True, slots=True)
class Figure:
    """Operations per second of CPU time: ours, by the format alone, the floor, and each peer."""

    operation: str
    format: str
    document: str
    ours: float
    bare: float | None = None
    floor: float | None = None
    peers: Mapping[str, float] = field(default_factory=dict)
    also: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        members = {
            "operation": self.operation,
            "format": self.format,
            "document": self.document,
            "ours": self.ours,
            "floor": self.floor,
            "peers": dict(self.peers),
        }
        return members | ({"ours_format_only": self.bare} if self.bare is not None else {}) | dict(self.also)

    def row(self) -> tuple[str, ...]:
        """Cells of the table; the ratio to a peer is that of the format alone, which is all that a peer does."""
        like = self.bare if self.bare is not None else self.ours
        against = ", ".join(f"{peer} {like / figure:.2f} ({_rounded(figure)})" for peer, figure in self.peers.items())
        ratio = f"{self.ours / self.floor:.3f}" if self.floor else ""
        cells = (self.operation, self.format, self.document, _rounded(self.ours), _rounded(self.bare), _rounded(self.floor), ratio)
        return (*cells, against)


HEAD = ("operation", "format", "document", "ours", "format only", "floor", "ours / floor", "format only / peer (peer)")


def _rounded(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def measured(pace: Pace) -> tuple[list[Figure], list[str]]:
    """Every figure, and the reasons for those that are missing."""
    country = Country()
    floors = signature_floors(pace)
    by_peers, reasons = peers.figures(country, pace)
    figures = [_figure(case, floors, by_peers, pace) for case in cases(country, pace)]
    figures += _http(over_http.measure(pace))
    return sorted(figures, key=lambda figure: ORDER.index(figure.operation)), reasons


def _figure(case: Case, floors: Mapping[tuple[str, str], float], by_peers: peers.Figures, pace: Pace) -> Figure:
    floor = per_second(case.floor, pace) if case.floor else None
    if case.signatures:
        count, done, algorithm = case.signatures
        floor = floors[done, algorithm] / count
    bare = per_second(case.bare, pace) if case.bare else None
    place = (case.operation, case.format, case.document)
    return Figure(*place, ours=per_second(case.act, pace), bare=bare, floor=floor, peers=by_peers.get(place, {}))


def _http(loads: Mapping[str, over_http.Load]) -> Iterable[Figure]:
    hello = loads["hello"].per_cpu_second
    for form, load in loads.items():
        if form != "hello":
            also = {"per_second_of_the_clock": load.per_second, "p99_milliseconds": load.p99, "connections": float(over_http.CONNECTIONS)}
            yield Figure("http-verify", form, "id-card", ours=load.per_cpu_second, floor=hello, also=also)


def table(figures: Iterable[Figure]) -> str:
    """The figures as a table that is readable as text and as Markdown."""
    rows = [HEAD, *(figure.row() for figure in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEAD))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def machine() -> str:
    """On what it was measured, and how busy that was with other things."""
    names = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    load = os.getloadavg()[0]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f}"


def main() -> None:
    """Run all of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few seconds for each kind, to see that everything runs; no figure to quote")
    pace = QUICK if parser.parse_args().quick else FULL
    start = time.monotonic()
    where = machine()
    figures, reasons = measured(pace)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([figure.to_json() for figure in figures], indent=1, ensure_ascii=False) + "\n", "utf-8")
    sys.stdout.write(f"{datetime.now(UTC):%Y-%m-%d}, {where}\nOperations per second of CPU time.\n\n{table(figures)}\n\n")
    for reason in reasons:
        sys.stdout.write(f"missing: {reason}\n")
    sys.stdout.write(f"{len(figures)} figures in {time.monotonic() - start:.0f} s, also in {OUT}\n")


if __name__ == "__main__":
    main()
