"""What a relying party asks for, why, for how long, and whom it believes: one file that everyone concerned can read."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from credentials.keys import PublicKey
from trust.policy import TrustPolicy

Words = Mapping[str, str]
"""One sentence a language: ``en`` and ``zh-CN``."""
LANGUAGES = ("en", "zh-CN")

AttributePath = tuple[str | int | None, ...]
Alternatives = tuple[tuple[tuple[str, ...], ...], ...]
"""Sets of credentials, one of each of which is needed: the options of a set, each the query ids that go together."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute that is asked for, as a DCQL claims path (OpenID4VP 1.0 §7), and why.

    An ``optional`` one may be held back by the guest. One that is not ``kept`` is shown to the clerk and never written down.
    """

    path: AttributePath
    why: Words
    optional: bool = False
    kept: bool = True

    @property
    def name(self) -> str:
        """The last name in the path: ``family_name``."""
        return str(self.path[-1])


@dataclass(frozen=True, slots=True)
class Ask:
    """One credential that is asked for: its form, the types that will do, and the attributes needed from it."""

    id: str
    format: str
    types: tuple[str, ...]
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what was disclosed is kept, in seconds and in words."""

    seconds: int
    words: Words


@dataclass(frozen=True, slots=True)
class Policy:
    """One relying party's rules, as its TOML file states them; ``text`` is that file, so that a case file can keep it."""

    id: str
    version: int
    name: Words
    purpose: Words
    legal_basis: Words
    retention: Retention
    response_mode: str
    session_seconds: int
    case_file: bool
    credentials: tuple[Ask, ...]
    alternatives: Alternatives
    trust: TrustPolicy
    text: str

    @property
    def sha256(self) -> str:
        """The digest of the policy's text, in hexadecimal: what a receipt names."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def types(self) -> frozenset[str]:
        """Every credential type that the policy asks for."""
        return frozenset(kind for ask in self.credentials for kind in ask.types)

    def ask(self, query_id: str) -> Ask:
        """The credential asked for under this query id; ``KeyError`` where there is none."""
        return {ask.id: ask for ask in self.credentials}[query_id]

    def trusting(self, *, trust_list_url: str, anchors: tuple[PublicKey, ...]) -> "Policy":
        """This policy on the word of a trust list: where it lies, and which keys sign it. The deployment says so, not the file."""
        return replace(self, trust=replace(self.trust, trust_list_url=trust_list_url, anchors=anchors))
