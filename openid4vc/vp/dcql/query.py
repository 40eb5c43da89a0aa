"""A DCQL query, read strictly: identifiers unique and referring to something, arrays never empty (OpenID4VP 1.0 §6)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from doors.json import JsonObject, JsonValue
from doors.refusals import RequestInvalid
from openid4vc.claims_path import ClaimPath, parse_path
from openid4vc.members import Members, without_absent
from openid4vc.vp.dcql.meta import Meta

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
MOST_CREDENTIALS = 20
MOST_CLAIMS = 200
MOST_OPTIONS = 100
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ClaimsQuery:
    """One claim asked for; ``values`` are the values it may have, () for any (§6.3)."""

    path: ClaimPath
    values: tuple[str | int | bool, ...] = ()
    id: str = ""

    @classmethod
    def parse(cls, members: Members) -> "ClaimsQuery":
        values = members.items("values") if members.has("values") else ()
        if not all(isinstance(value, str | int) for value in values):
            members.refuse("values", "strings, integers or booleans")
        path = parse_path(members.document.get("path"), refusal=members.refusal, pointer=members.at("path"))
        return cls(path, values, _identifier(members) if members.has("id") else "")

    def to_json(self) -> JsonObject:
        return without_absent({"id": self.id, "path": list(self.path), "values": list(self.values)})

    def allows(self, value: JsonValue) -> bool:
        """Whether ``value`` is one of those asked for: type and value both match exactly (§6.3); true is not 1."""
        return not self.values or any(type(value) is type(wanted) and value == wanted for wanted in self.values)


@dataclass(frozen=True, slots=True)
class TrustedAuthorities:
    """Authorities or trust frameworks of which one should stand behind the issuer (§6.1.1); the verifier judges trust itself."""

    type: str
    values: tuple[str, ...]

    @classmethod
    def parse(cls, members: Members) -> "TrustedAuthorities":
        return cls(members.text("type"), members.texts("values"))

    def to_json(self) -> JsonObject:
        return {"type": self.type, "values": list(self.values)}


@dataclass(frozen=True, slots=True)
class CredentialQuery:
    """One credential asked for (§6.1)."""

    id: str
    format: str
    meta: Meta = field(default_factory=Meta)
    claims: tuple[ClaimsQuery, ...] = ()
    claim_sets: tuple[tuple[str, ...], ...] = ()
    multiple: bool = False
    require_holder_binding: bool = True
    trusted_authorities: tuple[TrustedAuthorities, ...] = ()

    @classmethod
    def parse(cls, members: Members) -> "CredentialQuery":
        claims = tuple(ClaimsQuery.parse(claim) for claim in _bounded(members.inners_or_none("claims"), MOST_CLAIMS))
        return cls(
            id=_identifier(members),
            format=members.text("format"),
            meta=Meta.parse(members.inner("meta"), format_name=members.text("format")),
            claims=claims,
            claim_sets=_claim_sets(members, claims),
            multiple=members.flag_or("multiple", default=False),
            require_holder_binding=members.flag_or("require_cryptographic_holder_binding", default=True),
            trusted_authorities=tuple(TrustedAuthorities.parse(entry) for entry in members.inners_or_none("trusted_authorities")),
        )

    def to_json(self) -> JsonObject:
        document = without_absent(
            {
                "id": self.id,
                "format": self.format,
                "claims": [claim.to_json() for claim in self.claims],
                "claim_sets": [list(option) for option in self.claim_sets],
                "multiple": self.multiple or None,
                "require_cryptographic_holder_binding": None if self.require_holder_binding else False,
                "trusted_authorities": [entry.to_json() for entry in self.trusted_authorities],
            }
        )
        return {**document, "meta": self.meta.to_json(format_name=self.format)}

    def options(self) -> tuple[tuple[ClaimsQuery, ...], ...]:
        """The combinations of claims that satisfy the query, most preferred first (§6.4.1); one empty option where no claims are asked."""
        if not self.claim_sets:
            return (self.claims,)
        named = {claim.id: claim for claim in self.claims}
        return tuple(tuple(named[identifier] for identifier in option) for option in self.claim_sets)


@dataclass(frozen=True, slots=True)
class CredentialSetQuery:
    """Alternative sets of credentials for one use (§6.2)."""

    options: tuple[tuple[str, ...], ...]
    required: bool = True

    def to_json(self) -> JsonObject:
        return {"options": [list(option) for option in self.options], **({} if self.required else {"required": False})}


@dataclass(frozen=True, slots=True)
class Query:
    """A DCQL query (§6)."""

    credentials: tuple[CredentialQuery, ...]
    credential_sets: tuple[CredentialSetQuery, ...] = ()

    @classmethod
    def parse(cls, document: JsonObject, *, pointer: str = "/dcql_query") -> "Query":
        """The query in a message; unknown members are ignored (§6). Raises ``RequestInvalid`` with the pointer of the member."""
        members = Members.of(document, RequestInvalid, pointer)
        credentials = tuple(CredentialQuery.parse(entry) for entry in _bounded(members.inners("credentials"), MOST_CREDENTIALS))
        known = _unique((entry.id for entry in credentials), members, "credentials")
        sets = tuple(_credential_set(entry, known) for entry in _bounded(members.inners_or_none("credential_sets"), MOST_OPTIONS))
        return cls(credentials, sets)

    def to_json(self) -> JsonObject:
        sets = [entry.to_json() for entry in self.credential_sets]
        return {"credentials": [entry.to_json() for entry in self.credentials], **({"credential_sets": sets} if sets else {})}

    def named(self, identifier: str) -> CredentialQuery | None:
        return next((entry for entry in self.credentials if entry.id == identifier), None)

    def required_sets(self) -> tuple[CredentialSetQuery, ...]:
        """What must be answered: the required sets, or else every credential on its own (§6.4.2)."""
        if self.credential_sets:
            return tuple(entry for entry in self.credential_sets if entry.required)
        return tuple(CredentialSetQuery(((entry.id,),)) for entry in self.credentials)


def _credential_set(members: Members, known: frozenset[str]) -> CredentialSetQuery:
    options = tuple(_references(option, members, "options", known) for option in _bounded(members.items("options"), MOST_OPTIONS))
    return CredentialSetQuery(options, members.flag_or("required", default=True))


def _claim_sets(members: Members, claims: tuple[ClaimsQuery, ...]) -> tuple[tuple[str, ...], ...]:
    known = _unique((claim.id for claim in claims if claim.id), members, "claims")
    if not members.has("claim_sets"):
        return ()
    if not claims or not all(claim.id for claim in claims):
        members.refuse("claim_sets", "claims with an id each beside it (§6.3, §6.4.1)")
    return tuple(_references(option, members, "claim_sets", known) for option in _bounded(members.items("claim_sets"), MOST_OPTIONS))


def _references(option: JsonValue, members: Members, name: str, known: frozenset[str]) -> tuple[str, ...]:
    if not isinstance(option, list) or not option or not all(isinstance(part, str) and part in known for part in option):
        members.refuse(name, "non-empty arrays of identifiers that the query defines")
    if len(set(option)) != len(option):
        members.refuse(name, "each identifier once in an option")
    return tuple(option)


def _identifier(members: Members) -> str:
    identifier = members.text("id")
    if not _ID.fullmatch(identifier):
        members.refuse("id", "letters, digits, underscore and hyphen")
    return identifier


def _unique(identifiers: Iterable[str], members: Members, name: str) -> frozenset[str]:
    listed = list(identifiers)
    if len(set(listed)) != len(listed):
        members.refuse(name, "each id once")
    return frozenset(listed)


def _bounded(entries: tuple[T, ...], most: int) -> tuple[T, ...]:
    if len(entries) > most:
        raise RequestInvalid(f"dcql_query: expected at most {most} entries, got {len(entries)}")
    return entries
