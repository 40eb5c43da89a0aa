"""OpenID for Verifiable Credential Issuance 1.0: what issuer and wallet say to each other."""
