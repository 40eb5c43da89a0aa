"""One issuer, one holder and one card, for the tests of every room that needs them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from credentials.credential import Credential
from credentials.formats.dc_sd_jwt import DcSdJwt
from credentials.id_card import ID_CARD_VCT, ages, id_card_credential
from credentials.keys import PrivateKey, PublicKey, generate_key
from credentials.wire import StatusEntry, VerifiableCredential

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SKEW = timedelta(seconds=60)
NONCE, AUDIENCE = "n-8NnzGIlFVmSzqUzDbvpw", "decentralized_identifier:did:web:court.example"
VCT = ID_CARD_VCT
ISSUER: PrivateKey = generate_key("ES256", kid="did:web:issuer.example#es256")
HOLDER: PrivateKey = generate_key("ES256")
LIST_URL = "https://issuer.example/status/1/token"
STATUS = StatusEntry("status_list", "", 4711, LIST_URL)
EVIDENCE: dict[str, Any] = {
    "type": ["FaceCheckEvidence"],
    "method": "selfie compared with the document's portrait",
    "engine": "dlib-resnet",
    "model_sha256": "00" * 32,
    "threshold": "0.45",
    "score_band": "0.30-0.35",
    "liveness": "not evaluated",
    "checked_at": "2026-11-21T08:00:00Z",
}


def claims(**changes: Any) -> dict[str, Any]:
    """The claims of one person, who does not exist."""
    said = {
        "family_name": "李",
        "given_name": "明",
        "full_name": "李明",
        "birth_date": "1990-05-17",
        "sex": 2,
        "nationality": "CN",
        "ethnicity": "汉",
        "resident_address": "北京市东城区某街1号",
        "citizen_number": "11010519900517002X",
        "document_number": "D123456789",
        "issuing_authority": "Tiger Tally demo authority",
        "issuance_date": "2020-01-01",
        "expiry_date": "2040-01-01",
        **ages(datetime(1990, 5, 17, tzinfo=UTC).date(), NOW.date()),
    }
    return {name: value for name, value in {**said, **changes}.items() if value is not None}


def card(*, holder_key: PublicKey | None = HOLDER.public, status: Sequence[StatusEntry] = (STATUS,), **changes: Any) -> Credential:
    return id_card_credential(
        claims(**changes),
        issuer="https://issuer.example",
        holder="",
        holder_key=holder_key,
        valid_from=NOW,
        valid_until=NOW + timedelta(days=365),
        status=status,
        evidence=(EVIDENCE,),
    )


def issued(credential: Credential, key: PrivateKey = ISSUER) -> VerifiableCredential:
    return DcSdJwt().secure(credential, key, now=NOW)
