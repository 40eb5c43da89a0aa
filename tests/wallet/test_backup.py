"""A backup carries everything, under a passphrase of its own."""

import os
from pathlib import Path

import pytest

from doors.refusals import BackupCorrupt, UnlockFailed
from runtime.crash import NEVER
from tests.wallet.conftest import PASSPHRASE
from wallet.backup import export, read, restore
from wallet.store import WalletStore, create
from wallet.vault import FLOOR

OWN = "a passphrase of its own"


@pytest.fixture
def backup(open_store: WalletStore) -> bytes:
    open_store.change(put=(("credential", "c1", {"wire": "one"}), ("log", "log_1", {"act": "received"}), ("pending", "p1", {})))
    return export(open_store, OWN, random=os.urandom, cost=FLOOR)


def test_what_was_kept_comes_back_in_another_wallet(backup: bytes, tmp_path: Path) -> None:
    other = create(tmp_path / "other", PASSPHRASE, random=os.urandom, crash=NEVER, cost=FLOOR)
    assert restore(other, read(backup, OWN)) == ("c1", "log_1")
    assert other.get("credential", "c1") == {"wire": "one"}
    assert other.all("pending") == ()


def test_restoring_twice_changes_nothing_and_keeps_what_is_newer(backup: bytes, open_store: WalletStore) -> None:
    open_store.change(put=(("credential", "c1", {"wire": "newer"}),))
    assert restore(open_store, read(backup, OWN)) == ()
    assert open_store.get("credential", "c1") == {"wire": "newer"}


def test_neither_the_wallets_passphrase_nor_its_key_opens_the_backup(backup: bytes, open_store: WalletStore) -> None:
    with pytest.raises(UnlockFailed):
        read(backup, PASSPHRASE)
    assert open_store.vault_key not in backup


def test_a_backup_tells_nothing_to_who_finds_it(backup: bytes) -> None:
    assert b"credential" not in backup
    assert b"received" not in backup


def test_what_is_no_wallet_is_no_backup() -> None:
    with pytest.raises(BackupCorrupt):
        read(b"something else entirely", OWN)
