"""Run by the kill tests: enrol a person, or sweep, in a process that dies at the place it is told.

The face check's result is given here: what is tried is the office's record, not the comparison.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from issuer.crash_points import SWEEP_IN_TRANSACTION
from issuer.enrol import Desk, enrol
from issuer.sweep import sweep
from proofing.face_check import FaceCheck
from proofing.prove import Application
from proofing.settings import FACE_SETTINGS
from runtime.clock import utc_now
from runtime.crash import CrashPoints
from tests.issuer.outside import Site
from tests.issuer.service import AgreeingRegister
from tests.issuer.world import PORTRAIT, consent, id_document


class GivenResult:
    """Stands where pictures are compared, and answers that they agree."""

    async def run(self, act: Callable[..., Any], *args: object, refusal: type[Exception]) -> Any:
        return FaceCheck(engine="dlib", model_sha256="0" * 64, threshold=0.45, band="strong", portrait=PORTRAIT)


async def main(folder: Path, port: int, place: str) -> None:
    site = Site(folder, port=port)
    office = replace(site.office, reached=CrashPoints.armed(place))
    picture = (folder / "picture.png").read_bytes()
    with site.database() as database:
        if place == SWEEP_IN_TRANSACTION:
            later = datetime.now(UTC) + timedelta(days=8)
            await database.write(lambda connection: sweep(connection, office=office, now=later))
            return
        document = id_document(2)
        application = Application(office.new_id("application"), document, picture, picture, consent(utc_now()))
        desk = Desk(office, database, utc_now, AgreeingRegister(document), GivenResult(), FACE_SETTINGS)
        await enrol(application, desk=desk, actor="test")


def run(folder: Path, port: int, place: str) -> None:
    asyncio.run(main(folder, port, place))
