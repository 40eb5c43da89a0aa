"""How the office's records are told to its own people: everything but what they say about the person."""

from doors import base64url
from doors.refusals import InputMalformed
from issuer.handlers import models
from issuer.handlers.rooms import Rooms
from issuer.offer import Offer
from issuer.offer_message import offer_message, offer_url
from issuer.store import applications, credentials
from openid4vc.vci.offer_link import offer_link, offer_reference_link
from runtime import journal


def page_token(number: int) -> str:
    return base64url.encode(number.to_bytes(8, "big"))


def page_start(token: str) -> int:
    """The place that a token of ``_token`` continues from; raises ``InputMalformed`` for anything else."""
    decoded = base64url.decode(token)
    if token and (len(decoded) != 8 or decoded[0] >= 0x80):
        raise InputMalformed("after: expected the value of an earlier answer", pointer="/after")
    return int.from_bytes(decoded, "big")


def application_answer(record: applications.ApplicationRecord) -> models.ApplicationAnswer:
    return models.ApplicationAnswer(
        id=record.id,
        state=record.state,
        evidence=list(record.evidence["entries"]),
        recorded_at=record.recorded_at,
        erase_at=record.erase_at,
    )


def offer_answer(offer: Offer, rooms: Rooms) -> models.OfferAnswer:
    public_url = rooms.counter.office.keys.public_url
    url = offer_url(offer, public_url=public_url)
    return models.OfferAnswer(
        id=offer.record.id,
        link=offer_link(offer_message(offer, public_url=public_url, words=rooms.words)),
        reference_link=offer_reference_link(url),
        offer_uri=url,
        tx_code=offer.tx_code or None,
        expires_at=offer.record.expires_at,
    )


def credential_answer(record: credentials.CredentialRecord) -> models.CredentialAnswer:
    return models.CredentialAnswer(
        id=record.id,
        application_id=record.application_id,
        offer_id=record.offer_id,
        configuration=record.configuration,
        state=record.state,
        status=record.status,
        status_reason=record.status_reason,
        status_at=record.status_at,
        status_list=record.place.list_number,
        status_index=record.place.index,
        recorded_at=record.recorded_at,
        valid_until=record.valid_until,
    )


def journal_entry(entry: journal.Entry) -> models.JournalEntry:
    return models.JournalEntry(
        entry=entry.entry,
        at=entry.at,
        actor=entry.actor,
        act=entry.act,
        object_hash=entry.object_hash.hex(),
        reason=entry.reason,
        outcome=entry.outcome,
    )
