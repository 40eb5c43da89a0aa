"""What the holder throws away is gone, also from the state that is kept beside the wallet."""

import json
import os
from pathlib import Path

import pytest

from doors.refusals import ApprovalRequired, NotFound
from runtime.clock import utc_now
from tests.wallet.conftest import PASSPHRASE
from tests.wallet.test_page import Page, page
from tests.wallet.test_store import opened
from trust.entries import Bilingual
from wallet import acts
from wallet.delete import clear_history, delete_card
from wallet.history import Entry, history, line
from wallet.holding import KIND, Holding, Standing
from wallet.store import WalletStore, previous

__all__ = ["page"]
NAME = Bilingual("Registry", "签发机关")
DOCUMENT = {"type": ["VerifiableCredential"], "issuer": "did:web:issuer.example", "credentialSubject": {"full_name": "李小梅"}}


def kept(store: WalletStore, name: str = "card_1") -> Holding:
    now = utc_now()
    card = Holding(name, "ldp_vc", b"{}", DOCUMENT, {"kty": "OKP"}, NAME, NAME, now, Standing("", now))
    store.change(put=((KIND, name, card.to_json()), line(Entry(now, "received", "x", NAME, (), ""), random=os.urandom)))
    return card


def test_a_deleted_card_is_gone_and_its_neighbour_stays(open_store: WalletStore, wallet_path: Path) -> None:
    kept(open_store), kept(open_store, "card_2")
    delete_card(open_store, "card_1", now=utc_now(), random=os.urandom)
    for file in (wallet_path, previous(wallet_path)):
        wallet_path.write_bytes(file.read_bytes())
        assert [record.id for record in opened(wallet_path).all(KIND)] == ["card_2"]
    assert history(open_store)[0].act == "deleted"


def test_a_card_that_is_not_there_cannot_be_deleted(open_store: WalletStore) -> None:
    with pytest.raises(NotFound):
        delete_card(open_store, "card_1", now=utc_now(), random=os.urandom)


def test_the_list_of_what_was_shown_can_be_forgotten(open_store: WalletStore, wallet_path: Path) -> None:
    kept(open_store)
    assert clear_history(open_store) == 1
    wallet_path.write_bytes(previous(wallet_path).read_bytes())
    assert history(opened(wallet_path)) == []


def test_nothing_is_deleted_without_a_yes(open_store: WalletStore) -> None:
    kept(open_store)
    assert acts.delete(open_store, "card_1", yes=False, dry_run=True)["would_delete"]["id"] == "card_1"
    with pytest.raises(ApprovalRequired):
        acts.delete(open_store, "card_1", yes=False, dry_run=False)
    with pytest.raises(ApprovalRequired):
        acts.clear_log(open_store, yes=False)
    assert (len(open_store.all(KIND)), len(history(open_store))) == (1, 1)
    assert acts.delete(open_store, "card_1", yes=True, dry_run=False) == {"deleted": "card_1"}
    assert acts.clear_log(open_store, yes=True) == {"forgotten": 2}


@pytest.mark.parametrize("path", ["/cards/card_1/delete", "/log/clear"])
async def test_the_page_deletes_only_what_was_ticked(page: Page, open_store: WalletStore, path: str) -> None:
    kept(open_store)
    await page.ask("POST", "/unlock", data={"passphrase": PASSPHRASE})
    await page.ask("POST", path, data={"sure": ""})
    assert "card_1" in (await page.ask("GET", "/"))[1]
    assert len(json.loads((await page.ask("GET", "/log.json"))[1])) == 1
    await page.ask("POST", path, data={"sure": "on"})
    gone = ("card_1" in (await page.ask("GET", "/"))[1], len(json.loads((await page.ask("GET", "/log.json"))[1])))
    assert gone == ((False, 2) if "delete" in path else (True, 0))
