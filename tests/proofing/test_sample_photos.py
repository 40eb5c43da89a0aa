"""The demo's photographs come out of one archive, by name."""

import io
import tarfile
from pathlib import Path

import pytest

from proofing.sample_photos import SAMPLE_PHOTOS, sample_photo


@pytest.fixture
def sdist(tmp_path: Path) -> Path:
    archive = tmp_path / "face_recognition-1.3.0.tar.gz"
    with tarfile.open(archive, "w:gz") as opened:
        for name in SAMPLE_PHOTOS:
            member = tarfile.TarInfo(f"face_recognition-1.3.0/tests/test_images/{name}.jpg")
            member.size = len(name)
            opened.addfile(member, io.BytesIO(name.encode()))
    return archive


def test_a_photograph_is_read_by_its_name(sdist: Path) -> None:
    assert [sample_photo(name, sdist=sdist) for name in SAMPLE_PHOTOS] == [name.encode() for name in SAMPLE_PHOTOS]


def test_no_other_file_of_the_archive_can_be_named(sdist: Path) -> None:
    with pytest.raises(KeyError):
        sample_photo("../../setup", sdist=sdist)


def test_an_archive_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sample_photo("obama", sdist=tmp_path / "none.tar.gz")
