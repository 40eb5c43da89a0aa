"""Settings: three places, one order, every mistake at once."""

from ipaddress import IPv4Network
from pathlib import Path

import pytest
from pydantic_settings import SettingsConfigDict

from doors.refusals import SettingsInvalid
from runtime.settings import Settings, load_settings


class DeskSettings(Settings):
    model_config = SettingsConfigDict(env_prefix="DESK_")

    port: int = 8201
    admin_port: int = 8211


GIVEN = {"public_url": "https://desk.example", "data_dir": "/srv/desk"}


def test_defaults_are_safe() -> None:
    settings = load_settings(DeskSettings, None, GIVEN)
    assert (settings.environment, settings.host, settings.admin_host, settings.development) == (
        "production",
        "127.0.0.1",
        "127.0.0.1",
        False,
    )
    assert settings.data_dir == Path("/srv/desk")


def test_flags_go_before_environment_before_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "desk.toml"
    file.write_text('port = 1\nadmin_port = 1\nrequests_per_minute = 1\ntrusted_proxies = ["10.0.0.0/8"]')
    monkeypatch.setenv("DESK_PORT", "2")
    monkeypatch.setenv("DESK_ADMIN_PORT", "2")
    settings = load_settings(DeskSettings, file, {**GIVEN, "port": 3, "log_level": None})
    assert (settings.port, settings.admin_port, settings.requests_per_minute, settings.trusted_proxies) == (
        3,
        2,
        1,
        (IPv4Network("10.0.0.0/8"),),
    )


def test_all_mistakes_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_PROT", "8201")
    monkeypatch.setenv("DESK_ADMIN_PORT", "many")
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(DeskSettings, None, {"public_url": "http://desk.example", "colour": "red"})
    for name in ("DESK_PROT", "admin_port", "public_url", "data_dir", "colour"):
        assert name in caught.value.detail


@pytest.mark.parametrize(
    "url",
    [
        "http://desk.example",
        "https://127.0.0.1",
        "http://127.0.0.1:8201",
        "https://a@desk.example",
        "https://desk.example/?a",
        "desk.example",
        "",
    ],
)
def test_in_production_the_public_url_is_public_and_secure(url: str) -> None:
    with pytest.raises(SettingsInvalid, match="public_url"):
        load_settings(DeskSettings, None, {**GIVEN, "public_url": url})


def test_in_development_it_may_be_this_machine() -> None:
    settings = load_settings(DeskSettings, None, {**GIVEN, "environment": "development", "public_url": "http://127.0.0.1:8201/"})
    assert settings.public_url == "http://127.0.0.1:8201"


@pytest.mark.parametrize("content", [b"port = ", b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_a_mistake(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "desk.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsInvalid, match=r"desk\.toml"):
        load_settings(DeskSettings, file, GIVEN)


def test_settings_do_not_change() -> None:
    settings = load_settings(DeskSettings, None, GIVEN)
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1
