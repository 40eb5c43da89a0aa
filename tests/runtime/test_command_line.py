"""Every command ends alike: data here, talk there, and an exit status that a script can act on."""

import json

import pytest
import typer

from doors.refusals import REFUSALS, Refused, StatusRevoked
from runtime.command_line import answer, next_step, run_program


def refusing(refusal: Refused) -> typer.Typer:
    program = typer.Typer()

    @program.command()
    def act() -> None:
        raise refusal

    return program


def ended(program: typer.Typer, monkeypatch: pytest.MonkeyPatch, language: str = "en_GB.UTF-8") -> int:
    monkeypatch.setenv("LC_ALL", language)
    monkeypatch.setattr("sys.argv", ["act"])
    with pytest.raises(SystemExit) as end:
        run_program(program)
    return int(end.value.code or 0)


@pytest.mark.parametrize("code", ["sig_invalid", "status_revoked", "status_unavailable", "locked_out", "fetch_timeout"])
def test_a_refusal_ends_with_its_exit_status(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = REFUSALS[code]
    assert ended(refusing(kind("expected one thing")), monkeypatch) == kind.exit_status


def test_a_refusal_says_its_code_and_the_next_step(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    ended(refusing(StatusRevoked("status: expected it to stand")), monkeypatch)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == ["status_revoked: status: expected it to stand", "Do not accept it; the holder should ask the issuer."]


@pytest.mark.parametrize("hostile", ["\x1b[2Jall is well", "\x9b2Jall is well", "\u202eall is well", "\nall is well"])
def test_what_others_wrote_does_not_steer_the_terminal(
    hostile: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(refusing(StatusRevoked(f"status: {hostile}")), monkeypatch)
    answer({"name": hostile, "names": [hostile]}, as_json=False)
    told = capsys.readouterr()
    assert len(told.out.splitlines() + told.err.splitlines()) == 4
    assert not set("\x1b\x9b\u202e") & set(told.out + told.err)


@pytest.mark.parametrize("language", ["zh_CN.UTF-8", "zh_CN", "zh_Hans_CN.GB18030"])
def test_a_refusal_is_told_in_chinese_where_the_user_reads_it(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", language)
    assert next_step(StatusRevoked("x")) == "请勿接受，持有人可向签发机关咨询。"


def test_data_is_one_json_document_or_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    answer({"did": "did:web:a", "keys": {"one": 1}}, as_json=True)
    assert json.loads(capsys.readouterr().out) == {"did": "did:web:a", "keys": {"one": 1}}
    answer({"did": "did:web:a", "keys": {"one": 1}}, as_json=False)
    assert capsys.readouterr().out == 'did: did:web:a\nkeys: {"one": 1}\n'
    answer([{"id": "a", "n": 1}, {"id": "b", "n": 2}], as_json=False)
    assert capsys.readouterr().out == "id: a  n: 1\nid: b  n: 2\n"
