"""Photographs of public figures for the demo, out of the source distribution of face_recognition 1.3.0, where they are test pictures.

``pip download --no-deps --no-binary face_recognition --require-hashes -r locks/photos.lock -d build/photos`` fetches it.
"""

import tarfile
from pathlib import Path

SDIST = Path("build/photos/face_recognition-1.3.0.tar.gz")
SAMPLE_PHOTOS = ("obama", "obama2", "obama3", "biden")
"""Three different photographs of one person and one of another."""


def sample_photo(name: str, *, sdist: Path = SDIST) -> bytes:
    """The JPEG file ``name`` of ``SAMPLE_PHOTOS``; raises ``KeyError`` for another name and ``FileNotFoundError`` where ``sdist`` is
    not there."""
    if name not in SAMPLE_PHOTOS:
        raise KeyError(f"photograph: expected one of {', '.join(SAMPLE_PHOTOS)}")
    with tarfile.open(sdist, "r:gz") as archive:
        member = archive.extractfile(f"face_recognition-1.3.0/tests/test_images/{name}.jpg")
        if member is None:
            raise KeyError(f"photograph: {name} is not in {sdist.name}")
        return member.read()
