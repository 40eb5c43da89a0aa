"""Why something could not be stored, or a service could not start."""

from doors.refusals.root import Misused, Unavailable, Unexpected


class StorageUnavailable(Unavailable):
    """The database cannot be read or written."""

    code = "storage_unavailable"
    http_status = 503


class StorageBusy(Unavailable):
    """The database is held by another process."""

    code = "storage_busy"
    http_status = 503


class SchemaNewer(Unavailable):
    """The database was written by a newer version."""

    code = "schema_newer"
    http_status = 503


class SettingsInvalid(Misused):
    """The settings do not hold."""

    code = "settings_invalid"
    http_status = 500


class ClockBehind(Unavailable):
    """The clock is behind the last record."""

    code = "clock_behind"
    http_status = 503


class InternalError(Unexpected):
    """Something failed that should not have."""

    code = "internal_error"
    http_status = 500
