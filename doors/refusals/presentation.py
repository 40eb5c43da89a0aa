"""What is wrong with a presentation, its session or its binding to request and holder."""

from doors.refusals.root import Refused, Undecided


class NonceMismatch(Refused):
    """The presentation answers another nonce than the one sent."""

    code = "nonce_mismatch"


class AudMismatch(Refused):
    """The presentation was made for somebody else."""

    code = "aud_mismatch"


class HolderBindingMissing(Refused):
    """Nothing shows that the presenter holds the credential's key."""

    code = "holder_binding_missing"


class HolderBindingInvalid(Refused):
    """The presenter's proof is not by the credential's holder key."""

    code = "holder_binding_invalid"


class QueryNotSatisfied(Refused):
    """The presentation does not answer the query, or holds what was not asked for."""

    code = "query_not_satisfied"


class ClaimMissing(Refused):
    """A requested claim was not disclosed."""

    code = "claim_missing"


class SessionConsumed(Refused):
    """The session has already been answered."""

    code = "session_consumed"
    http_status = 409


class SessionExpired(Refused):
    """The session is past its life."""

    code = "session_expired"
    http_status = 410


class SessionMismatch(Refused):
    """The answer belongs to another session."""

    code = "session_mismatch"


class ResponseNotEncrypted(Refused):
    """The answer came in clear where encryption was demanded."""

    code = "response_not_encrypted"


class PresentationDeclined(Undecided):
    """The holder has declined to present."""

    code = "presentation_declined"


class EvidenceMissing(Refused):
    """A required proofing step is not on record."""

    code = "evidence_missing"
    http_status = 403


class EvidenceMismatch(Refused):
    """The proofing evidence belongs to another person or session."""

    code = "evidence_mismatch"
    http_status = 403
