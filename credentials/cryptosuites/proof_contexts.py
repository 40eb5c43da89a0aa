"""The contexts that a proof over canonical JSON repeats, so that nobody can change what the document's words mean."""

from credentials.jsonld import Contexts, statements
from doors.json import JsonObject, JsonValue
from doors.refusals import ContextInvalid


def naming_contexts(document: JsonObject, options: JsonObject) -> JsonObject:
    """The options of a proof for ``document``, with the document's contexts where it has any."""
    return {**options, "@context": document["@context"]} if "@context" in document else options


def under_named_contexts(document: JsonObject, options: JsonObject) -> JsonObject:
    """The document under the contexts that the proof names, which must be the first ones of its own.

    VC-DI-EdDSA and VC-DI-ECDSA §3.3.2. Raises ``ContextInvalid``.
    """
    if "@context" not in options:
        return document
    named, own = _list(options["@context"]), _list(document.get("@context", []))
    if own[: len(named)] != named:
        raise ContextInvalid("expected the proof's @context at the start of the document's", pointer="/proof/@context")
    return {**document, "@context": options["@context"]}


def check_statements(document: JsonObject, contexts: Contexts) -> None:
    """Read the linked data as strictly as if it were what is signed: an undefined term means nothing to anybody."""
    statements(document, contexts=contexts)


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [value]
