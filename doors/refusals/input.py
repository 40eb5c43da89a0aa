"""What came is not well-formed, too large, or not of a kind that is read here."""

from doors.refusals.root import Refused


class InputMalformed(Refused):
    """The bytes are not what their kind promises: syntax, encoding, lexical form or nesting."""

    code = "input_malformed"


class InputTooLarge(Refused):
    """The input is larger than the stated limit, as sent or once expanded."""

    code = "input_too_large"
    http_status = 413


class RequestTimeout(Refused):
    """The body did not come in the time that there is for it."""

    code = "request_timeout"
    http_status = 408


class DuplicateMember(Refused):
    """A JSON object names the same member twice (RFC 7493 §2.3)."""

    code = "duplicate_member"


class FieldNotWritable(Refused):
    """The request sets a field that only the server may set."""

    code = "field_not_writable"
    http_status = 422


class UnsupportedUri(Refused):
    """The link or QR code is of no kind that is read here."""

    code = "unsupported_uri"


class UnsupportedMediaType(Refused):
    """The body's media type or content coding is not read here."""

    code = "unsupported_media_type"
    http_status = 415


class DocumentInvalid(Refused):
    """The identity document's own fields do not hold: check digit, date, or format."""

    code = "document_invalid"
    http_status = 422
