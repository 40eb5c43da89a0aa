"""Where a handler finds what it needs: the parts of the office, by the names under which the application keeps them."""

from dataclasses import dataclass

from aiohttp import web

from issuer.enrol import Desk
from issuer.hand_out import Counter
from issuer.publish import StatusLists
from runtime.clock import Clock
from runtime.database import Database
from runtime.words import Words


@dataclass(frozen=True, slots=True, repr=False)
class Rooms:
    """The whole office as its handlers see it."""

    counter: Counter
    desk: Desk
    lists: StatusLists
    words: Words

    @property
    def database(self) -> Database:
        return self.counter.database

    @property
    def clock(self) -> Clock:
        return self.counter.clock


ROOMS: web.AppKey[Rooms] = web.AppKey("rooms", Rooms)
