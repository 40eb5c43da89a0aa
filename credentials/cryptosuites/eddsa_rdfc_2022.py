"""eddsa-rdfc-2022: Ed25519 over the canonical statements of a document (Data Integrity EdDSA Cryptosuites 1.0 §3.2)."""

import hashlib
from dataclasses import dataclass

from credentials.cryptosuites.configuration import canonical_configuration
from credentials.jsonld import BUNDLED, Contexts, canonicalize
from doors.json import JsonObject


@dataclass(frozen=True, slots=True)
class EddsaRdfc2022:
    """Signs what the JSON-LD means, so the document may be written in another order and still be the same."""

    contexts: Contexts = BUNDLED
    name: str = "eddsa-rdfc-2022"
    algorithms: frozenset[str] = frozenset({"EdDSA"})

    def options(self, document: JsonObject, options: JsonObject) -> JsonObject:
        return options

    def signed_document(self, document: JsonObject, options: JsonObject) -> JsonObject:
        return document

    def bytes_to_sign(self, document: JsonObject, options: JsonObject, *, algorithm: str) -> bytes:
        """SHA-256 of the proof options, then SHA-256 of the document, both canonical (§3.2.4): 64 bytes."""
        configuration = canonical_configuration(options, document.get("@context"), contexts=self.contexts)
        return _hash(configuration) + _hash(canonicalize(document, contexts=self.contexts))


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8")).digest()
