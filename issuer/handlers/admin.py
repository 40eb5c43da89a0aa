"""What the office's own people may do, each with a token that allows exactly that."""

from aiohttp import web

from doors import base64url
from doors.refusals import (
    AuditChainBroken,
    ConsentRequired,
    DocumentInvalid,
    EvidenceMismatch,
    EvidenceMissing,
    FaceMismatch,
    FaceMultiple,
    FaceNotFound,
    ImageInvalid,
    InputMalformed,
    LivenessFailed,
    NotExportable,
    NotFound,
    RegisterMismatch,
    RegisterUnavailable,
    StateConflict,
)
from issuer import crash_points
from issuer.enrol import citizen_tag, enrol, withdraw
from issuer.handlers import models
from issuer.handlers.enrolment_form import MAX_ENROLMENT, read_application
from issuer.handlers.rooms import ROOMS, Rooms
from issuer.offer import Offer, OfferOrder, make
from issuer.offer_message import offer_message, offer_url
from issuer.scopes import Scope
from issuer.status import CHANGES, change
from issuer.store import applications, credentials, offers
from openid4vc.vci.offer_link import offer_link, offer_reference_link
from runtime import journal
from runtime.web.answers import json_answer
from runtime.web.front import CALLER
from runtime.web.reading import read_json, read_query
from runtime.web.routes import Route, route


async def create_application(request: web.Request) -> web.Response:
    rooms = request.app[ROOMS]
    application = await read_application(request, application_id=rooms.counter.office.new_id("application"), clock=rooms.clock)
    record = await enrol(application, desk=rooms.desk, actor=request[CALLER].id)
    return json_answer(_application(record), 201)


async def show_application(request: web.Request) -> web.Response:
    name = request.match_info["id"]
    return json_answer(_application(await request.app[ROOMS].database.read(lambda connection: applications.find(connection, name))))


async def withdraw_application(request: web.Request) -> web.Response:
    rooms, name, actor = request.app[ROOMS], request.match_info["id"], request[CALLER].id
    await rooms.database.write(lambda connection: withdraw(connection, name, office=rooms.counter.office, actor=actor, now=rooms.clock()))
    return web.Response(status=204)


async def create_offer(request: web.Request) -> web.Response:
    rooms, actor = request.app[ROOMS], request[CALLER].id
    body = await read_json(request, models.OfferOrder)
    order = OfferOrder(body.application_id, tuple(dict.fromkeys(body.configurations)), body.tx_code)
    office = rooms.counter.office
    offer = await rooms.database.write(lambda connection: make(connection, order, office=office, actor=actor, now=rooms.clock()))
    office.reached(crash_points.OFFER_AFTER_RECORD)
    return json_answer(_offer(offer, rooms), 201)


async def show_offer(request: web.Request) -> web.Response:
    name = request.match_info["id"]
    record = await request.app[ROOMS].database.read(lambda connection: offers.find(connection, name))
    return json_answer(
        models.OfferState(
            id=record.id,
            application_id=record.application_id,
            state=record.state,
            configurations=list(record.configurations),
            recorded_at=record.recorded_at,
            expires_at=record.expires_at,
        )
    )


async def list_credentials(request: web.Request) -> web.Response:
    asked = read_query(request, models.CredentialQuery)
    wanted = credentials.Search(application_id=asked.application_id, status=asked.status, after=_number(asked.after), limit=asked.limit)
    return await _found(request.app[ROOMS], wanted)


async def search_credentials(request: web.Request) -> web.Response:
    """The number comes in the body, so that it stands in no address and no log."""
    rooms, asked = request.app[ROOMS], await read_json(request, models.CredentialSearch)
    tag = citizen_tag(asked.citizen_number, rooms.counter.office)
    return await _found(rooms, credentials.Search(citizen_tag=tag, status=asked.status, after=_number(asked.after), limit=asked.limit))


async def show_credential(request: web.Request) -> web.Response:
    name = request.match_info["id"]
    return json_answer(_credential(await request.app[ROOMS].database.read(lambda connection: credentials.find(connection, name))))


async def change_status(request: web.Request) -> web.Response:
    rooms, name, actor = request.app[ROOMS], request.match_info["id"], request[CALLER].id
    kind = CHANGES[request.match_info["change"]]
    order = await read_json(request, models.StatusOrder)
    office = rooms.counter.office
    record = await rooms.database.write(
        lambda connection: change(connection, name, kind, reason=order.reason, office=office, actor=actor, now=rooms.clock())
    )
    office.reached(crash_points.STATUS_AFTER_RECORD)
    return json_answer(_credential(record))


async def read_journal(request: web.Request) -> web.Response:
    asked = read_query(request, models.JournalQuery)
    found = await request.app[ROOMS].database.read(lambda connection: journal.entries(connection, after=asked.after, limit=asked.limit))
    return json_answer(models.JournalPage(entries=[_entry(entry) for entry in found]))


async def verify_journal(request: web.Request) -> web.Response:
    rooms, noted = request.app[ROOMS], read_query(request, models.WitnessedHead)
    if (noted.entry is None) != (noted.seal is None):
        raise InputMalformed("witnessed head: expected entry and seal together, or neither")
    witnessed = journal.Head(noted.entry, bytes.fromhex(noted.seal)) if noted.entry is not None and noted.seal is not None else None
    key = rooms.counter.office.journal_key
    head = await rooms.database.read(lambda connection: journal.verify_journal(connection, key=key, witnessed=witnessed))
    return json_answer(models.JournalHead(entry=head.entry, seal=head.seal.hex()))


async def show_keys(request: web.Request) -> web.Response:
    keys = request.app[ROOMS].counter.office.keys.all()
    shown = [models.KeyAnswer(id=key.kid, algorithm=key.algorithm, public_key_multibase=key.public.multikey()) for key in keys]
    return json_answer(models.KeyPage(keys=shown))


async def export_key(_request: web.Request) -> web.Response:
    raise NotExportable("key: the office's private keys never leave their files")


async def _found(rooms: Rooms, wanted: credentials.Search) -> web.Response:
    records = await rooms.database.read(lambda connection: credentials.search(connection, wanted))
    after = _token(records[-1].number) if len(records) == wanted.limit else ""
    return json_answer(models.CredentialPage(credentials=[_credential(record) for record in records], after=after))


def _token(number: int) -> str:
    return base64url.encode(number.to_bytes(8, "big"))


def _number(token: str) -> int:
    """The place that a token of ``_token`` continues from; raises ``InputMalformed`` for anything else."""
    decoded = base64url.decode(token)
    if token and (len(decoded) != 8 or decoded[0] >= 0x80):
        raise InputMalformed("after: expected the value of an earlier answer", pointer="/after")
    return int.from_bytes(decoded, "big")


def _application(record: applications.ApplicationRecord) -> models.ApplicationAnswer:
    return models.ApplicationAnswer(
        id=record.id,
        state=record.state,
        evidence=list(record.evidence["entries"]),
        recorded_at=record.recorded_at,
        erase_at=record.erase_at,
    )


def _offer(offer: Offer, rooms: Rooms) -> models.OfferAnswer:
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


def _credential(record: credentials.CredentialRecord) -> models.CredentialAnswer:
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


def _entry(entry: journal.Entry) -> models.JournalEntry:
    return models.JournalEntry(
        entry=entry.entry,
        at=entry.at,
        actor=entry.actor,
        act=entry.act,
        object_hash=entry.object_hash.hex(),
        reason=entry.reason,
        outcome=entry.outcome,
    )


_PROOFING = (
    ConsentRequired,
    DocumentInvalid,
    FaceMismatch,
    FaceMultiple,
    FaceNotFound,
    ImageInvalid,
    LivenessFailed,
    RegisterMismatch,
    RegisterUnavailable,
)

ROUTES: tuple[Route, ...] = (
    route(
        "POST",
        "/v1/applications",
        create_application,
        summary="Enrol a person: fields, consent, portrait, selfie (JSON with base64, or multipart)",
        body=models.ApplicationOrder,
        answer=models.ApplicationAnswer,
        status=201,
        scope=Scope.ISSUE,
        creates=True,
        max_bytes=MAX_ENROLMENT,
        refusals=_PROOFING,
    ),
    route(
        "GET",
        "/v1/applications/{id}",
        show_application,
        summary="An application",
        answer=models.ApplicationAnswer,
        scope=Scope.READ,
        refusals=(NotFound,),
    ),
    route(
        "POST",
        "/v1/applications/{id}/withdraw",
        withdraw_application,
        summary="The person withdraws: erase what is held of them",
        status=204,
        scope=Scope.ISSUE,
        refusals=(NotFound,),
    ),
    route(
        "POST",
        "/v1/offers",
        create_offer,
        summary="Offer a proved person their credentials",
        body=models.OfferOrder,
        answer=models.OfferAnswer,
        status=201,
        scope=Scope.ISSUE,
        creates=True,
        refusals=(NotFound, StateConflict, EvidenceMissing, EvidenceMismatch),
    ),
    route(
        "GET",
        "/v1/offers/{id}",
        show_offer,
        summary="What became of an offer",
        answer=models.OfferState,
        scope=Scope.READ,
        refusals=(NotFound,),
    ),
    route(
        "GET",
        "/v1/credentials",
        list_credentials,
        summary="List credentials",
        query=models.CredentialQuery,
        answer=models.CredentialPage,
        scope=Scope.READ,
    ),
    route(
        "POST",
        "/v1/credentials/search",
        search_credentials,
        summary="Find a person's credentials by citizen number",
        body=models.CredentialSearch,
        answer=models.CredentialPage,
        scope=Scope.READ,
    ),
    route(
        "GET",
        "/v1/credentials/{id}",
        show_credential,
        summary="A credential on record",
        answer=models.CredentialAnswer,
        scope=Scope.READ,
        refusals=(NotFound,),
    ),
    route(
        "POST",
        "/v1/credentials/{id}/{change:revoke|suspend|restore}",
        change_status,
        summary="Revoke (for ever), suspend or restore a credential",
        body=models.StatusOrder,
        answer=models.CredentialAnswer,
        scope=Scope.REVOKE,
        creates=True,
        refusals=(NotFound, StateConflict),
    ),
    route(
        "GET",
        "/v1/journal",
        read_journal,
        summary="Read the journal",
        query=models.JournalQuery,
        answer=models.JournalPage,
        scope=Scope.AUDIT,
    ),
    route(
        "POST",
        "/v1/journal/verify",
        verify_journal,
        summary="Verify the journal's chain, also against a head noted earlier",
        query=models.WitnessedHead,
        answer=models.JournalHead,
        scope=Scope.AUDIT,
        refusals=(AuditChainBroken,),
    ),
    route("GET", "/v1/keys", show_keys, summary="The office's public keys", answer=models.KeyPage, scope=Scope.READ),
    route("GET", "/v1/keys/{id}/private", export_key, summary="Always refused", scope=Scope.READ, refusals=(NotExportable,)),
)
