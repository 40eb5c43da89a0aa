"""Find out what a file or a request body holds: a credential, a presentation, or a wallet's whole answer. Nothing is believed here."""

import re
from dataclasses import dataclass
from types import MappingProxyType

from credentials.formats import FORMATS
from credentials.wire import VerifiableCredential, VerifiablePresentation
from doors.json import JsonObject, JsonValue, parse_object
from doors.refusals import ClaimsNotFromProof, InputMalformed, InputTooLarge
from openid4vc.embedding import to_wire
from openid4vc.vp.vp_token import VP_TOKEN_LIMITS
from verifier.policy import Policy
from verifier.verify import Presentations

LONGEST = VP_TOKEN_LIMITS.size
_ENVELOPED = re.compile(r"data:application/(?P<media>dc\+sd-jwt|vc\+sd-jwt)(;[^,]*)?,(?P<token>.+)", re.ASCII | re.DOTALL)
_ENVELOPE_MEMBERS = frozenset({"@context", "id", "type"})


@dataclass(frozen=True, slots=True)
class ShownPresentation:
    """Presentations by the query that they answer."""

    presentations: Presentations


@dataclass(frozen=True, slots=True)
class ShownCredential:
    """A credential without anybody who shows it."""

    credential: VerifiableCredential


Shown = ShownPresentation | ShownCredential


def open_content(content: bytes, *, policy: Policy) -> Shown:
    """What ``content`` holds: JSON (credential, presentation, envelope or ``{"vp_token": …}``) or a compact SD-JWT.

    Raises ``InputTooLarge``, ``InputMalformed``, ``ClaimsNotFromProof`` for an envelope with claims beside what is signed, and what
    the format's own reader raises.
    """
    if len(content) > LONGEST:
        raise InputTooLarge(f"input: expected at most {LONGEST} bytes, got {len(content)}")
    stripped = content.strip()
    if stripped.startswith(b"{"):
        return open_value(parse_object(stripped, VP_TOKEN_LIMITS), policy=policy)
    return _compact(stripped, policy)


def open_value(value: JsonValue, *, policy: Policy) -> Shown:
    """Like ``open_content``, for a JSON value that ``parse_object`` has read."""
    if isinstance(value, str):
        return _compact(to_wire(value, format_name="dc+sd-jwt"), policy)
    if not isinstance(value, dict):
        raise InputMalformed("input: expected an object or a compact token")
    if "vp_token" in value:
        return ShownPresentation(_of_token(value["vp_token"], policy))
    kinds = value.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "EnvelopedVerifiableCredential" in kinds or "EnvelopedVerifiablePresentation" in kinds:
        return _compact(_unwrapped(value), policy)
    wire = to_wire(value, format_name="ldp_vc")
    if "VerifiablePresentation" in kinds:
        return _single(FORMATS["ldp_vc"].parse_presentation(wire), policy)
    return ShownCredential(FORMATS["ldp_vc"].parse(wire))


def _unwrapped(envelope: JsonObject) -> bytes:
    """The token in an envelope (VCDM 2.0 §4.13); the envelope may say nothing of its own, for nobody signed it."""
    others = sorted(set(envelope) - _ENVELOPE_MEMBERS)
    if others:
        raise ClaimsNotFromProof(f"envelope: expected only {', '.join(sorted(_ENVELOPE_MEMBERS))}, got members that nobody signed")
    identifier = envelope.get("id")
    found = _ENVELOPED.fullmatch(identifier) if isinstance(identifier, str) else None
    if found is None:
        raise InputMalformed("envelope: expected id as a data: URL of an SD-JWT", pointer="/id")
    return found["token"].encode("ascii")


def _compact(token: bytes, policy: Policy) -> Shown:
    """An SD-JWT ends with a tilde, an SD-JWT+KB with its key binding (RFC 9901 §4)."""
    form = FORMATS["dc+sd-jwt"]
    if b"~" in token and not token.endswith(b"~"):
        return _single(form.parse_presentation(token), policy)
    return ShownCredential(form.parse(token))


def _single(presentation: VerifiablePresentation, policy: Policy) -> ShownPresentation:
    asked = next((ask.id for ask in policy.credentials if ask.format == presentation.format), "")
    if not asked:
        raise InputMalformed("presentation: expected a format that the policy asks for")
    return ShownPresentation(MappingProxyType({asked: (presentation,)}))


def _of_token(token: JsonValue, policy: Policy) -> Presentations:
    """A vp_token (OpenID4VP 1.0 §8.1) for the policy's own queries."""
    formats = {ask.id: ask.format for ask in policy.credentials}
    if not isinstance(token, dict) or not token or not set(token) <= set(formats) or not all(_is_one(shown) for shown in token.values()):
        raise InputMalformed("vp_token: expected an array of one presentation for each query of the policy that is answered")
    return MappingProxyType(
        {
            query_id: tuple(FORMATS[formats[query_id]].parse_presentation(to_wire(each, format_name=formats[query_id])) for each in shown)
            for query_id, shown in token.items()
        }
    )


def _is_one(shown: JsonValue) -> bool:
    return isinstance(shown, list) and len(shown) == 1
