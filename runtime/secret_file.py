"""A service's own secret: 32 random bytes in a file that only the service can read."""

import os
import secrets
import stat
from pathlib import Path

from doors.refusals import StorageUnavailable, StorePermissions

_LENGTH = 32


def secret_file(path: Path) -> bytes:
    """The 32 secret bytes at ``path``; made there, readable by the owner only, where the file does not exist yet.

    Raises ``StorePermissions`` where others could read it, ``StorageUnavailable`` where it is no such file.
    """
    try:
        _make_if_absent(path)
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            _refuse_shared(os.fstat(descriptor))
            secret = file.read(_LENGTH + 1)
    except OSError as error:
        raise StorageUnavailable(f"secret file: cannot be read ({type(error).__name__})") from error
    if len(secret) != _LENGTH:
        raise StorageUnavailable(f"secret file: expected {_LENGTH} bytes, got {len(secret)}")
    return secret


def _make_if_absent(path: Path) -> None:
    """Written under another name and linked into place, so that a crash leaves either no file or the whole one."""
    if path.exists():
        return
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_LENGTH))
            file.flush()
            os.fsync(descriptor)
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first; its secret is the secret
    finally:
        draft.unlink()


def _refuse_shared(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode) or found.st_mode & 0o077:
        raise StorePermissions(f"secret file: expected a regular file with mode 0600, got {stat.filemode(found.st_mode)}")
