"""Throw away what the holder does not want to keep: a card with its key, or the list of what was shown."""

from datetime import datetime

from doors.refusals import NotFound
from wallet.check import holdings
from wallet.history import KIND as LOG
from wallet.history import Entry, line
from wallet.holding import Holding
from wallet.store import WalletStore
from wallet.vault import Randomness


def find_card(store: WalletStore, card_id: str) -> Holding:
    """Raises ``NotFound``."""
    found = [card for card in holdings(store) if card.id == card_id]
    if not found:
        raise NotFound("card: there is none of that name; see 'wallet list'")
    return found[0]


def delete_card(store: WalletStore, card_id: str, *, now: datetime, random: Randomness) -> Holding:
    """The card that is gone now, with its key; the issuer is not told, and the card itself stays good until its end.

    Saved twice, so that the state kept beside the wallet does not have it any more either. Raises ``NotFound``.
    """
    card = find_card(store, card_id)
    store.change(remove=(card.id,))
    store.change(put=(line(Entry(now, "deleted", card.credential.issuer, card.issuer_name, (), ""), random=random),))
    return card


def clear_history(store: WalletStore) -> int:
    """Forget every line of what was received and shown, in the state kept beside the wallet too; how many there were."""
    lines = tuple(record.id for record in store.all(LOG))
    store.change(remove=lines)
    store.change()
    return len(lines)
