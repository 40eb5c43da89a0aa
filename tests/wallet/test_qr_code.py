"""Pictures of codes: read where a hostile one can be stopped."""

import io
import os

import pytest
import segno

from doors.refusals import ImageFormatNotAllowed, ImageTooLarge, InternalError, ProofingTimeout, Refused
from runtime.worker import Worker
from wallet import qr_code


def picture_of(text: str, *, scale: int = 6) -> bytes:
    written = io.BytesIO()
    segno.make(text, error="l").save(written, kind="png", scale=scale, border=4)
    return written.getvalue()


async def test_the_text_of_a_code_is_read_in_another_process() -> None:
    assert await qr_code.texts_in(picture_of("openid4vp://authorize?client_id=x")) == ("openid4vp://authorize?client_id=x",)


@pytest.mark.parametrize(("picture", "refusal"), [(b"GIF89a", ImageFormatNotAllowed), (picture_of("x", scale=400), ImageTooLarge)])
async def test_what_is_no_ordinary_picture_is_refused(picture: bytes, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        await qr_code.texts_in(picture)


async def test_a_picture_that_hangs_or_breaks_its_reader_does_not_hang_or_break_the_wallet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qr_code, "Worker", lambda **limits: Worker(memory_bytes=64 * 1024 * 1024, seconds=0.0))
    with pytest.raises((ProofingTimeout, InternalError)):
        await qr_code.texts_in(picture_of(os.urandom(8).hex()))
