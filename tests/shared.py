"""Where the public test vectors and sample photographs lie, beside the project; tests skip with a reason where they are absent."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
needs_shared = pytest.mark.skipif(
    not (SHARED / "vectors").is_dir(), reason="../shared with the public test vectors is not beside this checkout"
)
