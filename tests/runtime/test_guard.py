"""The door-keeper's counting: evenly refilled, by household, and without end of memory."""

from ipaddress import ip_network

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from doors.refusals import RateLimited
from runtime.web import RateLimit, address_of


def test_what_is_used_up_comes_back_with_time() -> None:
    now = 0.0
    limit = RateLimit(60, monotonic=lambda: now)
    for _ in range(60):
        limit.check("a")
    with pytest.raises(RateLimited):
        limit.check("a")
    limit.check("b")
    now = 2.0
    for _ in range(2):
        limit.check("a")
    with pytest.raises(RateLimited):
        limit.check("a")


def test_looking_costs_nothing() -> None:
    limit = RateLimit(1, monotonic=lambda: 0.0)
    for _ in range(5):
        limit.check("a", cost=0)
    limit.check("a")
    with pytest.raises(RateLimited):
        limit.check("a", cost=0)


def test_no_limit_is_no_limit() -> None:
    limit = RateLimit(0)
    for _ in range(1000):
        limit.check("a")


def test_only_so_many_addresses_are_remembered() -> None:
    limit = RateLimit(1, monotonic=lambda: 0.0)
    for number in range(60_000):
        limit.check(str(number))
    assert len(limit._buckets) == 50_000


@pytest.mark.parametrize(
    ("remote", "said", "trusted", "counted"),
    [
        ("198.51.100.1", "203.0.113.1", (), "198.51.100.1"),
        ("198.51.100.1", "203.0.113.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "203.0.113.1", ("10.0.0.0/8",), "203.0.113.1"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.1, 10.0.0.2", ("10.0.0.0/8",), "203.0.113.1"),
        ("10.0.0.1", "", ("10.0.0.0/8",), "10.0.0.1"),
        ("10.0.0.1", "nonsense", ("10.0.0.0/8",), "nonsense"),
        ("2001:db8:1:2:3:4:5:6", "", (), "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "", (), "fe80::/64"),
    ],
)
def test_who_asks(remote: str, said: str, trusted: tuple[str, ...], counted: str) -> None:
    request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": said}).clone(remote=remote)
    assert address_of(request, tuple(map(ip_network, trusted))) == counted


def test_what_the_client_wrote_above_the_proxys_own_line_does_not_count() -> None:
    lines = CIMultiDict([("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-For", "198.51.100.7")])
    request = make_mocked_request("GET", "/", headers=lines).clone(remote="10.0.0.1")
    assert address_of(request, (ip_network("10.0.0.0/8"),)) == "198.51.100.7"
