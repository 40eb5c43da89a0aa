"""The door-keeper: who may knock, how often, from which page, with what kind of parcel; before anything is opened."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from doors.refusals import Csrf, InputMalformed, InputTooLarge, NotFound, RateLimited, UnsupportedMediaType
from runtime.web.routes import Route

Network = IPv4Network | IPv6Network

_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_ADDRESSES_KEPT = 50_000


def check_host(request: web.Request, *, hosts: frozenset[str], development: bool) -> None:
    """The Host header names this service: one of ``hosts`` (``host`` or ``host:port``), or in development this machine.

    Raises ``InputMalformed``, so that no foreign name gets into a link and no rebound name reaches a local page.
    """
    host = request.headers.get(hdrs.HOST, "").lower()
    if host in hosts or (development and _hostname(host) in _LOCAL_HOSTS):
        return
    raise InputMalformed("host: expected the name under which this service is known")


def check_path(request: web.Request) -> None:
    """No path parameter leaves its place once it is decoded. Raises ``NotFound``."""
    for value in request.match_info.values():
        segments = value.replace("\\", "/").split("/")
        if "\\" in value or ".." in segments or value.startswith("/") or any(character < " " or character == "\x7f" for character in value):
            raise NotFound("path: there is nothing under this name")


def check_parcel(request: web.Request, *, max_bytes: int) -> None:
    """The body is not compressed and not larger than the route takes. Raises ``UnsupportedMediaType``, ``InputTooLarge``."""
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").strip().lower() != "identity":
        raise UnsupportedMediaType("body: expected no content coding")
    if (request.content_length or 0) > max_bytes:
        raise InputTooLarge(f"body: expected at most {max_bytes} bytes, got {request.content_length}")


def check_origin(request: web.Request, route: Route) -> None:
    """What a page may change, only that page's own origin asks for. Raises ``Csrf``.

    Browsers say where a request comes from in Sec-Fetch-Site and Origin; one of them must be there, and both must say "from here".
    """
    if route.shape != "page" or not route.writes:
        return
    site, origin = request.headers.get("Sec-Fetch-Site", ""), request.headers.get(hdrs.ORIGIN, "")
    if (
        not (site or origin)
        or site not in ("", "same-origin")
        or (origin and _netloc(origin) != request.headers.get(hdrs.HOST, "").lower())
    ):
        raise Csrf("origin: expected a request from this service's own page")


def address_of(request: web.Request, trusted: Sequence[Network]) -> str:
    """Who asks: the connection's address, or, where that is a trusted proxy, the last address in X-Forwarded-For that is none.

    Of an IPv6 address the first 64 bits count, since one household or machine has all the others (RFC 4291 §2.5.4).
    """
    address = request.remote or ""
    if not trusted:
        return _counted(address)
    lines = request.headers.getall("X-Forwarded-For", [])  # a proxy may write a line of its own below what the client sent
    for said in reversed(",".join(lines).split(",")):
        if not _is_within(address, trusted):
            break
        address = said.strip() or address
    return _counted(address)


@dataclass(slots=True)
class RateLimit:
    """At most ``per_minute`` requests an address, refilled evenly; 0 sets no limit."""

    per_minute: int
    monotonic: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def check(self, address: str, *, cost: float = 1.0) -> None:
        """Takes ``cost`` from what ``address`` has left; raises ``RateLimited`` where less than one is left. Cost 0 only looks."""
        if not self.per_minute:
            return
        now = self.monotonic()
        left, since = self._buckets.pop(address, (float(self.per_minute), now))
        left = min(float(self.per_minute), left + (now - since) * self.per_minute / 60)
        allowed = left >= 1.0
        self._buckets[address] = (left - cost if allowed else left, now)
        if len(self._buckets) > _ADDRESSES_KEPT:
            self._buckets.popitem(last=False)
        if not allowed:
            raise RateLimited(f"requests: expected at most {self.per_minute} a minute; wait and try again")


def _counted(address: str) -> str:
    if ":" not in address:
        return address
    try:
        return str(IPv6Network((address.partition("%")[0], 64), strict=False))
    except ValueError:
        return address


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _is_within(address: str, networks: Sequence[Network]) -> bool:
    try:
        number = ip_address(address)
    except ValueError:
        return False
    return any(number in network for network in networks)
