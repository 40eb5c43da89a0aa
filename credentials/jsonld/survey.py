"""Look a JSON-LD document over before anything expensive: nothing in it may be dropped silently, nothing may run away."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from credentials.jsonld.limits import Limits
from credentials.model.iri import is_absolute_iri
from doors.json import JsonObject, JsonValue
from doors.refusals import CanonLimitExceeded, InputMalformed, IriNotAbsolute, TermUndefined

KEYWORDS = frozenset({"@context", "@id", "@type", "@value", "@language", "@direction"})
_VALUE_KEYWORDS = frozenset({"@value", "@language", "@direction", "@type"})
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_NO_TERM = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
LONGEST_WORD = 256
LARGEST_INTEGER = 2**53 - 1


@dataclass(slots=True)
class Survey:
    """What was seen: the words that could be terms, how many statements the document makes, and whether it labels nameless nodes.

    JSON-LD drops what it does not understand; so the statements counted here are compared with those that come out
    (the agreement of JSON and RDF that VC Data Integrity 1.0 §2.4.1 asks for). ``named`` says of an address
    whether the contexts have a term for it: a member spelt as the address would be signed all the same, but not be seen in the JSON.
    """

    limits: Limits
    json_terms: frozenset[str]
    named: Callable[[str], bool]
    words: set[str] = field(default_factory=set)
    statements: int = 0
    numbers: int = 0
    booleans: int = 0
    contexts: int = 0
    labelled: bool = False
    itself: JsonValue = None

    def node(self, node: JsonObject, depth: int) -> None:
        """Count one node object and everything in it."""
        if depth > self.limits.depth:
            raise CanonLimitExceeded(f"JSON-LD: expected at most {self.limits.depth} levels of nesting")
        if "type" in node and "@type" in node:
            raise InputMalformed("JSON-LD: expected the types of a thing in one member")
        if depth == 1:
            self.itself = node.get("id", node.get("@id"))
        elif len(node) > 1 and self.itself is not None and node.get("id", node.get("@id")) == self.itself:
            raise InputMalformed("JSON-LD: expected all that is said about the document in one place")
        for name, value in node.items():
            if name == "@context":
                self._context()
            elif name in ("id", "@id"):
                self._id(name, value)
            else:
                self._member(name, value, depth)

    def _context(self) -> None:
        self.contexts += 1
        if self.contexts > self.limits.contexts:
            raise CanonLimitExceeded(f"JSON-LD: expected at most {self.limits.contexts} objects with a @context")

    def _statement(self) -> None:
        """Counted before anything is parsed, so that a large document costs nothing more."""
        self.statements += 1
        if self.statements > self.limits.quads:
            raise CanonLimitExceeded(f"JSON-LD: expected at most {self.limits.quads} statements")

    def _id(self, name: str, value: JsonValue) -> None:
        self.words.add(name)
        if isinstance(value, str) and value.startswith("_:"):
            self.labelled = True
        elif not is_absolute_iri(value):
            raise IriNotAbsolute("expected an id that is one absolute IRI", pointer="/id")

    def _member(self, name: str, value: JsonValue, depth: int) -> None:
        if name[:1] == "@" and name not in KEYWORDS:
            raise InputMalformed("JSON-LD: expected no keyword but @context, @id, @type, @value, @language and @direction")
        if ":" in name and self.named(name):
            raise TermUndefined("expected a member by the term that a context has for it, got it spelt as an address")
        self.words.update(_words(name))
        if name in self.json_terms:
            self._statement()
            return
        items = value if isinstance(value, list) else [value]
        if not items:
            raise InputMalformed("JSON-LD: expected no empty list, which would not be signed")
        if isinstance(value, list):
            _refuse_blurred(value)
        for item in items:
            self._statement()
            self._item(item, depth + 1)

    def _item(self, item: JsonValue, depth: int) -> None:
        if isinstance(item, str):
            self._text(item)
        elif isinstance(item, dict):
            self._value(item) if "@value" in item else self.node(item, depth)
        elif isinstance(item, bool):
            self.booleans += 1
        elif isinstance(item, int | float):
            self._number(item)
        else:
            raise InputMalformed("JSON-LD: expected no null and no list in a list, which would not be signed")

    def _text(self, text: str) -> None:
        self.labelled = self.labelled or text.startswith("_:")
        if len(text) <= LONGEST_WORD:
            self.words.update(_words(text))

    def _value(self, value: JsonObject) -> None:
        """A value object (JSON-LD 1.1 §9.5): text with its language, or a literal with its type."""
        language = value.get("@language", "en")
        if not value.keys() <= _VALUE_KEYWORDS or not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            raise InputMalformed("JSON-LD: expected @value with a well-formed @language, @direction or @type (BCP 47)")
        if not isinstance(value["@value"], str) or not isinstance(value.get("@type", ""), str):
            raise InputMalformed("JSON-LD: expected @value and its @type as text, and numbers and booleans without @value")
        self.words.update(_words(value.get("@type", "")))
        self._item(value["@value"], 0)

    def _number(self, number: float) -> None:
        """Only numbers that every processor writes alike: others would be signed rounded."""
        self.numbers += 1
        if isinstance(number, float):
            if not math.isfinite(number) or abs(number) >= 1e21 or float(f"{number:.15e}") != number:
                raise InputMalformed("JSON-LD: expected numbers of at most 16 digits")
        elif abs(number) > LARGEST_INTEGER:
            raise InputMalformed("JSON-LD: expected integers below 2^53")


def survey(document: JsonObject, limits: Limits, *, json_terms: frozenset[str], named: Callable[[str], bool]) -> Survey:
    """Look ``document`` over.

    Raises ``CanonLimitExceeded``, ``IriNotAbsolute``, ``TermUndefined`` for a member that goes by another name than its term, or
    ``InputMalformed`` for what JSON-LD would drop, round or blur.
    """
    seen = Survey(limits, json_terms, named)
    seen.node(document, 1)
    return seen


def _refuse_blurred(items: list[JsonValue]) -> None:
    """A list says no more than its distinct members: ``[false]`` and ``[false, false]`` are signed as ``false``, but read as something."""
    plain = [item for item in items if isinstance(item, str | int | float)]
    distinct = {(isinstance(item, bool), item) for item in plain}
    if len(distinct) != len(plain) or (len(items) == 1 and not isinstance(items[0], str | dict)):
        raise InputMalformed("JSON-LD: expected no value twice in a list, and no list around one number or boolean")


def refuse_dropped(document: JsonObject) -> None:
    """Say what a processor has dropped: a name that can be no IRI, or else an identifier that is none."""
    if any(_NO_TERM.search(name) for name in _names(document)):
        raise TermUndefined("expected every term and type to be defined by a listed context")
    raise IriNotAbsolute("expected every identifier to be an absolute IRI")


def _names(value: JsonValue) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield from item
            kinds = item.get("type", item.get("@type", []))
            yield from (kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str))
            for member in item.values():
                yield from _names(member)


def _words(text: str) -> tuple[str, ...]:
    """``text`` itself and what stands before its first colon: as a term, or as the prefix of a compact IRI."""
    prefix, colon, _ = text.partition(":")
    return (text, prefix) if colon else (text,)
