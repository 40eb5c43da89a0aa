"""The places where the office may lose its power, by name, so that tests can take it away exactly there."""

from types import MappingProxyType

ENROL_BEFORE_RECORD = "issuer.enrol.before_record"
ENROL_IN_TRANSACTION = "issuer.enrol.in_transaction"
ENROL_AFTER_RECORD = "issuer.enrol.after_record"
OFFER_IN_TRANSACTION = "issuer.offer.in_transaction"
OFFER_AFTER_RECORD = "issuer.offer.after_record"
TOKEN_IN_TRANSACTION = "issuer.token.in_transaction"  # noqa: S105 - the name of a place, no secret
TOKEN_AFTER_SPEND = "issuer.token.after_spend"  # noqa: S105
CREDENTIAL_BEFORE_RECORD = "issuer.credential.before_record"
CREDENTIAL_AFTER_NONCE = "issuer.credential.after_nonce"
CREDENTIAL_AFTER_INDEX = "issuer.credential.after_index"
CREDENTIAL_AFTER_JOURNAL = "issuer.credential.after_journal"
CREDENTIAL_AFTER_RECORD = "issuer.credential.after_record"
CREDENTIAL_AFTER_SIGN = "issuer.credential.after_sign"
CREDENTIAL_AFTER_KEEP = "issuer.credential.after_keep"
STATUS_IN_TRANSACTION = "issuer.status.in_transaction"
STATUS_AFTER_RECORD = "issuer.status.after_record"
SWEEP_IN_TRANSACTION = "issuer.sweep.in_transaction"

CRASH_POINTS = MappingProxyType(
    {
        ENROL_BEFORE_RECORD: "the person is proved, nothing is written",
        ENROL_IN_TRANSACTION: "the application is written, not committed",
        ENROL_AFTER_RECORD: "the application is on record, the desk has no answer yet",
        OFFER_IN_TRANSACTION: "the offer is written, not committed",
        OFFER_AFTER_RECORD: "the offer is on record, the desk has no answer yet",
        TOKEN_IN_TRANSACTION: "the code is spent, not committed",
        TOKEN_AFTER_SPEND: "the code is spent on record, the wallet has no access token",
        CREDENTIAL_BEFORE_RECORD: "the draft passed its lint, nothing is written",
        CREDENTIAL_AFTER_NONCE: "the nonce is spent, not committed",
        CREDENTIAL_AFTER_INDEX: "the status index is allocated, not committed",
        CREDENTIAL_AFTER_JOURNAL: "everything is written, not committed",
        CREDENTIAL_AFTER_RECORD: "the draft is on record, nothing is signed",
        CREDENTIAL_AFTER_SIGN: "the credential is signed, its bytes are not kept yet",
        CREDENTIAL_AFTER_KEEP: "the signed bytes are kept, the wallet has no answer",
        STATUS_IN_TRANSACTION: "the new status is written, not committed",
        STATUS_AFTER_RECORD: "the new status is on record, the desk has no answer yet",
        SWEEP_IN_TRANSACTION: "what is past its time is erased, not committed",
    }
)
