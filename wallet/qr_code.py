"""Find the text of QR codes in a photograph; done in a room of its own, because anybody may have made the picture."""

import numpy as np
import zxingcpp

from doors.refusals import ProofingTimeout
from proofing.pictures import read_picture
from proofing.settings import PictureLimits
from runtime.worker import Worker

_MEMORY_BYTES = 512 * 1024 * 1024
_SECONDS = 10.0


async def texts_in(picture: bytes) -> tuple[str, ...]:
    """The texts of all QR codes in the JPEG or PNG file ``picture``.

    Raises what ``proofing.pictures.read_picture`` raises, and ``ProofingTimeout`` where it takes too long or too much memory.
    """
    worker = Worker(memory_bytes=_MEMORY_BYTES, seconds=_SECONDS, warm=be_ready)
    try:
        return await worker.run(read_texts, picture, refusal=ProofingTimeout)
    finally:
        await worker.close()


def be_ready() -> None:
    """In the worker: all is loaded once this module is."""


def read_texts(picture: bytes) -> tuple[str, ...]:
    """In the worker: decode ``picture`` and read its codes."""
    pixels = np.ascontiguousarray(read_picture(picture, PictureLimits(), "/picture"))
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    return tuple(code.text for code in zxingcpp.read_barcodes(pixels, formats=formats))
