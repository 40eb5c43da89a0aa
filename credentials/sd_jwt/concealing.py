"""Hide chosen claims behind digests, each openable on its own."""

from collections.abc import Callable
from dataclasses import dataclass, field

from credentials.sd_jwt.digests import DIGESTS, text_digest
from credentials.sd_jwt.disclosure import RESERVED, make_disclosure
from credentials.wire import ClaimPath
from doors.json import JsonObject, JsonValue
from doors.refusals import ClaimMissing, DisclosureInvalid

Salts = Callable[[int], bytes]
"""Cryptographic randomness: so many bytes in, so many random bytes out (``secrets.token_bytes``)."""
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Concealed:
    """The payload to sign, with digests in place of the hidden claims, and the disclosures that open them."""

    payload: JsonObject
    disclosures: tuple[str, ...]


def conceal(claims: JsonObject, paths: frozenset[ClaimPath], *, salts: Salts) -> Concealed:
    """Make the claims at ``paths`` selectively disclosable, inner ones within outer ones too (RFC 9901 §4.2).

    The digests are sorted, so that they do not tell the order of the claims. Raises ``ClaimMissing`` for a path that leads nowhere
    and ``DisclosureInvalid`` for a claim under a reserved name.
    """
    work = _Concealing(paths, salts)
    payload = work.members(claims, ())
    if len(work.disclosures) != len(paths):
        raise ClaimMissing("selective disclosure: a path leads to no claim")
    return Concealed({**payload, "_sd_alg": "sha-256"} if paths else payload, tuple(work.disclosures))


@dataclass(slots=True)
class _Concealing:
    paths: frozenset[ClaimPath]
    salts: Salts
    disclosures: list[str] = field(default_factory=list)

    def value(self, value: JsonValue, path: ClaimPath) -> JsonValue:
        if isinstance(value, dict):
            return self.members(value, path)
        return [self.element(item, (*path, place)) for place, item in enumerate(value)] if isinstance(value, list) else value

    def members(self, members: JsonObject, path: ClaimPath) -> JsonObject:
        plain: JsonObject = {}
        digests: list[str] = []
        for name, value in members.items():
            if name in RESERVED:
                raise DisclosureInvalid("claims: a claim name is reserved (RFC 9901 §4.1)")
            inner = self.value(value, (*path, name))
            if (*path, name) in self.paths:
                digests.append(self.hide(inner, name))
            else:
                plain[name] = inner
        return {**plain, "_sd": sorted(digests)} if digests else plain

    def element(self, element: JsonValue, path: ClaimPath) -> JsonValue:
        inner = self.value(element, path)
        return {"...": self.hide(inner, None)} if path in self.paths else inner

    def hide(self, value: JsonValue, name: str | None) -> str:
        disclosure = make_disclosure(self.salts(SALT_BYTES), value, name=name)
        self.disclosures.append(disclosure.text)
        return text_digest(disclosure.text, DIGESTS["sha-256"])
