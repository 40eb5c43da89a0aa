"""Make a did:webvh, change it and give it up: each answers the whole new history (did:webvh 1.0, "Create", "Update", "Deactivate").

Nothing is published here: the history goes to ``did.jsonl``, the witnesses' proofs to ``did-witness.json`` beside it, and first.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

import orjson

from credentials.jcs import canonical_json
from credentials.keys import PublicKey, SigningKey
from credentials.keys.did_key import did_key
from credentials.timestamps import format_timestamp
from didresolver.methods.webvh_history import PLACE, History, entry_hash, read_history, unsigned
from didresolver.methods.webvh_parameters import METHOD
from didresolver.methods.webvh_proofs import multihash, sign
from didresolver.methods.webvh_witness import parse_proofs
from doors.json import JsonObject, JsonValue, parse_object
from doors.refusals import DidDeactivated, DidLogInvalid

CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
_NOTHING: Mapping[str, JsonValue] = MappingProxyType({})


def create_log(
    place: str,
    key: SigningKey,
    *,
    now: datetime,
    document: JsonObject | None = None,
    next_keys: Sequence[PublicKey] = (),
    parameters: Mapping[str, JsonValue] = _NOTHING,
) -> bytes:
    """The first entry of a new DID for ``place``, a domain with path as a DID writes it (``issuer.example%3A8443:dids:office``).

    ``key`` (Ed25519) signs and may change the DID. ``document`` has ``{SCID}`` wherever the SCID belongs, its ``id`` is set here;
    ``next_keys`` are committed to; ``parameters`` are further ones, as ``portable``, ``witness``, ``watchers`` and ``ttl``.
    Raises ``AlgKeyMismatch``, and ``DidLogInvalid`` or one of its kinds for what no resolver would take.
    """
    hashes = {"nextKeyHashes": _hashes(next_keys)} if next_keys else {}
    stated = {**parameters, "method": METHOD, "scid": PLACE, "updateKeys": [key.public.multikey()], **hashes}
    state = {"@context": CONTEXTS, **(document or {}), "id": f"did:webvh:{PLACE}:{place}"}
    draft = {"versionId": PLACE, "versionTime": format_timestamp(now), "parameters": stated, "state": state}
    scid = multihash(canonical_json(draft))
    named = parse_object(canonical_json(draft).decode().replace(PLACE, scid))
    return _with_entry(b"", named, key, after=scid, number=1, now=now)


def update_log(
    log: bytes,
    key: SigningKey,
    *,
    now: datetime,
    document: JsonObject | None = None,
    update_keys: Sequence[PublicKey] | None = None,
    next_keys: Sequence[PublicKey] | None = None,
    parameters: Mapping[str, JsonValue] = _NOTHING,
) -> bytes:
    """The history with one more entry: another document, other keys, other parameters; what is not given stays.

    Where keys were committed to, ``key`` must be one of them, and ``next_keys`` are committed to next; none ends that.
    Raises ``DidDeactivated``, ``AlgKeyMismatch``, and ``DidLogInvalid`` or one of its kinds for what no resolver would take.
    """
    history = _whole(read_history(log, now=now))
    stated = dict(parameters)
    if update_keys is not None:
        stated["updateKeys"] = [public.multikey() for public in update_keys]
    if next_keys is not None:
        stated["nextKeyHashes"] = _hashes(next_keys)
    if history.newest.parameters.pre_rotation:
        stated = {"updateKeys": [key.public.multikey()], "nextKeyHashes": [], **stated}
    return _after(log, history, key, now=now, stated=stated, document=document)


def deactivate_log(log: bytes, key: SigningKey, *, now: datetime) -> bytes:
    """The history with a last entry, after which no resolver gives the document any more; raises as ``update_log``."""
    history = _whole(read_history(log, now=now))
    committed = history.newest.parameters.pre_rotation
    keys = {"updateKeys": [key.public.multikey()], "nextKeyHashes": []} if committed else {"updateKeys": []}
    return _after(log, history, key, now=now, stated={"deactivated": True, **keys}, document=None)


def approve_log(log: bytes, file: bytes, key: SigningKey, *, now: datetime) -> bytes:
    """``did-witness.json`` with the approval of the newest version by a witness; earlier ones by it are dropped, as they say no more.

    ``file`` is the present one, ``[]`` where there is none. Raises ``DidLogInvalid`` or one of its kinds.
    """
    newest = _whole(read_history(log, now=now), deactivated_too=True).newest
    own = f"{did_key(key.public)}#"
    kept = {version: [proof for proof in proofs if not _is_by(proof, own)] for version, proofs in parse_proofs(file).items()}
    kept.setdefault(newest.id, []).append(sign({"versionId": newest.id}, key, now=now))
    return orjson.dumps([{"versionId": version, "proof": proofs} for version, proofs in kept.items() if proofs])


def _whole(history: History, *, deactivated_too: bool = False) -> History:
    if history.fault is not None:
        raise history.fault
    if history.newest.parameters.deactivated and not deactivated_too:
        raise DidDeactivated("did:webvh: expected a DID that is not deactivated, since nothing follows on that")
    return history


def _after(
    log: bytes, history: History, key: SigningKey, *, now: datetime, stated: Mapping[str, JsonValue], document: JsonObject | None
) -> bytes:
    newest = history.newest
    # Times have whole seconds and must differ, so the second change within one second counts as made in the next.
    time = max(now, newest.time + timedelta(seconds=1))
    state = newest.state if document is None else {"@context": CONTEXTS, "id": newest.state["id"], **document}
    draft = {"versionId": newest.id, "versionTime": format_timestamp(time), "parameters": dict(stated), "state": state}
    return _with_entry(log, draft, key, after=newest.id, number=newest.number + 1, now=now)


def _with_entry(log: bytes, draft: JsonObject, key: SigningKey, *, after: str, number: int, now: datetime) -> bytes:
    """Signed, and read as a resolver reads it before anybody else sees it."""
    entry = {**unsigned(draft), "versionId": f"{number}-{entry_hash(draft, after=after)}"}
    line = orjson.dumps({**entry, "proof": [sign(entry, key, now=now)]})
    longer = (log if not log or log.endswith(b"\n") else log + b"\n") + line + b"\n"
    history = read_history(longer, now=now)
    if history.fault is not None:
        raise history.fault
    if history.newest.number != number:
        raise DidLogInvalid(f"did:webvh: expected {number} entries, got {history.newest.number}")
    return longer


def _hashes(keys: Sequence[PublicKey]) -> list[str]:
    """What is committed to: the hash of each multikey ("Pre-Rotation Key Hash Generation and Verification")."""
    return [multihash(key.multikey().encode()) for key in keys]


def _is_by(proof: JsonValue, prefix: str) -> bool:
    return isinstance(proof, dict) and str(proof.get("verificationMethod")).startswith(prefix)
