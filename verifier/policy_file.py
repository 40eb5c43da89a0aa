"""Read a policy file: every mistake in it is named at once, and nothing unknown is let pass."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from doors.refusals import SettingsInvalid
from trust.policy import TrustPolicy
from verifier.policy import LANGUAGES, Ask, Attribute, AttributePath, Policy, Retention, Words

RESPONSE_MODES = frozenset({"direct_post", "direct_post.jwt"})
FORMATS_ASKED = frozenset({"ldp_vc", "dc+sd-jwt"})
POLICY_LIMIT = 64 * 1024

T = TypeVar("T")
_KINDS: Mapping[type, str] = {dict: "a table", list: "a list", str: "text", int: "a whole number", bool: "true or false"}


def parse_policy(text: str) -> Policy:
    """The policy that a TOML text states; raises ``SettingsInvalid`` with every mistake in it, one a line."""
    if len(text) > POLICY_LIMIT:
        raise SettingsInvalid(f"policy: expected at most {POLICY_LIMIT} characters")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(f"policy: not well-formed TOML: {error}") from None
    reading = _Reading(table)
    policy = reading.policy(text)
    if reading.mistakes:
        raise SettingsInvalid("policy: " + "; ".join(reading.mistakes))
    return policy


def shipped_policies() -> tuple[str, ...]:
    """The names of the policies that come with the verifier."""
    folder = resources.files("verifier") / "policies"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load_policy(name: str) -> Policy:
    """A shipped policy by its name (``hotel``, ``court``), or any policy by its file's path; raises ``SettingsInvalid``."""
    if name in shipped_policies():
        return parse_policy((resources.files("verifier") / "policies" / f"{name}.toml").read_text("utf-8"))
    path = Path(name)
    if path.suffix != ".toml" or not path.is_file():
        raise SettingsInvalid(f"policy: expected one of {', '.join(shipped_policies())} or a .toml file")
    return parse_policy(path.read_text("utf-8"))


_MEMBERS = frozenset(Policy.__slots__) - {"text"}
_ATTRIBUTE_MEMBERS = frozenset(Attribute.__slots__)
_ASK_MEMBERS = frozenset({"id", "format", "types", "attributes", "attributes_of"})


class _Reading:
    """One pass over a policy's table that gathers every mistake instead of stopping at the first."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.table = table
        self.mistakes: list[str] = []

    def policy(self, text: str) -> Policy:
        table = self.table
        self._no_others(table, _MEMBERS, "")
        asks = self._asks()
        return Policy(
            id=self._word(table, "id", ""),
            version=self._number(table, "version", "", least=1),
            name=self._words(table.get("name"), "name"),
            purpose=self._words(table.get("purpose"), "purpose"),
            legal_basis=self._words(table.get("legal_basis"), "legal_basis"),
            retention=self._retention(),
            response_mode=self._one_of(table, "response_mode", "", RESPONSE_MODES),
            session_seconds=self._number(table, "session_seconds", "", least=10, most=3600),
            case_file=self._of(table, "case_file", "", bool, False),
            credentials=asks,
            alternatives=self._alternatives(frozenset(ask.id for ask in asks)),
            trust=self._trust(frozenset(kind for ask in asks for kind in ask.types)),
            text=text,
        )

    def _retention(self) -> Retention:
        table = self._table("retention")
        return Retention(
            seconds=self._number(table, "seconds", "retention.", least=0, most=100 * 366 * 86400),
            words=self._words({key: value for key, value in table.items() if key != "seconds"}, "retention"),
        )

    def _trust(self, types: frozenset[str]) -> TrustPolicy:
        """The ``[trust]`` table as ``trust.policy`` reads it, for the types that are asked for and no others."""
        table = {**self._table("trust"), "types": sorted(types)}
        try:
            return TrustPolicy.parse(table)
        except SettingsInvalid as error:
            self.mistakes.append(f"trust: {error.detail}")
            return TrustPolicy(types=frozenset())

    def _asks(self) -> tuple[Ask, ...]:
        tables = self._of(self.table, "credentials", "", list, [])
        if not tables:
            self.mistakes.append("credentials: expected at least one")
        asked: dict[str, tuple[Attribute, ...]] = {}
        asks = tuple(self._ask(table, f"credentials[{place}].", asked) for place, table in enumerate(tables))
        if len({ask.id for ask in asks}) != len(asks):
            self.mistakes.append("credentials: expected each id once")
        return asks

    def _ask(self, table: Mapping[str, Any], where: str, asked: dict[str, tuple[Attribute, ...]]) -> Ask:
        self._no_others(table, _ASK_MEMBERS, where)
        ask = Ask(
            id=self._word(table, "id", where),
            format=self._one_of(table, "format", where, FORMATS_ASKED),
            types=self._texts(table, "types", where),
            attributes=self._attributes_of(table, where, asked),
        )
        if not ask.types or all(attribute.optional for attribute in ask.attributes):
            self.mistakes.append(
                f"{where[:-1]}: expected at least one type and one attribute that is not optional; asking for all is asking for too much"
            )
        asked[ask.id] = ask.attributes
        return ask

    def _attributes_of(self, table: Mapping[str, Any], where: str, asked: Mapping[str, tuple[Attribute, ...]]) -> tuple[Attribute, ...]:
        if "attributes_of" not in table:
            return tuple(self._attributes(table, where))
        other = table["attributes_of"]
        if other not in asked or "attributes" in table:
            self.mistakes.append(f"{where}attributes_of: expected the id of a credential above, and no attributes beside it")
            return ()
        return tuple(replace(attribute, path=_top_level(attribute.path)) for attribute in asked[other])

    def _attributes(self, table: Mapping[str, Any], where: str) -> Iterator[Attribute]:
        for place, entry in enumerate(self._of(table, "attributes", where, list, [])):
            if isinstance(entry, dict):
                self._no_others(entry, _ATTRIBUTE_MEMBERS, f"{where}attributes[{place}].")
            path = entry.get("path") if isinstance(entry, dict) else None
            if not isinstance(path, list) or not path or not all(isinstance(step, str | int) for step in path):
                self.mistakes.append(f"{where}attributes[{place}].path: expected a list of names")
                continue
            yield Attribute(
                path=tuple(path),
                why=self._words(entry.get("why"), f"{where}attributes[{place}].why"),
                optional=self._flag(entry, "optional", f"{where}attributes[{place}].", otherwise=False),
                kept=self._flag(entry, "kept", f"{where}attributes[{place}].", otherwise=True),
            )

    def _alternatives(self, ids: frozenset[str]) -> tuple[tuple[tuple[str, ...], ...], ...]:
        sets = []
        for place, table in enumerate(self._of(self.table, "alternatives", "", list, [])):
            options = table.get("options") if isinstance(table, dict) else None
            if not _are_options(options, ids):
                self.mistakes.append(f"alternatives[{place}].options: expected lists of credential ids from this policy")
                continue
            sets.append(tuple(tuple(option) for option in options or ()))
        return tuple(sets)

    def _table(self, key: str) -> Mapping[str, Any]:
        return self._of(self.table, key, "", dict, {})

    def _words(self, value: object, where: str) -> Words:
        words = value if isinstance(value, dict) else {}
        if set(words) != set(LANGUAGES) or not all(isinstance(text, str) and text.strip() for text in words.values()):
            self.mistakes.append(f"{where}: expected one sentence in each of {', '.join(LANGUAGES)}")
        return MappingProxyType({language: str(words.get(language, "")) for language in LANGUAGES})

    def _word(self, table: Mapping[str, Any], key: str, where: str) -> str:
        value = self._of(table, key, where, str, "")
        if not value.replace("_", "").replace("-", "").isalnum() or not value.isascii():
            self.mistakes.append(f"{where}{key}: expected letters, digits, - and _ (OpenID4VP 1.0 §6.1)")
        return value

    def _texts(self, table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        values = self._of(table, key, where, list, [])
        if not all(isinstance(value, str) and value for value in values):
            self.mistakes.append(f"{where}{key}: expected a list of names")
        return tuple(str(value) for value in values)

    def _number(self, table: Mapping[str, Any], key: str, where: str, *, least: int, most: int = 1_000_000) -> int:
        value = self._of(table, key, where, int, least)
        if isinstance(value, bool) or not least <= value <= most:
            self.mistakes.append(f"{where}{key}: expected a whole number from {least} to {most}")
        return value

    def _one_of(self, table: Mapping[str, Any], key: str, where: str, allowed: frozenset[str]) -> str:
        value = self._of(table, key, where, str, "")
        if value not in allowed:
            self.mistakes.append(f"{where}{key}: expected one of {', '.join(sorted(allowed))}")
        return value

    def _flag(self, table: Mapping[str, Any], key: str, where: str, *, otherwise: bool) -> bool:
        return self._of(table, key, where, bool, otherwise) if key in table else otherwise

    def _of(self, table: Mapping[str, Any], key: str, where: str, kind: type[T], otherwise: T) -> T:
        value = table.get(key) if isinstance(table, dict) else None
        if isinstance(value, kind):
            return value
        self._absent(key, where, kind)
        return otherwise

    def _absent(self, key: str, where: str, kind: type[Any]) -> None:
        if key not in {"alternatives", "attributes"}:
            self.mistakes.append(f"{where}{key}: expected {_KINDS[kind]}")

    def _no_others(self, table: Mapping[str, Any], known: frozenset[str], where: str) -> None:
        others = sorted(set(table) - known) if isinstance(table, dict) else []
        self.mistakes.extend(f"{where}{other}: not a member of a policy" for other in others)


def _top_level(path: AttributePath) -> AttributePath:
    return path[1:] if path[0] == "credentialSubject" else path


def _are_options(options: object, ids: frozenset[str]) -> bool:
    return (
        isinstance(options, list)
        and bool(options)
        and all(isinstance(option, list) and bool(option) and set(map(str, option)) <= ids for option in options)
    )
