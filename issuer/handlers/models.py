"""What the office's own people send and get: each message with its fields, and no other fields."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from issuer.status import REASONS
from runtime.web.routes import Body

Text = Annotated[str, Field(min_length=1, max_length=500)]
Picture = Annotated[str, Field(min_length=1, max_length=12 * 1024 * 1024, description="A JPEG or PNG file in base64")]
ApplicationId = Annotated[str, Field(pattern=r"^application_[0-9a-f]{32}$")]
ConfigurationId = Literal["id-card-ldp", "id-card-sd-jwt"]
Status = Literal["valid", "suspended", "revoked"]
Reason = Literal[REASONS]  # type: ignore[valid-type] # the list is the one source
Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class DocumentFields(Body):
    """The identity document as typed at the desk; days as YYYY-MM-DD, sex 1 (male) or 2 (female)."""

    family_name: Text
    given_name: Text
    full_name: Text
    birth_date: Day
    sex: int
    nationality: Text
    citizen_number: Text
    document_number: Text
    issuing_authority: Text
    issuance_date: Day
    expiry_date: Day
    ethnicity: Text | None = None
    resident_address: Text | None = None


class ConsentGiven(Body):
    """The person's separate consent to the comparison of their face: which notice was shown, who agreed, when."""

    notice: Text
    given_by: Literal["self", "guardian"]
    given_at: AwareDatetime


class ApplicationForm(Body):
    """What is typed at the desk; in a multipart request the part ``application``, beside the files ``portrait`` and ``selfie``."""

    document: DocumentFields
    consent: ConsentGiven | None = None


class ApplicationOrder(ApplicationForm):
    """Enrol a person: the fields, the consent, and both pictures."""

    portrait: Picture
    selfie: Picture


class ApplicationAnswer(Body):
    """An application on record. ``evidence`` says how the person was proved; it holds nothing about the person."""

    id: str
    state: str
    evidence: list[dict[str, object]]
    recorded_at: AwareDatetime
    erase_at: AwareDatetime


class OfferOrder(Body):
    """Offer an applicant their credentials; the transaction code is told to the person by another way."""

    application_id: ApplicationId
    configurations: Annotated[list[ConfigurationId], Field(min_length=1, max_length=2)] = Field(default=["id-card-ldp", "id-card-sd-jwt"])
    tx_code: bool = True


class OfferAnswer(Body):
    """An offer, shown once: ``link`` and ``reference_link`` for the wallet, ``tx_code`` for the person alone."""

    id: str
    link: str
    reference_link: str
    offer_uri: str
    tx_code: str | None = None
    expires_at: AwareDatetime


class OfferState(Body):
    """What became of an offer."""

    id: str
    application_id: str
    state: str
    configurations: list[str]
    recorded_at: AwareDatetime
    expires_at: AwareDatetime


class CredentialSearch(Body):
    """Find a person's credentials by their citizen number, which is hashed under the office's key before anything is looked up."""

    citizen_number: Annotated[str, Field(pattern=r"^[0-9]{17}[0-9X]$")]
    status: Status | None = None
    after: Annotated[str, Field(max_length=64)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class CredentialQuery(Body):
    """List credentials, oldest first, by application or status."""

    application_id: ApplicationId | None = None
    status: Status | None = None
    after: Annotated[str, Field(max_length=64)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class CredentialAnswer(Body):
    """A credential on record: its place, its status, and nothing of what it says."""

    id: str
    application_id: str
    offer_id: str
    configuration: str
    state: str
    status: str
    status_reason: str
    status_at: AwareDatetime
    status_list: int
    status_index: int
    recorded_at: AwareDatetime
    valid_until: AwareDatetime


class CredentialPage(Body):
    """Credentials, and the token that continues the list ("" at its end)."""

    credentials: list[CredentialAnswer]
    after: str


class StatusOrder(Body):
    """Change a status, for a reason from the list."""

    reason: Reason


class JournalQuery(Body):
    """Read the journal from after an entry."""

    after: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class JournalEntry(Body):
    """One act: who did what to which object (by keyed hash), why, when."""

    entry: int
    at: str
    actor: str
    act: str
    object_hash: str
    reason: str
    outcome: str


class JournalPage(Body):
    """Entries in order."""

    entries: list[JournalEntry]


class JournalHead(Body):
    """The last entry of a journal in which every entry is the one that was written."""

    entry: int
    seal: str


class WitnessedHead(Body):
    """A head noted earlier outside the database; with it a cut-off tail or an older copy shows too."""

    entry: Annotated[int, Field(ge=1)] | None = None
    seal: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class KeyAnswer(Body):
    """A public key of the office."""

    id: str
    algorithm: str
    public_key_multibase: str


class KeyPage(Body):
    """The office's public keys."""

    keys: list[KeyAnswer]
