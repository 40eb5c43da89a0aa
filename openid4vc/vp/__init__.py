"""OpenID for Verifiable Presentations 1.0: what verifier and wallet say to each other."""
