"""The Data Integrity cryptosuites in use. To add one: write its file beside this one and name it in ``CRYPTOSUITES``."""

from collections.abc import Mapping
from types import MappingProxyType

from credentials.cryptosuites.ecdsa_jcs_2019 import EcdsaJcs2019
from credentials.cryptosuites.ecdsa_rdfc_2019 import EcdsaRdfc2019
from credentials.cryptosuites.eddsa_jcs_2022 import EddsaJcs2022
from credentials.cryptosuites.eddsa_rdfc_2022 import EddsaRdfc2022
from credentials.cryptosuites.port import Cryptosuite

CRYPTOSUITES: Mapping[str, Cryptosuite] = MappingProxyType(
    {
        "eddsa-rdfc-2022": EddsaRdfc2022(),
        "eddsa-jcs-2022": EddsaJcs2022(),
        "ecdsa-rdfc-2019": EcdsaRdfc2019(),
        "ecdsa-jcs-2019": EcdsaJcs2019(),
    }
)

__all__ = ["CRYPTOSUITES", "Cryptosuite", "EcdsaJcs2019", "EcdsaRdfc2019", "EddsaJcs2022", "EddsaRdfc2022"]
