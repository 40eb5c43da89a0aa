"""The Digital Credentials Query Language: which credentials and claims a verifier asks for (OpenID4VP 1.0 §6)."""

from openid4vc.vp.dcql.checking import Answered, check
from openid4vc.vp.dcql.credentials import HeldCredential, Shown, ShownCredential
from openid4vc.vp.dcql.matching import Candidate, Candidates, match
from openid4vc.vp.dcql.query import ClaimsQuery, CredentialQuery, CredentialSetQuery, Query, TrustedAuthorities

__all__ = [
    "Answered",
    "Candidate",
    "Candidates",
    "ClaimsQuery",
    "CredentialQuery",
    "CredentialSetQuery",
    "HeldCredential",
    "Query",
    "Shown",
    "ShownCredential",
    "TrustedAuthorities",
    "check",
    "match",
]
