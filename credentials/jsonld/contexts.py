"""The contexts that may be used: a closed set of bundled documents, each pinned by its hash; nothing is ever fetched."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import orjson
from pyoxigraph import RdfFormat, parse

from credentials.jsonld.pruning import json_terms, pruned, term_meanings, term_names
from doors.json import JsonValue
from doors.refusals import ContextInvalid, ContextNotAllowed, InputMalformed

UNDEFINED = "urn:undefined-term:"
"""Where a term goes that no context defines: it then stands out in the graph instead of dropping out of it."""
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
"""What ``type`` means, which no context says: it is a keyword."""
MOST_CONTEXTS = 10
_CATCH_ALL = {"@vocab": UNDEFINED}


@dataclass(frozen=True, eq=False, slots=True)
class Contexts:
    """A closed set of contexts: ``documents`` by address, and the SHA-256 of each ``inline`` object that may stand in a document.

    The bundled set has no inline ones: a context written into a document can change what is said (VCDM 2.0 §4.3, §8.12).
    """

    documents: Mapping[str, JsonValue]
    inline: frozenset[str] = frozenset()

    def extended(self, documents: Mapping[str, bytes], inline: tuple[JsonValue, ...] = ()) -> "Contexts":
        """This set with more context documents (their JSON bytes) and inline objects in it."""
        read = {address: read_context(content) for address, content in documents.items()}
        return Contexts(MappingProxyType({**self.documents, **read}), self.inline | {inline_digest(context) for context in inline})

    def keys(self, value: JsonValue) -> tuple[str, ...]:
        """What a ``@context`` member names, each an address or the JSON text of an allowed inline object.

        Raises ``ContextNotAllowed``, and ``ContextInvalid`` for anything that is neither.
        """
        entries = value if isinstance(value, list) else [value]
        if not 0 < len(entries) <= MOST_CONTEXTS:
            raise ContextInvalid(f"expected between one and {MOST_CONTEXTS} contexts", pointer="/@context")
        return tuple(self._key(entry) for entry in entries)

    def json_terms(self) -> frozenset[str]:
        """The terms whose value is JSON and not linked data (JSON-LD 1.1 §4.2.2)."""
        return _json_terms(self)

    def has_term_for(self, address: str) -> bool:
        """Whether any term stands for ``address``, an IRI or a compact IRI with a term as its prefix (JSON-LD 1.1 §4.1.5)."""
        prefix, _, rest = address.partition(":")
        meanings = _meanings(self)
        return address in meanings[""] or any(start + rest in meanings[""] for start in meanings.get(prefix, ()))

    def reduced(self, keys: tuple[str, ...], words: set[str]) -> bytes:
        """The JSON text of the contexts ``keys``, with only the terms that a document of these ``words`` can use.

        Raises ``ContextInvalid`` where the contexts contradict each other.
        """
        _check_together(self, keys)
        return _reduced(self, keys, frozenset(words & _term_names(self, keys)))

    def _key(self, entry: JsonValue) -> str:
        if isinstance(entry, str):
            if entry not in self.documents:
                raise ContextNotAllowed("expected contexts that are bundled, got another address", pointer="/@context")
            return entry
        if not isinstance(entry, dict):
            raise ContextInvalid("expected addresses of contexts", pointer="/@context")
        if inline_digest(entry) not in self.inline:
            raise ContextNotAllowed("expected contexts that are bundled, got one written into the document", pointer="/@context")
        return orjson.dumps(entry).decode()

    def values(self, keys: tuple[str, ...]) -> Iterator[JsonValue]:
        """The context definitions behind ``keys``."""
        for key in keys:
            yield self.documents[key] if key in self.documents else _guarded(orjson.loads(key))


def read_context(content: bytes) -> JsonValue:
    """The ``@context`` of a context document, made so that nothing below it can drop a term silently."""
    document = orjson.loads(content)
    if not isinstance(document, dict) or "@context" not in document:
        raise InputMalformed("context document: expected an object with @context")
    return _guarded(document["@context"])


def inline_digest(context: JsonValue) -> str:
    """The SHA-256 of an inline context, whatever the order of its members."""
    return hashlib.sha256(orjson.dumps(context, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _guarded(value: JsonValue) -> JsonValue:
    """``value`` with every ``"@context": null`` followed by the catch-all, which null would clear too."""
    if isinstance(value, list):
        return [_guarded(item) for item in value]
    if isinstance(value, dict):
        return {name: [None, _CATCH_ALL] if name == "@context" and item is None else _guarded(item) for name, item in value.items()}
    return value


@lru_cache(maxsize=64)
def _json_terms(contexts: Contexts) -> frozenset[str]:
    every = [*contexts.documents.values()]
    return frozenset(json_terms(every))


@lru_cache(maxsize=64)
def _meanings(contexts: Contexts) -> Mapping[str, frozenset[str]]:
    """By each term the addresses that it stands for, and under the empty name all of them."""
    meanings: dict[str, set[str]] = {"": {RDF_TYPE}}
    for term, address in term_meanings([*contexts.documents.values()]):
        meanings[""].add(address)
        meanings.setdefault(term, set()).add(address)
    return MappingProxyType({term: frozenset(addresses) for term, addresses in meanings.items()})


@lru_cache(maxsize=256)
def _term_names(contexts: Contexts, keys: tuple[str, ...]) -> frozenset[str]:
    return frozenset(term_names(list(contexts.values(keys))))


@lru_cache(maxsize=1024)
def _reduced(contexts: Contexts, keys: tuple[str, ...], words: frozenset[str]) -> bytes:
    return orjson.dumps([_CATCH_ALL, *pruned(list(contexts.values(keys)), words)])


@lru_cache(maxsize=256)
def _check_together(contexts: Contexts, keys: tuple[str, ...]) -> None:
    """Read the contexts whole, once: one may redefine what another protects (JSON-LD 1.1 §4.1.11)."""
    document = {"@context": list(contexts.values(keys)), "@id": "urn:example:nothing"}
    try:
        list(parse(orjson.dumps(document), format=RdfFormat.JSON_LD))
    except SyntaxError:
        raise ContextInvalid("expected contexts that agree with each other", pointer="/@context") from None
