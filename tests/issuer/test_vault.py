"""What a thief of the database sees: nothing."""

import os
from pathlib import Path

import pytest

from doors.refusals import StoreCorrupt, StorePermissions
from issuer.private_files import read_private, write_private
from issuer.vault import Vault

VAULT = Vault(bytes(range(32)))


def test_what_was_sealed_is_opened_for_its_own_record() -> None:
    sealed = VAULT.seal("张三".encode(), about="application_1", random_bytes=os.urandom)
    assert "张三".encode() not in sealed
    assert VAULT.open(sealed, about="application_1") == "张三".encode()


def test_a_sealed_record_cannot_be_moved_to_another() -> None:
    sealed = VAULT.seal(b"claims", about="application_1", random_bytes=os.urandom)
    with pytest.raises(StoreCorrupt):
        VAULT.open(sealed, about="application_2")


@pytest.mark.parametrize("at", [0, 23, 24, -1])
def test_a_changed_byte_is_noticed(at: int) -> None:
    sealed = bytearray(VAULT.seal(b"claims", about="a", random_bytes=os.urandom))
    sealed[at] ^= 1
    with pytest.raises(StoreCorrupt):
        VAULT.open(bytes(sealed), about="a")


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(24)])
def test_too_few_bytes_are_refused(sealed: bytes) -> None:
    with pytest.raises(StoreCorrupt):
        VAULT.open(sealed, about="a")


def test_another_vault_opens_nothing_and_finds_nothing() -> None:
    other = Vault(bytes(32))
    with pytest.raises(StoreCorrupt):
        other.open(VAULT.seal(b"claims", about="a", random_bytes=os.urandom), about="a")
    assert other.tag("1", purpose="citizen number") != VAULT.tag("1", purpose="citizen number")
    assert VAULT.tag("1", purpose="offer code") != VAULT.tag("1", purpose="citizen number")


def test_the_secret_never_shows_in_its_repr() -> None:
    assert bytes(range(32)).hex() not in repr(VAULT)
    assert "secret" not in repr(VAULT)


def test_a_private_file_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key.jwk"
    write_private(path, b"content")
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_private(path) == b"content"
    with pytest.raises(FileExistsError):
        write_private(path, b"other")


def test_a_private_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.jwk"
    write_private(path, b"content")
    path.chmod(0o644)
    with pytest.raises(StorePermissions):
        read_private(path)


def test_a_link_in_place_of_a_private_file_is_refused(tmp_path: Path) -> None:
    write_private(tmp_path / "key.jwk", b"content")
    (tmp_path / "link").symlink_to(tmp_path / "key.jwk")
    with pytest.raises(StorePermissions):
        read_private(tmp_path / "link")
