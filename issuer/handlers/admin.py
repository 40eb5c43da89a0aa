"""What the office's own people may do, each with a token that allows exactly that."""

from aiohttp import web

from doors.refusals import (
    InputMalformed,
    NotExportable,
)
from issuer import crash_points
from issuer.enrol import citizen_tag, enrol, withdraw
from issuer.handlers import models
from issuer.handlers.answers import application_answer, credential_answer, journal_entry, offer_answer, page_start, page_token
from issuer.handlers.enrolment_form import read_application
from issuer.handlers.rooms import ROOMS, Rooms
from issuer.offer import OfferOrder, make
from issuer.status import CHANGES, change
from issuer.store import applications, credentials, offers
from runtime import journal
from runtime.web.answers import json_answer
from runtime.web.front import CALLER
from runtime.web.reading import read_json, read_query


async def create_application(request: web.Request) -> web.Response:
    rooms = request.app[ROOMS]
    application = await read_application(request, application_id=rooms.counter.office.new_id("application"), clock=rooms.clock)
    record = await enrol(application, desk=rooms.desk, actor=request[CALLER].id)
    return json_answer(application_answer(record), 201)


async def show_application(request: web.Request) -> web.Response:
    name = request.match_info["id"]
    return json_answer(application_answer(await request.app[ROOMS].database.read(lambda connection: applications.find(connection, name))))


async def withdraw_application(request: web.Request) -> web.Response:
    rooms, name, actor = request.app[ROOMS], request.match_info["id"], request[CALLER].id
    await rooms.database.write(lambda connection: withdraw(connection, name, office=rooms.counter.office, actor=actor, now=rooms.clock()))
    await rooms.database.empty_log()
    return web.Response(status=204)


async def create_offer(request: web.Request) -> web.Response:
    rooms, actor = request.app[ROOMS], request[CALLER].id
    body = await read_json(request, models.OfferOrder)
    order = OfferOrder(body.application_id, tuple(dict.fromkeys(body.configurations)), body.tx_code)
    office = rooms.counter.office
    offer = await rooms.database.write(lambda connection: make(connection, order, office=office, actor=actor, now=rooms.clock()))
    office.reached(crash_points.OFFER_AFTER_RECORD)
    return json_answer(offer_answer(offer, rooms), 201)


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
    wanted = credentials.Search(application_id=asked.application_id, status=asked.status, after=page_start(asked.after), limit=asked.limit)
    return await _found(request.app[ROOMS], wanted)


async def search_credentials(request: web.Request) -> web.Response:
    """The number comes in the body, so that it stands in no address and no log."""
    rooms, asked = request.app[ROOMS], await read_json(request, models.CredentialSearch)
    tag = citizen_tag(asked.citizen_number, rooms.counter.office)
    return await _found(rooms, credentials.Search(citizen_tag=tag, status=asked.status, after=page_start(asked.after), limit=asked.limit))


async def show_credential(request: web.Request) -> web.Response:
    name = request.match_info["id"]
    return json_answer(credential_answer(await request.app[ROOMS].database.read(lambda connection: credentials.find(connection, name))))


async def change_status(request: web.Request) -> web.Response:
    rooms, name, actor = request.app[ROOMS], request.match_info["id"], request[CALLER].id
    kind = CHANGES[request.match_info["change"]]
    order = await read_json(request, models.StatusOrder)
    office = rooms.counter.office
    record = await rooms.database.write(
        lambda connection: change(connection, name, kind, reason=order.reason, office=office, actor=actor, now=rooms.clock())
    )
    office.reached(crash_points.STATUS_AFTER_RECORD)
    return json_answer(credential_answer(record))


async def read_journal(request: web.Request) -> web.Response:
    asked = read_query(request, models.JournalQuery)
    found = await request.app[ROOMS].database.read(lambda connection: journal.entries(connection, after=asked.after, limit=asked.limit))
    return json_answer(models.JournalPage(entries=[journal_entry(entry) for entry in found]))


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
    after = page_token(records[-1].number) if len(records) == wanted.limit else ""
    return json_answer(models.CredentialPage(credentials=[credential_answer(record) for record in records], after=after))
