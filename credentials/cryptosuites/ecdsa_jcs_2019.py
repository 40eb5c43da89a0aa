"""ecdsa-jcs-2019: P-256 or P-384 over the canonical JSON of a document (Data Integrity ECDSA Cryptosuites 1.0 §3.3)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from credentials.cryptosuites.proof_contexts import check_statements, naming_contexts, under_named_contexts
from credentials.jcs import canonical_json
from credentials.jsonld import BUNDLED, Contexts
from doors.json import JsonObject

_HASHES: Mapping[str, str] = MappingProxyType({"ES256": "sha256", "ES384": "sha384"})


@dataclass(frozen=True, slots=True)
class EcdsaJcs2019:
    """Signs the JSON as it stands; the proof repeats the document's contexts, so that none can be changed."""

    contexts: Contexts = BUNDLED
    name: str = "ecdsa-jcs-2019"
    algorithms: frozenset[str] = frozenset(_HASHES)

    def options(self, document: JsonObject, options: JsonObject) -> JsonObject:
        return naming_contexts(document, options)

    def signed_document(self, document: JsonObject, options: JsonObject) -> JsonObject:
        return under_named_contexts(document, options)

    def bytes_to_sign(self, document: JsonObject, options: JsonObject, *, algorithm: str) -> bytes:
        """The hash of the proof options, then that of the document, both canonical (§3.3.4).

        SHA-256 for P-256, 64 bytes; SHA-384 for P-384, 96 bytes.
        """
        check_statements(document, self.contexts)
        return b"".join(hashlib.new(_HASHES[algorithm], canonical_json(part)).digest() for part in (options, document))
