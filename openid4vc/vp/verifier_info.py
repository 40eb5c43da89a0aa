"""What a verifier brings along to explain itself: its purpose in its own words, and its registration (OpenID4VP 1.0 §5.11).

``verifier_info`` entries are typed by ``format``. Two formats are ours. ``PURPOSE_FORMAT``: ``data`` is an object with ``purpose``
(language tag to sentence, required), ``name`` (likewise), ``legal_basis`` (likewise), ``retention_days`` (whole number, 0 for not kept)
and ``privacy_policy`` (URL); it is the verifier's own statement, bound to it by the signature of the request object that carries it, and to
this request by the nonce beside it. ``REGISTRATION_FORMAT``: ``data`` is a signed statement of a registrar (compact JWS), which whoever
knows the registrar checks. Entries of other formats are kept and not interpreted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from doors.json import JsonObject
from doors.refusals import RequestInvalid
from openid4vc.members import Members, without_absent

PURPOSE_FORMAT = "https://tigertally.example/verifier-info/purpose/v1"
REGISTRATION_FORMAT = "https://tigertally.example/verifier-info/registration/v1"
LONGEST_SENTENCE = 2000


@dataclass(frozen=True, slots=True)
class VerifierInfo:
    """One attestation about the verifier; ``credential_ids`` says which credential queries it is about, () for all (§5.1)."""

    format: str
    data: JsonObject | str
    credential_ids: tuple[str, ...] = ()

    @classmethod
    def parse(cls, members: Members) -> "VerifierInfo":
        data = members.document.get("data")
        if not data or not isinstance(data, str | dict):
            members.refuse("data", "a string or an object")
        return cls(members.text("format"), data, members.texts_or("credential_ids"))

    def to_json(self) -> JsonObject:
        return without_absent({"format": self.format, "data": self.data, "credential_ids": list(self.credential_ids)})


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why the verifier asks, in each language, and how long it keeps the answer; ``retention_days`` is None where it does not say."""

    purpose: Mapping[str, str]
    name: Mapping[str, str] = field(default_factory=dict)
    legal_basis: Mapping[str, str] = field(default_factory=dict)
    retention_days: int | None = None
    privacy_policy: str = ""

    @classmethod
    def parse(cls, members: Members) -> "Purpose":
        if not members.has("purpose"):
            members.refuse("purpose", "a sentence for each language")
        return cls(
            purpose=_sentences(members, "purpose"),
            name=_sentences(members, "name"),
            legal_basis=_sentences(members, "legal_basis"),
            retention_days=members.whole("retention_days", least=0) if members.has("retention_days") else None,
            privacy_policy=members.url_or("privacy_policy", ""),
        )

    def to_info(self) -> VerifierInfo:
        """The entry of ``verifier_info`` that carries this statement."""
        data = {
            "purpose": dict(self.purpose),
            "name": dict(self.name),
            "legal_basis": dict(self.legal_basis),
            "retention_days": self.retention_days,
            "privacy_policy": self.privacy_policy,
        }
        return VerifierInfo(PURPOSE_FORMAT, without_absent(data))


def purpose_in(infos: tuple[VerifierInfo, ...]) -> Purpose | None:
    """The purpose statement among ``infos``; raises ``RequestInvalid`` where there are two or it is malformed."""
    found = [info for info in infos if info.format == PURPOSE_FORMAT]
    if len(found) > 1:
        raise RequestInvalid("verifier_info: expected one purpose statement, got more", pointer="/verifier_info")
    return Purpose.parse(Members.of(found[0].data, RequestInvalid, "/verifier_info/data")) if found else None


def registrations_in(infos: tuple[VerifierInfo, ...]) -> tuple[str, ...]:
    """The signed registration statements among ``infos``, unverified."""
    return tuple(info.data for info in infos if info.format == REGISTRATION_FORMAT and isinstance(info.data, str))


def _sentences(members: Members, name: str) -> Mapping[str, str]:
    inner = members.inner_or_none(name)
    if inner is None:
        return {}
    sentences = {language: inner.text(language) for language in inner.document}
    if not sentences or any(len(sentence) > LONGEST_SENTENCE for sentence in sentences.values()):
        members.refuse(name, f"a sentence of at most {LONGEST_SENTENCE} characters for each language")
    return sentences
