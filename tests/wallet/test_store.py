"""The wallet's file: everything sealed, every change whole, nothing readable without the passphrase."""

import os
from pathlib import Path

import pytest

from doors.refusals import NotFound, StateConflict, StoreCorrupt, UnlockFailed
from runtime.crash import NEVER
from tests.wallet.conftest import PASSPHRASE
from wallet.store import WalletStore, create, open_wallet
from wallet.vault import FLOOR, Cost


def opened(path: Path, passphrase: str = PASSPHRASE) -> WalletStore:
    return open_wallet(path, passphrase, random=os.urandom, crash=NEVER)


def test_what_was_kept_is_there_after_opening_again(store: WalletStore, wallet_path: Path) -> None:
    store.change(put=(("credential", "c1", {"wire": "abc"}), ("log", "l1", {"act": "received"})))
    again = opened(wallet_path)
    assert again.get("credential", "c1") == {"wire": "abc"}
    assert [record.id for record in again.all("log")] == ["l1"]
    assert not again.recovered


def test_another_passphrase_does_not_open_it(store: WalletStore, wallet_path: Path) -> None:
    with pytest.raises(UnlockFailed):
        opened(wallet_path, "wrong")


def test_nothing_can_be_read_from_the_file(store: WalletStore, wallet_path: Path) -> None:
    store.change(put=(("credential", "IdCardCredential-7", {"issuer": "did:web:issuer.example", "type": "IdCardCredential"}),))
    content = wallet_path.read_bytes()
    for word in (b"IdCard", b"issuer.example", b"credential", b"did:web"):
        assert word not in content


def test_the_size_of_the_file_hides_small_differences(store: WalletStore, wallet_path: Path) -> None:
    store.change(put=(("credential", "c1", {"wire": "a"}),))
    short = wallet_path.stat().st_size
    store.change(put=(("credential", "c1", {"wire": "a" * 500}),))
    assert wallet_path.stat().st_size == short


def test_a_removed_record_is_gone(store: WalletStore, wallet_path: Path) -> None:
    store.change(put=(("credential", "c1", {"wire": "abc"}),))
    store.change(remove=("c1",))
    with pytest.raises(NotFound):
        opened(wallet_path).get("credential", "c1")


def test_two_programs_with_one_wallet_lose_nothing(store: WalletStore, wallet_path: Path) -> None:
    other = opened(wallet_path)
    store.change(put=(("credential", "c1", {"wire": "one"}),))
    other.change(put=(("credential", "c2", {"wire": "two"}),))
    assert {record.id for record in opened(wallet_path).all("credential")} == {"c1", "c2"}


def test_an_older_state_put_back_under_an_open_wallet_is_not_taken_over(store: WalletStore, wallet_path: Path) -> None:
    store.change(put=(("seen", "s1", {"until": "then"}),))
    before = wallet_path.read_bytes()
    store.change(put=(("seen", "s2", {"until": "then"}),))
    wallet_path.write_bytes(before)
    with pytest.raises(StateConflict, match="older"):
        store.change(put=(("log", "l1", {"act": "received"}),))
    assert wallet_path.read_bytes() == before


def test_an_old_record_cannot_be_put_back_into_a_newer_file(store: WalletStore, wallet_path: Path) -> None:
    store.change(put=(("credential", "c1", {"used": False}),))
    older = wallet_path.read_bytes()
    store.change(put=(("credential", "c1", {"used": True}),))
    newer = wallet_path.read_bytes()
    wallet_path.write_bytes(newer[:2048] + older[2048:] if len(older) == len(newer) else older[:-1])
    with pytest.raises(StoreCorrupt):
        opened(wallet_path)


def test_the_passphrase_can_be_changed(store: WalletStore, wallet_path: Path) -> None:
    store.change(put=(("credential", "c1", {"wire": "abc"}),))
    store.change_passphrase("another long passphrase", cost=FLOOR)
    with pytest.raises(UnlockFailed):
        opened(wallet_path)
    assert opened(wallet_path, "another long passphrase").get("credential", "c1") == {"wire": "abc"}


def test_a_wallet_is_never_overwritten_by_a_new_one(store: WalletStore, wallet_path: Path) -> None:
    with pytest.raises(StateConflict):
        create(wallet_path, PASSPHRASE, random=os.urandom, crash=NEVER, cost=FLOOR)


@pytest.mark.parametrize("cost", [Cost(2, FLOOR.memory), Cost(3, FLOOR.memory - 1), Cost(17, FLOOR.memory), Cost(3, 3 * 1024**3)])
def test_costs_outside_the_bounds_are_refused(wallet_path: Path, cost: Cost) -> None:
    with pytest.raises(StoreCorrupt):
        create(wallet_path, PASSPHRASE, random=os.urandom, crash=NEVER, cost=cost)
