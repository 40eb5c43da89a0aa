"""A wallet to test with, at the lowest price a guess may have."""

import os
from pathlib import Path

import pytest

from runtime.crash import NEVER
from wallet.store import WalletStore, create
from wallet.vault import FLOOR

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def wallet_path(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder / "wallet"


@pytest.fixture
def store(wallet_path: Path) -> WalletStore:
    return create(wallet_path, PASSPHRASE, random=os.urandom, crash=NEVER, cost=FLOOR)
