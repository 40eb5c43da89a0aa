"""Files that nobody but the office's own user can read."""

import os
import stat
from pathlib import Path

from doors.refusals import StorePermissions


def write_private(path: Path, content: bytes) -> None:
    """Write a new file of mode 0600, on disk before this returns; raises ``FileExistsError``."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_private(path: Path) -> bytes:
    """The content of a plain file that is this user's alone; raises ``StorePermissions``."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise StorePermissions(f"{path.name}: expected a readable plain file ({error.strerror})") from None
    with os.fdopen(descriptor, "rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & 0o077:
            raise StorePermissions(f"{path.name}: expected mode 0600, got {mode:04o}")
        return file.read()
