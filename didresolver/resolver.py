"""One way to ask for a DID document, with one cache in front of all methods."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from credentials.did_document import DidDocument
from didresolver.methods import METHODS
from didresolver.methods.lasting import Lasting
from didresolver.methods.ports import Method, Read, Surroundings, Wanted
from didresolver.syntax import Did, parse_did
from doors.json import JsonObject
from doors.refusals import DidMethodUnsupported, DidStale, Network

if TYPE_CHECKING:
    from runtime.clock import Clock
    from runtime.fetch import Fetch


@dataclass(frozen=True, slots=True)
class Resolution:
    """A DID document, the bytes it was read from, and when; ``metadata`` is the DID document metadata (DID Resolution §6).

    ``keep_for`` is how long its owner lets it be kept, where the method lets an owner say so.
    """

    document: DidDocument
    content: bytes
    retrieved_at: datetime
    metadata: JsonObject = field(default_factory=dict)
    keep_for: timedelta | None = None


class Resolver(Protocol):
    """Anything that finds DID documents."""

    async def resolve(self, did: str, *, version_time: datetime | None = None) -> Resolution:
        """The document of ``did``, at ``version_time`` where that is given.

        Raises ``DidInvalid``, ``DidMethodUnsupported``, ``DidOptionUnsupported``, ``DidNotFound``, ``DidDeactivated``,
        ``DidDocumentInvalid``, ``DidLogInvalid``, ``KeyNotAllowed``, ``DidStale`` and what the fetch raises.
        """
        ...


def expand_self_certifying(did: str) -> DidDocument:
    """The document of a DID that is its own key (did:key, did:jwk, did:peer), without asking anybody.

    Raises ``DidInvalid``, and ``DidMethodUnsupported`` for every other method.
    """
    parsed = parse_did(did)
    method = METHODS.get(parsed.method)
    if not isinstance(method, Lasting):
        raise DidMethodUnsupported("DID: expected one that is its own key (did:key, did:jwk, did:peer)")
    return method.expand(did)


def is_self_certifying(did: str) -> bool:
    """Whether ``did`` is of a method whose DID alone says its document."""
    return did.startswith("did:") and isinstance(METHODS.get(did.split(":")[1]), Lasting)


def method_of(did: Did) -> Method:
    """Raises ``DidMethodUnsupported``."""
    method = METHODS.get(did.method)
    if method is None:
        raise DidMethodUnsupported(f"DID: expected a method of {', '.join(METHODS)}, got another")
    return method


class CachingResolver:
    """Resolves by ``METHODS`` through one bounded cache.

    A document younger than ``fresh_for`` is answered from the cache. An older one is asked for again; while its place cannot be
    reached it still serves up to ``max_age``, and is then refused with ``DidStale``. ``retrieved_at`` says how old it is.
    """

    def __init__(
        self,
        fetch: "Fetch",
        clock: "Clock",
        *,
        development: bool = False,
        fresh_for: timedelta = timedelta(minutes=5),
        max_age: timedelta = timedelta(hours=24),
        size: int = 10_000,
    ) -> None:
        self._surroundings = Surroundings(fetch, clock, development)
        self._clock = clock
        self._fresh_for = min(fresh_for, max_age)
        self._max_age = max_age
        self._size = size
        self._kept: dict[str, Resolution] = {}
        self._asking: dict[str, asyncio.Task[Resolution]] = {}

    async def resolve(
        self, did: str, *, version_time: datetime | None = None, version_id: str | None = None, version_number: int | None = None
    ) -> Resolution:
        """The document of ``did``, in the version that was good at a time, or that has this id or number (DID Core 1.0 §3.2.1)."""
        method, wanted = method_of(parse_did(did)), Wanted(version_time, version_id, version_number)
        if method.lasting or not wanted.is_newest:
            return self._resolution(await method.read(did, self._surroundings, wanted=wanted))
        kept = self._kept.get(did)
        if kept is not None and self._is_fresh(kept):
            return kept
        try:
            return await self._ask_once(did, method)
        except Network as refusal:
            return self._still_usable(kept, refusal)

    def _still_usable(self, kept: Resolution | None, refusal: Network) -> Resolution:
        if kept is None:
            raise refusal
        if self._age(kept) > self._max_age:
            raise DidStale(
                f"DID document: expected one of the last {self._max_age}, and nothing newer can be had ({refusal.code})"
            ) from refusal
        return kept

    def _is_fresh(self, kept: Resolution) -> bool:
        return self._age(kept) <= (self._fresh_for if kept.keep_for is None else min(self._fresh_for, kept.keep_for))

    def _age(self, kept: Resolution) -> timedelta:
        return self._clock() - kept.retrieved_at

    async def _ask_once(self, did: str, method: Method) -> Resolution:
        """Many who ask for one DID at a time share one request."""
        asking = self._asking.get(did)
        if asking is None:
            asking = asyncio.ensure_future(self._ask(did, method))
            self._asking[did] = asking
            asking.add_done_callback(lambda _: self._asking.pop(did, None))
        return await asyncio.shield(asking)

    async def _ask(self, did: str, method: Method) -> Resolution:
        resolution = self._resolution(await method.read(did, self._surroundings, wanted=Wanted()))
        self._kept.pop(did, None)
        if resolution.keep_for == timedelta(0):
            return resolution
        self._kept[did] = resolution
        if len(self._kept) > self._size:
            del self._kept[next(iter(self._kept))]
        return resolution

    def _resolution(self, read: Read) -> Resolution:
        return Resolution(read.document, read.content, self._clock(), read.metadata, read.keep_for)
