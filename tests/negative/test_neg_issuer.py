"""Rows I01 to I16 and B05 at the issuer's own counters: the real service over loopback, refusals and their accepted twins."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from credentials.keys import generate_key
from credentials.keys.did_key import did_key_method
from doors import base64url
from doors.refusals import EvidenceMismatch, EvidenceMissing
from issuer import crash_points
from issuer.enrol import record_subject
from issuer.store import applications, credentials
from openid4vc.vci.proofs import make_di_vp_proof, make_jwt_proof
from proofing.prove import Subject
from tests.issuer.service import GRANT, LDP, SD_JWT, Answer, Service, running
from tests.issuer.world import consent, proven


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running(tmp_path) as started:
        yield started


async def nothing_was_issued(service: Service) -> None:
    assert await service.rooms.database.read(credentials.places_given) == 0


def refused(answer: Answer, code: str, *, status: int = 400) -> None:
    assert (answer.status, answer.error) == (status, code), answer.json
    assert "error_description" in answer.json


@pytest.mark.parametrize("code", ["unknown", "x" * 4096, "' OR 1=1--", "代码", "%00", "\0"])
async def test_neg_I01_code_unknown(service: Service, code: str) -> None:
    refused(await service.redeem(code), "invalid_grant")


async def test_neg_I01_empty_or_too_long_is_no_code_at_all(service: Service) -> None:
    for code in ("", "x" * 4097):
        refused(await service.redeem(code), "invalid_request")


async def test_neg_I01_twin(service: Service) -> None:
    assert (await service.redeem(service.code(await service.offer()))).status == 200


async def test_neg_I02_code_reused(service: Service) -> None:
    code = service.code(await service.offer())
    twin = await service.redeem(code)
    assert twin.status == 200
    refused(await service.redeem(code), "invalid_grant")
    assert (await service.fetch(twin.json["access_token"], generate_key("EdDSA"))).status == 200


@pytest.mark.parametrize("minutes", [30, 31, 100_000])
async def test_neg_I03_code_expired(service: Service, minutes: int) -> None:
    code = service.code(await service.offer())
    service.clock.forward(minutes=minutes)
    refused(await service.redeem(code), "invalid_grant")


async def test_neg_I03_twin(service: Service) -> None:
    code = service.code(await service.offer())
    service.clock.forward(minutes=29, seconds=59)
    assert (await service.redeem(code)).status == 200


async def test_neg_I04_txcode_wrong(service: Service) -> None:
    offer = await service.offer(tx_code=True)
    for wrong in (f"{(int(offer['tx_code']) + 1) % 1_000_000:06d}", offer["tx_code"] + " ", "０" * 6, "-1"):
        refused(await service.redeem(service.code(offer), wrong), "invalid_grant")
    assert (await service.redeem(service.code(offer), offer["tx_code"])).status == 200


async def test_neg_I04_none_where_one_is_expected_and_the_other_way_round(service: Service) -> None:
    refused(await service.redeem(service.code(await service.offer(tx_code=True))), "invalid_request")
    refused(await service.redeem(service.code(await service.offer(tx_code=False)), "123456"), "invalid_request")


async def test_neg_I05_txcode_brute(service: Service) -> None:
    offer = await service.offer(tx_code=True)
    for number in range(5):
        refused(await service.redeem(service.code(offer), f"wrong{number}"), "invalid_grant")
    refused(await service.redeem(service.code(offer), offer["tx_code"]), "invalid_grant")
    await nothing_was_issued(service)


@pytest.mark.often(commit=1, nightly=100)
async def test_neg_I05_txcode_brute_in_parallel_and_from_many_addresses(service: Service) -> None:
    offer = await service.offer(tx_code=True)
    form = {"grant_type": GRANT, "pre-authorized_code": service.code(offer)}
    tries = [
        service.ask("POST", "/token", data={**form, "tx_code": f"{number:06d}x"}, headers={"X-Forwarded-For": f"203.0.113.{number}"})
        for number in range(60)
    ]
    for answer in await asyncio.gather(*tries):
        refused(answer, "invalid_grant")
    refused(await service.redeem(service.code(offer), offer["tx_code"]), "invalid_grant")


async def test_neg_I05_twin_four_wrong_tries_leave_the_fifth(service: Service) -> None:
    offer = await service.offer(tx_code=True)
    for number in range(4):
        refused(await service.redeem(service.code(offer), f"wrong{number}"), "invalid_grant")
    assert (await service.redeem(service.code(offer), offer["tx_code"])).status == 200


async def test_neg_I12_config_unknown_in_the_token_request_spends_nothing(service: Service) -> None:
    code = service.code(await service.offer(configurations=(LDP,)))
    for named in ("another", SD_JWT):
        details = json.dumps([{"type": "openid_credential", "credential_configuration_id": named}])
        form = {"grant_type": GRANT, "pre-authorized_code": code, "authorization_details": details}
        refused(await service.ask("POST", "/token", data=form), "invalid_request")
    form["authorization_details"] = json.dumps([{"type": "openid_credential", "credential_configuration_id": LDP}])
    assert (await service.ask("POST", "/token", data=form)).status == 200  # the twin, with the same code


@pytest.mark.often(commit=1, nightly=100)
async def test_neg_I06_code_parallel(service: Service) -> None:
    code = service.code(await service.offer())
    answers = await asyncio.gather(*(service.redeem(code) for _ in range(50)))
    assert sorted(answer.status for answer in answers) == [200] + [400] * 49
    assert {answer.error for answer in answers if answer.status != 200} == {"invalid_grant"}


@pytest.mark.parametrize(
    "proofs", [None, {}, {"jwt": []}, {"jwt": [""]}, {"jwt": None}, [], "jwt", {"attestation": ["x"]}, {"jwt": ["a.b.c"]}]
)
async def test_neg_I07_proof_missing(service: Service, proofs: object) -> None:
    refused(await service.credential(await service.access(), proofs), "invalid_proof")
    await nothing_was_issued(service)


async def test_neg_I07_the_proof_of_a_draft_is_none(service: Service) -> None:
    access, proof = await service.access(), service.proof(generate_key("EdDSA"), await service.nonce())
    body = {"credential_configuration_id": LDP, "proof": {"proof_type": "jwt", "jwt": proof}}
    refused(await service.ask("POST", "/credential", json=body, headers={"Authorization": f"Bearer {access}"}), "invalid_proof")


@pytest.mark.parametrize("configuration", [LDP, SD_JWT])
@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256"])
async def test_neg_I07_twin(service: Service, configuration: str, algorithm: str) -> None:
    assert (await service.fetch(await service.access(), generate_key(algorithm), configuration=configuration)).status == 200


def with_other_signature(proof: str) -> str:
    head, body, signature = proof.split(".")
    changed = bytearray(base64url.decode(signature))
    changed[10] ^= 1
    return f"{head}.{body}.{base64url.encode(bytes(changed))}"


def with_other_payload(proof: str) -> str:
    head, body, signature = proof.split(".")
    claims = json.loads(base64url.decode(body))
    return f"{head}.{base64url.encode(json.dumps({**claims, 'iat': claims['iat'] + 1}).encode())}.{signature}"


def without_signature(proof: str) -> str:
    return proof.rpartition(".")[0] + "."


def unsigned(proof: str) -> str:
    head, body, _ = proof.split(".")
    header = {**json.loads(base64url.decode(head)), "alg": "none"}
    return f"{base64url.encode(json.dumps(header).encode())}.{body}."


@pytest.mark.parametrize("spoil", [with_other_signature, with_other_payload, without_signature, unsigned])
async def test_neg_I08_proof_bad_signature(service: Service, spoil: Callable[[str], str]) -> None:
    access, proof = await service.access(), service.proof(generate_key("EdDSA"), await service.nonce())
    refused(await service.credential(access, {"jwt": [spoil(proof)]}), "invalid_proof")
    await nothing_was_issued(service)
    assert (await service.credential(access, {"jwt": [proof]})).status == 200


async def test_neg_I08_proof_by_another_key_than_it_names(service: Service) -> None:
    mine, other, nonce = generate_key("EdDSA"), generate_key("EdDSA"), await service.nonce()
    forged = make_jwt_proof(mine.named(did_key_method(other.public)), issuer=service.url, nonce=nonce, now=service.clock())
    refused(await service.credential(await service.access(), {"jwt": [forged]}), "invalid_proof")


async def test_neg_I08_presentation_changed_after_signing(service: Service) -> None:
    key = generate_key("EdDSA").named("")
    named = key.named(did_key_method(key.public))
    access, nonce = await service.access(), await service.nonce()
    proof = make_di_vp_proof(named, issuer=service.url, nonce=nonce, now=service.clock())
    refused(
        await service.credential(access, {"di_vp": [{**proof, "id": "urn:uuid:00000000-0000-4000-8000-000000000000"}]}), "invalid_proof"
    )
    assert (await service.credential(access, {"di_vp": [proof]})).status == 200


@pytest.mark.parametrize("nonce", ["never-issued", "", "x" * 10_000])
async def test_neg_I09_proof_nonce_unknown(service: Service, nonce: str) -> None:
    proof = service.proof(generate_key("EdDSA"), nonce)
    refused(await service.credential(await service.access(), {"jwt": [proof]}), "invalid_nonce")
    await nothing_was_issued(service)


async def test_neg_I09_proof_nonce_expired(service: Service) -> None:
    access, nonce = await service.access(), await service.nonce()
    service.clock.forward(minutes=5)
    refused(await service.credential(access, {"jwt": [service.proof(generate_key("EdDSA"), nonce)]}), "invalid_nonce")


async def test_neg_I09_twin(service: Service) -> None:
    access, nonce = await service.access(), await service.nonce()
    service.clock.forward(minutes=4, seconds=59)
    assert (await service.credential(access, {"jwt": [service.proof(generate_key("EdDSA"), nonce)]})).status == 200


async def test_neg_I10_proof_nonce_replayed(service: Service) -> None:
    access, key = await service.access(), generate_key("EdDSA")
    proof = service.proof(key, await service.nonce())
    twin = await service.credential(access, {"jwt": [proof]})
    assert twin.status == 200
    refused(await service.credential(access, {"jwt": [proof]}), "invalid_nonce")
    refused(await service.credential(access, {"jwt": [proof]}, configuration=SD_JWT), "invalid_nonce")


@pytest.mark.often(commit=1, nightly=100)
async def test_neg_I10_one_nonce_in_parallel(service: Service) -> None:
    access, nonce = await service.access(), await service.nonce()
    proofs = [service.proof(generate_key("EdDSA"), nonce) for _ in range(20)]
    answers = await asyncio.gather(*(service.credential(access, {"jwt": [proof]}) for proof in proofs))
    assert sorted(answer.status for answer in answers) == [200] + [400] * 19
    assert await service.rooms.database.read(credentials.places_given) == 1


@pytest.mark.parametrize("audience", ["https://other.example", "{url}/", "HTTP://127.0.0.1", "{url}/credential"])
async def test_neg_I11_proof_aud(service: Service, audience: str) -> None:
    access, key = await service.access(), generate_key("EdDSA")
    proof = service.proof(key, await service.nonce(), issuer=audience.format(url=service.url))
    refused(await service.credential(access, {"jwt": [proof]}), "invalid_proof")
    assert (await service.fetch(access, key)).status == 200


async def test_neg_I11_presentation_for_another_domain(service: Service) -> None:
    key = generate_key("EdDSA")
    named = key.named(did_key_method(key.public))
    proof = make_di_vp_proof(named, issuer="https://other.example", nonce=await service.nonce(), now=service.clock())
    refused(await service.credential(await service.access(), {"di_vp": [proof]}), "invalid_proof")


@pytest.mark.parametrize("name", ["driving-licence", "ID-CARD-LDP", "id-card-ldp ", "../id-card-ldp"])
@pytest.mark.parametrize("member", ["credential_configuration_id", "credential_identifier"])
async def test_neg_I12_config_unknown(service: Service, member: str, name: str) -> None:
    access, proof = await service.access(), service.proof(generate_key("EdDSA"), await service.nonce())
    headers = {"Authorization": f"Bearer {access}"}
    answer = await service.ask("POST", "/credential", json={member: name, "proofs": {"jwt": [proof]}}, headers=headers)
    refused(answer, "unknown_credential_configuration")
    assert (await service.ask("POST", "/credential", json={member: LDP, "proofs": {"jwt": [proof]}}, headers=headers)).status == 200


async def test_neg_I12_one_that_was_not_offered(service: Service) -> None:
    offer = await service.offer(configurations=(SD_JWT,))
    access = (await service.redeem(service.code(offer))).json["access_token"]
    refused(await service.fetch(access, generate_key("EdDSA"), configuration=LDP), "unknown_credential_configuration")
    assert (await service.fetch(access, generate_key("EdDSA"), configuration=SD_JWT)).status == 200


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer unknown", "Basic dTpw", "Bearer " + "x" * 6000])
async def test_neg_I13_token_missing(service: Service, header: str | None) -> None:
    body = {"credential_configuration_id": LDP, "proofs": {"jwt": [service.proof(generate_key("EdDSA"), await service.nonce())]}}
    headers = {} if header is None else {"Authorization": header}
    refused(await service.ask("POST", "/credential", json=body, headers=headers), "invalid_token", status=401)
    await nothing_was_issued(service)


async def test_neg_I13_token_expired(service: Service) -> None:
    access = await service.access()
    service.clock.forward(minutes=15)
    refused(await service.fetch(access, generate_key("EdDSA")), "invalid_token", status=401)


async def test_neg_I13_token_in_the_query(service: Service) -> None:
    access, proof = await service.access(), service.proof(generate_key("EdDSA"), await service.nonce())
    body = {"credential_configuration_id": LDP, "proofs": {"jwt": [proof]}}
    for headers in ({}, {"Authorization": f"Bearer {access}"}):
        answer = await service.ask("POST", f"/credential?access_token={access}", json=body, headers=headers)
        refused(answer, "invalid_token", status=401)
    assert (await service.credential(access, {"jwt": [proof]})).status == 200


async def test_neg_I13_token_of_another_issuer(service: Service, tmp_path: Path) -> None:
    async with running(tmp_path / "other") as other:
        foreign = await other.access()
    refused(await service.fetch(foreign, generate_key("EdDSA")), "invalid_token", status=401)


async def test_neg_I13_twin(service: Service) -> None:
    access = await service.access()
    service.clock.forward(minutes=14, seconds=59)
    assert (await service.fetch(access, generate_key("EdDSA"))).status == 200


async def alter(service: Service, statement: str, *values: object) -> None:
    await service.rooms.database.write(lambda connection: connection.execute(statement, values))


async def evidence_of(service: Service, application_id: str) -> tuple[str, bytes]:
    found: tuple[str, bytes] = await service.rooms.database.read(
        lambda c: c.execute("SELECT evidence, evidence_seal FROM application WHERE id = ?", (application_id,)).fetchone()
    )
    return found


async def test_neg_I15_face_not_verified(service: Service) -> None:
    application_id = await service.applicant()
    access = await service.access(application_id=application_id)
    record, _ = await evidence_of(service, application_id)
    without_face = json.loads(record)
    without_face["entries"] = [entry for entry in without_face["entries"] if "FaceCheckEvidence" not in entry["type"]]
    await alter(service, "UPDATE application SET evidence = ? WHERE id = ?", json.dumps(without_face), application_id)
    answer = await service.fetch(access, generate_key("EdDSA"))
    assert (answer.status, answer.code) == (403, "evidence_missing")
    offer = await service.admin("POST", "/v1/offers", json={"application_id": application_id})
    assert (offer.status, offer.code) == (403, "evidence_missing")
    await nothing_was_issued(service)


@pytest.mark.parametrize("record", ["{}", '{"entries": [], "application_id": ""}', '{"entries": "all"}'])
async def test_neg_I15_no_evidence_at_all(service: Service, record: str) -> None:
    application_id = await service.applicant()
    access = await service.access(application_id=application_id)
    await alter(service, "UPDATE application SET evidence = ? WHERE id = ?", record, application_id)
    answer = await service.fetch(access, generate_key("EdDSA"))
    assert (answer.status, answer.code) == (403, "evidence_missing")


async def recorded(service: Service, subject: Subject) -> applications.ApplicationRecord:
    office, now = service.rooms.counter.office, service.clock()
    return await service.rooms.database.write(lambda c: record_subject(c, subject, consent(), office=office, actor="test", now=now))


async def test_neg_I15_a_person_without_a_face_check_is_not_even_recorded(service: Service) -> None:
    office = service.rooms.counter.office
    subject = proven(office, now=service.clock())
    for entries in ((), subject.evidence.entries[1:]):
        with pytest.raises(EvidenceMissing):
            await recorded(service, replace(subject, evidence=replace(subject.evidence, entries=entries)))


async def test_neg_I16_face_evidence_replayed_from_another_person(service: Service) -> None:
    mine, other = await service.applicant(1), await service.applicant(2)
    access = await service.access(application_id=mine)
    await alter(service, "UPDATE application SET evidence = ?, evidence_seal = ? WHERE id = ?", *await evidence_of(service, other), mine)
    answer = await service.fetch(access, generate_key("EdDSA"))
    assert (answer.status, answer.code) == (403, "evidence_mismatch")
    await nothing_was_issued(service)


async def test_neg_I16_face_evidence_replayed_from_another_session_of_the_same_person(service: Service) -> None:
    earlier, now = await service.applicant(1), await service.applicant(1)
    await alter(service, "UPDATE application SET evidence = ?, evidence_seal = ? WHERE id = ?", *await evidence_of(service, earlier), now)
    offer = await service.admin("POST", "/v1/offers", json={"application_id": now})
    assert (offer.status, offer.code) == (403, "evidence_mismatch")


async def test_neg_I16_at_the_record_itself(service: Service) -> None:
    office = service.rooms.counter.office
    mine, other = proven(office, order=1, now=service.clock()), proven(office, order=2, now=service.clock())
    for evidence in (other.evidence, replace(other.evidence, application_id=mine.application_id), replace(mine.evidence, seal=bytes(32))):
        with pytest.raises(EvidenceMismatch):
            await recorded(service, replace(mine, evidence=evidence))


async def test_neg_I15_I16_twin(service: Service) -> None:
    assert (await service.fetch(await service.access(), generate_key("EdDSA"))).status == 200


class ReadOnlyFrom:
    """Makes the database read-only the moment the office reaches ``place``, inside the transaction that still gets through."""

    def __init__(self) -> None:
        self.place = ""
        self.connection: sqlite3.Connection | None = None

    def __call__(self, name: str) -> None:
        if name == self.place and self.connection is not None:
            self.connection.execute("PRAGMA query_only = ON")


@pytest.fixture
async def failing(tmp_path: Path) -> AsyncIterator[tuple[Service, ReadOnlyFrom]]:
    reached = ReadOnlyFrom()
    async with running(tmp_path, reached=reached) as started:
        reached.connection = started.rooms.database._connection
        yield started, reached


def set_read_only(service: Service, *, on: bool) -> None:
    """Past the writer, which cannot begin a transaction on a read-only database."""
    service.rooms.database._connection.execute(f"PRAGMA query_only = {int(on)}")


async def test_neg_B05_db_readonly_at_every_write(service: Service) -> None:
    application_id = await service.applicant()
    offer = await service.offer(application_id=application_id)
    access = (await service.redeem(service.code(offer))).json["access_token"]
    credential_id = await service.issued(order=2)
    waiting = service.code(await service.offer(application_id=application_id))
    key, nonce = generate_key("EdDSA"), await service.nonce()
    set_read_only(service, on=True)
    refusals = [
        await service.admin("POST", "/v1/offers", json={"application_id": application_id}),
        await service.admin("POST", f"/v1/applications/{application_id}/withdraw"),
        await service.admin("POST", f"/v1/credentials/{credential_id}/revoke", json={"reason": "fraud"}),
        await service.redeem(waiting),
        await service.ask("POST", "/nonce"),
        await service.credential(access, {"jwt": [service.proof(key, nonce)]}),
    ]
    assert [(answer.status, answer.code) for answer in refusals] == [(503, "storage_unavailable")] * len(refusals)
    set_read_only(service, on=False)
    assert (await service.redeem(waiting)).status == 200
    assert (await service.credential(access, {"jwt": [service.proof(key, nonce)]})).status == 200


async def test_neg_B05_db_readonly_between_record_and_answer(failing: tuple[Service, ReadOnlyFrom]) -> None:
    service, reached = failing
    access, key = await service.access(), generate_key("EdDSA")
    reached.place = crash_points.CREDENTIAL_AFTER_JOURNAL
    answer = await service.fetch(access, key)
    assert (answer.status, answer.code) == (503, "storage_unavailable")
    assert "credentials" not in answer.json
    reached.place = ""
    set_read_only(service, on=False)
    twin = await service.fetch(access, key)
    assert twin.status == 200
    assert await service.rooms.database.read(credentials.places_given) == 1


async def test_neg_B05_db_full(service: Service) -> None:
    access, key = await service.access(), generate_key("EdDSA")
    await service.rooms.database.write(lambda c: c.execute("PRAGMA max_page_count = 1"))
    answers: list[Any] = []
    for order in range(200):
        answers.append(await service.fetch(access, generate_key("EdDSA")) if order else await service.fetch(access, key))
        if answers[-1].status == 503:
            break
    assert answers[-1].code == "storage_unavailable", answers[-1].json
    await service.rooms.database.write(lambda c: c.execute("PRAGMA max_page_count = 4294967294"))
    assert (await service.fetch(access, key)).status == 200


@pytest.mark.parametrize("grant", ["authorization_code", "client_credentials", "password", ""])
async def test_another_grant_is_not_supported(service: Service, grant: str) -> None:
    answer = await service.ask("POST", "/token", data={"grant_type": grant, "code": "x"})
    refused(answer, "unsupported_grant_type" if grant else "invalid_request")


@pytest.mark.parametrize("path", ["/token", "/credential"])
async def test_a_body_of_another_kind_is_refused(service: Service, path: str) -> None:
    access = await service.access()
    answer = await service.ask("POST", path, data=b"<xml/>", headers={"Content-Type": "text/xml", "Authorization": f"Bearer {access}"})
    assert (answer.status, answer.code) == (415, "unsupported_media_type")


async def test_an_encryption_that_is_not_offered_is_refused_rather_than_left_out(service: Service) -> None:
    access, proof = await service.access(), service.proof(generate_key("EdDSA"), await service.nonce())
    jwk = {**generate_key("ES256").public.jwk(), "kid": "1", "alg": "ECDH-ES", "use": "enc"}
    body = {"credential_configuration_id": LDP, "proofs": {"jwt": [proof]}}
    headers = {"Authorization": f"Bearer {access}"}
    asked = {**body, "credential_response_encryption": {"jwk": jwk, "enc": "A256GCM"}}
    refused(await service.ask("POST", "/credential", json=asked, headers=headers), "invalid_encryption_parameters")
    assert (await service.ask("POST", "/credential", json=body, headers=headers)).status == 200
