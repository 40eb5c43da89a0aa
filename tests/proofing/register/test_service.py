"""The demo register answers offices with a token about one person at a time, and nobody else about anything."""

import json
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from doors.refusals import RegisterMismatch, RegisterUnavailable
from proofing.register import Validity
from proofing.register.people import Person
from tests.proofing.register.conftest import RunningRegister


async def asked(register: RunningRegister, body: object, *, token: str | None = None) -> tuple[int, dict[str, object]]:
    headers = {"Authorization": f"Bearer {register.token if token is None else token}"}
    async with aiohttp.ClientSession() as session, session.post(f"{register.url}/v1/look-ups", json=body, headers=headers) as answer:
        return answer.status, await answer.json(content_type=None)


def question(person: Person, **changes: object) -> dict[str, object]:
    return {"citizen_number": person.citizen_number, "full_name": person.full_name} | changes


async def test_the_client_gets_the_entry_of_number_and_name(register: RunningRegister) -> None:
    person = register.people[0]
    entry = await register.client(register.token).look_up(citizen_number=person.citizen_number, full_name=person.full_name)
    assert (entry.citizen_number, entry.full_name, entry.birth_date, entry.validity) == (
        person.citizen_number,
        person.full_name,
        person.birth_date,
        Validity.VALID,
    )


async def test_every_validity_is_answered(register: RunningRegister) -> None:
    for validity in Validity:
        person = next(each for each in register.people if each.validity is validity)
        entry = await register.client(register.token).look_up(citizen_number=person.citizen_number, full_name=person.full_name)
        assert entry.validity is validity


async def test_an_unknown_number_and_another_name_get_the_same_answer(register: RunningRegister) -> None:
    known, other = register.people[:2]
    unknown = await asked(register, question(known, citizen_number="110199195001010015"))
    misnamed = await asked(register, question(known, full_name=other.full_name + "二"))
    assert {unknown[0], misnamed[0]} == {422}
    assert {key: unknown[1][key] for key in ("code", "detail")} == {key: misnamed[1][key] for key in ("code", "detail")}
    assert unknown[1]["code"] == "register_mismatch"
    with pytest.raises(RegisterMismatch):
        await register.client(register.token).look_up(citizen_number=known.citizen_number, full_name=other.full_name + "二")


async def test_without_a_token_nothing_is_answered(register: RunningRegister) -> None:
    person = register.people[0]
    assert (await asked(register, question(person), token=""))[0] == 401
    assert (await asked(register, question(person), token="reg_" + "0" * 16 + "_" + "0" * 64))[0] == 401
    assert (await asked(register, question(person), token=register.token_without_scope))[0] == 403


async def test_a_client_with_a_wrong_token_learns_nothing_about_the_person(register: RunningRegister) -> None:
    person = register.people[0]
    with pytest.raises(RegisterUnavailable):
        await register.client(register.token_without_scope).look_up(citizen_number=person.citizen_number, full_name=person.full_name)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"citizen_number": 1, "full_name": "x"},
        {"citizen_number": "1' OR '1'='1", "full_name": "x"},
        {"citizen_number": "110199195001010015"},
    ],
)
async def test_a_malformed_question_is_refused_without_quoting_it(register: RunningRegister, body: object) -> None:
    status, problem = await asked(register, body)
    assert status == 400
    assert "OR '1'" not in json.dumps(problem)


async def test_members_that_are_not_asked_for_are_refused(register: RunningRegister) -> None:
    status, problem = await asked(register, question(register.people[0], validity="valid"))
    assert (status, problem["code"]) == (422, "field_not_writable")


async def test_the_register_cannot_be_asked_by_address(register: RunningRegister) -> None:
    async with aiohttp.ClientSession() as session:
        for path in (
            f"/v1/look-ups?citizen_number={register.people[0].citizen_number}",
            f"/v1/look-ups/{register.people[0].citizen_number}",
        ):
            async with session.get(register.url + path, headers={"Authorization": f"Bearer {register.token}"}) as answer:
                assert answer.status in {404, 405}


async def test_the_log_holds_neither_number_nor_name(register: RunningRegister, capsys: pytest.CaptureFixture[str]) -> None:
    person = register.people[0]
    await asked(register, question(person))
    await asked(register, question(person, full_name="某某"))
    written = "".join(capsys.readouterr())
    assert person.citizen_number not in written
    assert person.full_name not in written


async def test_the_description_lists_the_question_and_its_token(register: RunningRegister) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{register.url}/openapi.json") as answer:
        document = await answer.json()
    assert document["info"]["title"].startswith("Demo population register")
    assert "post" in document["paths"]["/v1/look-ups"]


def test_seeding_from_the_command_line_prints_the_people(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "proofing.register", "seed", "--data", str(tmp_path / "register"), "--count", "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3])
    printed = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(printed) == 3
    assert {"citizen_number", "full_name", "birth_date", "validity"} <= printed[0].keys()
    assert (tmp_path / "register" / "register.sqlite").stat().st_mode & 0o077 == 0
