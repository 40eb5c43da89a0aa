"""The office's signing keys: one for each kind of thing it signs, each in a file of its own."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from credentials.keys import PrivateKey, SigningKey, generate_key, private_key_from_jwk
from doors.json import JsonObject, parse_object
from doors.refusals import KeyNotAllowed
from issuer.private_files import read_private, write_private

ROLES = {"credential-ed25519": "EdDSA", "credential-p256": "ES256", "status-ed25519": "EdDSA"}
"""Each key's role, which is also its name in the DID document, and its algorithm."""


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """The keys of one issuer; ``issuer`` is its DID, ``public_url`` its address, which SD-JWT VCs name as ``iss``."""

    issuer: str
    public_url: str
    credential_ed25519: SigningKey
    credential_p256: SigningKey
    status: SigningKey

    def for_credentials(self, algorithm: str) -> SigningKey:
        return {"EdDSA": self.credential_ed25519, "ES256": self.credential_p256}[algorithm]

    def all(self) -> tuple[SigningKey, ...]:
        return (self.credential_ed25519, self.credential_p256, self.status)


def make_keys(folder: Path) -> None:
    """New keys of mode 0600 in ``folder``; those that are there already stay."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for role, algorithm in ROLES.items():
        path = _path(folder, role)
        if not path.exists():
            write_private(path, json.dumps(generate_key(algorithm).private_jwk()).encode())


def open_keys(folder: Path, *, issuer: str, public_url: str) -> Keyring:
    """Raises ``StorePermissions`` for a missing key file or one that others can read, ``KeyNotAllowed`` for one of another algorithm."""
    return _ring(issuer, public_url, lambda role: _of_its_role(private_key_from_jwk(_read(_path(folder, role))), role))


def throw_away_keys(*, issuer: str, public_url: str) -> Keyring:
    """Keys that live for one lint and never sign anything that leaves."""
    return _ring(issuer, public_url, lambda role: generate_key(ROLES[role]))


def _ring(issuer: str, public_url: str, key: Callable[[str], PrivateKey]) -> Keyring:
    ed25519, p256, status = (key(role).named(f"{issuer}#{role}") for role in ROLES)
    return Keyring(issuer, public_url, ed25519, p256, status)


def _of_its_role(key: PrivateKey, role: str) -> PrivateKey:
    if key.algorithm != ROLES[role]:
        raise KeyNotAllowed(f"{role}: expected a key for {ROLES[role]}, got one for {key.algorithm}")
    return key


def _path(folder: Path, role: str) -> Path:
    return folder / f"{role}.jwk"


def _read(path: Path) -> JsonObject:
    return parse_object(read_private(path))
