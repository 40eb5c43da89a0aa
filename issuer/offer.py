"""Offer a proved person their credential, and let whoever brings the code in once, and only once."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from doors import base64url
from doors.refusals import InvalidGrant, InvalidRequest, NotFound, StateConflict
from issuer import crash_points
from issuer.configurations import configuration
from issuer.enrol import open_subject
from issuer.office import Office
from issuer.store import applications, offers
from runtime import journal
from runtime.spend import NotSpendable, add_spendable, count_try, peek, spend, void

CODE = "pre-authorized_code"
ENTITLEMENT = "entitlement"


@dataclass(frozen=True, slots=True)
class OfferOrder:
    """What the desk asks for: an offer of these configurations to this applicant, with or without a transaction code."""

    application_id: str
    configurations: tuple[str, ...]
    with_tx_code: bool


@dataclass(frozen=True, slots=True, repr=False)
class Offer:
    """An offer as it is shown once: ``reference`` leads to it, ``code`` redeems it, ``tx_code`` ("" for none) goes another way."""

    record: offers.OfferRecord
    reference: str
    code: str
    tx_code: str


@dataclass(frozen=True, slots=True, repr=False)
class Access:
    """What a redeemed code gives: an access token for the credentials offered."""

    token: str
    expires_at: datetime
    configurations: tuple[str, ...]


def make(connection: sqlite3.Connection, order: OfferOrder, *, office: Office, actor: str, now: datetime) -> Offer:
    """Record an offer (OpenID4VCI 1.0 §4.1).

    Raises ``NotFound``, ``StateConflict`` for an erased application, ``EvidenceMissing`` and ``EvidenceMismatch`` for one
    that is not this person's own proof, ``UnknownCredentialConfiguration``.
    """
    application = applications.find(connection, order.application_id)
    if application.state != "proven":
        raise StateConflict(f"application: expected one that is proven, got one that is {application.state}")
    open_subject(application, office=office)
    kinds = tuple(configuration(name).id for name in order.configurations)
    reference = base64url.encode(office.random_bytes(16))
    code, tx_code = code_of(reference, office), _new_tx_code(office) if order.with_tx_code else ""
    record = offers.OfferRecord(
        id=office.new_id("offer"),
        application_id=application.id,
        state="open",
        reference_tag=office.vault.tag(reference, purpose="offer reference"),
        code_tag=office.vault.tag(code, purpose="offer code"),
        tx_code_tag=_tx_code_tag(code, tx_code, office) if tx_code else None,
        configurations=kinds,
        recorded_at=now,
        expires_at=now + office.terms.code_life,
    )
    offers.insert(connection, record)
    add_spendable(connection, CODE, code, expires_at=record.expires_at, payload=record.id.encode())
    journal.append(connection, key=office.journal_key, actor=actor, act="offer.make", object_id=record.id, reason="", now=now)
    office.reached(crash_points.OFFER_IN_TRANSACTION)
    return Offer(record, reference, code, tx_code)


def code_of(reference: str, office: Office) -> str:
    """The code of the offer that ``reference`` leads to; it is derived, so that it need not be kept."""
    return base64url.encode(office.vault.tag(reference, purpose="code of reference"))


def find_open(connection: sqlite3.Connection, reference: str, *, office: Office, now: datetime) -> Offer:
    """The offer to whoever holds its reference; raises ``NotFound`` for unknown, redeemed, void and expired ones alike."""
    record = offers.find_by_reference(connection, office.vault.tag(reference, purpose="offer reference"))
    if record.state != "open" or record.expires_at <= now:
        raise NotFound("offer: expected one on record")
    return Offer(record, reference, code_of(reference, office), "")


def redeem(
    connection: sqlite3.Connection, *, code: str, tx_code: str, wanted: frozenset[str] = frozenset(), office: Office, now: datetime
) -> Access | InvalidGrant:
    """Spend ``code`` for an access token (OpenID4VCI 1.0 §6).

    ``tx_code`` is "" where none was sent. A wrong one is counted; so its refusal is returned, not raised, for what was counted
    has to be committed. ``wanted`` are the configurations that the request names, none where it leaves that to the offer.
    Raises ``InvalidGrant`` for any code that cannot be spent, ``InvalidRequest`` for a transaction code too many or too few and
    for a configuration that is not of the offer.
    """
    try:
        offer = offers.find(connection, peek(connection, CODE, code, now=now).decode())
        if not wanted <= set(offer.configurations):
            raise InvalidRequest("authorization_details: expected configurations of the offer, got another")
        if (offer.tx_code_tag is None) != (tx_code == ""):
            raise InvalidRequest(f"tx_code: expected {'none' if offer.tx_code_tag is None else 'the one sent by another way'}")
        if tx_code and _tx_code_tag(code, tx_code, office) != offer.tx_code_tag:
            return _refuse_tx_code(connection, code, offer, office=office, now=now)
        spend(connection, CODE, code, now=now)
    except NotSpendable as error:
        raise InvalidGrant("pre-authorized code: expected one that is on offer and not used yet") from error
    return _give_access(connection, offer, office=office, now=now)


def _give_access(connection: sqlite3.Connection, offer: offers.OfferRecord, *, office: Office, now: datetime) -> Access:
    token, expires_at = base64url.encode(office.random_bytes(32)), now + office.terms.access_life
    offers.set_state(connection, offer.id, "redeemed")
    offers.give_access(connection, offer.id, access_tag(token, office), expires_at)
    for name in offer.configurations:
        add_spendable(connection, ENTITLEMENT, entitlement(offer.id, name), expires_at=expires_at)
    journal.append(connection, key=office.journal_key, actor="wallet", act="offer.redeem", object_id=offer.id, reason="", now=now)
    office.reached(crash_points.TOKEN_IN_TRANSACTION)
    return Access(token, expires_at, offer.configurations)


def _refuse_tx_code(connection: sqlite3.Connection, code: str, offer: offers.OfferRecord, *, office: Office, now: datetime) -> InvalidGrant:
    if count_try(connection, CODE, code) >= office.terms.tx_code_tries:
        void(connection, CODE, code, now=now)
        offers.set_state(connection, offer.id, "void")
        journal.append(
            connection, key=office.journal_key, actor="wallet", act="offer.void", object_id=offer.id, reason="tx_code tries", now=now
        )
    return InvalidGrant("tx_code: expected the one sent by another way, got another")


def entitlement(offer_id: str, configuration_id: str) -> str:
    return f"{offer_id}/{configuration_id}"


def access_tag(token: str, office: Office) -> bytes:
    return office.vault.tag(token, purpose="access token")


def _new_tx_code(office: Office) -> str:
    """Six digits; 2^64 is so much larger than 10^6 that the remainder favours none noticeably."""
    return f"{int.from_bytes(office.random_bytes(8), 'big') % 1_000_000:06d}"


def _tx_code_tag(code: str, tx_code: str, office: Office) -> bytes:
    """Bound to its offer's code, under a key: six digits alone would be guessed from a plain hash at once."""
    return office.vault.tag(f"{code}/{tx_code}", purpose="tx_code")
