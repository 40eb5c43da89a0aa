"""A service looks at itself as others see it: through its public address, once it listens; and says in one line what it found."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TextIO

import orjson

from doors.refusals import FetchFailed, Refused
from runtime.fetch import Fetch
from runtime.log import failure_fields, logger

Expectation = Callable[[bytes], None]
"""Returns where the content is what this service published; raises ``Refused`` that says what was expected and what came."""


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page that a service publishes at ``url``, and how it knows its own."""

    url: str
    is_ours: Expectation
    accept: str = "application/json"


async def see_ourselves(pages: Sequence[OwnPage], *, fetch: Fetch) -> None:
    """Returns where every page is there and is ours; raises what ``fetch`` raises, ``FetchFailed`` for another status than 200, and what
    ``OwnPage.is_ours`` raises."""
    for page in pages:
        answer = await fetch(page.url, accept=page.accept)
        if answer.status != 200:
            raise FetchFailed(f"{page.url}: expected our own page, got status {answer.status}")
        page.is_ours(answer.content)


async def tell_what_is_seen(public_url: str, pages: Sequence[OwnPage], *, fetch: Fetch, stream: TextIO | None = None) -> None:
    """One JSON line on ``stream`` (standard error): ``{"public_url": …, "seen": "ours" | code, "detail": …}``. Never raises."""
    try:
        await see_ourselves(pages, fetch=fetch)
        told = {"public_url": public_url, "seen": "ours", "detail": "the public address leads here"}
    except Refused as refusal:
        told = {"public_url": public_url, "seen": refusal.code, "detail": refusal.detail}
    except Exception as error:
        logger().error("self-check failed", **failure_fields(error))
        return
    stream = stream or sys.stderr
    stream.write(orjson.dumps(told).decode() + "\n")
    stream.flush()
