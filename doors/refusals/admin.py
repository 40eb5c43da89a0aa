"""What the admin APIs refuse."""

from doors.refusals.root import NotAuthorised, Refused


class AuthRequired(NotAuthorised):
    """The caller has not said who they are."""

    code = "auth_required"
    http_status = 401


class InsufficientScope(NotAuthorised):
    """The caller's token does not allow this."""

    code = "insufficient_scope"
    http_status = 403


class NotFound(Refused):
    """There is nothing under this name for this caller."""

    code = "not_found"
    http_status = 404


class MethodNotAllowed(Refused):
    """The route does not take this method."""

    code = "method_not_allowed"
    http_status = 405


class IdempotencyConflict(Refused):
    """The idempotency key was used with another request."""

    code = "idempotency_conflict"
    http_status = 409


class PreconditionFailed(Refused):
    """The object has changed since it was read."""

    code = "precondition_failed"
    http_status = 412


class StateConflict(Refused):
    """The object is in a state that does not allow this."""

    code = "state_conflict"
    http_status = 409


class ApprovalPending(NotAuthorised):
    """A second person has to approve."""

    code = "approval_pending"
    http_status = 403


class SecondApproverRequired(NotAuthorised):
    """A different second person has to approve."""

    code = "second_approver_required"
    http_status = 403


class Csrf(NotAuthorised):
    """The request does not come from the service's own page."""

    code = "csrf"
    http_status = 403


class RateLimited(NotAuthorised):
    """Too many requests; wait."""

    code = "rate_limited"
    http_status = 429


class NotExportable(NotAuthorised):
    """The key never leaves its place."""

    code = "not_exportable"
    http_status = 403


class AuditChainBroken(Refused):
    """The journal was changed after it was written."""

    code = "audit_chain_broken"
    http_status = 500
