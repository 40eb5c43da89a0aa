"""Hostile and unusable pictures, documents and evidence: the rows F01-F11, I15 and I16, each with its accepted twin."""

import io
import re
import time
import zipfile
import zlib
from datetime import timedelta
from random import Random
from struct import pack

import pytest
from PIL import Image

from doors.json import JsonObject
from doors.refusals import (
    ConsentRequired,
    DocumentInvalid,
    EvidenceMismatch,
    EvidenceMissing,
    FaceMismatch,
    FaceMultiple,
    FaceNotFound,
    ImageFormatNotAllowed,
    ImageInvalid,
    ImageTooLarge,
    InputTooLarge,
    LivenessFailed,
)
from proofing.compare import compare_pictures
from proofing.consent import Consent
from proofing.containers import open_container
from proofing.document import IdDocument
from proofing.evidence import Evidence, check_evidence, evidence_entries, seal_evidence
from proofing.face_check import FaceCheck
from proofing.pictures import read_picture
from proofing.prove import Application, Subject, prove
from proofing.register.people import Person, people
from proofing.settings import FACE_SETTINGS, PictureLimits
from tests.proofing.conftest import (
    KEY,
    NOW,
    RegisterInMemory,
    SameProcess,
    a_person,
    consent,
    document_of,
    face,
    fields_of,
    picture,
    re_saved,
)
from tests.shared import needs_shared

LIMITS = PictureLimits()


def png_of(width: int, height: int) -> bytes:
    """A PNG of one grey, a few kilobytes whatever its size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))

    row = bytes(1 + (width + 7) // 8)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def archive() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        packed.writestr("a.txt", "hidden")
    return written.getvalue()


def with_comment(jpeg: bytes, comment: bytes) -> bytes:
    return jpeg[:2] + b"\xff\xfe" + pack(">H", len(comment) + 2) + comment + jpeg[2:]


@pytest.mark.parametrize("size", [(13_000, 13_000), (8_193, 16), (16, 8_193), (5_000, 4_801), (2**31 - 1, 2**31 - 1)])
def test_neg_F01_png_bomb(size: tuple[int, int]) -> None:
    bomb = (
        png_of(*size)
        if size[0] < 20_000
        else b"\x89PNG\r\n\x1a\n" + pack(">I4sII", 13, b"IHDR", *size) + bytes(9) + pack(">I4sI", 0, b"IEND", 0)
    )
    assert len(bomb) < 40_000
    with pytest.raises(ImageTooLarge):
        read_picture(bomb, LIMITS, "/selfie")


def test_neg_F01_png_bomb_twin() -> None:
    assert read_picture(png_of(5_000, 4_800), LIMITS, "/selfie").shape == (960, 1000, 3)


def test_neg_F02_image_100mb() -> None:
    with pytest.raises(InputTooLarge):
        open_container(b"\xff\xd8\xff" + bytes(100_000_000), LIMITS, "/selfie")


def test_neg_F02_image_100mb_twin() -> None:
    file = picture()
    assert open_container(file + bytes(LIMITS.size - len(file)), LIMITS, "/selfie").content == file


@pytest.mark.parametrize(
    "file",
    [
        b"%PDF-1.7\n%%EOF",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<!doctype html><html></html>",
        archive(),
        b"GIF89a" + bytes(40),
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"II*\0" + bytes(40),
        b"BM" + bytes(60),
        b"\0\0\0\x18ftypheic" + bytes(40),
        b"\xff\xd8" + bytes(40),
        b"\x89PNG\n" + bytes(40),
        b"%PDF-1.7\n" + picture(),
        picture() + archive(),
        picture(kind="PNG") + archive(),
        picture() + b"<script>alert(1)</script>",
        picture() + picture(16, 16) + archive(),
        with_comment(picture(), archive()),
        with_comment(picture(), b"<html><script>1</script>"),
        with_comment(picture(), b"%PDF-1.4 "),
    ],
)
def test_neg_F03_wrong_magic(file: bytes) -> None:
    with pytest.raises(ImageFormatNotAllowed):
        read_picture(file, LIMITS, "/selfie")


def test_neg_F03_a_file_made_to_be_searched_slowly_holds_nobody_up() -> None:
    chunk = b"aBCd" + b"<scrip" * 1_300_000
    slow = png_of(64, 48).replace(b"\0\0\0\0IEND", pack(">I", len(chunk) - 4) + chunk + bytes(4) + b"\0\0\0\0IEND")
    started = time.perf_counter()
    assert open_container(slow, LIMITS, "/selfie").content == slow
    assert time.perf_counter() - started < 0.5


def test_neg_F03_wrong_magic_twin() -> None:
    assert read_picture(with_comment(picture(), b"taken at the counter"), LIMITS, "/selfie").shape == (48, 64, 3)


@needs_shared
def test_neg_F04_exif_gps() -> None:
    noted = Image.Exif()
    noted[0x010F] = "CANARYCAMERA"
    noted.get_ifd(0x8825)[2] = (31.0, 14.0, 30.0)
    marked = with_comment(re_saved(face("p07_1"), exif=noted, quality=92), b"CANARYCOMMENT")
    assert b"CANARYCAMERA" in marked
    check = compare_pictures(marked, re_saved(face("p07_2"), lambda image: image.resize((700, 1052)), exif=noted), FACE_SETTINGS)
    with Image.open(io.BytesIO(check.portrait)) as portrait:
        assert not portrait.getexif()
        assert not {"exif", "comment", "xmp", "icc_profile"} & portrait.info.keys()
    assert b"CANARY" not in check.portrait


@pytest.mark.parametrize(
    "file", [b"", picture()[:-40], picture()[:20], picture(kind="PNG")[:-6], picture(1, 1), picture(1, 1, "PNG"), picture(15, 400)]
)
def test_neg_F05_truncated(file: bytes) -> None:
    with pytest.raises(ImageInvalid):
        read_picture(file, LIMITS, "/selfie")


def test_neg_F05_truncated_twin() -> None:
    assert read_picture(picture(16, 16), LIMITS, "/selfie").shape == (16, 16, 3)


@needs_shared
@pytest.mark.parametrize("name", ["noface_noise", "noface_gradient", "noface_text"])
def test_neg_F06_no_face(name: str) -> None:
    with pytest.raises(FaceNotFound):
        compare_pictures(face("p03_1"), face(name), FACE_SETTINGS)


@needs_shared
@pytest.mark.parametrize("name", ["two_faces", "two_faces_real"])
def test_neg_F07_two_faces(name: str) -> None:
    with pytest.raises(FaceMultiple):
        compare_pictures(face("p03_2"), face(name), FACE_SETTINGS)


@needs_shared
@pytest.mark.parametrize(("portrait", "selfie"), [("p01_1", "p02_1"), ("p03_1", "s16_1"), ("q02_1", "q01_1")])
def test_neg_F08_other_person(portrait: str, selfie: str) -> None:
    with pytest.raises(FaceMismatch) as refused:
        compare_pictures(face(portrait), face(selfie), FACE_SETTINGS)
    assert not re.search(r"\d", refused.value.detail)


@needs_shared
def test_neg_F08_other_person_twin() -> None:
    """The twin of F06 to F08: one face, the same person, another photograph."""
    assert compare_pictures(face("p03_2"), face("p03_1"), FACE_SETTINGS).band


@needs_shared
@pytest.mark.parametrize("again", ["equal", "as PNG", "quality 30", "smaller"])
def test_neg_F09_document_as_selfie(again: str) -> None:
    portrait = face("p08_1")
    copies = {
        "equal": lambda: portrait,
        "as PNG": lambda: re_saved(portrait, kind="PNG"),
        "quality 30": lambda: re_saved(portrait, quality=30),
        "smaller": lambda: re_saved(portrait, lambda image: image.resize((360, 450))),
    }
    with pytest.raises(LivenessFailed):
        compare_pictures(portrait, copies[again](), FACE_SETTINGS)


@needs_shared
def test_neg_F09_document_as_selfie_twin() -> None:
    assert compare_pictures(face("p08_2"), face("p08_1"), FACE_SETTINGS).band


@pytest.mark.parametrize("place", range(18))
def test_neg_F10_mrz_checksum(place: int) -> None:
    """By the citizen number; the machine-readable zone comes with the reading of documents."""
    fields = fields_of(a_person())
    number = fields["citizen_number"]
    wrong = "1" if number[place] in "0X" else str(int(number[place]) - 1)
    with pytest.raises(DocumentInvalid) as refused:
        IdDocument.parse(fields | {"citizen_number": number[:place] + wrong + number[place + 1 :]}, today=NOW.date())
    assert refused.value.pointer == "/citizen_number"
    assert number[:10] not in refused.value.detail


@pytest.mark.parametrize(
    "number", ["", "1" * 17, "1" * 19, "11019919900101123x", "１１０１９９１９９００１０１１２３４", None, 110199199001011234]
)
def test_neg_F10_mrz_checksum_form(number: object) -> None:
    with pytest.raises(DocumentInvalid):
        IdDocument.parse(fields_of(a_person()) | {"citizen_number": number}, today=NOW.date())


def test_neg_F10_mrz_checksum_twin() -> None:
    assert document_of(a_person()).citizen_number == a_person().citizen_number


@pytest.mark.parametrize(
    "given",
    [
        None,
        consent(withdrawn_at=NOW),
        consent(withdrawn_at=NOW - timedelta(days=1)),
        consent(given_at=NOW + timedelta(seconds=1)),
        consent(notice=""),
    ],
)
async def test_neg_F11_consent_missing(given: Consent | None) -> None:
    person = a_person()
    register = RegisterInMemory(person)
    application = Application("a-1", document_of(person), picture(64, 48), picture(64, 50), given)
    with pytest.raises(ConsentRequired):
        await prove(application, register=register, worker=SameProcess(), evidence_key=KEY, now=NOW)
    assert register.asked == 0


@needs_shared
async def test_neg_F11_consent_missing_twin() -> None:
    person = a_person()
    application = Application("a-1", document_of(person), face("p05_2"), face("p05_1"), consent())
    subject = await prove(application, register=RegisterInMemory(person), worker=SameProcess(), evidence_key=KEY, now=NOW)
    assert isinstance(subject, Subject)


CHECK = FaceCheck(engine="engine", model_sha256="00", threshold=0.45, band="strong", portrait=b"")
ENTRIES = evidence_entries(CHECK, register="demo", now=NOW)


def claims_of(person: Person) -> JsonObject:
    return document_of(person).claims()


@pytest.mark.parametrize("left", [None, (), ENTRIES[1:], ENTRIES[:2], (ENTRIES[0], ENTRIES[0], ENTRIES[2])])
def test_neg_I15_face_not_verified(left: tuple[JsonObject, ...] | None) -> None:
    claims = claims_of(a_person())
    evidence = None if left is None else seal_evidence(KEY, application_id="a-1", entries=left, claims=claims)
    with pytest.raises(EvidenceMissing):
        check_evidence(evidence, key=KEY, application_id="a-1", claims=claims)


@pytest.mark.parametrize("replayed", ["other person", "other session", "session renamed", "key of another office"])
def test_neg_I16_face_evidence_replayed(replayed: str) -> None:
    mine, other = (claims_of(person) for person in people(2, Random(9)))
    first = seal_evidence(KEY, application_id="a-1", entries=ENTRIES, claims=mine)
    asked = {
        "other person": (first, "a-1", other, KEY),
        "other session": (first, "a-2", mine, KEY),
        "session renamed": (Evidence("a-2", first.entries, first.seal), "a-2", mine, KEY),
        "key of another office": (first, "a-1", mine, bytes(32)),
    }
    evidence, application_id, claims, key = asked[replayed]
    with pytest.raises(EvidenceMismatch):
        check_evidence(evidence, key=key, application_id=application_id, claims=claims)


def test_neg_I15_I16_twin() -> None:
    claims = claims_of(a_person())
    evidence = seal_evidence(KEY, application_id="a-1", entries=ENTRIES, claims=claims)
    assert check_evidence(evidence, key=KEY, application_id="a-1", claims=claims) is evidence
