"""Who asks: the relying party's name on the web (did:web of its public address) and the key that signs its requests."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from credentials.keys import PrivateKey, SigningKey, generate_key, private_key_from_jwk
from doors.json import JsonObject, parse_object
from doors.refusals import SettingsInvalid, StorePermissions

KEY_FILE = "request-signing.jwk"
ALGORITHMS = ("ES256", "EdDSA")
_DID_CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]


@dataclass(frozen=True, slots=True)
class Identity:
    """A relying party: its public address, and the key whose name is a verification method of its did:web."""

    public_url: str
    key: SigningKey

    @property
    def did(self) -> str:
        return did_web(self.public_url)

    @property
    def client_id(self) -> str:
        """The OpenID4VP client identifier with its prefix (OpenID4VP 1.0 §5.9.3): what a presentation is made out to."""
        return f"decentralized_identifier:{self.did}"

    def did_document(self) -> JsonObject:
        """What is served at ``/.well-known/did.json`` (did:web; CID 1.0 §2.2)."""
        method = {
            "id": self.key.kid,
            "type": "Multikey",
            "controller": self.did,
            "publicKeyMultibase": self.key.public.multikey(),
        }
        return {
            "@context": _DID_CONTEXTS,
            "id": self.did,
            "verificationMethod": [method],
            "authentication": [self.key.kid],
            "assertionMethod": [self.key.kid],
        }


def did_web(public_url: str) -> str:
    """The did:web of an address: the port percent-encoded, path segments as further parts; raises ``SettingsInvalid``."""
    parts = urlsplit(public_url)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
        raise SettingsInvalid("public_url: expected an https address without query and fragment")
    path = [quote(segment, safe="") for segment in parts.path.split("/") if segment]
    return ":".join(["did", "web", quote(parts.netloc, safe=""), *path])


def make_identity(folder: Path, *, public_url: str, algorithm: str = "ES256") -> Identity:
    """A new identity with its key file in ``folder``, readable by the owner only; raises ``SettingsInvalid`` where one is there."""
    if algorithm not in ALGORITHMS:
        raise SettingsInvalid(f"algorithm: expected one of {', '.join(ALGORITHMS)}")
    key = _named(generate_key(algorithm), public_url)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(folder / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise SettingsInvalid(f"key: expected no {KEY_FILE} in the key folder yet; an existing key is never overwritten") from None
    with open(descriptor, "w", encoding="ascii") as file:
        json.dump({**key.private_jwk(), "kid": key.kid}, file)
        file.flush()
        os.fsync(descriptor)
    return Identity(public_url, key)


def load_identity(folder: Path, *, public_url: str) -> Identity:
    """The identity whose key ``make_identity`` wrote; raises ``SettingsInvalid`` or ``StorePermissions`` (B03)."""
    path = folder / KEY_FILE
    if not path.is_file() or path.is_symlink():
        raise SettingsInvalid(f"key: expected {KEY_FILE} in the key folder; run `verifier init` first")
    if path.stat().st_mode & 0o077:
        raise StorePermissions(f"{KEY_FILE}: expected mode 0600, got a key that others can read")
    key = private_key_from_jwk(parse_object(path.read_bytes()))
    if key.algorithm not in ALGORITHMS:
        raise SettingsInvalid(f"key: expected one for {' or '.join(sorted(ALGORITHMS))}, which wallets read, got one for {key.algorithm}")
    return Identity(public_url, _named(key, public_url))


def _named(key: PrivateKey, public_url: str) -> PrivateKey:
    return key.named(f"{did_web(public_url)}#{key.public.thumbprint()}")
