"""The office's name, which follows from its address."""

from urllib.parse import urlsplit


def did_web(public_url: str) -> str:
    """The did:web of an address without a path; a port's colon is written %3A (did:web method §3.1)."""
    return f"did:web:{urlsplit(public_url).netloc.replace(':', '%3A')}"
