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
from tests.bench.country import DOCUMENTS, WRITERS, Country
from tests.bench.floors import RAW
from tests.bench.ours import Case, card_cases, pool_of, status_cases
from tests.bench.timing import FULL, QUICK, Pace, side_by_side

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
    country, reasons, figures = Country(), peers.absent(), list[Figure]()
    for form in WRITERS:
        for document in DOCUMENTS:
            by_peers = peers.figures(country, pace, form, document)
            pool = pool_of(country, form, document, pace.pool)
            figures += [_figure(case, by_peers, pace) for case in card_cases(country, form, document, pool)]
    figures += [_figure(case, {}, pace) for case in status_cases(country)]
    figures += _http(over_http.measure(pace))
    return sorted(figures, key=lambda figure: ORDER.index(figure.operation)), reasons


def _figure(case: Case, by_peers: peers.Figures, pace: Pace) -> Figure:
    count, floor = (case.signatures[0], RAW[case.signatures[1:]]) if case.signatures else (1, case.floor)
    acts = {name: act for name, act in (("ours", case.act), ("bare", case.bare), ("floor", floor)) if act}
    found = dict(zip(acts, side_by_side(tuple(acts.values()), pace), strict=True))
    return Figure(
        case.operation,
        case.format,
        case.document,
        ours=found["ours"],
        bare=found.get("bare"),
        floor=found["floor"] / count if floor else None,
        peers=by_peers.get(case.operation, {}),
    )


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
