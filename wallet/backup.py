"""A backup is one sealed file under a passphrase of its own; whatever differs in it by one bit is refused whole."""

from doors import base64url
from doors.json import JsonObject
from doors.refusals import BackupCorrupt, StoreCorrupt
from wallet.generation import NotWhole, from_bytes
from wallet.records import Record, unseal_body
from wallet.store import SALT_BYTES, WalletStore, in_bytes
from wallet.vault import KEY_BYTES, MODERATE, Cost, Randomness, unwrap

KINDS = ("credential", "log", "trust", "seen", "known")
"""What a backup carries: everything but what belongs to this device's session."""


def export(store: WalletStore, passphrase: str, *, random: Randomness, cost: Cost = MODERATE) -> bytes:
    """All records, as a wallet file of its own under ``passphrase``."""
    records = tuple(record for kind in KINDS for record in store.all(kind))
    return in_bytes(records, base64url.encode(random(SALT_BYTES)), random(KEY_BYTES), passphrase, random=random, cost=cost)


def read(content: bytes, passphrase: str) -> tuple[Record, ...]:
    """The records of a backup; raises ``BackupCorrupt`` for a changed or cut file, ``UnlockFailed`` for a wrong passphrase."""
    try:
        head, body = from_bytes(content)
        vault_key = unwrap(head.wrapped_key, passphrase=passphrase, salt=head.salt, cost=head.cost, bound_to=head.lock())
        return unseal_body(body, vault_key=vault_key, wallet=head.lock(), bound_to=head.binding())
    except (NotWhole, StoreCorrupt):
        raise BackupCorrupt("backup: the file is cut short, damaged, or no backup of a wallet") from None


def restore(store: WalletStore, records: tuple[Record, ...]) -> tuple[str, ...]:
    """Put what the wallet does not have yet, in one save; what it has is kept as it is. The ids that came in."""
    held = {record.id for kind in KINDS for record in store.all(kind)}
    fresh: tuple[tuple[str, str, JsonObject], ...] = tuple(
        (record.kind, record.id, record.value) for record in records if record.id not in held and record.kind in KINDS
    )
    store.change(put=fresh)
    return tuple(record_id for _kind, record_id, _value in fresh)
