"""Keeping the wallet open for a few minutes between commands, and locking it at once everywhere.

The vault key lies in the user's run-time folder, which is memory, not disk, and goes when the user logs out. Where there is no such
folder every command asks for the passphrase.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from doors import base64url
from doors.json import parse_object
from doors.refusals import Refused, StorePermissions


@dataclass(frozen=True, slots=True)
class SessionPlace:
    """Where the key of one wallet is kept while it is open; ``folder`` is None where the system has no run-time folder."""

    folder: Path | None
    wallet: Path

    def _file(self) -> Path | None:
        name = hashlib.sha256(os.fsencode(self.wallet.resolve())).hexdigest()
        return None if self.folder is None else self.folder / f"tigertally-{name}.session"

    def keep(self, vault_key: bytes, *, until: datetime) -> None:
        """Raises ``StorePermissions`` where there is no place for it."""
        file = self._file()
        if file is None:
            raise StorePermissions("session: expected a run-time folder (XDG_RUNTIME_DIR) to keep the wallet open in, got none")
        file.unlink(missing_ok=True)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
            kept.write(f'{{"key": "{base64url.encode(vault_key)}", "until": "{until.isoformat()}"}}')

    def key(self, *, now: datetime) -> bytes | None:
        """The kept vault key, None where the wallet is locked or the time has run out (the file goes then)."""
        file = self._file()
        if file is None or not file.exists():
            return None
        try:
            members = parse_object(file.read_bytes())
            until, key = datetime.fromisoformat(members["until"]), base64url.decode(members["key"])
        except (Refused, KeyError, TypeError, ValueError):
            until, key = now - timedelta(seconds=1), b""
        if now >= until:
            file.unlink(missing_ok=True)
            return None
        return key

    def lock(self) -> None:
        """Forget the kept key, and tell every page that has the wallet open to close it."""
        file = self._file()
        if file is not None:
            file.unlink(missing_ok=True)
        _mark(self.wallet).touch(mode=0o600)
        os.utime(_mark(self.wallet))


def locked_since(wallet: Path, opened_at: float) -> bool:
    """Whether ``wallet lock`` was called after ``opened_at`` (seconds since the epoch)."""
    mark = _mark(wallet)
    return mark.exists() and mark.stat().st_mtime >= opened_at


def _mark(wallet: Path) -> Path:
    return wallet.with_name(wallet.name + ".locked")
