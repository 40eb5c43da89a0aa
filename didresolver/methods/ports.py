"""What a DID method gives the resolver."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import orjson

from credentials.did_document import DidDocument
from doors.json import JsonObject

if TYPE_CHECKING:
    from runtime.clock import Clock
    from runtime.fetch import Fetch

Expand = Callable[[str], JsonObject]
"""The document that a DID which is its own key stands for; raises ``DidInvalid``."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which version of a document is asked for (DID Core 1.0 §3.2.1); where nothing is named, the newest."""

    time: datetime | None = None
    id: str | None = None
    number: int | None = None

    @property
    def is_newest(self) -> bool:
        return self == NEWEST


NEWEST = Wanted()


@dataclass(frozen=True, slots=True)
class Read:
    """A document as a method read it, with the JSON bytes that it was read from.

    ``metadata`` is its DID document metadata; ``keep_for`` how long its owner lets it be kept, where the method lets an owner say so.
    """

    document: DidDocument
    content: bytes
    metadata: JsonObject = field(default_factory=dict)
    keep_for: timedelta | None = None

    @classmethod
    def of(cls, document: DidDocument) -> "Read":
        """A document that was made here, not fetched."""
        return cls(document, orjson.dumps(document.document))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a method may use: the outbound fetch, the clock, and whether loopback addresses are allowed (development only)."""

    fetch: "Fetch"
    clock: "Clock"
    development: bool = False


class Method(Protocol):
    """One DID method: ``lasting`` says that its documents never change."""

    @property
    def lasting(self) -> bool: ...

    async def read(self, did: str, surroundings: Surroundings, *, wanted: Wanted) -> Read: ...
