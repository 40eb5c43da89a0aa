"""The hosts of a trust list's entry are those of its identifiers."""

import pytest

from trust.entries import host_of


@pytest.mark.parametrize(
    ("identifier", "host"),
    [
        ("https://Issuer.example", "issuer.example"),
        ("https://issuer.example:443/path", "issuer.example"),
        ("https://issuer.example:8443", "issuer.example:8443"),
        ("did:web:issuer.example", "issuer.example"),
        ("did:web:issuer.example%3A8443:office#key", "issuer.example:8443"),
        ("did:webvh:QmScid:issuer.example%3A8443:office", "issuer.example:8443"),
        ("did:webvh:QmScid", ""),
        ("did:key:z6Mk", ""),
        ("did:", ""),
        ("https://user@issuer.example", ""),
        ("ftp://issuer.example", ""),
        ("", ""),
    ],
)
def test_an_identifier_names_its_host_or_none(identifier: str, host: str) -> None:
    assert host_of(identifier) == host
