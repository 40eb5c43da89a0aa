"""The office's words, with its own name where the settings give one."""

from types import MappingProxyType

from issuer.settings import IssuerSettings
from runtime.words import Words, load_words


def office_words(settings: IssuerSettings) -> Words:
    """The catalogues; ``name_en`` and ``name_zh`` stand in for the office's name."""
    words = load_words("runtime", "issuer")
    names = {"en": settings.name_en, "zh-CN": settings.name_zh}
    return Words(
        MappingProxyType(
            {
                language: MappingProxyType({**sentences, **({"issuer.name": names[language]} if names.get(language) else {})})
                for language, sentences in words.sentences.items()
            }
        )
    )
