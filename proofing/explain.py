"""Say to the applicant, in their language, what was wrong and what to do next."""

from collections.abc import Mapping
from types import MappingProxyType

from doors.refusals import Refused
from proofing.face_check import TOO_CLOSE_TO_CALL
from proofing.register import NOT_VALID, OTHER_BIRTH_DATE
from runtime.words import Words, load_words

WORDS: Words = load_words("proofing")

_CLOSER_WORDS: Mapping[str, str] = MappingProxyType(
    {TOO_CLOSE_TO_CALL: "close", OTHER_BIRTH_DATE: "birth_date"} | {detail: validity.value for validity, detail in NOT_VALID.items()}
)
"""Details that have a sentence of their own, below the one of their code."""


def explain(refusal: Refused, language: str) -> str:
    """One or two plain sentences in ``language`` ("en" or "zh-CN") for a refusal of the proofing; names the picture where one is meant.

    Raises ``KeyError`` for a refusal that is not one of the proofing's.
    """
    closer = _CLOSER_WORDS.get(refusal.detail)
    sentence = WORDS.say(language, f"proofing.{refusal.code}" + (f".{closer}" if closer else ""))
    picture = f"picture.{refusal.pointer}"
    if picture not in WORDS.sentences[language]:
        return sentence
    return f"{WORDS.say(language, picture)}{'：' if language == 'zh-CN' else ': '}{sentence}"
