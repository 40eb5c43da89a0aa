"""Rows of statuses, packed and unpacked."""

import random

import pytest

from credentials.status.bits import StatusBits, from_gzip, from_zlib, mirrored, status_bits, to_gzip, to_zlib
from doors.refusals import InputTooLarge, StatusIndexInvalid, StatusInvalid


@pytest.mark.parametrize("width", [1, 2, 4, 8])
def test_what_was_set_is_what_is_read(width: int) -> None:
    chance = random.Random(width)
    statuses = {index: chance.randrange(1, 1 << width) for index in chance.sample(range(1000), 100)}

    bits = status_bits(statuses, entries=1000, width=width)

    assert {index: bits.get(index) for index in range(1000) if bits.get(index)} == statuses
    assert len(bits) >= 1000


@pytest.mark.parametrize("index", [-1, 16, 2**31])
def test_an_index_outside_the_row_is_refused(index: int) -> None:
    with pytest.raises(StatusIndexInvalid):
        StatusBits(b"\0\0").get(index)
    with pytest.raises(StatusIndexInvalid):
        status_bits({index: 1}, entries=16)


def test_a_status_wider_than_its_place_is_refused() -> None:
    with pytest.raises(StatusInvalid, match="too large"):
        status_bits({0: 2}, entries=8)
    with pytest.raises(StatusInvalid, match="bits an entry"):
        status_bits({}, entries=8, width=3)


def test_the_mirror_counts_from_the_other_side() -> None:
    assert mirrored(b"\x01\x80\xf0") == b"\x80\x01\x0f"
    assert mirrored(mirrored(bytes(range(256)))) == bytes(range(256))


def test_equal_rows_pack_to_equal_bytes() -> None:
    row = bytes(20_000)
    assert to_gzip(row) == to_gzip(row)
    assert from_gzip(to_gzip(row)) == from_zlib(to_zlib(row)) == row


def test_a_row_of_exactly_the_limit_is_read_and_one_byte_more_is_not() -> None:
    assert len(from_zlib(to_zlib(bytes(1000)), limit=1000)) == 1000
    with pytest.raises(InputTooLarge):
        from_zlib(to_zlib(bytes(1001)), limit=1000)


@pytest.mark.parametrize(
    "spoil", [lambda packed: packed[:-1], lambda packed: packed + b"x", lambda packed: packed + packed, lambda packed: b"", bytes.lower]
)
def test_bytes_that_are_not_one_whole_stream_are_refused(spoil: object) -> None:
    packed = to_gzip(bytes(range(256)))
    assert callable(spoil)
    with pytest.raises(StatusInvalid):
        from_gzip(spoil(packed))


def test_one_packing_is_not_read_as_the_other() -> None:
    with pytest.raises(StatusInvalid):
        from_zlib(to_gzip(b"row"))
    with pytest.raises(StatusInvalid):
        from_gzip(to_zlib(b"row"))
