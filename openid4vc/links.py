"""The text of a QR code or a link: which scheme, which parameters; nothing in it can stand for the holder's own approval."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from doors.refusals import ApprovalRequired, InputMalformed, UnsupportedUri
from openid4vc.forms import parse_form
from openid4vc.urls import LOOPBACK, split_url

LINK_LIMIT = 6_000
"""Characters of a link that are read; a QR code holds at most 4,296."""

_ADDRESS = re.compile(r"[A-Za-z0-9./-]{0,255}", re.ASCII)
"""What may stand between a wallet's own scheme and the question mark (``//``, ``//authorize``): it is not looked at."""

_APPROVING = frozenset(
    {"approve", "approved", "autoapprove", "consent", "autoconsent", "skipconsent", "noconsent", "accept", "autoaccept", "autosubmit"}
    | {"confirm", "noconfirm", "skipconfirmation", "silent", "yes", "preapproved", "autopresent", "autoissue"}
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a kind that is read here: its scheme and its parameters, each once."""

    scheme: str
    parameters: Mapping[str, str]


def parse_link(text: str, *, schemes: frozenset[str]) -> Link:
    """The link in ``text``: one of ``schemes``, or https (a universal link; http on loopback), with its query parameters.

    Raises ``UnsupportedUri`` for any other scheme, for text that is no link or longer than ``LINK_LIMIT`` or has a fragment, and
    ``ApprovalRequired`` where a parameter asks to skip the holder's approval. Other unknown parameters are there but mean nothing.
    """
    stripped = text.strip()
    if len(stripped) > LINK_LIMIT:
        raise UnsupportedUri(f"link: expected at most {LINK_LIMIT} characters, got {len(stripped)}")
    scheme, separator, rest = stripped.partition(":")
    if not separator or not stripped.isascii() or not _is_read(scheme.lower(), stripped, schemes):
        raise UnsupportedUri(f"link: expected one of {', '.join(sorted(schemes))} or https, got another kind of text")
    address, _, query = rest.partition("?")
    if "#" in rest or (scheme.lower() in schemes and not _ADDRESS.fullmatch(address)):
        raise UnsupportedUri("link: expected parameters after the question mark and nothing behind them")
    return Link(scheme.lower(), _parameters(query))


def refuse_approval_in(parameters: Mapping[str, object]) -> None:
    """Raise ``ApprovalRequired`` where ``parameters`` pretend that the holder has approved: only the holder can."""
    for name, value in parameters.items():
        plain = name.lower().replace("_", "").replace("-", "")
        if plain in _APPROVING or (plain == "prompt" and "none" in str(value).lower()):
            raise ApprovalRequired("link: expected no parameter that answers for the holder, got one; the holder is asked")


def _is_read(scheme: str, text: str, schemes: frozenset[str]) -> bool:
    if scheme in schemes:
        return True
    parts = split_url(text)
    return parts is not None and "@" not in parts.netloc and (scheme == "https" or (scheme == "http" and parts.hostname in LOOPBACK))


def _parameters(query: str) -> Mapping[str, str]:
    try:
        parameters = parse_form(query)
    except InputMalformed as error:
        raise UnsupportedUri(f"link: {error.detail}") from None
    refuse_approval_in(parameters)
    return parameters
