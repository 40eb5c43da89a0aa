"""How a credential is written to say where its status stands: in a W3C document and in a token's ``status`` claim."""

from credentials.model.iri import check_absolute_iri
from credentials.wire import StatusEntry
from doors.json import JsonObject, JsonValue
from doors.refusals import DataModelMismatch, StatusIndexInvalid

BITSTRING_ENTRY = "BitstringStatusListEntry"
TOKEN_ENTRY = "TokenStatusListEntry"  # noqa: S105 - a type name
STATUS_LIST = "status_list"
LARGEST_INDEX = 2**31 - 1


def entry_object(entry: StatusEntry) -> JsonObject:
    """``entry`` as a member of ``credentialStatus``; raises ``DataModelMismatch`` for a kind that is not written here.

    A ``status_list`` entry stands in a W3C document as the ID-card context's ``TokenStatusListEntry``.
    """
    if entry.kind == BITSTRING_ENTRY:
        return {
            "type": BITSTRING_ENTRY,
            "statusPurpose": entry.purpose,
            "statusListIndex": str(entry.index),
            "statusListCredential": entry.list_url,
        }
    if entry.kind == STATUS_LIST:
        return {"type": TOKEN_ENTRY, "idx": entry.index, "uri": entry.list_url}
    raise DataModelMismatch(f"status: expected {BITSTRING_ENTRY} or {STATUS_LIST}", pointer="/credentialStatus")


def status_claim(entry: StatusEntry) -> JsonObject:
    """``entry`` as the ``status`` claim of a token (Token Status List §6.2)."""
    return {STATUS_LIST: {"idx": entry.index, "uri": entry.list_url}}


def entries_of_claim(status: JsonValue) -> tuple[StatusEntry, ...]:
    """The entries of a ``status`` claim, every mechanism one; those that are not read here have only their ``kind``.

    Raises ``DataModelMismatch``, ``StatusIndexInvalid`` and ``IriNotAbsolute`` (Token Status List §6.2, §8.3 step 1).
    """
    if not isinstance(status, dict) or not status:
        raise DataModelMismatch("status: expected an object that names a mechanism", pointer="/status")
    return tuple(_entry(kind, reference) for kind, reference in status.items())


def _entry(kind: str, reference: JsonValue) -> StatusEntry:
    if kind != STATUS_LIST:
        return StatusEntry(kind, "", 0, "")
    if not isinstance(reference, dict):
        raise DataModelMismatch("status_list: expected an object with idx and uri", pointer="/status/status_list")
    return token_entry(reference, pointer="/status/status_list")


def token_entry(reference: JsonObject, *, pointer: str) -> StatusEntry:
    """The entry that ``idx`` and ``uri`` of ``reference`` make."""
    index = reference.get("idx")
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index <= LARGEST_INDEX:
        raise StatusIndexInvalid("status: expected idx as an integer that is not negative", pointer=f"{pointer}/idx")
    return StatusEntry(STATUS_LIST, "", index, check_absolute_iri(reference.get("uri"), pointer=f"{pointer}/uri"))
