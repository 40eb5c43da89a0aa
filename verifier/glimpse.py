"""What the clerk may see for a moment and nobody keeps: the portrait, held in memory only, for minutes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from doors.json import JsonObject
from verifier.policy import Policy

LASTING = timedelta(minutes=5)
MOST = 64


@dataclass(slots=True)
class Glimpses:
    """Attributes by session that are never written down; at most ``MOST`` sessions, each for ``LASTING``."""

    _seen: dict[str, tuple[datetime, JsonObject]] = field(default_factory=dict)

    def note(self, session_id: str, claims: JsonObject, *, now: datetime) -> None:
        self._forget(now)
        if claims:
            self._seen[session_id] = (now + LASTING, claims)
        while len(self._seen) > MOST:
            del self._seen[next(iter(self._seen))]

    def of(self, session_id: str, *, now: datetime) -> JsonObject:
        """The claims by query id, {} where there are none any more."""
        self._forget(now)
        return self._seen[session_id][1] if session_id in self._seen else {}

    def _forget(self, now: datetime) -> None:
        for session_id in [each for each, (until, _) in self._seen.items() if until <= now]:
            del self._seen[session_id]


def kept_claims(claims: JsonObject, policy: Policy) -> JsonObject:
    """The claims by query id without those that the policy says are not kept."""
    return {query_id: {name: said[name] for name in said.keys() - _unkept(query_id, policy)} for query_id, said in claims.items()}


def passing_claims(claims: JsonObject, policy: Policy) -> JsonObject:
    """The claims by query id that are shown and not kept."""
    passing = {query_id: {name: said[name] for name in said.keys() & _unkept(query_id, policy)} for query_id, said in claims.items()}
    return {query_id: said for query_id, said in passing.items() if said}


def _unkept(query_id: str, policy: Policy) -> frozenset[str]:
    return frozenset(attribute.name for attribute in policy.ask(query_id).attributes if not attribute.kept)
