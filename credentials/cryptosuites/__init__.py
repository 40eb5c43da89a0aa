"""The Data Integrity cryptosuites in use. To add one: write its file beside this one and name it in ``CRYPTOSUITES``."""

from collections.abc import Mapping
from types import MappingProxyType

from credentials.cryptosuites.eddsa_jcs_2022 import EddsaJcs2022
from credentials.cryptosuites.eddsa_rdfc_2022 import EddsaRdfc2022
from credentials.cryptosuites.port import Cryptosuite

CRYPTOSUITES: Mapping[str, Cryptosuite] = MappingProxyType(
    {
        "eddsa-rdfc-2022": EddsaRdfc2022(),
        "eddsa-jcs-2022": EddsaJcs2022(),
    }
)

__all__ = ["CRYPTOSUITES", "Cryptosuite", "EddsaJcs2022", "EddsaRdfc2022"]
