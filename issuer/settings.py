"""How one issuer is set up: where it lives, who it is, how long things are good for."""

from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from issuer.office import Terms
from runtime.settings import Settings


class IssuerSettings(Settings):
    """The issuer's settings; the file, the environment (``ISSUER_...``) and the flags may each give any of them."""

    model_config = SettingsConfigDict(env_prefix="ISSUER_")

    port: int = Field(default=8101, ge=0, le=65535)
    admin_port: int = Field(default=8111, ge=0, le=65535)
    name_en: str = Field(default="", max_length=80)
    name_zh: str = Field(default="", max_length=80)
    register_url: str = "http://127.0.0.1:8401"
    register_name: str = Field(default="population register", max_length=80)
    register_token_file: Path | None = None
    validity_days: int = Field(default=365, ge=1, le=3660)
    code_minutes: int = Field(default=30, ge=1, le=1440)
    application_days: int = Field(default=7, ge=1, le=90)
    tx_code_tries: int = Field(default=5, ge=1, le=10)
    batch_size: int = Field(default=1, ge=1, le=20)
    portrait_on_card: bool = False
    durability: Literal["FULL", "NORMAL"] = "FULL"

    @field_validator("public_url")
    @classmethod
    def _without_path(cls, value: str) -> str:
        if value.count("/") != 2:
            raise ValueError("public_url: expected https://host[:port] without a path")
        return value

    @property
    def terms(self) -> Terms:
        return Terms(
            validity=timedelta(days=self.validity_days),
            code_life=timedelta(minutes=self.code_minutes),
            application_life=timedelta(days=self.application_days),
            tx_code_tries=self.tx_code_tries,
            batch_size=self.batch_size,
            portrait_on_card=self.portrait_on_card,
        )
