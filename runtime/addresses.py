"""Which addresses may be called from here: public ones only, spelt plainly; the machine itself only while developing."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

from doors.refusals import TlsError, UrlBlocked

Address = IPv4Address | IPv6Address

_LONGEST = 2048
_HOST_AND_PORT = r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::(?P<port>[0-9]{1,5}))?"
_URL = re.compile(rf"(?P<scheme>https?)://{_HOST_AND_PORT}(?P<rest>[/?].*)?", re.IGNORECASE | re.ASCII)
_REST = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*")  # RFC 3986 §3.3 and §3.4; no fragment is ever sent
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")  # such a last label makes a C library read an IPv4 number (WHATWG URL §3.5)
_LOCAL_NAME = "localhost"

# IANA special-purpose registries (RFC 6890 and updates), multicast, reserved space, and a cloud's control address with a public number.
_REFUSED_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
        ),
    )
)
# Only global unicast is called (RFC 4291 §2.4), so mapped, compatible, NAT64, local and multicast forms are all out; within it
# what carries an IPv4 address (Teredo, 6to4) or is for documents and tests.
_GLOBAL_V6 = IPv6Network("2000::/3")
_REFUSED_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")))


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked for: ``url`` in one plain spelling, and the host and port to connect to."""

    url: str
    scheme: str
    host: str
    port: int


def parse_target(url: str, *, development: bool) -> Target:
    """``url`` as a target that may be looked up and called.

    Raises ``UrlBlocked`` for every other scheme, user names, fragments, unusual spellings, ports below 1024 other than 443, names
    without a dot and refused addresses; ``TlsError`` for plain http. With ``development`` the machine itself may be called, also by http.
    """
    if len(url) > _LONGEST:
        raise UrlBlocked(f"address: expected at most {_LONGEST} characters, got {len(url)}")
    found = _URL.fullmatch(url)
    if not found or not _REST.fullmatch(found["rest"] or ""):
        raise UrlBlocked("address: expected https://host[:port]/path in plain ASCII, without user name or fragment")
    scheme, host = found["scheme"].lower(), found["host"].lower()
    local = _check_host(host, development=development)
    if scheme == "http" and not local:
        raise TlsError("address: expected https, got http")
    port = int(found["port"] or (443 if scheme == "https" else 80))
    _check_port(port, local=local)
    shown = host if found["port"] is None else f"{host}:{port}"
    return Target(f"{scheme}://{shown}{_rooted(found['rest'] or '')}", scheme, host.strip("[]"), port)


def check_address(text: str, *, development: bool) -> Address:
    """The IP address that ``text`` writes, if it may be connected to. Raises ``UrlBlocked``."""
    address = _literal(text)
    if address is None:
        raise UrlBlocked("address: expected an IP address in its plain spelling")
    if development and address.is_loopback:
        return address
    if isinstance(address, IPv4Address):
        refused = any(address in network for network in _REFUSED_V4)
    else:
        refused = address.scope_id is not None or address not in _GLOBAL_V6 or any(address in network for network in _REFUSED_V6)
    if refused or not address.is_global:
        raise UrlBlocked("address: expected a public one, got one of a private, local or special range")
    return address


def _check_host(host: str, *, development: bool) -> bool:
    """Whether ``host`` is this machine (which only development allows); raises ``UrlBlocked`` where it may not be called or looked up."""
    literal = _literal(host.strip("[]"))
    if literal is not None and (":" in host) == host.startswith("["):
        check_address(str(literal), development=development)
        return literal.is_loopback
    if development and host == _LOCAL_NAME:
        return True
    labels = host.split(".")
    if len(host) > 253 or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)) or _NUMERIC.fullmatch(labels[-1]):
        raise UrlBlocked("address: expected a full domain name or a public IP address in its plain spelling")
    if labels[-1] == _LOCAL_NAME:
        raise UrlBlocked("address: expected a public name, got one of this machine")
    return False


def _check_port(port: int, *, local: bool) -> None:
    if port in (443, *([80] if local else [])) or 1024 <= port <= 65535:
        return
    raise UrlBlocked(f"address: expected port 443 or 1024 to 65535, got {port}")


def _literal(text: str) -> Address | None:
    try:
        return IPv6Address(text) if ":" in text else IPv4Address(text)
    except AddressValueError:
        return None


def _rooted(rest: str) -> str:
    return rest if rest.startswith("/") else f"/{rest}"
