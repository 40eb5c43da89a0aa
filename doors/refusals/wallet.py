"""What the wallet will not take, open or show."""

from doors.refusals.root import NotAuthorised, Refused


class MetadataInvalid(Refused):
    """The other side's metadata breaks its specification."""

    code = "metadata_invalid"


class MetadataMismatch(Refused):
    """The metadata names another party than the address it came from."""

    code = "metadata_mismatch"


class RequestUntrusted(Refused):
    """Who asks cannot be authenticated."""

    code = "request_untrusted"
    http_status = 403


class RequestInvalid(Refused):
    """The presentation request breaks its specification."""

    code = "request_invalid"


class RequestExpired(Refused):
    """The presentation request is past its life or was opened before."""

    code = "request_expired"


class Overasking(Refused):
    """The relying party asks for what it is not registered to ask."""

    code = "overasking"
    http_status = 403


class AnswerRejected(Refused):
    """The verifier did not accept the wallet's answer."""

    code = "answer_rejected"
    http_status = 502


class InvalidTransactionData(Refused):
    """The transaction data is of no known type or does not fit the request."""

    code = "invalid_transaction_data"


class ApprovalRequired(NotAuthorised):
    """Only the holder's own approval may do this."""

    code = "approval_required"
    http_status = 403


class CredentialUsed(Refused):
    """This one-time credential has been shown before."""

    code = "credential_used"
    http_status = 409


class WalletLocked(NotAuthorised):
    """The wallet is locked, or has locked itself."""

    code = "wallet_locked"
    http_status = 401


class UnlockFailed(NotAuthorised):
    """The passphrase does not open the wallet."""

    code = "unlock_failed"
    http_status = 401


class LockedOut(NotAuthorised):
    """Too many wrong tries; the wallet waits."""

    code = "locked_out"
    http_status = 429


class BackupCorrupt(Refused):
    """The backup file is damaged or was changed."""

    code = "backup_corrupt"


class StoreCorrupt(Refused):
    """The stored record is damaged or was changed."""

    code = "store_corrupt"
    http_status = 500


class StorePermissions(NotAuthorised):
    """The wallet's file or folder is open to others."""

    code = "store_permissions"
    http_status = 403


class StoreRecovered(Refused):
    """The last save was not whole; the last good state was opened."""

    code = "store_recovered"
    http_status = 500
