"""What is wrong with a status list, and what the status says."""

from doors.refusals.root import Lapsed, Refused, Undecided


class StatusRevoked(Lapsed):
    """The issuer has revoked the credential."""

    code = "status_revoked"


class StatusSuspended(Lapsed):
    """The issuer has suspended the credential."""

    code = "status_suspended"


class StatusInvalid(Refused):
    """The status list breaks a rule of its specification or its proof fails."""

    code = "status_invalid"


class StatusIssuerMismatch(Refused):
    """The status list is signed by another issuer than the credential."""

    code = "status_issuer_mismatch"


class StatusIndexInvalid(Refused):
    """The credential's status index lies outside its list."""

    code = "status_index_invalid"


class StatusStale(Undecided):
    """The status list is older than the policy allows."""

    code = "status_stale"


class StatusUnavailable(Undecided):
    """The status list cannot be had."""

    code = "status_unavailable"
    http_status = 502
