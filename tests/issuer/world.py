"""A small office for tests: real files, real database, a clock that is set by hand."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from credentials.id_card import check_character
from issuer.keys import make_keys, open_keys
from issuer.office import Office, Terms
from issuer.store.schema import MIGRATIONS
from issuer.vault import Vault
from proofing.consent import Consent
from proofing.document import IdDocument
from proofing.evidence import evidence_entries, seal_evidence
from proofing.face_check import FaceCheck
from proofing.prove import Subject, card_claims
from runtime.crash import NEVER
from runtime.database import Database
from runtime.secret_file import secret_file

PUBLIC_URL = "http://127.0.0.1:8101"
ISSUER = "did:web:127.0.0.1%3A8101"
START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
PORTRAIT = b"\xff\xd8\xff\xe0 no picture, the office never opens it \xff\xd9"


@dataclass
class HandSetClock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class World:
    office: Office
    database: Database
    clock: HandSetClock = field(default_factory=HandSetClock)


@contextmanager
def opened(folder: Path, *, terms: Terms | None = None, public_url: str = PUBLIC_URL, issuer: str = ISSUER) -> Iterator[World]:
    make_keys(folder / "keys")
    office = Office(
        terms=terms or Terms(),
        keys=open_keys(folder / "keys", issuer=issuer, public_url=public_url),
        vault=Vault(secret_file(folder / "vault.key")),
        random_bytes=os.urandom,
        reached=NEVER,
    )
    with Database.open(folder / "issuer.db", MIGRATIONS, synchronous="NORMAL") as database:
        yield World(office, database)


def citizen_number(order: int = 1, born: date = date(1990, 5, 17)) -> str:
    digits = f"110199{born:%Y%m%d}{2 * order:03d}"
    return digits + check_character(digits)


def id_document(order: int = 1) -> IdDocument:
    return IdDocument(
        family_name="Li",
        given_name="Xiaomei",
        full_name="李小梅",
        birth_date=date(1990, 5, 17),
        sex=2,
        nationality="CN",
        citizen_number=citizen_number(order),
        document_number=f"D{order:08d}",
        issuing_authority="虎符市公安局",
        issuance_date=date(2020, 1, 1),
        expiry_date=date(2040, 1, 1),
        ethnicity="汉",
        resident_address="示例省虎符市样本区兵符路1号",
    )


def proven(office: Office, *, order: int = 1, now: datetime = START, application_id: str = "") -> Subject:
    """A person whom the desk has proved, without pictures: the face check's result is given."""
    document = id_document(order)
    application = application_id or office.new_id("application")
    face = FaceCheck(engine="dlib", model_sha256="0" * 64, threshold=0.45, band="strong", portrait=PORTRAIT)
    evidence = seal_evidence(
        office.evidence_key,
        application_id=application,
        entries=evidence_entries(face, register="Register", now=now),
        claims=card_claims(document, PORTRAIT),
    )
    return Subject(application, document, PORTRAIT, evidence)


def consent(now: datetime = START) -> Consent:
    return Consent(notice="face-1", given_by="self", given_at=now - timedelta(minutes=1))
