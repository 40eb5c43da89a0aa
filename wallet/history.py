"""The log of everything the wallet did with others, refusals too: who, when, which attributes by name, never a value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from doors import base64url
from doors.json import JsonObject
from runtime.clock import parse_rfc3339, rfc3339
from trust.entries import Bilingual
from wallet.store import WalletStore
from wallet.vault import Randomness

KIND = "log"
NAMELESS = Bilingual("", "")
"""Who could not be authenticated has no name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: ``act`` is received, presented, declined or refused; ``outcome`` the code of a refusal, "" where it went well."""

    at: datetime
    act: str
    party: str
    name: Bilingual
    attributes: tuple[str, ...]
    outcome: str

    def to_json(self) -> JsonObject:
        return {
            "at": rfc3339(self.at),
            "act": self.act,
            "party": self.party,
            "name": self.name.to_json(),
            "attributes": list(self.attributes),
            "outcome": self.outcome,
        }


def line(entry: Entry, *, random: Randomness) -> tuple[str, str, JsonObject]:
    """The entry as a change of the store, so that it is saved together with what it tells of."""
    return (KIND, f"log_{base64url.encode(random(12))}", entry.to_json())


def history(store: WalletStore) -> Sequence[Entry]:
    """All entries, newest first."""
    return sorted((_entry(record.value) for record in store.all(KIND)), key=lambda entry: entry.at, reverse=True)


def _entry(value: JsonObject) -> Entry:
    return Entry(
        at=parse_rfc3339(value["at"]),
        act=value["act"],
        party=value["party"],
        name=Bilingual(value["name"]["en"], value["name"]["zh-CN"]),
        attributes=tuple(value["attributes"]),
        outcome=value["outcome"],
    )
