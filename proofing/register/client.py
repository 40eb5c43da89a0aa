"""Ask a population register over HTTP: number and name in the body, never in an address, one small answer."""

import json
from datetime import date

from doors.json import JsonObject, parse_object
from doors.refusals import InputMalformed, Refused, RegisterMismatch, RegisterUnavailable
from proofing.register import NO_SUCH_PERSON, RegisterEntry, Validity
from runtime.fetch import Fetch, Fetched

LOOK_UPS = "/v1/look-ups"
_ANSWER_LIMIT = 4_096


class HttpRegister:
    """``PopulationRegister`` behind ``url``. ``token`` is the API token that the register gave this office."""

    def __init__(self, fetch: Fetch, *, url: str, token: str, name: str) -> None:
        self._fetch = fetch
        self._url = url.rstrip("/") + LOOK_UPS
        self._token = token
        self.name = name

    async def look_up(self, *, citizen_number: str, full_name: str) -> RegisterEntry:
        """See ``PopulationRegister.look_up``. Every answer but a clear one is ``RegisterUnavailable``: nothing is guessed."""
        answer = await self._ask({"citizen_number": citizen_number, "full_name": full_name})
        if answer.status == RegisterMismatch.http_status and _problem_code(answer.content) == RegisterMismatch.code:
            raise RegisterMismatch(NO_SUCH_PERSON)
        if answer.status != 200:
            raise RegisterUnavailable(f"register: expected an answer with status 200, got {answer.status}")
        return _entry(answer.content)

    async def _ask(self, question: JsonObject) -> Fetched:
        body = json.dumps(question, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        try:
            return await self._fetch(
                self._url, method="POST", body=body, headers=headers, max_bytes=_ANSWER_LIMIT, accept="application/json"
            )
        except Refused as refusal:
            raise RegisterUnavailable(f"register: could not be asked ({refusal.code})") from None


def _entry(content: bytes) -> RegisterEntry:
    try:
        answer = parse_object(content)
        return RegisterEntry(
            citizen_number=_text(answer, "citizen_number"),
            full_name=_text(answer, "full_name"),
            birth_date=date.fromisoformat(_text(answer, "birth_date")),
            validity=Validity(_text(answer, "validity")),
        )
    except (Refused, ValueError):
        raise RegisterUnavailable("register: expected an entry with number, name, birth date and validity, got something else") from None


def _text(answer: JsonObject, member: str) -> str:
    value = answer.get(member)
    if not isinstance(value, str):
        raise InputMalformed(f"{member}: expected a text")
    return value


def _problem_code(content: bytes) -> str:
    try:
        code = parse_object(content).get("code")
    except Refused:
        return ""
    return code if isinstance(code, str) else ""
