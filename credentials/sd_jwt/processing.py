"""Put disclosed claims back where their digests stand, and refuse every disclosure that has no such place."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from credentials.sd_jwt.digests import Digest, digest_named_by, text_digest
from credentials.sd_jwt.disclosure import Disclosure, parse_disclosure
from credentials.wire import ClaimPath
from doors.json import LIMITS, JsonObject, JsonValue
from doors.refusals import DisclosureInvalid, HashNotAllowed, InputMalformed, InputTooLarge

DISCLOSURES_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Placed:
    """A disclosure and the place in the processed claims that it fills."""

    path: ClaimPath
    disclosure: Disclosure


@dataclass(frozen=True, slots=True)
class Processed:
    """The claims with everything disclosed in place and no digest left (the Processed SD-JWT Payload), and what was placed where."""

    claims: JsonObject
    placed: tuple[Placed, ...]


def process(payload: JsonObject, disclosures: Iterable[str]) -> Processed:
    """Carry out RFC 9901 §7.1 step 3 to 5 on a payload whose signature has been, or will be, checked.

    Raises ``DisclosureInvalid`` (unreferenced, repeated, wrong arity, reserved or clashing name), ``HashNotAllowed`` and what
    ``parse_disclosure`` raises.
    """
    digest = digest_named_by(payload)
    walk = _Walk(_by_digest(tuple(disclosures), digest))
    top = {name: value for name, value in payload.items() if name != "_sd_alg"}
    claims = walk.members(top, ())
    if walk.waiting:
        raise DisclosureInvalid("disclosure: its digest appears nowhere in the SD-JWT (RFC 9901 §7.1 step 5)")
    return Processed(claims=claims, placed=tuple(walk.placed))


def _by_digest(texts: tuple[str, ...], digest: Digest) -> dict[str, str]:
    if len(texts) > DISCLOSURES_LIMIT:
        raise InputTooLarge(f"SD-JWT: expected at most {DISCLOSURES_LIMIT} disclosures, got {len(texts)}")
    by_digest = {text_digest(text, digest): text for text in texts if text.isascii()}
    if len(by_digest) != len(texts):
        raise DisclosureInvalid("disclosure: expected each once and in ASCII (RFC 9901 §4)")
    return by_digest


@dataclass(slots=True)
class _Walk:
    """One way through the payload; ``waiting`` holds the disclosures without a place so far."""

    waiting: dict[str, str]
    placed: list[Placed] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    depth: int = 0

    def value(self, value: JsonValue, path: ClaimPath) -> JsonValue:
        if not isinstance(value, dict | list):
            return value
        self.depth += 1
        if self.depth > LIMITS.depth:
            raise InputMalformed(f"SD-JWT: expected at most {LIMITS.depth} levels of nesting")
        walked = self.members(value, path) if isinstance(value, dict) else self.elements(value, path)
        self.depth -= 1
        return walked

    def members(self, members: JsonObject, path: ClaimPath) -> JsonObject:
        if "..." in members:
            raise DisclosureInvalid('"...": expected only as the one member of an array element (RFC 9901 §4.2.4.2)')
        if "_sd_alg" in members:
            raise HashNotAllowed("_sd_alg: expected at the top level only (RFC 9901 §4.1.1)")
        walked = {name: self.value(value, (*path, name)) for name, value in members.items() if name != "_sd"}
        for digest in _digests(members):
            disclosure = self.disclosed(digest)
            if disclosure is not None:
                self.insert(disclosure, walked, path)
        return walked

    def insert(self, disclosure: Disclosure, members: JsonObject, path: ClaimPath) -> None:
        if disclosure.name is None:
            raise DisclosureInvalid("disclosure: expected salt, name and value where a member is disclosed (RFC 9901 §7.1)")
        if disclosure.name in members:
            raise DisclosureInvalid("disclosure: expected a claim name that is not there already (RFC 9901 §7.1)")
        place = (*path, disclosure.name)
        self.placed.append(Placed(place, disclosure))
        members[disclosure.name] = self.value(disclosure.value, place)

    def elements(self, elements: list[JsonValue], path: ClaimPath) -> list[JsonValue]:
        walked: list[JsonValue] = []
        for element in elements:
            place = (*path, len(walked))
            if not (isinstance(element, dict) and "..." in element):
                walked.append(self.value(element, place))
            elif (disclosure := self.disclosed(_element_digest(element))) is not None:
                if disclosure.name is not None:
                    raise DisclosureInvalid("disclosure: expected salt and value where an array element is disclosed (RFC 9901 §7.1)")
                self.placed.append(Placed(place, disclosure))
                walked.append(self.value(disclosure.value, place))
        return walked

    def disclosed(self, digest: str) -> Disclosure | None:
        if digest in self.seen:
            raise DisclosureInvalid("_sd: expected each digest once in the whole SD-JWT (RFC 9901 §7.1 step 4)")
        self.seen.add(digest)
        text = self.waiting.pop(digest, None)
        return None if text is None else parse_disclosure(text)


def _digests(members: JsonObject) -> list[str]:
    digests = members.get("_sd", [])
    if not isinstance(digests, list) or not all(isinstance(digest, str) for digest in digests):
        raise DisclosureInvalid("_sd: expected an array of strings (RFC 9901 §4.2.4.1)")
    return digests


def _element_digest(element: JsonObject) -> str:
    digest = element["..."]
    if len(element) != 1 or not isinstance(digest, str):
        raise DisclosureInvalid('"...": expected a string and no other member beside it (RFC 9901 §4.2.4.2)')
    return digest
