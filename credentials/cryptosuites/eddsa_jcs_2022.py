"""eddsa-jcs-2022: Ed25519 over the canonical JSON of a document (Data Integrity EdDSA Cryptosuites 1.0 §3.3)."""

import hashlib
from dataclasses import dataclass

from credentials.cryptosuites.proof_contexts import check_statements, naming_contexts, under_named_contexts
from credentials.jcs import canonical_json
from credentials.jsonld import BUNDLED, Contexts
from doors.json import JsonObject


@dataclass(frozen=True, slots=True)
class EddsaJcs2022:
    """Signs the JSON as it stands; the proof repeats the document's contexts, so that none can be changed."""

    contexts: Contexts = BUNDLED
    name: str = "eddsa-jcs-2022"
    algorithms: frozenset[str] = frozenset({"EdDSA"})

    def options(self, document: JsonObject, options: JsonObject) -> JsonObject:
        return naming_contexts(document, options)

    def signed_document(self, document: JsonObject, options: JsonObject) -> JsonObject:
        return under_named_contexts(document, options)

    def bytes_to_sign(self, document: JsonObject, options: JsonObject, *, algorithm: str) -> bytes:
        """SHA-256 of the proof options, then SHA-256 of the document, both canonical (§3.3.4): 64 bytes."""
        check_statements(document, self.contexts)
        return _hash(options) + _hash(document)


def _hash(value: JsonObject) -> bytes:
    return hashlib.sha256(canonical_json(value)).digest()
