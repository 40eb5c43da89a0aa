"""A credential: what an issuer says about a person, in the W3C data model 2.0 and without any seal yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from credentials.keys.public import PublicKey
from credentials.model.rules import check_credential
from credentials.model.shapes import objects, types
from credentials.model.status import status_entries
from credentials.timestamps import no_later, parse_timestamp
from credentials.wire import StatusEntry
from doors.json import JsonObject
from doors.refusals import CredentialExpired, DataModelMismatch


@dataclass(frozen=True, slots=True)
class Credential:
    """W3C credential data, the same for every format.

    ``document`` is the VCDM 2.0 document, never with a proof; it is not to be changed. ``holder_key`` is the key that a format
    binds the credential to beside the document (``cnf`` of an SD-JWT VC).
    """

    document: JsonObject
    holder_key: PublicKey | None = None

    @classmethod
    def parse(cls, document: JsonObject) -> "Credential":
        """The credential in ``document``, which follows the rules of VCDM 2.0; terms are for a format to check.

        Raises ``DataModelMismatch``, ``ContextInvalid``, ``IriNotAbsolute`` or ``InputMalformed``.
        """
        check_credential(document)
        status_entries(document)
        return cls(document)

    @property
    def id(self) -> str:
        """The credential's own IRI, empty where it has none."""
        return str(self.document.get("id", ""))

    @property
    def types(self) -> tuple[str, ...]:
        return types(self.document["type"], pointer="/type")

    @property
    def issuer(self) -> str:
        """The issuer's IRI, wherever the document keeps it (VCDM 2.0 §4.7)."""
        issuer = self.document["issuer"]
        return str(issuer["id"] if isinstance(issuer, dict) else issuer)

    @property
    def valid_from(self) -> datetime | None:
        return self._moment("validFrom")

    @property
    def valid_until(self) -> datetime | None:
        return self._moment("validUntil")

    @property
    def subjects(self) -> tuple[JsonObject, ...]:
        return objects(self.document["credentialSubject"], pointer="/credentialSubject")

    @property
    def claims(self) -> JsonObject:
        """What is said about the one subject, without its ``id``; raises ``DataModelMismatch`` where there are several."""
        if len(self.subjects) != 1:
            raise DataModelMismatch("expected one subject, got several", pointer="/credentialSubject")
        return {name: value for name, value in self.subjects[0].items() if name != "id"}

    @property
    def holder(self) -> str:
        """The IRI of the one subject, empty where it has none or there are several."""
        return str(self.subjects[0].get("id", "")) if len(self.subjects) == 1 else ""

    @property
    def status(self) -> tuple[StatusEntry, ...]:
        return status_entries(self.document)

    @property
    def evidence(self) -> tuple[JsonObject, ...]:
        return objects(self.document["evidence"], pointer="/evidence") if "evidence" in self.document else ()

    def valid_at(self, now: datetime, skew: timedelta) -> None:
        """Return if ``now`` lies in the credential's period, give or take ``skew``; raise ``CredentialExpired`` (VCDM 2.0 §4.9)."""
        if self.valid_from and not no_later(self.valid_from, now, skew=skew):
            raise CredentialExpired("expected a credential that is valid already, got one that starts later", pointer="/validFrom")
        if self.valid_until and not no_later(now, self.valid_until, skew=skew):
            raise CredentialExpired("expected a credential that is still valid, got one past its last moment", pointer="/validUntil")

    def _moment(self, member: str) -> datetime | None:
        return parse_timestamp(self.document[member], pointer=f"/{member}") if member in self.document else None
