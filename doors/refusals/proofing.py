"""Why a person or a picture was not accepted."""

from doors.refusals.root import NotAuthorised, Refused, Undecided


class ConsentRequired(NotAuthorised):
    """The person's separate consent is not on record."""

    code = "consent_required"
    http_status = 403


class ImageTooLarge(Refused):
    """The picture has more pixels than are decoded."""

    code = "image_too_large"
    http_status = 413


class ImageFormatNotAllowed(Refused):
    """The file is neither JPEG nor PNG."""

    code = "image_format_not_allowed"
    http_status = 415


class ImageInvalid(Refused):
    """The picture cannot be decoded."""

    code = "image_invalid"
    http_status = 422


class ImageBlurred(Refused):
    """The picture is too blurred to compare."""

    code = "image_blurred"
    http_status = 422


class ImageTooDark(Refused):
    """The face in the picture is too dark to compare."""

    code = "image_too_dark"
    http_status = 422


class ImageTooBright(Refused):
    """The face in the picture is too bright to compare."""

    code = "image_too_bright"
    http_status = 422


class FaceNotFound(Refused):
    """No face was found in the picture."""

    code = "face_not_found"
    http_status = 422


class FaceMultiple(Refused):
    """More than one face was found in the picture."""

    code = "face_multiple"
    http_status = 422


class FaceTooSmall(Refused):
    """The face in the picture is too small to compare."""

    code = "face_too_small"
    http_status = 422


class FaceMismatch(Refused):
    """The two pictures are not accepted as the same person."""

    code = "face_mismatch"
    http_status = 422


class LivenessFailed(Refused):
    """The selfie is not accepted as taken live."""

    code = "liveness_failed"
    http_status = 422


class RegisterMismatch(Refused):
    """The population register does not confirm the person."""

    code = "register_mismatch"
    http_status = 422


class RegisterUnavailable(Undecided):
    """The population register cannot be asked."""

    code = "register_unavailable"
    http_status = 502


class ProofingTimeout(Undecided):
    """The face check ran out of time or memory."""

    code = "proofing_timeout"
    http_status = 503
