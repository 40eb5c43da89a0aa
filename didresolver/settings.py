"""How the resolver is set up: file, environment (``DIDRESOLVER_``) and flags."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from runtime.settings import Settings


class ResolverSettings(Settings):
    """The common settings, and how long a document serves: ``fresh_seconds`` without asking again, ``max_age_seconds`` at most.

    The resolver keeps nothing on disk; ``data_dir`` is there because every service has one.
    """

    model_config = SettingsConfigDict(env_prefix="DIDRESOLVER_")

    port: int = Field(default=8501, ge=0, le=65535)
    admin_port: int = Field(default=8511, ge=0, le=65535)
    data_dir: Path = Path("didresolver-data")
    fresh_seconds: int = Field(default=300, ge=0)
    max_age_seconds: int = Field(default=86_400, ge=0)

    @property
    def fresh_for(self) -> timedelta:
        return timedelta(seconds=self.fresh_seconds)

    @property
    def max_age(self) -> timedelta:
        return timedelta(seconds=self.max_age_seconds)
