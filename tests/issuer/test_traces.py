"""What stays behind: nothing about the person in files, logs or answers, and after their time not even sealed."""

import asyncio
import json
from pathlib import Path

import pytest

from credentials.keys import generate_key
from issuer.app import sweep_for_ever
from issuer.vault import Vault
from tests.issuer.service import SD_JWT, Service
from tests.issuer.world import citizen_number, id_document


def canaries() -> list[bytes]:
    """The person's fields in the encodings in which they might lie about."""
    document = id_document()
    texts = [document.full_name, document.given_name, document.citizen_number, document.document_number, document.resident_address]
    return [text.encode(encoding) for text in texts for encoding in ("utf-8", "utf-16-le", "gbk")] + [
        json.dumps(text)[1:-1].encode() for text in texts
    ]


async def test_after_the_whole_way_no_file_and_no_log_line_tells_who_it_was(
    service: Service, tmp_path, capfd: pytest.CaptureFixture[str]
) -> None:
    access = await service.access()
    assert (await service.fetch(access, generate_key("EdDSA"))).status == 200
    await service.fetch(access, generate_key("ES256"), configuration=SD_JWT)
    await service.admin("POST", "/v1/credentials/search", json={"citizen_number": citizen_number()})
    await service.credential(access, {"jwt": ["a.b.c"]})
    told = "".join(capfd.readouterr()).encode()
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for canary in canaries():
        assert canary not in stored
        assert canary not in told
    assert access.encode() not in stored + told


async def test_after_its_time_nothing_sealed_is_left_to_open(service: Service, tmp_path) -> None:
    application_id = await service.applicant()
    database, office = service.rooms.database, service.rooms.counter.office
    sealed: bytes = await database.read(lambda c: c.execute("SELECT claims_sealed FROM application").fetchone()[0])
    assert b"Xiaomei" in office.vault.open(sealed, about=application_id)
    assert (await service.fetch(await service.access(application_id=application_id), generate_key("EdDSA"))).status == 200
    service.clock.forward(minutes=11)
    sweeping = asyncio.create_task(sweep_for_ever(service.rooms))
    async with asyncio.timeout(20):
        while sealed in await asyncio.to_thread(on_disk, tmp_path):
            assert not sweeping.done()
    sweeping.cancel()
    kept = await database.read(
        lambda c: c.execute(
            "SELECT (SELECT count(*) FROM application WHERE claims_sealed IS NOT NULL)"
            " + (SELECT count(*) FROM credential WHERE draft_sealed IS NOT NULL OR wire_sealed IS NOT NULL)"
        ).fetchone()[0]
    )
    assert kept == 0


async def test_who_withdraws_is_gone_from_the_disk_at_once(service: Service, tmp_path) -> None:
    application_id = await service.applicant()
    access = await service.access(application_id=application_id)
    assert (await service.fetch(access, generate_key("EdDSA"))).status == 200
    held = await service.rooms.database.read(
        lambda c: c.execute("SELECT claims_sealed, draft_sealed, wire_sealed FROM application JOIN credential").fetchone()
    )
    assert all(sealed in on_disk(tmp_path) for sealed in held)
    assert (await service.admin("POST", f"/v1/applications/{application_id}/withdraw")).status == 204
    assert not any(sealed[:64] in on_disk(tmp_path) or sealed[-64:] in on_disk(tmp_path) for sealed in held)


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("issuer.db*"))


def test_a_vault_shows_nothing_of_itself() -> None:
    assert repr(Vault(b"secret" * 6)).count("secret") == 0
