"""What is wrong with a credential: its data, its proof, its dates, its issuer."""

from doors.refusals.root import Lapsed, Refused


class DataModelMismatch(Refused):
    """The document breaks a rule of the W3C data model it claims, or mixes two versions."""

    code = "data_model_mismatch"


class ContextInvalid(Refused):
    """The @context is missing, empty or not in the required order (VCDM 2.0 §4.3)."""

    code = "context_invalid"


class ContextNotAllowed(Refused):
    """The @context names a document that is not bundled, or defines terms inline."""

    code = "context_not_allowed"


class TermUndefined(Refused):
    """A term or type is defined by no listed context."""

    code = "term_undefined"


class IriNotAbsolute(Refused):
    """An identifier is not an absolute IRI."""

    code = "iri_not_absolute"


class CanonLimitExceeded(Refused):
    """The document's graph would cost more to canonicalise than is allowed."""

    code = "canon_limit_exceeded"


class ClaimsNotFromProof(Refused):
    """The claims shown are not the ones that were signed."""

    code = "claims_not_from_proof"


class ProofMissing(Refused):
    """There is no proof."""

    code = "proof_missing"


class ProofPurposeMismatch(Refused):
    """The proof or its key is for another purpose."""

    code = "proof_purpose_mismatch"


class ProofExpired(Lapsed):
    """The proof is past its life, or made in the future."""

    code = "proof_expired"


class CryptosuiteUnsupported(Refused):
    """The proof's cryptosuite is missing or not one used here."""

    code = "cryptosuite_unsupported"


class IssuerKeyMismatch(Refused):
    """The key that signed is not the issuer's."""

    code = "issuer_key_mismatch"


class IssuerUntrusted(Refused):
    """The issuer is not one that the policy trusts for this credential."""

    code = "issuer_untrusted"
    http_status = 403


class CredentialExpired(Lapsed):
    """The credential is past its last valid moment, or before its first."""

    code = "credential_expired"


class CredentialTypeMismatch(Refused):
    """The credential is of another type than the one asked for."""

    code = "credential_type_mismatch"


class DisclosureInvalid(Refused):
    """A disclosure is malformed, unreferenced, repeated or reserved (RFC 9901 §7.1)."""

    code = "disclosure_invalid"


class HashNotAllowed(Refused):
    """The digest algorithm is not one used here."""

    code = "hash_not_allowed"


class SchemaMismatch(Refused):
    """The claims do not match the schema of the credential's type."""

    code = "schema_mismatch"
