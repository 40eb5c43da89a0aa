"""How one verifier is set up: where it lives, which policies it works by, and which trust list it believes."""

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from credentials.keys import PublicKey
from doors.refusals import Refused
from runtime.settings import Settings
from verifier.library import key_of


class VerifierSettings(Settings):
    """The verifier's settings; the file, the environment (``VERIFIER_...``) and the flags may each give any of them.

    ``policies``: names of shipped policies or paths of own ones. ``trust_list_anchors``: the did:key of each key that may sign the
    trust list. ``pack`` and ``offline``: work from a pack alone; ``pack_signers``: the did:key of each key that may sign it (beside the
    verifier's own).
    """

    model_config = SettingsConfigDict(env_prefix="VERIFIER_")

    port: int = Field(default=8201, ge=0, le=65535)
    admin_port: int = Field(default=8211, ge=0, le=65535)
    policies: tuple[str, ...] = ("hotel", "court")
    trust_list_url: str = ""
    trust_list_anchors: tuple[str, ...] = ()
    pack: Path | None = None
    pack_signers: tuple[str, ...] = ()
    offline: bool = False
    token_days: int = Field(default=1, ge=1, le=366)

    @field_validator("public_url")
    @classmethod
    def _without_path(cls, value: str) -> str:
        if value.count("/") != 2:
            raise ValueError("public_url: expected https://host[:port] without a path")
        return value

    @field_validator("trust_list_anchors", "pack_signers")
    @classmethod
    def _keys(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            try:
                key_of(value)
            except Refused as refusal:
                raise ValueError(f"expected a did:key ({refusal.detail})") from None
        return values

    @property
    def anchors(self) -> tuple[PublicKey, ...]:
        return tuple(key_of(text) for text in self.trust_list_anchors)
