"""ecdsa-rdfc-2019: P-256 or P-384 over the canonical statements of a document (Data Integrity ECDSA Cryptosuites 1.0 §3.2)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from credentials.cryptosuites.configuration import canonical_configuration
from credentials.jsonld import BUNDLED, Contexts, canonicalize
from doors.json import JsonObject

_HASHES: Mapping[str, str] = MappingProxyType({"ES256": "sha256", "ES384": "sha384"})


@dataclass(frozen=True, slots=True)
class EcdsaRdfc2019:
    """Signs what the JSON-LD means, so the document may be written in another order and still be the same."""

    contexts: Contexts = BUNDLED
    name: str = "ecdsa-rdfc-2019"
    algorithms: frozenset[str] = frozenset(_HASHES)

    def options(self, document: JsonObject, options: JsonObject) -> JsonObject:
        return options

    def signed_document(self, document: JsonObject, options: JsonObject) -> JsonObject:
        return document

    def bytes_to_sign(self, document: JsonObject, options: JsonObject, *, algorithm: str) -> bytes:
        """The hash of the proof options, then that of the document, both canonical (§3.2.4).

        SHA-256 for P-256, 64 bytes; SHA-384 for P-384, 96 bytes; nameless nodes are told apart by the same hash (§3).
        """
        digest = _HASHES[algorithm]
        configuration = canonical_configuration(options, document.get("@context"), contexts=self.contexts, digest=digest)
        return _hash(configuration, digest) + _hash(canonicalize(document, contexts=self.contexts, digest=digest), digest)


def _hash(text: str, digest: str) -> bytes:
    return hashlib.new(digest, text.encode("utf-8")).digest()
