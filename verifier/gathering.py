"""Where the facts of a verdict come from: the network with a cache before it, or a signed pack when there is none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from credentials.wire import VerifiableCredential
from didresolver import Resolver
from trust.facts import Facts
from trust.gather import gather
from trust.policy import TrustPolicy
from trust.snapshot import SnapshotCache

if TYPE_CHECKING:
    from runtime.fetch import Fetch


class FactsSource(Protocol):
    """Anything that knows, or finds out, what a judgement needs."""

    @property
    def offline(self) -> bool: ...

    async def facts(self, credentials: Sequence[VerifiableCredential], *, policy: TrustPolicy, now: datetime) -> Facts: ...


@dataclass(frozen=True, slots=True)
class Online:
    """Facts from issuers and trust list themselves, none for an issuer that the policy does not trust (``trust.gather``)."""

    resolver: Resolver
    fetch: "Fetch"
    cache: SnapshotCache
    offline: bool = False

    async def facts(self, credentials: Sequence[VerifiableCredential], *, policy: TrustPolicy, now: datetime) -> Facts:
        return await gather(credentials, policy=policy, resolver=self.resolver, fetch=self.fetch, now=now, cache=self.cache)


@dataclass(frozen=True, slots=True)
class FromPack:
    """Facts from an offline pack alone: ``read`` opens it anew for each judgement, so that an expired pack stops at its hour."""

    read: Callable[[datetime], Facts]
    offline: bool = True

    async def facts(self, credentials: Sequence[VerifiableCredential], *, policy: TrustPolicy, now: datetime) -> Facts:
        return self.read(now)
