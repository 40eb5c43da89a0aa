"""Is a published DID document our own: does it hold, under our names, exactly the keys that we sign with?"""

import hashlib
from collections.abc import Callable, Sequence

from credentials.did_document import DidDocument
from credentials.keys import PublicKey
from doors.json import parse_object
from doors.refusals import MetadataMismatch


def fingerprint(key: PublicKey) -> str:
    """The SHA-256 of a public key's bytes, in hexadecimal: what is compared by people."""
    return hashlib.sha256(key.raw).hexdigest()


def names_our_keys(did: str, keys: Sequence[PublicKey]) -> Callable[[bytes], None]:
    """A check of a document's bytes: it is that of ``did``, and has each of ``keys`` under its ``kid``.

    The check raises ``MetadataMismatch`` with the fingerprints of what was expected and what came, and what ``DidDocument.parse`` raises.
    """

    def check(content: bytes) -> None:
        published = parse_object(content)
        if published.get("id") != did:
            raise MetadataMismatch(f"DID document: expected that of {did}, got another's; the public address leads to another service")
        methods = DidDocument.parse(published, did=did).methods
        for key in keys:
            if key.kid not in methods or methods[key.kid].key != key:
                came = ", ".join(sorted(fingerprint(method.key) for method in methods.values())) or "none"
                raise MetadataMismatch(
                    f"DID document: expected under {key.kid} the key of fingerprint {fingerprint(key)}, got keys of {came}"
                )

    return check
