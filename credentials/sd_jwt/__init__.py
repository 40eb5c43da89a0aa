"""Selective disclosure: a signed token in which every claim can be shown or kept on its own (RFC 9901)."""
