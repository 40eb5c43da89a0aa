"""Call a service of this machine by HTTP, as any program would."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from doors.json import JsonLimits, JsonObject, parse_object
from doors.refusals import Refused
from examples.demo.stage import Unexpected

_LIMITS = JsonLimits(size=32 * 1024 * 1024, members=100_000, string=16 * 1024 * 1024)
_SECONDS = 40


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status and its body."""

    status: int
    body: bytes

    @property
    def json(self) -> JsonObject:
        """The object answered; raises ``Unexpected`` where there is none."""
        try:
            return parse_object(self.body, _LIMITS)
        except Refused:
            raise Unexpected(f"expected a JSON object, got status {self.status} with something else") from None

    @property
    def code(self) -> str:
        """The stable code of a refusal, "" where there is none."""
        return str(self.json.get("code", ""))


def call(
    method: str,
    url: str,
    *,
    token: str = "",
    order: JsonObject | None = None,
    body: bytes | None = None,
    content_type: str = "application/octet-stream",
) -> Reply:
    """Ask, with ``order`` as JSON or ``body`` as it is; raises ``Unexpected`` where nobody answers."""
    parts = urlsplit(url)
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    content = json.dumps(order).encode() if order is not None else body
    if content is not None:
        headers["Content-Type"] = "application/json" if order is not None else content_type
    connection = HTTPConnection(parts.netloc, timeout=_SECONDS)
    try:
        connection.request(method, f"{parts.path}?{parts.query}" if parts.query else parts.path, body=content, headers=headers)
        answer = connection.getresponse()
        return Reply(answer.status, answer.read())
    except (OSError, HTTPException) as error:
        raise Unexpected(f"{parts.netloc} does not answer ({type(error).__name__})") from None
    finally:
        connection.close()
