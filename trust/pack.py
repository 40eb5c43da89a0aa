"""Everything needed to judge without a network, in one signed file that expires: a zip of snapshots, each named by its hash."""

import hashlib
import io
import json
import zipfile
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from credentials.jsonld import PINS
from credentials.jws import parse_jws, sign_jws, verify_jws
from credentials.keys import PublicKey, SigningKey
from doors.json import JsonLimits, JsonObject, JsonValue, parse_object
from doors.refusals import PackExpired, PackInvalid, Refused
from runtime.clock import rfc3339
from trust.facts import Facts, facts_of
from trust.instants import read_instant
from trust.members import each, only_members, text_in
from trust.snapshot import SNAPSHOT_KINDS, Snapshot

PACK_TYP = "trust-pack+jwt"
PACK_SIZE = 64 * 1024 * 1024
"""How large a pack may be, in bytes."""
MANIFEST = "manifest.jwt"
MANIFEST_SIZE = 1024 * 1024
_LIMITS = JsonLimits(size=MANIFEST_SIZE, members=50_000)
_SKEW = timedelta(seconds=60)


def make_pack(facts: Facts, key: SigningKey, expires_at: datetime) -> bytes:
    """``facts`` as one file, signed with ``key``, good until ``expires_at``; the same facts give the same bytes but for the signature.

    Raises ``PackInvalid`` where the file would be larger than ``PACK_SIZE``.
    """
    kept = sorted(facts.snapshots.values(), key=lambda snapshot: snapshot.key)
    manifest = json.dumps(_manifest(kept, facts.gathered_at, expires_at), separators=(",", ":"))
    contents = {f"snapshots/{snapshot.sha256}": snapshot.content for snapshot in kept}
    packed = _zipped({MANIFEST: sign_jws(manifest.encode(), key, typ=PACK_TYP).encode("ascii"), **contents})
    if len(packed) > PACK_SIZE:
        raise PackInvalid(f"pack: expected at most {PACK_SIZE} bytes, got {len(packed)}")
    return packed


def read_pack(content: bytes, signers: Collection[PublicKey], now: datetime) -> Facts:
    """The facts in a pack that one of ``signers`` has signed; the snapshots keep the times at which they were fetched.

    Raises ``PackInvalid`` (also where ``signers`` is empty, and where a snapshot is not the one the manifest names) and
    ``PackExpired``.
    """
    if len(content) > PACK_SIZE:
        raise PackInvalid(f"pack: expected at most {PACK_SIZE} bytes, got {len(content)}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive, signers, now)
    except (PackInvalid, PackExpired):
        raise
    except Refused as refusal:
        raise PackInvalid(f"pack: {refusal}") from refusal
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError):
        raise PackInvalid("pack: expected a whole zip file") from None


def _read(archive: zipfile.ZipFile, signers: Collection[PublicKey], now: datetime) -> Facts:
    signed = _stored(archive, MANIFEST, largest=MANIFEST_SIZE)
    members = frozenset({"gathered_at", "expires_at", "snapshots"})
    manifest = only_members(parse_object(_signed_payload(signed, signers), _LIMITS), members, pointer="")
    if now - _SKEW >= read_instant(manifest.get("expires_at"), pointer="/expires_at"):
        raise PackExpired("pack: expected one that is still good, got one past its end")
    snapshots = each(manifest, "snapshots", lambda item, pointer: _snapshot(archive, item, pointer), pointer="")
    _refuse_other_contexts(snapshots)
    return facts_of(snapshots, gathered_at=read_instant(manifest.get("gathered_at"), pointer="/gathered_at"))


def _refuse_other_contexts(snapshots: Iterable[Snapshot]) -> None:
    """A pack made by a program with other context documents would give its credentials another meaning."""
    for kept in snapshots:
        if kept.kind == "context" and kept.name in PINS and PINS[kept.name][1] != kept.sha256:
            raise PackInvalid("pack: expected the context documents that are bundled here")


def _signed_payload(signed: bytes, signers: Collection[PublicKey]) -> bytes:
    try:
        jws = parse_jws(signed.decode("ascii"), typ=PACK_TYP, limit=MANIFEST_SIZE)
    except UnicodeDecodeError:
        raise PackInvalid("pack: expected a signed manifest") from None
    for signer in signers:
        try:
            return verify_jws(jws, signer)
        except Refused:
            continue
    raise PackInvalid("pack: expected the signature of one of the stated keys")


def _snapshot(archive: zipfile.ZipFile, item: JsonValue, pointer: str) -> Snapshot:
    table = only_members(item, frozenset({"kind", "name", "sha256", "fetched_at"}), pointer=pointer)
    kind = next((known for known in SNAPSHOT_KINDS if known == table.get("kind")), None)
    if kind is None:
        raise PackInvalid("pack: expected a known kind of snapshot", pointer=f"{pointer}/kind")
    digest = text_in(table, "sha256", pointer=pointer)
    content = _stored(archive, f"snapshots/{digest}", largest=PACK_SIZE)
    if hashlib.sha256(content).hexdigest() != digest:
        raise PackInvalid("pack: expected each snapshot to have the hash it is named by", pointer=pointer)
    return Snapshot(
        kind,
        text_in(table, "name", pointer=pointer),
        content,
        digest,
        read_instant(table.get("fetched_at"), pointer=f"{pointer}/fetched_at"),
    )


def _stored(archive: zipfile.ZipFile, name: str, *, largest: int) -> bytes:
    """A member that is stored as it is: nothing here can grow on reading."""
    try:
        member = archive.getinfo(name)
    except KeyError:
        raise PackInvalid("pack: expected the manifest and every snapshot that it names") from None
    if member.compress_type != zipfile.ZIP_STORED or member.file_size > largest or member.flag_bits & 1:
        raise PackInvalid("pack: expected members that are stored plainly and within their size")
    return archive.read(member)


def _manifest(kept: Iterable[Snapshot], gathered_at: datetime, expires_at: datetime) -> JsonObject:
    return {
        "gathered_at": rfc3339(gathered_at),
        "expires_at": rfc3339(expires_at),
        "snapshots": [
            {"kind": item.kind, "name": item.name, "sha256": item.sha256, "fetched_at": rfc3339(item.fetched_at)} for item in kept
        ],
    }


def _zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), content)
    return packed.getvalue()
