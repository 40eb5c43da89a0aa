"""Status lists: one small signed file that says of many credentials whether they still stand."""

from credentials.status.bits import StatusBits, status_bits
from credentials.status.bitstring import MINIMUM_ENTRIES, BitstringStatusList, bitstring_credential, read_bitstring
from credentials.status.token_list import (
    INVALID,
    SUSPENDED,
    VALID,
    TokenStatusList,
    UnverifiedTokenStatusList,
    parse_token_status_list,
    token_status_list,
    verify_token_status_list,
)

__all__ = [
    "INVALID",
    "MINIMUM_ENTRIES",
    "SUSPENDED",
    "VALID",
    "BitstringStatusList",
    "StatusBits",
    "TokenStatusList",
    "UnverifiedTokenStatusList",
    "bitstring_credential",
    "parse_token_status_list",
    "read_bitstring",
    "status_bits",
    "token_status_list",
    "verify_token_status_list",
]
