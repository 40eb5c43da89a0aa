"""Each refusal of the proofing has a plain sentence in both languages."""

import pytest

import doors.refusals.proofing as refused_here
from doors.refusals import (
    DocumentInvalid,
    EvidenceMismatch,
    EvidenceMissing,
    FaceMismatch,
    ImageTooDark,
    InputTooLarge,
    Refused,
    RegisterMismatch,
)
from proofing.explain import explain
from proofing.face_check import NOT_THE_SAME, TOO_CLOSE_TO_CALL
from proofing.register import NOT_VALID, OTHER_BIRTH_DATE, Validity

ALL = [kind for kind in vars(refused_here).values() if isinstance(kind, type) and issubclass(kind, Refused) and kind.code]


@pytest.mark.parametrize("kind", [*ALL, DocumentInvalid, EvidenceMissing, EvidenceMismatch, InputTooLarge])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_refusal_has_its_own_sentence(kind: type[Refused], language: str) -> None:
    sentence = explain(kind("detail"), language)
    assert sentence[-1] in ".。"
    others = [explain(other("detail"), language) for other in ALL if other is not kind]
    assert sentence not in others


def test_the_picture_is_named() -> None:
    refusal = ImageTooDark("dark", pointer="/selfie")
    assert explain(refusal, "en").startswith("Selfie: The face is too dark")
    assert explain(refusal, "zh-CN").startswith("自拍照：光线太暗")
    assert explain(ImageTooDark("dark", pointer="/portrait"), "zh-CN").startswith("证件照片：")


def test_too_close_to_call_is_said_in_other_words_than_a_mismatch() -> None:
    for language in ("en", "zh-CN"):
        assert explain(FaceMismatch(TOO_CLOSE_TO_CALL), language) != explain(FaceMismatch(NOT_THE_SAME), language)


def test_each_answer_of_the_register_has_its_own_words() -> None:
    details = [NOT_VALID[validity] for validity in (Validity.EXPIRED, Validity.LOST, Validity.DECEASED)]
    for language in ("en", "zh-CN"):
        assert len({explain(RegisterMismatch(detail), language) for detail in (*details, OTHER_BIRTH_DATE, "nobody")}) == 5
