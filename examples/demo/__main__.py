"""Tell the whole story on this machine: ``python -m examples.demo [--stay] [--lan] [--portrait FILE --selfie FILE] [--lang zh-CN|en]``."""

import os
import signal
import sys
import traceback
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from examples.demo.enrolment import Photographs, Scene
from examples.demo.house import house_on
from examples.demo.stage import ROOT, Stage, Unexpected
from examples.demo.staying import stay
from examples.demo.story import STORY
from examples.demo.telling import Teller
from proofing.sample_photos import SDIST, sample_photo
from runtime.words import load_words


class Language(StrEnum):
    """The language of the story."""

    EN = "en"
    ZH = "zh-CN"


def main(
    *,
    stay_open: Annotated[bool, typer.Option("--stay", help="Leave the pages open until Ctrl-C, and print their addresses.")] = False,
    lan: Annotated[
        bool, typer.Option("--lan", help="Like --stay, and let the local network read the story's page; prints a QR code.")
    ] = False,
    portrait: Annotated[Path | None, typer.Option(help="Your own picture as it would be in a document (JPEG or PNG).", exists=True)] = None,
    selfie: Annotated[Path | None, typer.Option(help="Another picture of you.", exists=True)] = None,
    language: Annotated[Language | None, typer.Option("--lang", help="Language of the story.")] = None,
) -> None:
    """The way of one credential, told step by step with real services: enrol, issue, present, verify offline, revoke."""
    if (portrait is None) != (selfie is None):
        raise typer.BadParameter("expected --portrait and --selfie together", param_hint="--portrait/--selfie")
    signal.signal(signal.SIGTERM, _interrupt)
    teller = Teller(load_words("examples.demo"), language.value if language else _language())
    photographs, staying = _photographs(portrait, selfie), stay_open or lan
    try:
        with Stage() as stage:
            status = _told(teller, stage, photographs, staying=staying, lan=lan)
    except KeyboardInterrupt:
        status, staying = 130, True
    if staying:
        teller.line(f"\n{teller.say('stopped')}")
    raise typer.Exit(status)


def _told(teller: Teller, stage: Stage, photographs: Photographs, *, staying: bool, lan: bool) -> int:
    """Tell it all; the exit status."""
    scene = Scene(house_on(stage), photographs)
    teller.line(teller.say("opening"))
    try:
        for act in STORY:
            with teller.step(act.name, act.roles) as step:
                act.play(scene, step)
        teller.line(f"\ndemo: {len(STORY)} steps, {len(teller.told)} as expected")
        if staying:
            stay(teller, scene, lan=lan)
    except Exception as error:
        _tell_failure(teller, stage, error)
        return 1
    return 0


def _tell_failure(teller: Teller, stage: Stage, error: Exception) -> None:
    """Which step went otherwise, and what the service concerned wrote last; for a fault of the demo itself, where it lies."""
    if isinstance(error, Unexpected):
        teller.failed(str(error), name=error.service, log=stage.last_lines(error.service) if error.service else [])
    else:
        frames = traceback.extract_tb(error.__traceback__)[-3:]
        places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        teller.failed(f"{type(error).__name__}: {error}", name="demo", log=places)
    teller.line(f"\n{teller.say('failed', number=len(teller.told) + 1, count=len(STORY))}")


def _photographs(portrait: Path | None, selfie: Path | None) -> Photographs:
    """The visitor's own pictures, or two different photographs of one public figure; and one of another as the stranger."""
    sdist = ROOT / SDIST
    if not sdist.exists():
        raise typer.BadParameter(f"{sdist} is not there; run `make setup` first")
    return Photographs(
        portrait=portrait.read_bytes() if portrait else sample_photo("obama2", sdist=sdist),
        selfie=selfie.read_bytes() if selfie else sample_photo("obama", sdist=sdist),
        stranger=sample_photo("biden", sdist=sdist),
    )


def _language() -> str:
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh-CN" if locale.lower().startswith("zh") else "en"


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    typer.run(main)
