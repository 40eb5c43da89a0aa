"""The wire formats in use. To add one: write its file beside this one and name it in ``FORMATS``."""

from collections.abc import Mapping
from types import MappingProxyType

from credentials.formats.dc_sd_jwt import DcSdJwt
from credentials.formats.ldp_vc import LdpVc
from credentials.formats.port import ClaimPath, Format, ProofPeriod, SelectiveDisclosure

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "ldp_vc": LdpVc(),
        "dc+sd-jwt": DcSdJwt(),
    }
)

__all__ = ["FORMATS", "ClaimPath", "DcSdJwt", "Format", "LdpVc", "ProofPeriod", "SelectiveDisclosure"]
