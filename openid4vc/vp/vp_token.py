"""The answer's heart: for each credential query, one array of presentations (OpenID4VP 1.0 §8.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from doors.json import JsonLimits, JsonObject, JsonValue
from doors.refusals import InputMalformed
from openid4vc.embedding import from_wire, to_wire
from openid4vc.vp.dcql import CredentialQuery, Query

VP_TOKEN_LIMITS = JsonLimits(size=768 * 1024, string=256 * 1024)
"""Larger than for other messages: a presentation may hold a portrait."""
MOST_PRESENTATIONS = 20


@dataclass(frozen=True, slots=True)
class VpToken:
    """Presentations as they came, nothing verified: by credential query, each the bytes of a presentation in the query's format."""

    presentations: Mapping[str, tuple[bytes, ...]]

    @classmethod
    def parse(cls, value: JsonValue, *, query: Query) -> "VpToken":
        """The token in a message. Raises ``InputMalformed`` for every shape but an object of non-empty arrays, one entry for each
        answered credential query of ``query``, with more than one presentation only where ``multiple`` allows it (§8.1)."""
        if not isinstance(value, dict) or not value:
            raise InputMalformed("vp_token: expected an object with an array for each credential query", pointer="/vp_token")
        return cls({identifier: _presentations(_wanted(query, identifier), entries) for identifier, entries in value.items()})

    @classmethod
    def of(cls, presentations: Mapping[str, Sequence[bytes]]) -> "VpToken":
        """The token that a wallet is about to send."""
        return cls({identifier: tuple(wires) for identifier, wires in presentations.items()})

    def to_json(self, *, query: Query) -> JsonObject:
        return {
            identifier: [from_wire(wire, format_name=_wanted(query, identifier).format) for wire in wires]
            for identifier, wires in self.presentations.items()
        }


def _wanted(query: Query, identifier: str) -> CredentialQuery:
    wanted = query.named(identifier)
    if wanted is None:
        raise InputMalformed("vp_token: expected identifiers of the query's credentials, got another", pointer="/vp_token")
    return wanted


def _presentations(wanted: CredentialQuery, entries: JsonValue) -> tuple[bytes, ...]:
    pointer = f"/vp_token/{wanted.id}"
    most = MOST_PRESENTATIONS if wanted.multiple else 1
    if not isinstance(entries, list) or not 1 <= len(entries) <= most:
        raise InputMalformed(f"vp_token: expected an array of 1 to {most} presentations", pointer=pointer)
    return tuple(to_wire(entry, format_name=wanted.format) for entry in entries)
