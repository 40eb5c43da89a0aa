"""The rules that the history of a did:webvh sets for itself: who may change it next, and who must have seen it.

did:webvh 1.0, "did:webvh DID Method Parameters" and "The witness Parameter".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from credentials.keys.did_key import public_key_from_did_key
from doors.json import JsonObject, JsonValue
from doors.refusals import DidInvalid, DidLogParametersInvalid

METHOD = "did:webvh:1.0"
LONGEST_TTL = 2**31
MOST_IN_A_LIST = 64


@dataclass(frozen=True, slots=True)
class WitnessRule:
    """``threshold`` different ones of ``witnesses`` (did:key, Ed25519) must have approved."""

    threshold: int
    witnesses: tuple[str, ...]

    @classmethod
    def parse(cls, value: JsonValue) -> "WitnessRule | None":
        """None for ``{}``, "no witnesses". Raises ``DidLogParametersInvalid`` for everything that is not exactly a rule."""
        if value == {}:
            return None
        if not isinstance(value, dict) or value.keys() != {"threshold", "witnesses"}:
            raise DidLogParametersInvalid("did:webvh: expected witness with threshold and witnesses", pointer="/parameters/witness")
        witnesses, threshold = _witnesses(value["witnesses"]), value["threshold"]
        if type(threshold) is not int or not 1 <= threshold <= len(witnesses):
            raise DidLogParametersInvalid(
                "did:webvh: expected a threshold from 1 to the number of witnesses", pointer="/parameters/witness"
            )
        return cls(threshold, witnesses)

    def to_json(self) -> JsonObject:
        return {"threshold": self.threshold, "witnesses": [{"id": witness} for witness in self.witnesses]}


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is in force after an entry; each member is as the entry's JSON names it."""

    scid: str
    update_keys: tuple[str, ...]
    next_key_hashes: tuple[str, ...] = ()
    witness: WitnessRule | None = None
    watchers: tuple[str, ...] = ()
    portable: bool = False
    deactivated: bool = False
    ttl: int = 3600

    @property
    def pre_rotation(self) -> bool:
        """Whether the next entry's keys are committed to already."""
        return bool(self.next_key_hashes)


def first_parameters(stated: JsonObject) -> Parameters:
    """The parameters that a first entry sets; raises ``DidLogParametersInvalid``."""
    _check(stated)
    if "updateKeys" not in stated or not isinstance(stated.get("scid"), str) or stated.get("method") != METHOD:
        raise DidLogParametersInvalid(f"did:webvh: expected {METHOD}, scid and updateKeys in the first entry", pointer="/parameters")
    return _changed(Parameters(stated["scid"], ()), stated)


def next_parameters(before: Parameters, stated: JsonObject) -> Parameters:
    """The parameters after a further entry; raises ``DidLogParametersInvalid``."""
    _check(stated)
    if "scid" in stated:
        raise DidLogParametersInvalid("did:webvh: expected scid in the first entry only", pointer="/parameters/scid")
    if stated.get("portable"):
        raise DidLogParametersInvalid("did:webvh: expected portable to be set in the first entry only", pointer="/parameters/portable")
    if before.pre_rotation and not {"updateKeys", "nextKeyHashes"} <= stated.keys():
        raise DidLogParametersInvalid("did:webvh: expected updateKeys and nextKeyHashes while keys are committed to", pointer="/parameters")
    return _changed(before, stated)


_Change = Callable[[JsonValue], Mapping[str, object]]


def _texts(member: str) -> _Change:
    def change(value: JsonValue) -> Mapping[str, object]:
        listed = [] if value is None else value
        if not isinstance(listed, list) or len(listed) > MOST_IN_A_LIST or not all(isinstance(text, str) for text in listed):
            raise DidLogParametersInvalid(f"did:webvh: expected {member} as a list of at most {MOST_IN_A_LIST} texts")
        return {member: tuple(listed)}

    return change


def _yes_or_no(member: str) -> _Change:
    def change(value: JsonValue) -> Mapping[str, object]:
        if value is not None and not isinstance(value, bool):
            raise DidLogParametersInvalid(f"did:webvh: expected {member} to be true or false")
        return {member: bool(value)}

    return change


def _ttl(value: JsonValue) -> Mapping[str, object]:
    seconds = 3600 if value is None else value
    if type(seconds) is not int or not 0 <= seconds <= LONGEST_TTL:
        raise DidLogParametersInvalid("did:webvh: expected ttl in whole seconds, at most 2^31", pointer="/parameters/ttl")
    return {"ttl": seconds}


def _witness(value: JsonValue) -> Mapping[str, object]:
    return {"witness": WitnessRule.parse({} if value is None else value)}


def _method(value: JsonValue) -> Mapping[str, object]:
    if value != METHOD:
        raise DidLogParametersInvalid(f"did:webvh: expected method {METHOD}", pointer="/parameters/method")
    return {}


_CHANGES: Mapping[str, _Change] = MappingProxyType(
    {
        "method": _method,
        "scid": lambda _: {},
        "updateKeys": _texts("update_keys"),
        "nextKeyHashes": _texts("next_key_hashes"),
        "witness": _witness,
        "watchers": _texts("watchers"),
        "portable": _yes_or_no("portable"),
        "deactivated": _yes_or_no("deactivated"),
        "ttl": _ttl,
    }
)
"""How each parameter is read; ``null`` is the old way to write a default (Parameters, General Rules, note)."""


def _check(stated: JsonObject) -> None:
    unknown = stated.keys() - _CHANGES.keys()
    if unknown:
        raise DidLogParametersInvalid(
            f"did:webvh: expected the parameters of {METHOD} only, got {len(unknown)} more", pointer="/parameters"
        )


def _changed(before: Parameters, stated: JsonObject) -> Parameters:
    changes: dict[str, object] = {}
    for name, value in stated.items():
        changes.update(_CHANGES[name](value))
    return replace(before, **changes)  # type: ignore[arg-type]  # each change names a member of Parameters with a value of its type


def _witnesses(listed: JsonValue) -> tuple[str, ...]:
    """Distinct did:keys for Ed25519; any other key type is refused here already, not at a signature."""
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_IN_A_LIST:
        raise DidLogParametersInvalid("did:webvh: expected a list of witnesses", pointer="/parameters/witness")
    names = tuple(_witness_name(entry) for entry in listed)
    if len(set(names)) != len(names):
        raise DidLogParametersInvalid("did:webvh: expected each witness once", pointer="/parameters/witness")
    return names


def _witness_name(entry: JsonValue) -> str:
    name = entry.get("id") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not _is_ed25519(name):
        raise DidLogParametersInvalid("did:webvh: expected witnesses to be did:keys for Ed25519", pointer="/parameters/witness")
    return name


def _is_ed25519(did: str) -> bool:
    try:
        return public_key_from_did_key(did).algorithm == "EdDSA"
    except DidInvalid:
        return False
