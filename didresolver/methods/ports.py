"""What a DID method gives the resolver."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import orjson

from credentials.did_document import DidDocument
from doors.json import JsonObject

if TYPE_CHECKING:
    from runtime.fetch import Fetch

Expand = Callable[[str], JsonObject]
"""The document that a DID which is its own key stands for; raises ``DidInvalid``."""


@dataclass(frozen=True, slots=True)
class Read:
    """A document as a method read it, with the JSON bytes that it was read from."""

    document: DidDocument
    content: bytes

    @classmethod
    def of(cls, document: DidDocument) -> "Read":
        """A document that was made here, not fetched."""
        return cls(document, orjson.dumps(document.document))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a method may use: the outbound fetch, and whether loopback addresses are allowed (development only)."""

    fetch: "Fetch"
    development: bool = False


class Method(Protocol):
    """One DID method: ``lasting`` says that its documents never change."""

    @property
    def lasting(self) -> bool: ...

    async def read(self, did: str, surroundings: Surroundings, *, version_time: datetime | None) -> Read: ...
