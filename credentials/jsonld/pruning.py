"""Keep of a context only what one document can use; reading a whole context costs many times more than the document."""

from collections.abc import Iterator

from doors.json import JsonObject, JsonValue


def term_names(context: JsonValue) -> Iterator[str]:
    """Every term that ``context`` defines, at any depth of scoped contexts."""
    for term, definition in _definitions(context):
        yield term
        if isinstance(definition, dict):
            yield from term_names(definition.get("@context"))


def term_meanings(context: JsonValue) -> Iterator[tuple[str, str]]:
    """Every term with the address that it stands for, at any depth of scoped contexts."""
    for term, definition in _definitions(context):
        if isinstance(definition, dict):
            yield term, str(definition.get("@id", ""))
            yield from term_meanings(definition.get("@context"))
        else:
            yield term, str(definition)


def json_terms(context: JsonValue) -> Iterator[str]:
    """Every term of type ``@json``, at any depth."""
    for term, definition in _definitions(context):
        if isinstance(definition, dict):
            if definition.get("@type") == "@json":
                yield term
            yield from json_terms(definition.get("@context"))


def pruned(contexts: list[JsonValue], words: frozenset[str]) -> list[JsonValue]:
    """``contexts`` without the terms that neither ``words`` nor any term kept refers to; same meaning for such a document."""
    wanted = set(words)
    while True:
        kept = [_kept(context, wanted) for context in contexts]
        more = set(_references(kept)) - wanted
        if not more:
            return kept
        wanted |= more


def _kept(context: JsonValue, wanted: set[str]) -> JsonValue:
    if isinstance(context, list):
        return [_kept(item, wanted) for item in context]
    if not isinstance(context, dict):
        return context
    return {term: _kept_definition(item, wanted) for term, item in context.items() if _is_kept(term, item, wanted)}


def _is_kept(term: str, definition: JsonValue, wanted: set[str]) -> bool:
    """Keywords and their aliases always stay: they are few and change everything."""
    return term.startswith("@") or term in wanted or (isinstance(definition, str) and definition.startswith("@"))


def _kept_definition(definition: JsonValue, wanted: set[str]) -> JsonValue:
    if isinstance(definition, dict) and "@context" in definition:
        return {**definition, "@context": _kept(definition["@context"], wanted)}
    return definition


def _references(context: JsonValue) -> Iterator[str]:
    """Terms that the definitions in ``context`` are written with, as themselves or as a prefix."""
    for term, definition in _definitions(context):
        for text in (term, definition) if isinstance(definition, str) else (term, *_written_with(definition)):
            yield text
            yield text.partition(":")[0]


def _written_with(definition: JsonValue) -> Iterator[str]:
    if isinstance(definition, dict):
        yield from (definition[name] for name in ("@id", "@type", "@reverse") if isinstance(definition.get(name), str))
        yield from _references(definition.get("@context"))


def _definitions(context: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    if isinstance(context, list):
        for item in context:
            yield from _definitions(item)
    elif isinstance(context, dict):
        members: JsonObject = context
        yield from ((term, definition) for term, definition in members.items() if not term.startswith("@"))
