"""What the commands around did:webvh do with the files they are given: a history, a document, and keys."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from credentials.keys import PrivateKey, PublicKey, generate_key, private_key_from_jwk
from credentials.keys.did_key import did_key
from didresolver.methods.webvh_history import History, read_history
from didresolver.methods.webvh_witness import needs_witnesses, witnessed
from didresolver.methods.webvh_writing import approve_log, create_log, deactivate_log, update_log
from doors.json import JsonObject, JsonValue, parse_object
from doors.refusals import InputMalformed, StateConflict


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a new entry is to say: files with a document and keys, and further parameters. Key files that are absent are made."""

    document: Path | None = None
    next_key: Path | None = None
    rotate_to: Path | None = None
    parameters: Mapping[str, JsonValue] | None = None


def create(file: Path, place: str, key: Path, wishes: Wishes, *, now: datetime) -> Mapping[str, object]:
    """Raises ``StateConflict`` where the file is there already, and as ``create_log``."""
    if file.exists():
        raise StateConflict(f"{file}: expected no file there, since a history is never begun anew")
    log = create_log(
        place,
        _key(key),
        now=now,
        document=_document(wishes.document),
        next_keys=_next_keys(wishes) or (),
        parameters=wishes.parameters or {},
    )
    return _written(file, log, now=now)


def update(file: Path, key: Path, wishes: Wishes, *, now: datetime) -> Mapping[str, object]:
    """Raises as ``update_log``."""
    log = update_log(
        _bytes(file),
        _key(key, may_be_new=False),
        now=now,
        document=_document(wishes.document),
        update_keys=None if wishes.rotate_to is None else (_key(wishes.rotate_to).public,),
        next_keys=_next_keys(wishes),
        parameters=wishes.parameters or {},
    )
    return _written(file, log, now=now)


def deactivate(file: Path, key: Path, *, now: datetime) -> Mapping[str, object]:
    """Raises as ``deactivate_log``."""
    return _written(file, deactivate_log(_bytes(file), _key(key, may_be_new=False), now=now), now=now)


def approve(file: Path, key: Path, witness_file: Path, *, now: datetime) -> Mapping[str, object]:
    """Raises as ``approve_log``."""
    witness = _key(key)
    present = _bytes(witness_file) if witness_file.exists() else b"[]"
    _replace(witness_file, approve_log(_bytes(file), present, witness, now=now))
    return {"witness": did_key(witness.public), "approved": read_history(_bytes(file), now=now).newest.id}


def verify(file: Path, witness_file: Path | None, *, now: datetime) -> Sequence[Mapping[str, object]]:
    """A row for each version; raises ``DidLogInvalid`` or one of its kinds where any entry fails, or too few have witnessed it."""
    history = read_history(_bytes(file), now=now)
    if needs_witnesses(history):
        history = witnessed(history, b"[]" if witness_file is None else _bytes(witness_file), now=now)
    if history.fault is not None:
        raise history.fault
    return [
        {
            "versionId": version.id,
            "versionTime": version.written_time,
            "did": version.state["id"],
            "deactivated": version.parameters.deactivated,
        }
        for version in history.versions
    ]


def _written(file: Path, log: bytes, *, now: datetime) -> Mapping[str, object]:
    _replace(file, log)
    return _told(read_history(log, now=now))


def _told(history: History) -> Mapping[str, object]:
    newest = history.newest
    return {"did": newest.state["id"], "versionId": newest.id, "versionTime": newest.written_time}


def _next_keys(wishes: Wishes) -> tuple[PublicKey, ...] | None:
    return None if wishes.next_key is None else (_key(wishes.next_key).public,)


def _key(path: Path, *, may_be_new: bool = True) -> PrivateKey:
    """The Ed25519 key in a file of mode 0600; raises ``InputMalformed`` where there is none and none may be made."""
    if not path.exists() and may_be_new:
        secret = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(secret, "w") as file:
            json.dump(generate_key("EdDSA").private_jwk(), file)
    return private_key_from_jwk(parse_object(_bytes(path)))


def _document(path: Path | None) -> JsonObject | None:
    return None if path is None else parse_object(_bytes(path))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputMalformed(f"{path}: expected a file that can be read ({type(error).__name__})") from None


def _replace(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(content)
    beside.replace(path)
