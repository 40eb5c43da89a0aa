"""One way in for pictures: what is read, what is refused, and that nothing but pixels comes through."""

import contextlib
import io
import zlib

import numpy as np
import pytest
from PIL import Image

from doors.refusals import ImageFormatNotAllowed, ImageInvalid, ImageTooLarge, InputTooLarge
from proofing.containers import open_container
from proofing.pictures import card_portrait, read_picture
from proofing.settings import PictureLimits
from tests.proofing.conftest import picture, re_saved

LIMITS = PictureLimits()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_jpeg_and_a_png_are_read(kind: str) -> None:
    assert read_picture(picture(64, 48, kind), LIMITS, "/selfie").shape == (48, 64, 3)


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "L"), ("PNG", "P"), ("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "1")]
)
def test_every_colour_mode_of_the_two_formats_becomes_rgb(kind: str, mode: str) -> None:
    assert read_picture(picture(64, 48, kind, mode), LIMITS, "/selfie").shape == (48, 64, 3)


def test_a_16_bit_grey_png_is_read() -> None:
    written = io.BytesIO()
    Image.fromarray(np.full((32, 32), 40_000, dtype=np.uint16)).save(written, "PNG")
    assert read_picture(written.getvalue(), LIMITS, "/selfie")[0, 0].tolist() == [156, 156, 156]


def test_a_progressive_jpeg_is_read() -> None:
    assert read_picture(picture(64, 48, progressive=True), LIMITS, "/selfie").shape == (48, 64, 3)


def test_a_large_picture_is_scaled_down_to_the_working_side() -> None:
    assert read_picture(picture(2400, 1200), LIMITS, "/selfie").shape == (500, 1000, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_that_the_camera_noted_is_applied(orientation: int) -> None:
    lit = Image.new("RGB", (64, 32), "black")
    lit.paste("white", (0, 0, 32, 16))
    noted = Image.Exif()
    noted[0x0112] = orientation
    written = io.BytesIO()
    lit.save(written, "JPEG", exif=noted)
    pixels = read_picture(written.getvalue(), LIMITS, "/selfie")
    corners = {1: (0, 0), 2: (0, -1), 3: (-1, -1), 4: (-1, 0), 5: (0, 0), 6: (0, -1), 7: (-1, -1), 8: (-1, 0)}
    assert pixels.shape[:2] == ((32, 64) if orientation < 5 else (64, 32))
    assert pixels[corners[orientation]].min() > 200


def test_an_orientation_out_of_range_is_ignored() -> None:
    noted = Image.Exif()
    noted[0x0112] = 77
    assert read_picture(re_saved(picture(), exif=noted), LIMITS, "/selfie").shape == (48, 64, 3)


def test_preview_jpegs_that_phones_append_are_cut_off() -> None:
    whole = picture(64, 48)
    container = open_container(whole + picture(16, 16) + bytes(20), LIMITS, "/selfie")
    assert container.content == whole


@pytest.mark.parametrize("side", [8192, 8193])
def test_the_longest_side_is_8192(side: int) -> None:
    file = picture(side, 16)
    if side == 8192:
        assert read_picture(file, LIMITS, "/selfie").shape[1] == 1000
        return
    with pytest.raises(ImageTooLarge):
        read_picture(file, LIMITS, "/selfie")


def test_the_pixel_limit_holds_at_the_limit_and_not_above() -> None:
    limits = PictureLimits(pixels=64 * 48)
    assert open_container(picture(64, 48), limits, "/selfie").width == 64
    with pytest.raises(ImageTooLarge):
        open_container(picture(64, 49), limits, "/selfie")


def test_the_size_limit_holds_at_the_limit_and_not_above() -> None:
    file = picture()
    assert open_container(file, PictureLimits(size=len(file)), "/selfie").kind == "JPEG"
    with pytest.raises(InputTooLarge):
        open_container(file, PictureLimits(size=len(file) - 1), "/selfie")


def test_a_jpeg_with_countless_scans_is_refused() -> None:
    with pytest.raises(ImageInvalid):
        open_container(picture(64, 48, progressive=True), PictureLimits(scans=3), "/selfie")


def _of_many_parts(kind: str, parts: int) -> bytes:
    file = picture(20, 20, kind)
    if kind == "JPEG":
        return file[:2] + b"\xff\xfe\x00\x02" * parts + file[2:]
    return file[:33] + (b"\0\0\0\0tEXt" + zlib.crc32(b"tEXt").to_bytes(4)) * parts + file[33:]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_in_countless_parts_is_refused_at_once(kind: str) -> None:
    assert open_container(_of_many_parts(kind, 9_000), LIMITS, "/selfie").width == 20
    with pytest.raises(ImageInvalid):
        open_container(_of_many_parts(kind, 600_000), LIMITS, "/selfie")


def test_countless_appended_jpegs_are_refused_at_once() -> None:
    assert open_container(picture() + picture(16, 16) * 8, LIMITS, "/selfie").width == 64
    with pytest.raises(ImageFormatNotAllowed):
        open_container(picture() + picture(16, 16) * 9, LIMITS, "/selfie")


def test_an_animated_png_is_refused() -> None:
    frames = [Image.new("RGB", (32, 32), shade) for shade in ("red", "blue")]
    written = io.BytesIO()
    frames[0].save(written, "PNG", save_all=True, append_images=frames[1:])
    with pytest.raises(ImageFormatNotAllowed):
        read_picture(written.getvalue(), LIMITS, "/selfie")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_cut_off_anywhere_is_refused_and_never_crashes(kind: str) -> None:
    file = picture(20, 20, kind)
    for length in range(4 if kind == "JPEG" else 8, len(file), 3):
        with pytest.raises(ImageInvalid):
            read_picture(file[:length], LIMITS, "/selfie")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_damaged_bytes_are_read_or_refused_and_never_crash(kind: str) -> None:
    file, random = picture(24, 24, kind), np.random.default_rng(3)
    for _ in range(200):
        damaged = bytearray(file)
        for place in random.integers(8, len(file), 3):
            damaged[place] = random.integers(0, 256)
        with contextlib.suppress(ImageInvalid, ImageFormatNotAllowed, ImageTooLarge):
            assert read_picture(bytes(damaged), LIMITS, "/selfie").ndim == 3


def test_the_card_portrait_is_small_and_framed_around_the_face() -> None:
    pixels = np.asarray(Image.open(io.BytesIO(picture(800, 1000))))
    file = card_portrait(pixels, (300, 600, 600, 300))
    with Image.open(io.BytesIO(file)) as image:
        assert image.size[0] <= 240
        assert image.size[1] <= 300
    assert len(file) < 48_000
