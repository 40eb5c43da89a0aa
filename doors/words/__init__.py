"""What each refusal says to people: what happened, and what to do next, in both languages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

LANGUAGES = ("zh-CN", "en")


@dataclass(frozen=True, slots=True)
class Sentence:
    """``title`` says what happened, ``next`` what the person can do about it."""

    title: str
    next: str


@cache
def sentences(language: str) -> Mapping[str, Sentence]:
    """The sentences of one of ``LANGUAGES``, by refusal code."""
    text = files(__name__).joinpath(f"{language}.json").read_text("utf-8")
    return MappingProxyType({code: Sentence(**members) for code, members in json.loads(text).items()})
