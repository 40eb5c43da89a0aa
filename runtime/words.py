"""The words people read, one catalogue a language, and the way to show words that somebody else wrote."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

LANGUAGES = ("en", "zh-CN")

_ANSI = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-Z\\-_])|\x9b[0-?]*[ -/]*[@-~]")
_SPACES = re.compile(r"\s+")
_CONTROL = frozenset(
    {"Cc", "Cf", "Cs", "Co", "Cn"}
)  # controls, format characters (bidi overrides, zero width), surrogates, private, unassigned
_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*|\*")
_MARKS_IN_A_ROW = 3
_NO_LIMIT = 1 << 30


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences by language and key; the same keys in each language."""

    sentences: Mapping[str, Mapping[str, str]]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.sentences)

    def say(self, language: str, key: str, /, **values: object) -> str:
        """The sentence for ``key``, with ``{name}`` filled from ``values``. Raises ``KeyError`` for a key that no catalogue has."""
        sentence = self.sentences[language][key]
        return sentence.format_map(values) if values else sentence


def load_words(*packages: str) -> Words:
    """The catalogues ``<package>/words/<language>.json`` of all ``packages``, later ones over earlier ones.

    Raises ``ValueError`` where one language lacks a key that another has.
    """
    gathered: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for package in packages:
        for language in LANGUAGES:
            gathered[language].update(json.loads(resources.files(package).joinpath("words", f"{language}.json").read_text("utf-8")))
    missing = {key for words in gathered.values() for other in gathered.values() for key in words.keys() - other.keys()}
    if missing:
        raise ValueError(f"words: not in every language: {', '.join(sorted(missing))}")
    return Words(MappingProxyType({language: MappingProxyType(words) for language, words in gathered.items()}))


def negotiate(languages: Iterable[str], *, asked: str = "", remembered: str = "", accepted: str = "") -> str:
    """The language to answer in: as the link asks, else as chosen before, else by Accept-Language (RFC 9110 §12.5.4), else the first."""
    offered = tuple(languages)
    for wish in (asked, remembered, *_by_preference(accepted)):
        found = _matching(wish, offered)
        if found:
            return found
    return offered[0]


def safe_text(text: str, limit: int = 80) -> str:
    """``text`` from outside as it may be shown: one line, no control, bidirectional or invisible characters, at most ``limit`` characters.

    It is still text: pages escape it as any other.
    """
    plain = _SPACES.sub(" ", _ANSI.sub("", text[: 16 * limit])).strip()
    shown, marks = [], 0
    for character in unicodedata.normalize("NFC", plain):
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if category not in _CONTROL and marks <= _MARKS_IN_A_ROW:
            shown.append(character)
    line = "".join(shown).strip()
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def safe_line(text: str) -> str:
    """``text`` in full as a terminal may show it: ``safe_text`` without its limit."""
    return safe_text(text, _NO_LIMIT)


def _by_preference(accepted: str) -> list[str]:
    wishes = []
    for place, part in enumerate(accepted[:500].split(",")[:20]):
        tag, _, parameter = part.strip().partition(";")
        weight = _weight(parameter.strip())
        if _TAG.fullmatch(tag.strip()) and weight > 0:
            wishes.append((-weight, place, tag.strip()))
    return [tag for _, _, tag in sorted(wishes)]


def _weight(parameter: str) -> float:
    found = re.fullmatch(r"q=(0(\.\d{0,3})?|1(\.0{0,3})?)", parameter)
    return float(found[1]) if found else float(not parameter)


def _matching(wish: str, offered: tuple[str, ...]) -> str:
    """The offered language for ``wish``: exactly, or by its primary subtag (zh, zh-Hans, zh-SG -> zh-CN)."""
    if not wish or wish == "*":
        return ""
    primary = _primary(wish)
    exact = [language for language in offered if language.lower() == wish.lower()]
    alike = [language for language in offered if _primary(language) == primary]
    return (exact + alike + [""])[0]


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()
