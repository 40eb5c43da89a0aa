"""Bad wallet files: cut, flipped, open to others."""

import os
from pathlib import Path

import pytest

from doors.refusals import Refused, StoreCorrupt, StorePermissions, UnlockFailed
from runtime.crash import NEVER
from tests.seeds import seeded
from tests.wallet.conftest import PASSPHRASE, store, wallet_path
from wallet.generation import from_bytes
from wallet.store import WalletStore, open_wallet, previous

__all__ = ["store", "wallet_path"]

HEAD = 21 + 1024 + 32
"""Magic, head and its digest: what stands before the sealed body."""


def opened(path: Path) -> WalletStore:
    return open_wallet(path, PASSPHRASE, random=os.urandom, crash=NEVER)


def test_neg_B01_wallet_half_written(store: WalletStore, wallet_path: Path) -> None:
    store.change(put=(("credential", "c1", {"wire": "first"}),))
    store.change(put=(("credential", "c2", {"wire": "second" * 300}),))
    whole, before = wallet_path.read_bytes(), previous(wallet_path).read_bytes()
    for cut in range(0, len(whole), 512):
        wallet_path.write_bytes(whole[:cut])
        previous(wallet_path).write_bytes(before)
        last_good = opened(wallet_path)
        assert last_good.recovered
        assert [record.id for record in last_good.all("credential")] == ["c1"]
        assert not opened(wallet_path).recovered


def test_neg_B01_wallet_half_written_twin(store: WalletStore, wallet_path: Path) -> None:
    store.change(put=(("credential", "c1", {"wire": "first"}),))
    assert not opened(wallet_path).recovered


def test_neg_B02_wallet_bitflip(store: WalletStore, wallet_path: Path) -> None:
    store.change(put=(("credential", "c1", {"wire": "kept"}),))
    whole = wallet_path.read_bytes()
    chosen = seeded()
    flips = [chosen.randrange(HEAD * 8) for _ in range(1_000)] + [chosen.randrange(HEAD * 8, len(whole) * 8) for _ in range(20)]
    for bit in flips:
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        if bit < HEAD * 8:
            with pytest.raises(StoreCorrupt):
                from_bytes(bytes(flipped))
            continue
        wallet_path.write_bytes(flipped)
        with pytest.raises(StoreCorrupt):
            opened(wallet_path)


def test_neg_B02_wallet_bitflip_in_the_body(store: WalletStore, wallet_path: Path) -> None:
    """The derivation of the key is paid once; then a thousand single bits of manifest and record are flipped."""
    store.change(put=(("credential", "c1", {"wire": "kept"}),))
    whole = wallet_path.read_bytes()
    chosen = seeded()
    for _ in range(1_000):
        bit = chosen.randrange(HEAD * 8, len(whole) * 8)
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        wallet_path.write_bytes(flipped)
        with pytest.raises(StoreCorrupt):
            store.reload()
    wallet_path.write_bytes(whole)
    store.reload()
    assert store.get("credential", "c1") == {"wire": "kept"}


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o606, 0o640])
def test_neg_B03_wallet_permissions(store: WalletStore, wallet_path: Path, mode: int) -> None:
    wallet_path.chmod(mode)
    with pytest.raises(StorePermissions):
        opened(wallet_path)
    wallet_path.chmod(0o600)
    assert opened(wallet_path).wallet_id == store.wallet_id


def test_neg_B03_wallet_in_a_folder_that_others_may_write(store: WalletStore, wallet_path: Path) -> None:
    wallet_path.parent.chmod(0o777)
    with pytest.raises(StorePermissions):
        opened(wallet_path)


def test_neg_B03_wallet_behind_a_link(store: WalletStore, wallet_path: Path) -> None:
    link = wallet_path.parent / "link"
    link.symlink_to(wallet_path)
    with pytest.raises(StorePermissions):
        opened(link)


def test_neg_W14_unlock_wrong_passphrase(store: WalletStore, wallet_path: Path) -> None:
    with pytest.raises(UnlockFailed) as refused:
        open_wallet(wallet_path, "not it", random=os.urandom, crash=NEVER)
    assert isinstance(refused.value, Refused)
    assert "not it" not in str(refused.value)
    assert opened(wallet_path).wallet_id == store.wallet_id
