"""What the wallet may reach beyond its own file: the network, the clock, chance, and whom it believes."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from didresolver import Resolver
from doors.json import JsonLimits, JsonObject, parse_object
from doors.refusals import REFUSALS, FetchFailed, Refused
from runtime.clock import Clock
from runtime.crash import CrashPoints
from runtime.fetch import Fetch, Fetched
from trust.policy import TrustPolicy
from trust.snapshot import SnapshotCache
from wallet.vault import Randomness

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
LARGEST_ANSWER = 512 * 1024
_ANSWER_LIMITS = JsonLimits(size=LARGEST_ANSWER, string=256 * 1024)


@dataclass(frozen=True, slots=True)
class Reach:
    """The ports of the wallet's verbs; nothing below ``__main__`` and ``app`` makes one up."""

    fetch: Fetch
    resolver: Resolver
    cache: SnapshotCache
    policy: TrustPolicy
    clock: Clock
    random: Randomness
    crash: CrashPoints

    async def get_json(self, url: str) -> JsonObject:
        """The JSON object at ``url``; raises as ``answer_of`` for any status but 200, and what ``Fetch`` and ``parse_object`` raise."""
        fetched = await self.fetch(url, accept=JSON)
        if fetched.status != 200:
            raise _refusal_in(fetched)
        return parse_object(fetched.content)

    async def send_form(self, url: str, body: bytes) -> Fetched:
        """Whatever is answered to a form."""
        return await self.fetch(url, method="POST", body=body, headers={"Content-Type": FORM}, accept=JSON, max_bytes=LARGEST_ANSWER)

    async def post_form(self, url: str, body: bytes) -> JsonObject:
        return answer_of(await self.send_form(url, body))

    async def post_json(self, url: str, document: JsonObject, *, headers: Mapping[str, str]) -> JsonObject:
        sent = {"Content-Type": JSON, **headers}
        return answer_of(
            await self.fetch(url, method="POST", body=orjson.dumps(document), headers=sent, accept=JSON, max_bytes=LARGEST_ANSWER)
        )


def answer_of(fetched: Fetched) -> JsonObject:
    """The object answered; an error answer is raised as the refusal that its ``error`` or ``code`` names, else as ``FetchFailed``."""
    if 200 <= fetched.status < 300:
        return parse_object(fetched.content, _ANSWER_LIMITS) if fetched.content else {}
    raise _refusal_in(fetched)


def _refusal_in(fetched: Fetched) -> Refused:
    try:
        answer = parse_object(fetched.content)
    except Refused:
        answer = {}
    for member in ("code", "error"):
        kind = REFUSALS.get(str(answer.get(member, "")))
        if kind is not None:
            return kind("the other side refused with this code")
    return FetchFailed(f"expected success, got status {fetched.status}")
