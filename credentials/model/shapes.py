"""How JSON members may be shaped in the data model: one or many objects, types, identifiers, text in several languages."""

from collections.abc import Iterator

from credentials.model.iri import check_absolute_iri
from doors.json import JsonObject, JsonValue
from doors.refusals import DataModelMismatch, InputMalformed

_LANGUAGE_VALUE = frozenset({"@value", "@language", "@direction"})


def objects(value: JsonValue, *, pointer: str) -> tuple[JsonObject, ...]:
    """One object, or a list of at least one, as a tuple of non-empty objects; raises ``DataModelMismatch``."""
    members = value if isinstance(value, list) else [value]
    if not members or not all(isinstance(member, dict) and member for member in members):
        raise DataModelMismatch("expected one or more objects that are not empty", pointer=pointer)
    return tuple(members)


def types(value: JsonValue, *, pointer: str) -> tuple[str, ...]:
    """The types of an object, one or a list of at least one (VCDM 2.0 §4.5); raises ``DataModelMismatch``."""
    members = value if isinstance(value, list) else [value]
    if not members or not all(isinstance(member, str) and member for member in members) or len(set(members)) != len(members):
        raise DataModelMismatch("expected one or more types as text, each once", pointer=pointer)
    return tuple(members)


def check_id(thing: JsonObject, *, pointer: str) -> None:
    """An ``id``, where there is one, is one absolute IRI (VCDM 2.0 §4.4)."""
    if "id" in thing:
        check_absolute_iri(thing["id"], pointer=f"{pointer}/id")


def typed_objects(document: JsonObject, member: str) -> Iterator[JsonObject]:
    """The objects of ``member``, each with a type and, where it has one, a good id; nothing where the member is absent."""
    if member not in document:
        return
    for place, thing in enumerate(objects(document[member], pointer=f"/{member}")):
        types(thing.get("type"), pointer=f"/{member}/{place}/type")
        check_id(thing, pointer=f"/{member}/{place}")
        yield thing


def check_text(value: JsonValue, *, pointer: str) -> None:
    """A name or description: text, or one or more language value objects (VCDM 2.0 §11.1)."""
    for member in value if isinstance(value, list) else [value]:
        if not isinstance(member, str) and not _is_language_value(member):
            raise DataModelMismatch("expected text, or objects with @value, @language and @direction only", pointer=pointer)


def _is_language_value(value: JsonValue) -> bool:
    if not isinstance(value, dict) or not value.keys() <= _LANGUAGE_VALUE or not isinstance(value.get("@value"), str):
        return False
    if value.get("@direction", "ltr") not in ("ltr", "rtl"):
        raise InputMalformed("expected @direction as ltr or rtl")
    return isinstance(value.get("@language", "en"), str)
