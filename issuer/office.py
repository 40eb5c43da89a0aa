"""What every act of the office needs at hand: its terms, its keys, its vault."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from issuer.keys import Keyring
from issuer.vault import Vault


@dataclass(frozen=True, slots=True)
class Terms:
    """How long things are good for, how often may be tried, and what goes on the card."""

    validity: timedelta = timedelta(days=365)
    code_life: timedelta = timedelta(minutes=30)
    access_life: timedelta = timedelta(minutes=15)
    nonce_life: timedelta = timedelta(minutes=5)
    delivery_window: timedelta = timedelta(minutes=10)
    application_life: timedelta = timedelta(days=7)
    status_life: timedelta = timedelta(hours=24)
    status_refresh: timedelta = timedelta(minutes=5)
    skew: timedelta = timedelta(seconds=60)
    tx_code_tries: int = 5
    batch_size: int = 1
    portrait_on_card: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Office:
    """One issuer at work. ``reached`` is told the name of each crash point as it is passed."""

    terms: Terms
    keys: Keyring
    vault: Vault
    random_bytes: Callable[[int], bytes]
    reached: Callable[[str], None]

    @property
    def journal_key(self) -> bytes:
        return self.vault.derived("journal")

    @property
    def evidence_key(self) -> bytes:
        return self.vault.derived("evidence")

    def new_id(self, prefix: str) -> str:
        """A random identifier that shows what it names: 128 bits after ``prefix``."""
        return f"{prefix}_{self.random_bytes(16).hex()}"
