"""How the demo register is set up."""

from pydantic_settings import SettingsConfigDict

from runtime.settings import Settings


class RegisterSettings(Settings):
    """``REGISTER_…`` in the environment; see ``runtime.settings.Settings`` for the fields."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix="REGISTER_", validate_default=False)

    port: int = 8401
    admin_port: int = 8411
