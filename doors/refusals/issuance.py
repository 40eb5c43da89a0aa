"""What the issuer's protocol endpoints refuse, in the words of OAuth and OpenID4VCI."""

from doors.refusals.root import NotAuthorised, Refused


class InvalidRequest(Refused):
    """The request lacks a parameter or has one that is malformed."""

    code = "invalid_request"


class InvalidGrant(Refused):
    """The code is unknown, used, expired or void."""

    code = "invalid_grant"


class InvalidTxCode(Refused):
    """The transaction code is wrong."""

    code = "invalid_tx_code"


class InvalidToken(NotAuthorised):
    """The access token is missing, unknown or expired."""

    code = "invalid_token"
    http_status = 401


class InvalidProof(Refused):
    """The key proof is missing or does not hold."""

    code = "invalid_proof"


class InvalidNonce(Refused):
    """The key proof's nonce was not issued here, is used or expired."""

    code = "invalid_nonce"


class UnknownCredentialConfiguration(Refused):
    """The credential configuration is not offered here."""

    code = "unknown_credential_configuration"


class InvalidEncryptionParameters(Refused):
    """The response encryption asked for is not supported."""

    code = "invalid_encryption_parameters"


class UnsupportedGrantType(Refused):
    """The grant type is not supported."""

    code = "unsupported_grant_type"


class InvalidDpopProof(Refused):
    """The DPoP proof does not hold (RFC 9449)."""

    code = "invalid_dpop_proof"


class InvalidTransactionId(Refused):
    """The deferred transaction is unknown to this holder."""

    code = "invalid_transaction_id"


class CredentialRequestDenied(Refused):
    """The issuer will not issue this credential."""

    code = "credential_request_denied"
    http_status = 403


class InvalidCredentialRequest(Refused):
    """The credential request lacks a parameter or has one that is malformed or unsupported."""

    code = "invalid_credential_request"


class InvalidNotificationRequest(Refused):
    """The notification lacks a parameter or has one that is malformed."""

    code = "invalid_notification_request"


class InvalidNotificationId(Refused):
    """The notification names no issuance that is known to this holder."""

    code = "invalid_notification_id"
