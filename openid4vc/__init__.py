"""The messages between wallet, issuer and verifier (OpenID4VCI 1.0, OpenID4VP 1.0): pure values and checks, no I/O, no clock."""
