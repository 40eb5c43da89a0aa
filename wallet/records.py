"""The sealed body of a wallet: a manifest of records, and each record under a key of its own."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from nacl.bindings import sodium_pad, sodium_unpad

from doors import base64url
from doors.json import JsonObject, JsonValue
from doors.refusals import StoreCorrupt
from wallet.vault import KEY_BYTES, Randomness, seal, unseal

COUNT_BYTES = 4
BUCKET_BYTES = 1024
"""Manifest and records are padded to whole buckets, so that their size says little about what they hold."""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing kept: a credential, a holder key, a line of the log. ``sequence`` grows with every change of it."""

    id: str
    kind: str
    sequence: int
    value: JsonObject
    key: bytes

    def binding(self, wallet: bytes) -> bytes:
        """A record opens only in its own wallet, under its own id, kind and sequence: no swapping, no rolling back."""
        return wallet + hashlib.sha256(orjson.dumps([self.id, self.kind, self.sequence])).digest()


def new_record(record_id: str, kind: str, value: JsonObject, *, sequence: int, random: Randomness) -> Record:
    return Record(id=record_id, kind=kind, sequence=sequence, value=value, key=random(KEY_BYTES))


def seal_body(records: tuple[Record, ...], *, vault_key: bytes, wallet: bytes, bound_to: bytes, random: Randomness) -> bytes:
    """Manifest and records, sealed; ``wallet`` binds the records to their wallet, ``bound_to`` the manifest to this generation."""
    sealed = [seal(_padded(record.value), key=record.key, bound_to=record.binding(wallet), random=random) for record in records]
    lines = [_line(record, sealed_record) for record, sealed_record in zip(records, sealed, strict=True)]
    manifest = seal(_padded(lines), key=vault_key, bound_to=bound_to, random=random)
    return len(manifest).to_bytes(COUNT_BYTES) + manifest + b"".join(sealed)


def unseal_body(body: bytes, *, vault_key: bytes, wallet: bytes, bound_to: bytes) -> tuple[Record, ...]:
    """All records; raises ``StoreCorrupt`` where one bit of manifest or record differs."""
    length = int.from_bytes(body[:COUNT_BYTES])
    manifest = unseal(body[COUNT_BYTES : COUNT_BYTES + length], key=vault_key, bound_to=bound_to)
    return tuple(_records(_unpadded(manifest), body[COUNT_BYTES + length :], wallet))


def _padded(value: JsonValue) -> bytes:
    return sodium_pad(orjson.dumps(value), BUCKET_BYTES)


def _unpadded(plain: bytes) -> JsonValue:
    return orjson.loads(sodium_unpad(plain, BUCKET_BYTES))


def _line(record: Record, sealed: bytes) -> JsonObject:
    return {
        "id": record.id,
        "kind": record.kind,
        "sequence": record.sequence,
        "key": base64url.encode(record.key),
        "length": len(sealed),
    }


def _records(lines: list[JsonObject], sealed: bytes, wallet: bytes) -> Iterator[Record]:
    start = 0
    for line in lines:
        end = start + line["length"]
        yield _opened(line, sealed[start:end], wallet)
        start = end
    if start != len(sealed):
        raise StoreCorrupt("wallet: the file holds more than its manifest names")


def _opened(line: JsonObject, sealed: bytes, wallet: bytes) -> Record:
    closed = Record(id=line["id"], kind=line["kind"], sequence=line["sequence"], value={}, key=base64url.decode(line["key"]))
    plain = unseal(sealed, key=closed.key, bound_to=closed.binding(wallet))
    return Record(id=closed.id, kind=closed.kind, sequence=closed.sequence, value=_unpadded(plain), key=closed.key)
