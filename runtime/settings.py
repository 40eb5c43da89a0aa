"""How a service is set up: read once at the start from file, environment and flags; every mistake is named at once."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from doors.refusals import Refused, SettingsInvalid
from runtime.addresses import parse_target

Port = Field(ge=0, le=65535)  # 0: any free one, for tests
_EXTERNAL_HTTPS = "public_url: expected https://host[:port][/path] (in development also http to this machine), without user name or query"


class Settings(BaseSettings):
    """What every service is told. A service adds its own fields and sets ``env_prefix``; made by ``load_settings``."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix="TIGERTALLY_", validate_default=False)

    environment: Literal["production", "development"] = "production"
    host: str = "127.0.0.1"
    port: int = Port
    admin_host: str = "127.0.0.1"
    admin_port: int = Port
    public_url: str
    data_dir: Path
    ca_file: Path | None = None
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    requests_per_minute: int = Field(default=600, ge=1)
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def development(self) -> bool:
        """Whether loopback addresses and plain http to them are allowed."""
        return self.environment == "development"

    @field_validator("public_url")
    @classmethod
    def _reachable(cls, value: str, info: ValidationInfo) -> str:
        development = info.data.get("environment") == "development"
        try:
            target = parse_target(value, development=development)
        except Refused as refusal:
            raise ValueError(f"{_EXTERNAL_HTTPS} ({refusal.detail})") from None
        if "?" in target.url:
            raise ValueError(_EXTERNAL_HTTPS)
        return target.url.rstrip("/")

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_others: Any, **_named: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what it is made with: ``load_settings`` alone reads file and environment."""
        return (init_settings,)


S = TypeVar("S", bound=Settings)


def load_settings(kind: type[S], file: Path | None, flags: Mapping[str, object]) -> S:
    """The settings of ``kind``: ``flags`` (``None`` means not given) before environment variables before the TOML ``file``.

    Raises ``SettingsInvalid`` whose one message lists every mistake: unknown names, wrong values, missing ones.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    environment, mistakes = _from_environment(kind)
    merged = {**_from_file(file), **environment, **given}
    try:
        settings = kind(**merged)
    except ValidationError as error:
        raise SettingsInvalid("; ".join([*_spelt(error), *mistakes])) from None
    if mistakes:
        raise SettingsInvalid("; ".join(mistakes))
    return settings


def _from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsInvalid(f"{file}: cannot be read ({type(error).__name__})") from None
    except ValueError as error:
        raise SettingsInvalid(f"{file}: expected TOML in UTF-8 ({error})") from None


def _from_environment(kind: type[Settings]) -> tuple[dict[str, Any], list[str]]:
    """What the environment says, and the names in it that are no settings (``PREFIX_X`` where there is no ``x``)."""
    prefix = kind.model_config.get("env_prefix") or ""
    names = [name for name in os.environ if name.upper().startswith(prefix.upper()) and len(name) > len(prefix)]
    unknown = [name for name in names if name[len(prefix) :].lower() not in kind.model_fields]
    try:
        return dict(EnvSettingsSource(kind)()), [f"{name}: no such setting" for name in unknown]
    except ValueError as error:
        return {}, [f"environment: {error}", *(f"{name}: no such setting" for name in unknown)]


def _spelt(error: ValidationError) -> Iterator[str]:
    for mistake in error.errors(include_url=False, include_input=False, include_context=False):
        name = ".".join(map(str, mistake["loc"])) or "settings"
        yield f"{name}: {'no such setting' if mistake['type'] == 'extra_forbidden' else mistake['msg']}"
