"""What a token may allow."""

from enum import StrEnum


class Scope(StrEnum):
    """Take people in and offer credentials; read records; change statuses; read the journal."""

    ISSUE = "issue"
    READ = "read"
    REVOKE = "revoke"
    AUDIT = "audit:read"
