"""The kinds of credential that are handed out here, by the names that wallets ask for them with."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from doors.refusals import UnknownCredentialConfiguration


@dataclass(frozen=True, slots=True)
class Configuration:
    """One kind: its name (`credential_configuration_id`), its format, and the algorithm it is signed with."""

    id: str
    format: str
    algorithm: str


ID_CARD_LDP = Configuration(id="id-card-ldp", format="ldp_vc", algorithm="EdDSA")
ID_CARD_SD_JWT = Configuration(id="id-card-sd-jwt", format="dc+sd-jwt", algorithm="ES256")
CONFIGURATIONS: Mapping[str, Configuration] = MappingProxyType({kind.id: kind for kind in (ID_CARD_LDP, ID_CARD_SD_JWT)})


def configuration(name: str) -> Configuration:
    """Raises ``UnknownCredentialConfiguration`` (OpenID4VCI 1.0 §8.3.1.2)."""
    try:
        return CONFIGURATIONS[name]
    except KeyError:
        raise UnknownCredentialConfiguration(
            f"credential configuration: expected one of {', '.join(CONFIGURATIONS)}, got another"
        ) from None
