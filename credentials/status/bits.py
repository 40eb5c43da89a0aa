"""Many statuses in one row of bits, and the two ways of packing the row small."""

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from doors.refusals import InputTooLarge, StatusIndexInvalid, StatusInvalid

EXPANDED_LIMIT = 16 * 1024 * 1024
"""Bytes that a list may have once expanded."""
COMPRESSED_LIMIT = 4 * 1024 * 1024
"""Bytes that a list may have as sent, before its text encoding."""
WIDTHS = (1, 2, 4, 8)
_GZIP, _ZLIB = 31, 15


@dataclass(frozen=True, slots=True)
class StatusBits:
    """A row of statuses of ``width`` bits each (1, 2, 4 or 8), packed into bytes from the least significant bit up.

    That is the order of the Token Status List (§4.1). A Bitstring Status List counts from the left; see ``mirrored``.
    """

    octets: bytes
    width: int = 1

    def __len__(self) -> int:
        return len(self.octets) * 8 // self.width

    def get(self, index: int) -> int:
        """The status at ``index``; raises ``StatusIndexInvalid`` outside the list (Token Status List §8.3 step 6)."""
        if not 0 <= index < len(self):
            raise StatusIndexInvalid(f"status index: expected 0 to {len(self) - 1}, got one outside")
        place = index * self.width
        return (self.octets[place >> 3] >> (place & 7)) & ((1 << self.width) - 1)


def status_bits(statuses: Mapping[int, int], *, entries: int, width: int = 1) -> StatusBits:
    """A row of at least ``entries`` statuses, 0 except where ``statuses`` says otherwise by index.

    Raises ``StatusIndexInvalid`` for an index outside and ``StatusInvalid`` for a status or width that does not fit.
    """
    if width not in WIDTHS:
        raise StatusInvalid(f"status list: expected 1, 2, 4 or 8 bits an entry, got {width}")
    octets = bytearray(-(-entries * width // 8))
    for index, status in statuses.items():
        if not 0 <= index < entries:
            raise StatusIndexInvalid(f"status index: expected 0 to {entries - 1}, got one outside")
        if not 0 <= status < 1 << width:
            raise StatusInvalid(f"status list: expected statuses of {width} bits, got one too large")
        place = index * width
        octets[place >> 3] |= status << (place & 7)
    return StatusBits(bytes(octets), width)


_MIRROR = bytes(int(f"{octet:08b}"[::-1], 2) for octet in range(256))


def mirrored(octets: bytes) -> bytes:
    """Each byte with its bits in the other order: index 0 left-most (Bitstring Status List) or right-most (Token Status List)."""
    return octets.translate(_MIRROR)


def to_gzip(octets: bytes) -> bytes:
    """GZIP with no time and no name in it, so that equal lists give equal bytes."""
    return gzip.compress(octets, 9, mtime=0)


def to_zlib(octets: bytes) -> bytes:
    return zlib.compress(octets, 9)


def from_gzip(compressed: bytes, *, limit: int = EXPANDED_LIMIT) -> bytes:
    """The bytes in one GZIP member; stops at ``limit``. Raises ``InputTooLarge`` and ``StatusInvalid``."""
    return _expand(compressed, _GZIP, limit)


def from_zlib(compressed: bytes, *, limit: int = EXPANDED_LIMIT) -> bytes:
    """The bytes in one ZLIB stream; stops at ``limit``. Raises ``InputTooLarge`` and ``StatusInvalid``."""
    return _expand(compressed, _ZLIB, limit)


def _expand(compressed: bytes, wbits: int, limit: int) -> bytes:
    if len(compressed) > COMPRESSED_LIMIT:
        raise InputTooLarge(f"status list: expected at most {COMPRESSED_LIMIT} bytes, got {len(compressed)}")
    stream = zlib.decompressobj(wbits=wbits)
    try:
        octets = stream.decompress(compressed, limit + 1)
    except zlib.error:
        raise StatusInvalid("status list: the compressed bytes are damaged or of another kind") from None
    if len(octets) > limit:
        raise InputTooLarge(f"status list: expected at most {limit} bytes once expanded")
    if not stream.eof or stream.unused_data:
        raise StatusInvalid("status list: expected one whole compressed stream and nothing after it")
    return octets
