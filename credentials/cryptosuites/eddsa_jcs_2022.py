"""eddsa-jcs-2022: Ed25519 over the canonical JSON of a document (Data Integrity EdDSA Cryptosuites 1.0 §3.3)."""

import hashlib
from dataclasses import dataclass

from credentials.jcs import canonical_json
from credentials.jsonld import BUNDLED, Contexts, statements
from doors.json import JsonObject, JsonValue
from doors.refusals import ContextInvalid


@dataclass(frozen=True, slots=True)
class EddsaJcs2022:
    """Signs the JSON as it stands; the proof repeats the document's contexts, so that none can be changed."""

    contexts: Contexts = BUNDLED
    name: str = "eddsa-jcs-2022"
    algorithms: frozenset[str] = frozenset({"EdDSA"})

    def options(self, document: JsonObject, options: JsonObject) -> JsonObject:
        return {**options, "@context": document["@context"]} if "@context" in document else options

    def signed_document(self, document: JsonObject, options: JsonObject) -> JsonObject:
        """The document under the contexts that the proof names, which must be the first ones of its own (§3.3.2 step 4).

        Raises ``ContextInvalid``.
        """
        if "@context" not in options:
            return document
        named, own = _list(options["@context"]), _list(document.get("@context", []))
        if own[: len(named)] != named:
            raise ContextInvalid("expected the proof's @context at the start of the document's", pointer="/proof/@context")
        return {**document, "@context": options["@context"]}

    def bytes_to_sign(self, document: JsonObject, options: JsonObject) -> bytes:
        """SHA-256 of the proof options, then SHA-256 of the document, both canonical (§3.3.4): 64 bytes.

        The linked data is read as strictly as if it were what is signed: an undefined term means nothing to anybody.
        """
        statements(document, contexts=self.contexts)
        return _hash(options) + _hash(document)


def _hash(value: JsonObject) -> bytes:
    return hashlib.sha256(canonical_json(value)).digest()


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [value]
