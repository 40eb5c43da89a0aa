"""A resolution as it is told to others: the DID Resolution Result, for success and for each way to fail (DID Resolution §5, §10)."""

from collections.abc import Mapping
from types import MappingProxyType

from didresolver.resolver import Resolution
from doors.json import JsonObject
from doors.refusals import (
    DidDeactivated,
    DidDocumentInvalid,
    DidInvalid,
    DidLogInvalid,
    DidLogParametersInvalid,
    DidLogProofInvalid,
    DidMethodUnsupported,
    DidNotFound,
    DidOptionUnsupported,
    KeyNotAllowed,
    Refused,
    UnsupportedMediaType,
    UrlBlocked,
)
from runtime.clock import rfc3339

RESULT_TYPE = "application/did-resolution"
DOCUMENT_TYPES = ("application/did", "application/did+json", "application/did+ld+json", "application/json")
_ERRORS = "https://www.w3.org/ns/did#"
_KINDS: Mapping[type[Refused], tuple[str, int]] = MappingProxyType(
    {
        DidInvalid: ("INVALID_DID", 400),
        UrlBlocked: ("INVALID_DID", 400),
        DidLogInvalid: ("INVALID_DID", 400),
        DidLogParametersInvalid: ("INVALID_DID", 400),
        DidLogProofInvalid: ("INVALID_DID", 400),
        DidMethodUnsupported: ("METHOD_NOT_SUPPORTED", 501),
        DidOptionUnsupported: ("FEATURE_NOT_SUPPORTED", 501),
        DidNotFound: ("NOT_FOUND", 404),
        DidDocumentInvalid: ("INVALID_DID_DOCUMENT", 500),
        KeyNotAllowed: ("INVALID_DID_DOCUMENT", 500),
        UnsupportedMediaType: ("REPRESENTATION_NOT_SUPPORTED", 406),
    }
)
"""The error type and HTTP status of each refusal (DID Resolution §10.1); every other one is INTERNAL_ERROR with 500."""


def result_of(resolution: Resolution) -> JsonObject:
    """The result of a resolution that succeeded."""
    return {
        "didDocument": resolution.document.document,
        "didResolutionMetadata": {
            "contentType": DOCUMENT_TYPES[0],
            "retrieved": rfc3339(resolution.retrieved_at),
        },
        "didDocumentMetadata": resolution.metadata,
    }


def result_of_refusal(refusal: Refused, *, title: str) -> tuple[JsonObject, int]:
    """The result of a resolution that failed, and its HTTP status; ``code`` is this project's own name for it."""
    if isinstance(refusal, DidDeactivated):
        return {"didDocument": None, "didResolutionMetadata": {}, "didDocumentMetadata": {"deactivated": True}}, 410
    kind, status = _KINDS.get(type(refusal), ("INTERNAL_ERROR", 500))
    return _failed(kind, refusal.code, title=title, detail=refusal.detail), status


def result_of_invalid_option(detail: str) -> tuple[JsonObject, int]:
    return _failed("INVALID_OPTIONS", "input_malformed", title="A resolution option is not well-formed.", detail=detail), 400


def _failed(kind: str, code: str, *, title: str, detail: str) -> JsonObject:
    error = {"type": f"{_ERRORS}{kind}", "title": title, "detail": detail, "code": code}
    return {"didDocument": None, "didResolutionMetadata": {"error": error}, "didDocumentMetadata": {}}
