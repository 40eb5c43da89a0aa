"""Look at a picture file's outer form before anything decodes it: is it one whole JPEG or PNG and nothing besides."""

import re
import struct
from dataclasses import dataclass

from doors.refusals import ImageFormatNotAllowed, ImageInvalid, ImageTooLarge, InputTooLarge
from proofing.settings import PictureLimits

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_START_OF_FRAME = frozenset({0xC0, 0xC1, 0xC2})
_FRAME_NOT_READ = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}
_START_OF_SCAN, _END = 0xDA, 0xD9
_FOREIGN = (b"%pdf-", b"pk\x03\x04", b"pk\x05\x06", b"<script", b"<html", b"<svg", b"<?php")
"""In small letters; looked for one by one, because a pattern of them all takes seconds on a segment made for that."""
_MOST_PARTS, _MOST_APPENDED = 10_000, 8
"""Segments or chunks in one picture and JPEGs behind it: far more than cameras write, and few enough to walk in no time."""
_PIXEL_CHUNKS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"})


@dataclass(frozen=True, slots=True)
class Container:
    """One picture's bytes, cut to exactly that picture. ``kind`` is JPEG or PNG; width and height in pixels, before orientation."""

    kind: str
    content: bytes
    width: int
    height: int


def open_container(file: bytes, limits: PictureLimits, pointer: str) -> Container:
    """The one picture in ``file``, not decoded yet.

    Judged by content, never by name: JPEG (ITU-T T.81 annex B) or PNG (W3C PNG §5). What follows the picture must be further whole
    JPEGs (phones
    append preview and gain maps; they are cut off) or zero bytes. Raises ``InputTooLarge``, ``ImageInvalid``,
    ``ImageFormatNotAllowed``, ``ImageTooLarge``.
    """
    if len(file) > limits.size:
        raise InputTooLarge(f"picture: expected at most {limits.size} bytes, got {len(file)}", pointer=pointer)
    if not file:
        raise ImageInvalid("picture: expected a JPEG or PNG file, got an empty one", pointer=pointer)
    try:
        container = _open(file, limits)
    except (struct.error, IndexError):
        raise ImageInvalid("picture: the file ends before the picture does", pointer=pointer) from None
    except (ImageInvalid, ImageFormatNotAllowed, ImageTooLarge) as refusal:
        refusal.pointer = pointer
        raise
    _refuse_size(container, limits, pointer)
    return container


def _open(file: bytes, limits: PictureLimits) -> Container:
    if file.startswith(_JPEG):
        return _open_jpeg(file, limits)
    if file.startswith(_PNG):
        return _open_png(file)
    raise ImageFormatNotAllowed("picture: expected the content of a JPEG or PNG file")


def _refuse_size(container: Container, limits: PictureLimits, pointer: str) -> None:
    width, height = container.width, container.height
    if max(width, height) > limits.side or width * height > limits.pixels:
        raise ImageTooLarge(
            f"picture: expected at most {limits.pixels // 1_000_000} megapixels and {limits.side} a side, got {width} x {height}",
            pointer=pointer,
        )
    if min(width, height) < 16:
        raise ImageInvalid(f"picture: expected a photograph, got {width} x {height} pixels", pointer=pointer)


def _open_jpeg(file: bytes, limits: PictureLimits) -> Container:
    end, width, height = _walk_jpeg(file, 0, limits)
    after = end
    for _ in range(_MOST_APPENDED):
        after = _walk_jpeg(file, after, limits)[0] if file.startswith(_JPEG, after) else after
    _refuse_trailing(file, after)
    return Container(kind="JPEG", content=file[:end], width=width, height=height)


def _walk_jpeg(file: bytes, start: int, limits: PictureLimits) -> tuple[int, int, int]:
    """Where the JPEG that begins at ``start`` ends, and its width and height."""
    position, scans, width, height = start + 2, 0, 0, 0
    for _ in range(_MOST_PARTS):
        position, marker = _next_marker(file, position)
        if marker == _END:
            break
        length = int(struct.unpack_from(">H", file, position)[0])
        body = file[position + 2 : position + length]
        if marker in _FRAME_NOT_READ:
            raise ImageFormatNotAllowed("picture: expected a baseline or progressive JPEG")
        if marker in _START_OF_FRAME:
            height, width = struct.unpack_from(">HH", body, 1)
        if marker >= 0xE0:
            _refuse_foreign(body)
        position += length
        scans += marker == _START_OF_SCAN
        if scans > limits.scans:
            raise ImageInvalid(f"picture: expected at most {limits.scans} scans in a JPEG")
    else:
        raise _too_many_parts()
    if not width or not height or not scans:
        raise ImageInvalid("picture: the JPEG holds no picture")
    return position, width, height


def _next_marker(file: bytes, position: int) -> tuple[int, int]:
    """The position behind the next marker, past entropy-coded bytes and fill bytes, and the marker."""
    found = _MARKER.search(file, position)
    if found is None:
        raise ImageInvalid("picture: the file ends before the picture does")
    return found.end(), file[found.end() - 1]


def _open_png(file: bytes) -> Container:
    width, height = struct.unpack_from(">II", file, 16)
    position, kind = len(_PNG), b""
    for _ in range(_MOST_PARTS):
        if kind == b"IEND":
            break
        length, kind = struct.unpack_from(">I4s", file, position)
        if kind == b"acTL":
            raise ImageFormatNotAllowed("picture: expected one still picture, got an animation")
        if kind not in _PIXEL_CHUNKS:
            _refuse_foreign(file[position + 8 : position + 8 + length])
        position += 12 + length
    else:
        raise _too_many_parts()
    if position > len(file):
        raise ImageInvalid("picture: the file ends before the picture does")
    _refuse_trailing(file, position)
    return Container(kind="PNG", content=file[:position], width=width, height=height)


def _too_many_parts() -> ImageInvalid:
    return ImageInvalid(f"picture: expected at most {_MOST_PARTS} parts in one file")


def _refuse_trailing(file: bytes, end: int) -> None:
    if file[end:].strip(b"\0"):
        raise ImageFormatNotAllowed("picture: expected nothing after the picture, got other content in the same file")


def _refuse_foreign(segment: bytes) -> None:
    """A file that is a picture to one program and a document or archive to another is refused."""
    lowered = segment.lower()
    if any(mark in lowered for mark in _FOREIGN):
        raise ImageFormatNotAllowed("picture: expected a picture only, got another kind of file inside its metadata")
