"""One status list of each kind, for the tests that spoil them."""

from datetime import timedelta

from credentials.credential import Credential
from credentials.keys import PrivateKey
from credentials.status import MINIMUM_ENTRIES, StatusBits, bitstring_credential, status_bits, token_status_list
from tests.credentials.cards import ISSUER, LIST_URL, NOW

BITSTRING_URL = "https://issuer.example/status/1/revocation"
ISSUER_URL = "https://issuer.example"
REVOKED, SUSPENDED_ONE = 4711, 4712


def token(bits: StatusBits | None = None, key: PrivateKey = ISSUER) -> str:
    bits = bits or status_bits({REVOKED: 1, SUSPENDED_ONE: 2}, entries=MINIMUM_ENTRIES, width=2)
    lasting = {"now": NOW, "expires_at": NOW + timedelta(hours=12), "ttl": timedelta(minutes=5)}
    return token_status_list(LIST_URL, bits, key, issuer=ISSUER_URL, **lasting)  # type: ignore[arg-type]


def bitstring(bits: StatusBits | None = None, purpose: str = "revocation") -> Credential:
    return bitstring_credential(
        BITSTRING_URL,
        issuer="did:web:issuer.example",
        purpose=purpose,
        bits=bits or status_bits({REVOKED: 1}, entries=MINIMUM_ENTRIES),
        valid_from=NOW,
        valid_until=NOW + timedelta(hours=12),
    )
