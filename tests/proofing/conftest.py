"""Pictures, documents and a register in memory for the proofing tests."""

import io
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from PIL import Image

from doors.json import JsonObject
from doors.refusals import Refused, RegisterMismatch
from proofing.consent import Consent
from proofing.document import IdDocument
from proofing.register import NO_SUCH_PERSON, RegisterEntry, Validity
from proofing.register.people import Person, people
from tests.shared import SHARED

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
KEY = bytes(range(32))


def face(name: str) -> bytes:
    """A photograph from the shared set, by its short name."""
    return (SHARED / "faces" / "img" / f"{name}.jpg").read_bytes()


def picture(width: int = 64, height: int = 48, kind: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    """A small colourful picture without a face."""
    shades = np.random.default_rng(7).integers(0, 256, (height, width, 3), dtype=np.uint8)
    written = io.BytesIO()
    Image.fromarray(shades).convert(mode).save(written, kind, **options)
    return written.getvalue()


def re_saved(
    file: bytes, change: Callable[[Image.Image], Image.Image] = lambda image: image, kind: str = "JPEG", **options: object
) -> bytes:
    """``file`` opened, changed, and saved again."""
    written = io.BytesIO()
    with Image.open(io.BytesIO(file)) as image:
        change(image.convert("RGB")).save(written, kind, **options)
    return written.getvalue()


def a_person() -> Person:
    return next(people(1, random.Random(5)))


def fields_of(person: Person) -> JsonObject:
    return {
        "family_name": person.family_name,
        "given_name": person.given_name,
        "full_name": person.full_name,
        "birth_date": person.birth_date.isoformat(),
        "sex": person.sex,
        "nationality": "CN",
        "ethnicity": person.ethnicity,
        "resident_address": person.resident_address,
        "citizen_number": person.citizen_number,
        "document_number": "D12345678",
        "issuing_authority": "虎符市样本区公安分局",
        "issuance_date": "2020-05-01",
        "expiry_date": "2040-05-01",
    }


def document_of(person: Person) -> IdDocument:
    return IdDocument.parse(fields_of(person), today=NOW.date())


def consent(**changes: object) -> Consent:
    return Consent(**({"notice": "faces-2026-1", "given_by": "self", "given_at": NOW} | changes))  # type: ignore[arg-type]


class RegisterInMemory:
    """A register that knows one person, and counts how often it was asked."""

    name = "register in memory"

    def __init__(self, person: Person, *, validity: Validity = Validity.VALID, birth_date: date | None = None) -> None:
        self.entry = RegisterEntry(person.citizen_number, person.full_name, birth_date or person.birth_date, validity)
        self.asked = 0

    async def look_up(self, *, citizen_number: str, full_name: str) -> RegisterEntry:
        self.asked += 1
        if (citizen_number, full_name) != (self.entry.citizen_number, self.entry.full_name):
            raise RegisterMismatch(NO_SUCH_PERSON)
        return self.entry


class SameProcess:
    """A worker that runs the act at once, here."""

    async def run(self, act: Callable[..., Any], *args: object, refusal: type[Refused]) -> Any:
        return act(*args)


@pytest.fixture
def person() -> Person:
    return a_person()
