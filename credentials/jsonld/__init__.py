"""Linked data without surprises: only bundled contexts, every term defined, one canonical text, at a bounded price."""

from credentials.jsonld.bundle import BUNDLED, PINS, context_bytes
from credentials.jsonld.canonical import canonical_form, canonicalize_nquads
from credentials.jsonld.contexts import Contexts
from credentials.jsonld.graph import canonicalize, statements
from credentials.jsonld.limits import LIMITS, Limits

__all__ = [
    "BUNDLED",
    "LIMITS",
    "PINS",
    "Contexts",
    "Limits",
    "canonical_form",
    "canonicalize",
    "canonicalize_nquads",
    "context_bytes",
    "statements",
]
