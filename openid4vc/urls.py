"""What counts as a web address in a message, and where the well-known documents of an identifier lie."""

from urllib.parse import SplitResult, urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts for which plain http is read in messages; whether they may be reached is decided where fetching is done, not here."""


def split_url(text: str) -> SplitResult | None:
    """The parts of ``text``, or None where it is no URL that is read here: odd characters, broken port, no host."""
    if not text.isascii() or any(character <= " " or character in '\\"<>^`{|}\x7f' for character in text):
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.hostname else None


def is_web_url(text: str) -> bool:
    """Whether ``text`` is an https URL (http on loopback) without user name and fragment."""
    parts = split_url(text)
    if parts is None or "@" in parts.netloc or "#" in text:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def is_identifier_url(text: str) -> bool:
    """Whether ``text`` may be a Credential Issuer or Authorization Server identifier: no query (OpenID4VCI §12.2.1, RFC 8414 §2)."""
    return is_web_url(text) and "?" not in text


def well_known_url(identifier: str, name: str) -> str:
    """The address of the well-known document ``name``: put between host and path (OpenID4VCI §12.2.2, RFC 8414 §3.1)."""
    parts = urlsplit(identifier)
    return f"{parts.scheme}://{parts.netloc}/.well-known/{name}{parts.path.rstrip('/')}"
