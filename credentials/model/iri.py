"""Identifiers: every name of a thing is an absolute IRI, so that it means the same everywhere (RFC 3987 §2.2)."""

import re

from doors.refusals import IriNotAbsolute

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
LONGEST = 64 * 1024


def is_absolute_iri(text: object) -> bool:
    """Whether ``text`` is an absolute IRI as RDF takes it: a scheme, then none of the characters that IRIREF forbids (N-Quads §3)."""
    return isinstance(text, str) and len(text) <= LONGEST and _ABSOLUTE.fullmatch(text) is not None


def check_absolute_iri(text: object, *, pointer: str) -> str:
    """``text``, or ``IriNotAbsolute``."""
    if not isinstance(text, str) or not is_absolute_iri(text):
        raise IriNotAbsolute("expected an absolute IRI with its scheme", pointer=pointer)
    return text
