"""The wallet's one file: opened with the passphrase, saved whole, with the previous state kept beside it."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from doors import base64url
from doors.json import JsonObject
from doors.refusals import NotFound, StateConflict, StoreCorrupt, StorePermissions
from runtime.crash import CrashPoints
from wallet.generation import Head, NotWhole, from_bytes, to_bytes
from wallet.records import Record, new_record, seal_body, unseal_body
from wallet.vault import KEY_BYTES, MODERATE, Cost, Randomness, unwrap, wrap

SALT_BYTES = 16


class WalletStore:
    """All records of an open wallet. Every change is on disk, whole, before the call returns.

    ``recovered`` is true when the last save had been cut short and the state before it was opened instead.
    """

    def __init__(
        self, path: Path, head: Head, vault_key: bytes, records: tuple[Record, ...], *, random: Randomness, crash: CrashPoints
    ) -> None:
        self._path = path
        self._head = head
        self._vault_key = vault_key
        self._records = {record.id: record for record in records}
        self._random = random
        self._crash = crash
        self.recovered = False

    @property
    def wallet_id(self) -> str:
        return self._head.wallet_id

    @property
    def vault_key(self) -> bytes:
        """What opens this wallet without its passphrase; for ``wallet.session`` alone."""
        return self._vault_key

    def all(self, kind: str) -> tuple[Record, ...]:
        """The records of one kind, oldest first."""
        return tuple(record for record in self._records.values() if record.kind == kind)

    def get(self, kind: str, record_id: str) -> JsonObject:
        record = self._records.get(record_id)
        if record is None or record.kind != kind:
            raise NotFound(f"wallet: there is no {kind} of that name")
        return record.value

    def change(self, *, put: tuple[tuple[str, str, JsonObject], ...] = (), remove: tuple[str, ...] = ()) -> None:
        """Put (kind, id, value) and remove ids in one save: all of it is kept, or none."""
        with _exclusively(self._path):
            self._refuse_older()
            changed = {name: record for name, record in self._records.items() if name not in remove}
            for kind, record_id, value in put:
                sequence = changed[record_id].sequence + 1 if record_id in changed else 1
                changed[record_id] = new_record(record_id, kind, value, sequence=sequence, random=self._random)
            self._save(tuple(changed.values()))
            self._records = changed

    def reload(self) -> None:
        """Take over what another process has saved since; the vault key is the same."""
        head, body = _read(self._path)
        if head.wallet_id != self._head.wallet_id or head.wrapped_key != self._head.wrapped_key:
            raise StateConflict("wallet: the file was replaced by another wallet; open it anew")
        if head.generation < self._head.generation:
            raise StateConflict("wallet: the file was put back to an older state while it was open; open it anew")
        records = unseal_body(body, vault_key=self._vault_key, wallet=head.lock(), bound_to=head.binding())
        self._head, self._records = head, {record.id: record for record in records}

    def change_passphrase(self, passphrase: str, *, cost: Cost = MODERATE) -> None:
        """Wrap the same vault key under another passphrase, with a new salt."""
        with _exclusively(self._path):
            self._refuse_older()
            self._head = _locked(self._head, self._vault_key, passphrase, cost=cost, random=self._random)
            self._save(tuple(self._records.values()))

    def _refuse_older(self) -> None:
        """Another process may have saved since this one read: then its records must not be lost."""
        head, _body = _read(self._path)
        if head.generation != self._head.generation:
            self.reload()

    def _save(self, records: tuple[Record, ...]) -> None:
        head, content = _whole(replace(self._head, generation=self._head.generation + 1), records, self._vault_key, random=self._random)
        _replace(self._path, content, self._crash)
        self._head = head


def create(path: Path, passphrase: str, *, random: Randomness, crash: CrashPoints, cost: Cost = MODERATE) -> WalletStore:
    """A new, empty wallet at ``path``; raises ``StateConflict`` where there is one already."""
    if path.exists():
        raise StateConflict(f"wallet: there is already one at {path}")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_open_to_others(path.parent)
    blank = Head(wallet_id=base64url.encode(random(SALT_BYTES)), generation=0, salt=b"", cost=cost, wrapped_key=b"", body_length=0)
    vault_key = random(KEY_BYTES)
    store = WalletStore(path, _locked(blank, vault_key, passphrase, cost=cost, random=random), vault_key, (), random=random, crash=crash)
    store._save(())
    return store


def in_bytes(records: tuple[Record, ...], wallet_id: str, vault_key: bytes, passphrase: str, *, random: Randomness, cost: Cost) -> bytes:
    """Records as the bytes of a wallet file of their own, under another passphrase: what a backup is."""
    blank = Head(wallet_id=wallet_id, generation=1, salt=b"", cost=cost, wrapped_key=b"", body_length=0)
    return _whole(_locked(blank, vault_key, passphrase, cost=cost, random=random), records, vault_key, random=random)[1]


def open_wallet(path: Path, passphrase: str, *, random: Randomness, crash: CrashPoints) -> WalletStore:
    """The wallet at ``path``; ``UnlockFailed``, ``StoreCorrupt``, ``StorePermissions``, ``NotFound``."""
    refuse_unsafe(path)
    try:
        return _opened(path, path, passphrase, random=random, crash=crash)
    except NotWhole:
        return _recovered(path, passphrase, random=random, crash=crash)


def open_with_key(path: Path, vault_key: bytes, *, random: Randomness, crash: CrashPoints) -> WalletStore:
    """The wallet at ``path``, opened with a vault key that a session kept; raises as ``open_wallet`` does."""
    refuse_unsafe(path)
    try:
        head, body = _read(path)
    except NotWhole:
        raise StoreCorrupt("wallet: the last save was cut short; open it with the passphrase to recover") from None
    records = unseal_body(body, vault_key=vault_key, wallet=head.lock(), bound_to=head.binding())
    return WalletStore(path, head, vault_key, records, random=random, crash=crash)


def previous(path: Path) -> Path:
    return path.with_name(path.name + ".previous")


def refuse_unsafe(path: Path) -> None:
    """Raises ``StorePermissions`` for a wallet that others may read, or change, or that is a link to elsewhere (B03)."""
    if not path.exists() and not path.is_symlink():
        raise NotFound(f"wallet: there is none at {path}; make one with 'wallet init'")
    if path.is_symlink():
        raise StorePermissions("wallet: expected a file, got a symbolic link")
    _refuse_open_to_others(path)
    _refuse_open_to_others(path.parent)


def _refuse_open_to_others(path: Path) -> None:
    mode = path.stat().st_mode
    open_bits = stat.S_IRWXG | stat.S_IRWXO if stat.S_ISREG(mode) else stat.S_IWGRP | stat.S_IWOTH
    if mode & open_bits:
        raise StorePermissions(
            f"wallet: {path} is open to others; expected {'0600' if stat.S_ISREG(mode) else '0700'}, got {stat.S_IMODE(mode):04o}"
        )


def _whole(head: Head, records: tuple[Record, ...], vault_key: bytes, *, random: Randomness) -> tuple[Head, bytes]:
    body = seal_body(records, vault_key=vault_key, wallet=head.lock(), bound_to=head.binding(), random=random)
    measured = replace(head, body_length=len(body))
    return measured, to_bytes(measured, body)


def _locked(head: Head, vault_key: bytes, passphrase: str, *, cost: Cost, random: Randomness) -> Head:
    unlocked = replace(head, salt=random(SALT_BYTES), cost=cost, wrapped_key=b"")
    wrapped = wrap(vault_key, passphrase=passphrase, salt=unlocked.salt, cost=cost, bound_to=unlocked.lock(), random=random)
    return replace(unlocked, wrapped_key=wrapped)


def _opened(path: Path, source: Path, passphrase: str, *, random: Randomness, crash: CrashPoints) -> WalletStore:
    head, body = _read(source)
    vault_key = unwrap(head.wrapped_key, passphrase=passphrase, salt=head.salt, cost=head.cost, bound_to=head.lock())
    records = unseal_body(body, vault_key=vault_key, wallet=head.lock(), bound_to=head.binding())
    return WalletStore(path, head, vault_key, records, random=random, crash=crash)


def _recovered(path: Path, passphrase: str, *, random: Randomness, crash: CrashPoints) -> WalletStore:
    kept = previous(path)
    if not kept.exists():
        raise StoreCorrupt("wallet: the file was cut short and there is no previous state to open")
    store = _opened(path, kept, passphrase, random=random, crash=crash)
    _replace(path, kept.read_bytes(), crash, keep_previous=False)
    store.recovered = True
    return store


def _read(path: Path) -> tuple[Head, bytes]:
    return from_bytes(path.read_bytes())


def _replace(path: Path, content: bytes, crash: CrashPoints, *, keep_previous: bool = True) -> None:
    """Write anew, make durable, keep the old state beside it, then swap: at every moment one whole state is on disk."""
    fresh = path.with_name(path.name + ".new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        crash("wallet.save.written")
        file.flush()
        os.fsync(file.fileno())
    crash("wallet.save.durable")
    if keep_previous and path.exists():
        previous(path).unlink(missing_ok=True)
        os.link(path, previous(path))
    crash("wallet.save.linked")
    fresh.replace(path)
    _fsync_folder(path.parent)
    crash("wallet.save.swapped")


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _exclusively(path: Path) -> Iterator[None]:
    """One process saves at a time."""
    with open(os.open(path.with_name(path.name + ".lock"), os.O_WRONLY | os.O_CREAT, 0o600), "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
