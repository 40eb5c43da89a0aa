"""One spelling for one claim: a card that is shown may leave claims out, but not wrap them up otherwise than the schema has them.

To linked data ``"x"`` and ``["x"]`` are the same statement and sign alike, so a holder could send either; a program that reads the
claim must get the one that the schema promises.
"""

import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from credentials.id_card.card import schema_text
from doors.json import JsonObject, JsonValue
from doors.refusals import SchemaMismatch

_KINDS: Mapping[str, type] = MappingProxyType({"string": str, "integer": int, "boolean": bool})


def check_shapes(claims: JsonObject) -> None:
    """Return if every claim of the card is the text, whole number or boolean that its schema says; others are not looked at.

    Raises ``SchemaMismatch`` with the claim's pointer.
    """
    shapes = _shapes()
    for name, value in claims.items():
        if name in shapes and type(value) is not shapes[name]:
            raise SchemaMismatch(f"ID card: expected {name} as the schema has it, got another kind of value", pointer=f"/{name}")


@cache
def _shapes() -> Mapping[str, type]:
    properties: JsonObject = json.loads(schema_text())["properties"]
    return MappingProxyType({name: _KINDS[_type(rules)] for name, rules in properties.items() if _type(rules) in _KINDS})


def _type(rules: JsonValue) -> str:
    return str(rules.get("type", "")) if isinstance(rules, dict) else ""
