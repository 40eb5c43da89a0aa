"""What a document says, as statements: every term defined, every identifier absolute, nothing lost on the way."""

from collections import Counter
from collections.abc import Mapping, Sequence

import orjson
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from credentials.jsonld.bundle import BUNDLED
from credentials.jsonld.canonical import ALGORITHMS, canonical_lines, check_limits
from credentials.jsonld.contexts import UNDEFINED, Contexts
from credentials.jsonld.lexical import NUMBERS, XSD, check_literal
from credentials.jsonld.limits import LIMITS, Limits
from credentials.jsonld.survey import Survey, refuse_dropped, survey
from doors.json import JsonObject, JsonValue
from doors.refusals import ContextInvalid, InputMalformed, IriNotAbsolute, TermUndefined

_BASE = "relative-iri:/"
"""What a relative IRI is resolved against: it then stands out in the graph."""


def canonicalize(document: JsonObject, *, contexts: Contexts = BUNDLED, limits: Limits = LIMITS, digest: str = "sha256") -> str:
    """The canonical N-Quads of a JSON-LD document (RDFC-1.0), the one text that is hashed and signed.

    ``digest``, ``sha256`` or ``sha384``, is what RDFC-1.0 tells nameless nodes apart by (§4.2). Raises as ``statements``.
    """
    return canonical_lines(statements(document, contexts=contexts, limits=limits), algorithm=ALGORITHMS[digest])


def statements(document: JsonObject, *, contexts: Contexts = BUNDLED, limits: Limits = LIMITS) -> Sequence[Quad]:
    """The RDF statements of a JSON-LD document under a closed set of contexts.

    Raises ``ContextInvalid``, ``ContextNotAllowed``; ``TermUndefined`` where a term or type is defined by no context;
    ``IriNotAbsolute``; ``CanonLimitExceeded``; ``InputMalformed`` for literals that break their type and for all that JSON-LD would
    drop or blur, so that the JSON read and the graph signed say the same (VC Data Integrity 1.0 §2.4.1).
    """
    seen = survey(document, limits, json_terms=contexts.json_terms(), named=contexts.has_term_for)
    try:
        quads = list(parse(_closed(document, contexts, seen), format=RdfFormat.JSON_LD, base_iri=_BASE))
    except SyntaxError as error:
        if "protected" in str(error):
            raise ContextInvalid("expected contexts that agree with each other", pointer="/@context") from None
        raise InputMalformed("JSON-LD: not well-formed") from None
    check_limits(quads, limits)
    _check(document, quads, seen)
    return quads


def _closed(document: JsonObject, contexts: Contexts, seen: Survey) -> bytes:
    """``document`` as JSON text with the contexts themselves in place of their addresses."""
    if "@context" not in document:
        raise ContextInvalid("expected a @context", pointer="/@context")
    if seen.contexts == 1:
        return orjson.dumps({**document, "@context": _fragment(document["@context"], contexts, seen)})
    return orjson.dumps(_replaced(document, contexts, seen))


def _replaced(value: JsonValue, contexts: Contexts, seen: Survey) -> JsonValue:
    if isinstance(value, list):
        return [_replaced(item, contexts, seen) for item in value]
    if isinstance(value, dict):
        return {
            name: _fragment(item, contexts, seen) if name == "@context" else _replaced(item, contexts, seen) for name, item in value.items()
        }
    return value


def _fragment(value: JsonValue, contexts: Contexts, seen: Survey) -> orjson.Fragment:
    return orjson.Fragment(contexts.reduced(contexts.keys(value), seen.words))


def _check(document: JsonObject, quads: Sequence[Quad], seen: Survey) -> None:
    if seen.labelled:
        raise IriNotAbsolute("expected nameless nodes without a label, which nothing would seal")
    if _marked(serialize(quads, format=RdfFormat.N_QUADS) or b""):
        for quad in quads:
            _check_names(quad)
    if len(quads) != seen.statements:
        refuse_dropped(document)
    kinds = Counter(_datatype(quad) for quad in quads)
    if kinds["boolean"] != seen.booleans or kinds["number"] != seen.numbers:
        raise InputMalformed("JSON-LD: expected numbers and booleans as such, not as text, and text as text")


def _marked(written: bytes) -> bool:
    """Whether one of our marks may be among the names; looking at the text is many times quicker than at each term."""
    return b"<urn:undefined-term:" in written or b"<relative-iri:" in written


def _check_names(quad: Quad) -> None:
    for term in (quad.subject, quad.predicate, quad.object):
        if isinstance(term, NamedNode):
            _check_name(term.value)


def _check_name(name: str) -> None:
    if name.startswith(UNDEFINED):
        raise TermUndefined("expected every term and type to be defined by a listed context")
    if name.startswith("relative-iri:"):
        raise IriNotAbsolute("expected every identifier to be an absolute IRI")


def _datatype(quad: Quad) -> str:
    """Whether the statement's object is a number, a boolean or anything else, once its form is checked."""
    literal = quad.object
    if not isinstance(literal, Literal):
        return ""
    kind = literal.datatype.value
    if kind == f"{XSD}string":
        return ""
    _check_name(kind)
    check_literal(kind, literal.value)
    return KINDS.get(kind, "")


KINDS: Mapping[str, str] = {f"{XSD}boolean": "boolean", **dict.fromkeys(NUMBERS, "number")}
