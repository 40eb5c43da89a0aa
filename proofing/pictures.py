"""The one way in for pictures of people: checked, decoded once, set upright, scaled down, and without any metadata."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin

from doors.refusals import ImageInvalid
from proofing.containers import Container, open_container
from proofing.settings import PictureLimits

Pixels = NDArray[np.uint8]
"""Height x width x 3, red, green, blue."""

_OPENERS = {"JPEG": JpegImagePlugin.JpegImageFile, "PNG": PngImagePlugin.PngImageFile}
_PORTRAIT_SIZE = (240, 300)


def read_picture(file: bytes, limits: PictureLimits, pointer: str) -> Pixels:
    """The pixels of the JPEG or PNG in ``file``, upright, at most ``limits.working_side`` a side; nothing else of the file is kept.

    Raises what ``open_container`` raises, and ``ImageInvalid`` where decoding fails. ``pointer`` names the picture in refusals, such as
    "/selfie".
    """
    container = open_container(file, limits, pointer)
    try:
        return np.asarray(_decode(container, limits.working_side))
    except MemoryError:
        raise
    except Exception as error:  # a decoder may fail with anything on hostile bytes
        raise ImageInvalid(f"picture: cannot be decoded ({type(error).__name__})", pointer=pointer) from None


def _decode(container: Container, side: int) -> Image.Image:
    with _OPENERS[container.kind](io.BytesIO(container.content)) as image:
        if container.kind == "JPEG":
            image.draft("RGB", (2 * side, 2 * side))
        orientation = image.getexif().get(0x0112, 1)
        image.load()
        shown = _opaque(_scaled(image, side))
    bare = Image.fromarray(np.asarray(shown))
    bare.getexif()[0x0112] = orientation if orientation in range(1, 9) else 1
    return ImageOps.exif_transpose(bare)


def _scaled(image: Image.Image, side: int) -> Image.Image:
    """Scaled down before anything else copies it; a palette has to become colours first, because indices do not mix."""
    if image.mode.startswith("I"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    elif image.mode in {"P", "1"}:
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return image


def _opaque(image: Image.Image) -> Image.Image:
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(layered, mask=layered.getchannel("A"))
    return ground


def card_portrait(pixels: Pixels, box: tuple[int, int, int, int]) -> bytes:
    """The portrait as it stands on the card: a small JPEG framed around the face ``box`` (top, right, bottom, left), without metadata,
    below 48 kB."""
    top, right, bottom, left = box
    width, height = right - left, bottom - top
    frame = (
        max(0, left - width // 2),
        max(0, top - int(height * 0.8)),
        min(pixels.shape[1], right + width // 2),
        min(pixels.shape[0], bottom + int(height * 0.7)),
    )
    portrait = Image.fromarray(pixels).crop(frame)
    portrait.thumbnail(_PORTRAIT_SIZE, Image.Resampling.LANCZOS)
    written = io.BytesIO()
    portrait.save(written, "JPEG", quality=80, optimize=True)
    return written.getvalue()
