"""What is wrong with a signed token, its header or its key."""

from doors.refusals.root import Refused


class AlgNotAllowed(Refused):
    """The token names an algorithm that the profile does not list."""

    code = "alg_not_allowed"


class AlgKeyMismatch(Refused):
    """The token's algorithm is not the one its key is for."""

    code = "alg_key_mismatch"


class KeySourceForbidden(Refused):
    """The token brings its own key or a link to one (jwk, jku, x5u)."""

    code = "key_source_forbidden"


class KeyNotAllowed(Refused):
    """The key is too small, of a type that is not used here, or not a valid key."""

    code = "key_not_allowed"


class KidUnknown(Refused):
    """The key that the token names is not among its signer's keys."""

    code = "kid_unknown"


class CritUnsupported(Refused):
    """The token marks as critical an extension that is not understood (RFC 7515 §4.1.11)."""

    code = "crit_unsupported"


class TypMismatch(Refused):
    """The token is of another type than the one expected (RFC 8725 §3.11)."""

    code = "typ_mismatch"


class SigInvalid(Refused):
    """The signature does not match the bytes and the key."""

    code = "sig_invalid"
