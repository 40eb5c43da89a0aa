"""Where the wallet's file lies, and whom it believes."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from doors.refusals import SettingsInvalid
from trust.policy import TrustPolicy, read_policy
from wallet.session import SessionPlace
from wallet.store import WalletStore

TRUST = "trust"


@dataclass(frozen=True, slots=True)
class WalletSettings:
    """How one wallet is run; ``development`` alone opens loopback addresses and plain http to them."""

    path: Path
    development: bool = False
    ca_file: Path | None = None
    runtime_folder: Path | None = None

    @property
    def session(self) -> SessionPlace:
        return SessionPlace(self.runtime_folder, self.path)


def settings_from(environment: Mapping[str, str], *, wallet: Path | None, development: bool, ca_file: Path | None) -> WalletSettings:
    """Flags before environment (``WALLET_FILE``, ``WALLET_ENVIRONMENT``, ``WALLET_CA_FILE``) before the user's data folder."""
    home = Path(environment.get("XDG_DATA_HOME") or Path(environment.get("HOME", os.curdir)) / ".local" / "share")
    named, certificates, runtime = (environment.get(name) for name in ("WALLET_FILE", "WALLET_CA_FILE", "XDG_RUNTIME_DIR"))
    mode = environment.get("WALLET_ENVIRONMENT", "production")
    if mode not in {"production", "development"}:
        raise SettingsInvalid("WALLET_ENVIRONMENT: expected production or development")
    return WalletSettings(
        path=wallet or (Path(named) if named else home / "tigertally" / "wallet"),
        development=development or mode == "development",
        ca_file=ca_file or (Path(certificates) if certificates else None),
        runtime_folder=Path(runtime) if runtime and Path(runtime).is_dir() else None,
    )


def trust_of(store: WalletStore) -> TrustPolicy:
    """Whom this wallet believes: nobody, until a trust policy was given to it."""
    records = store.all(TRUST)
    return read_policy(records[-1].value["policy"]) if records else TrustPolicy(types=frozenset())


def believe(store: WalletStore, text: str) -> TrustPolicy:
    """Put a trust policy (TOML) into the wallet, in place of the one before; raises ``SettingsInvalid``."""
    policy = read_policy(text)
    store.change(put=((TRUST, "trust", {"policy": text}),))
    return policy
