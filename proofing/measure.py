"""Measure the face engine on pairs of pictures whose truth is known: ``python -m proofing.measure PAIRS.csv --pictures DIR``."""

import csv
import io
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from PIL import Image

from doors.refusals import Refused
from proofing.copies import copy_similarity
from proofing.engine import FaceEngine, Template, load_engine
from proofing.pictures import read_picture
from proofing.quality import Sighting, sight
from proofing.settings import FACE_SETTINGS, FaceSettings, QualityGates

THRESHOLDS = tuple(step / 100 for step in range(40, 61))
_NO_GATES = QualityGates(portrait_face_width=1, selfie_face_width=1, sharpness=0, darkest=0, brightest=255)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files and whether they show the same person."""

    a: str
    b: str
    same: bool


@dataclass(frozen=True, slots=True)
class Row:
    """At one threshold: how many pairs are wrongly accepted (false matches) and wrongly refused (false non-matches)."""

    threshold: float
    false_matches: int
    false_non_matches: int


def read_pairs(text: str) -> tuple[Pair, ...]:
    """The pairs in CSV ``text`` with the columns a, b, same (1 or 0)."""
    return tuple(Pair(row["a"], row["b"], row["same"] == "1") for row in csv.DictReader(io.StringIO(text)))


def table(pairs: Sequence[Pair], distances: Sequence[float], thresholds: Sequence[float] = THRESHOLDS) -> tuple[Row, ...]:
    return tuple(
        Row(
            threshold,
            sum(distance <= threshold and not pair.same for pair, distance in zip(pairs, distances, strict=True)),
            sum(distance > threshold and pair.same for pair, distance in zip(pairs, distances, strict=True)),
        )
        for threshold in thresholds
    )


def sightings(files: Sequence[str], folder: Path, engine: FaceEngine, settings: FaceSettings) -> Iterator[tuple[str, Sighting]]:
    """Each file with its one face, without quality gates; files with no face or several are named and left out."""
    for file in files:
        try:
            pixels = read_picture((folder / file).read_bytes(), settings.pictures, "")
            yield file, sight(pixels, engine, gates=_NO_GATES, face_width=1, pointer="")
        except Refused as refusal:
            typer.echo(f"left out: {file} ({refusal.code})", err=True)


def re_encoded(sighting: Sighting, engine: FaceEngine, settings: FaceSettings) -> Sighting:
    """The same photograph sent again: cropped a little, scaled to four fifths, JPEG quality 40."""
    picture = Image.fromarray(sighting.pixels)
    width, height = picture.size
    cropped = picture.crop((width // 25, height // 25, width - width // 20, height - height // 30))
    written = io.BytesIO()
    cropped.resize((cropped.width * 4 // 5, cropped.height * 4 // 5)).save(written, "JPEG", quality=40)
    return sight(read_picture(written.getvalue(), settings.pictures, ""), engine, gates=_NO_GATES, face_width=1, pointer="")


def report(pairs: Sequence[Pair], seen: Mapping[str, Sighting], engine: FaceEngine, settings: FaceSettings) -> Iterator[str]:
    """The lines of the report, as Markdown."""
    templates: dict[str, Template] = {file: engine.template(sighting.pixels, sighting.face) for file, sighting in seen.items()}
    distances = [engine.distance(templates[pair.a], templates[pair.b]) for pair in pairs]
    same = [distance for pair, distance in zip(pairs, distances, strict=True) if pair.same]
    other = [distance for pair, distance in zip(pairs, distances, strict=True) if not pair.same]
    yield f"engine: {engine.name}; model sha256 {engine.model_sha256}"
    yield f"{len(seen)} pictures, {len(same)} same-person pairs, {len(other)} different-person pairs"
    yield f"same person: distance {min(same):.3f} to {max(same):.3f}; different persons: from {min(other):.3f}"
    yield ""
    yield f"| threshold | false matches of {len(other)} | false non-matches of {len(same)} | |"
    yield "| --- | --- | --- | --- |"
    for row in table(pairs, distances):
        yield f"| {row.threshold:.2f} | {row.false_matches} | {row.false_non_matches} | {_meaning(row.threshold, engine)} |"
    yield ""
    yield from _copies(pairs, seen, engine, settings)


def _meaning(threshold: float, engine: FaceEngine) -> str:
    marks = {engine.threshold: "**accepted up to here**", engine.review_until: "review up to here, not accepted"}
    return marks.get(threshold, "")


def _copies(pairs: Sequence[Pair], seen: Mapping[str, Sighting], engine: FaceEngine, settings: FaceSettings) -> Iterator[str]:
    similar = [copy_similarity(seen[pair.a], seen[pair.b]) for pair in pairs]
    again = []
    for file, sighting in seen.items():
        try:
            again.append(copy_similarity(sighting, re_encoded(sighting, engine, settings)))
        except Refused as refusal:
            typer.echo(f"re-encoded copy left out: {file} ({refusal.code})", err=True)
    caught = sum(value >= settings.copy_similarity for value in again)
    same = max(value for pair, value in zip(pairs, similar, strict=True) if pair.same)
    other = max(value for pair, value in zip(pairs, similar, strict=True) if not pair.same)
    yield f"copies (refused from {settings.copy_similarity:.2f}): {caught} of {len(again)} re-encoded ones caught, lowest {min(again):.3f};"
    yield f"highest between two photographs of one person {same:.3f}, of different persons {other:.3f}"


PICTURES = typer.Option(..., help="the folder that the names in PAIRS start from")


def main(pairs: Path, pictures: Path = PICTURES) -> None:
    """Print false matches and false non-matches at thresholds from 0.40 to 0.60."""
    started = time.process_time()
    engine, settings = load_engine(FACE_SETTINGS.engine), FACE_SETTINGS
    wanted = read_pairs(pairs.read_text("utf-8"))
    seen = dict(sightings(sorted({file for pair in wanted for file in (pair.a, pair.b)}), pictures, engine, settings))
    usable = [pair for pair in wanted if pair.a in seen and pair.b in seen]
    if not any(pair.same for pair in usable) or all(pair.same for pair in usable):
        typer.echo("expected at least one pair of the same person and one of different persons", err=True)
        sys.exit(2)
    for line in report(usable, seen, engine, settings):
        typer.echo(line)
    typer.echo(f"{time.process_time() - started:.0f} s of CPU", err=True)


if __name__ == "__main__":
    typer.run(main)
