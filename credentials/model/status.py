"""Where a document says its status stands (Bitstring Status List 1.0 §2.1, and the Token Status List's entry beside it)."""

from credentials.model.iri import check_absolute_iri
from credentials.model.shapes import objects, types
from credentials.model.token_status import BITSTRING_ENTRY, LARGEST_INDEX, TOKEN_ENTRY, token_entry
from credentials.wire import StatusEntry
from doors.json import JsonObject, JsonValue
from doors.refusals import StatusIndexInvalid

SIZED_ENTRY = "BitstringStatusListEntry with statusSize"
"""The kind of a Bitstring entry of more than one bit, which is not read here."""


def status_entries(document: JsonObject) -> tuple[StatusEntry, ...]:
    """The status entries of a credential document; an entry of another type keeps that type as its ``kind``.

    Raises ``DataModelMismatch``, ``IriNotAbsolute`` or ``StatusIndexInvalid``.
    """
    if "credentialStatus" not in document:
        return ()
    return tuple(_entry(entry) for entry in objects(document["credentialStatus"], pointer="/credentialStatus"))


def _entry(entry: JsonObject) -> StatusEntry:
    kinds = types(entry.get("type"), pointer="/credentialStatus/type")
    if TOKEN_ENTRY in kinds:
        return token_entry(entry, pointer="/credentialStatus")
    if BITSTRING_ENTRY not in kinds:
        return StatusEntry(kinds[0], "", 0, str(entry.get("id", "")))
    list_url = check_absolute_iri(entry.get("statusListCredential"), pointer="/credentialStatus/statusListCredential")
    kind = BITSTRING_ENTRY if entry.get("statusSize", 1) == 1 else SIZED_ENTRY
    return StatusEntry(kind, str(entry.get("statusPurpose", "")), _index(entry.get("statusListIndex")), list_url)


def _index(text: JsonValue) -> int:
    """The index stands as text of decimal digits (Bitstring Status List 1.0 §2.1)."""
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or len(text) > 10 or int(text) > LARGEST_INDEX:
        raise StatusIndexInvalid("expected a status index as decimal digits, not negative", pointer="/credentialStatus/statusListIndex")
    return int(text)
