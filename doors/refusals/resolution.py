"""Why an address was not fetched or a DID not resolved."""

from doors.refusals.root import Lapsed, Network, Refused, Undecided


class UrlBlocked(Refused):
    """The address is not one that may be reached."""

    code = "url_blocked"


class RedirectBlocked(Network):
    """The other side redirects, which is not followed."""

    code = "redirect_blocked"
    http_status = 502


class FetchTimeout(Network):
    """The other side did not answer in time."""

    code = "fetch_timeout"
    http_status = 504


class FetchFailed(Network):
    """The other side could not be reached or answered with an error."""

    code = "fetch_failed"
    http_status = 502


class TlsError(Network):
    """The other side's TLS certificate or protocol is not acceptable."""

    code = "tls_error"
    http_status = 502


class DidInvalid(Refused):
    """The DID breaks its method's syntax."""

    code = "did_invalid"


class DidMethodUnsupported(Refused):
    """The DID method is not one used here."""

    code = "did_method_unsupported"
    http_status = 501


class DidOptionUnsupported(Refused):
    """The DID method cannot answer what was asked, such as a document as of an earlier time."""

    code = "did_option_unsupported"
    http_status = 501


class DidDocumentInvalid(Refused):
    """The DID document breaks its specification or belongs to another DID."""

    code = "did_document_invalid"


class DidLogInvalid(Refused):
    """The history of a DID breaks its method's rules, so nothing after the break is to be believed."""

    code = "did_log_invalid"


class DidLogParametersInvalid(DidLogInvalid):
    """The history of a DID sets a parameter that its method does not allow."""

    code = "did_log_parameters_invalid"


class DidLogProofInvalid(DidLogInvalid):
    """An entry in the history of a DID is not signed by a key that may change it, or not in the way its method requires."""

    code = "did_log_proof_invalid"


class DidNotFound(Undecided):
    """There is no document for this DID."""

    code = "did_not_found"
    http_status = 404


class DidDeactivated(Lapsed):
    """The DID has been deactivated by its controller."""

    code = "did_deactivated"
    http_status = 410


class DidStale(Undecided):
    """The DID document is older than the policy allows."""

    code = "did_stale"


class TrustListInvalid(Undecided):
    """The trust list breaks its rules, or its signature fails."""

    code = "trust_list_invalid"


class TrustListStale(Undecided):
    """The trust list has expired or is older than the policy allows."""

    code = "trust_list_stale"


class PackInvalid(Refused):
    """The offline pack breaks its rules, or its signature fails."""

    code = "pack_invalid"


class PackExpired(Undecided):
    """The offline pack is past its life."""

    code = "pack_expired"


class FactsMissing(Undecided):
    """A fact that the check needs is not at hand."""

    code = "facts_missing"
