"""One question to one guest: open until it is answered well, cancelled, refused too often, or too old."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from doors.json import JsonObject
from trust.checks import Check

Flow = Literal["cross_device", "same_device"]
Status = Literal["waiting", "refused", "answered", "cancelled", "closed", "expired"]
OPEN: frozenset[Status] = frozenset({"waiting", "refused"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the last answer ended: ``word`` valid, invalid or undecided, its code where refused, and every check."""

    word: Literal["valid", "invalid", "undecided"]
    code: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a good answer leaves: the disclosed claims by query id, the receipt, and the case file where the policy keeps one."""

    claims: JsonObject
    receipt: JsonObject
    case_file: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A session as stored. ``request`` is the request object's members; ``response_key`` the private JWK for its answer alone.

    ``status`` is the stored one; ``status_at`` is what it means at a moment.
    """

    id: str
    policy_text: str
    policy_id: str
    flow: Flow
    created_at: datetime
    expires_at: datetime
    request: JsonObject
    response_key: JsonObject
    status: Status = "waiting"
    attempts: int = 0
    verdict: Verdict | None = None
    answered_at: datetime | None = None
    result: Result | None = None
    response_code_hash: str = ""

    def status_at(self, now: datetime) -> Status:
        return "expired" if self.status in OPEN and now >= self.expires_at else self.status

    @property
    def state(self) -> str:
        return str(self.request.get("state", ""))
