"""The population register: whom it knows, and whether it confirms what a document says."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from doors.refusals import RegisterMismatch
from proofing.document import IdDocument


class Validity(StrEnum):
    """What the register says of the person's document."""

    VALID = "valid"
    EXPIRED = "expired"
    LOST = "lost"
    DECEASED = "deceased"


@dataclass(frozen=True, slots=True, repr=False)
class RegisterEntry:
    """One person in the register. Its ``repr`` shows no field."""

    citizen_number: str
    full_name: str
    birth_date: date
    validity: Validity


class PopulationRegister(Protocol):
    """Whoever can be asked about a person. ``name`` stands in the Evidence and says whose register it is."""

    @property
    def name(self) -> str: ...

    async def look_up(self, *, citizen_number: str, full_name: str) -> RegisterEntry:
        """The entry of the person with this number and this name.

        Raises ``RegisterMismatch`` (one answer for an unknown number and for another name) or ``RegisterUnavailable``.
        """
        ...


NO_SUCH_PERSON = "register: expected a person with this number and name, got none"
OTHER_BIRTH_DATE = "register: expected the birth date on the document, got another"
NOT_VALID = {
    Validity.EXPIRED: "register: expected a valid document, got one that has expired",
    Validity.LOST: "register: expected a valid document, got one reported lost",
    Validity.DECEASED: "register: expected a living person, got one recorded as deceased",
}


async def confirm(document: IdDocument, register: PopulationRegister) -> RegisterEntry:
    """The register's entry for ``document`` where both agree and the entry is valid; raises ``RegisterMismatch`` or
    ``RegisterUnavailable``."""
    entry = await register.look_up(citizen_number=document.citizen_number, full_name=document.full_name)
    if (entry.citizen_number, entry.full_name) != (document.citizen_number, document.full_name):
        raise RegisterMismatch(NO_SUCH_PERSON)
    if entry.birth_date != document.birth_date:
        raise RegisterMismatch(OTHER_BIRTH_DATE, pointer="/birth_date")
    if entry.validity is not Validity.VALID:
        raise RegisterMismatch(NOT_VALID[entry.validity])
    return entry
