"""What a DID looks like: scheme, method, identifier (DID Core §3.1)."""

import re
from dataclasses import dataclass

from doors.refusals import DidInvalid

LONGEST_DID = 2048
_DID = re.compile(r"did:([a-z0-9]+):([^\s/?#]+)", re.ASCII)
_IDENTIFIER = re.compile(r"(?:(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})*:)*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Did:
    """A DID in its two parts; the ``identifier`` is checked by its method."""

    method: str
    identifier: str

    def __str__(self) -> str:
        return f"did:{self.method}:{self.identifier}"


def parse_did(text: str) -> Did:
    """The DID that ``text`` is, without path, query or fragment; raises ``DidInvalid``.

    Only the outer form is read here; ``check_identifier`` holds the identifier to the characters of DID Core §3.1.
    """
    if len(text) > LONGEST_DID:
        raise DidInvalid(f"DID: expected at most {LONGEST_DID} characters, got {len(text)}")
    match = _DID.fullmatch(text)
    if match is None:
        raise DidInvalid("DID: expected did:METHOD:IDENTIFIER, the method in small letters, without path, query or fragment")
    return Did(match[1], match[2])


def check_identifier(identifier: str) -> None:
    """Raises ``DidInvalid`` where ``identifier`` has characters that no DID may have (DID Core §3.1, ``method-specific-id``)."""
    if not _IDENTIFIER.fullmatch(identifier):
        raise DidInvalid("DID: expected letters, digits, '.', '-', '_', ':' and percent-encoded characters")
