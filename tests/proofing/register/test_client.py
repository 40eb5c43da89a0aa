"""The client takes clear answers only; everything else means that the register could not be asked."""

import json
from collections.abc import Mapping

import pytest

from doors.refusals import FetchTimeout, Refused, RegisterMismatch, RegisterUnavailable, UrlBlocked
from proofing.register import Validity
from proofing.register.client import HttpRegister
from runtime.fetch import Fetched

GOOD = {"citizen_number": "110199195001010015", "full_name": "王丽", "birth_date": "1950-01-01", "validity": "valid"}


class Answering:
    """A fetch that gives one recorded answer and remembers what it was sent."""

    def __init__(self, content: bytes | Refused, status: int = 200) -> None:
        self.content, self.status = content, status
        self.url, self.body = "", b""

    async def __call__(
        self,
        url: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 0,
        accept: str = "",
    ) -> Fetched:
        self.url, self.body = url, body or b""
        if isinstance(self.content, Refused):
            raise self.content
        return Fetched(self.status, self.content, "application/json", "", url)


async def looked_up(fetch: Answering) -> Validity:
    register = HttpRegister(fetch, url="https://register.example/", token="reg_x", name="register")
    return (await register.look_up(citizen_number=str(GOOD["citizen_number"]), full_name="王丽")).validity


@pytest.mark.parametrize("validity", list(Validity))
async def test_a_clear_answer_is_taken(validity: Validity) -> None:
    assert await looked_up(Answering(json.dumps(GOOD | {"validity": validity.value}).encode())) is validity


async def test_the_number_travels_in_the_body_and_not_in_the_address() -> None:
    fetch = Answering(json.dumps(GOOD).encode())
    await looked_up(fetch)
    assert fetch.url == "https://register.example/v1/look-ups"
    assert json.loads(fetch.body) == {"citizen_number": GOOD["citizen_number"], "full_name": "王丽"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"<html>",
        b'{"validity":"valid"}',
        json.dumps(GOOD | {"validity": "fine"}).encode(),
        json.dumps(GOOD | {"validity": None}).encode(),
        json.dumps(GOOD | {"birth_date": "1950-02-30"}).encode(),
        json.dumps(GOOD | {"full_name": 3}).encode(),
        b'{"validity":"valid","validity":"lost"}',
    ],
)
async def test_an_unclear_answer_decides_nothing(content: bytes) -> None:
    with pytest.raises(RegisterUnavailable):
        await looked_up(Answering(content))


@pytest.mark.parametrize(
    ("status", "content"), [(404, b"{}"), (404, b'{"code":"not_found"}'), (422, b'{"code":"input_malformed"}'), (500, b""), (401, b"")]
)
async def test_only_the_registers_own_no_is_a_mismatch(status: int, content: bytes) -> None:
    with pytest.raises(RegisterUnavailable):
        await looked_up(Answering(content, status))
    with pytest.raises(RegisterMismatch):
        await looked_up(Answering(b'{"code":"register_mismatch"}', 422))


@pytest.mark.parametrize("failure", [FetchTimeout("register.example: too slow"), UrlBlocked("address: not allowed")])
async def test_a_register_that_cannot_be_reached_decides_nothing(failure: Refused) -> None:
    with pytest.raises(RegisterUnavailable) as refused:
        await looked_up(Answering(failure))
    assert "110199" not in refused.value.detail
