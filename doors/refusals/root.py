"""The one tree of refusals: everything in this project that says no, says it with one of these."""

from typing import ClassVar


class Refused(Exception):
    """An input that is not accepted, with a stable code and a sentence for people.

    ``detail`` says what was expected and what came; it never holds a claim value, key, nonce, token or picture.
    ``pointer`` is the JSON pointer (RFC 6901) of the offending member, where there is one.
    """

    code: ClassVar[str] = ""
    http_status: ClassVar[int] = 400
    exit_status: ClassVar[int] = 3
    verdict: ClassVar[str] = "invalid"

    def __init__(self, detail: str, *, pointer: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class Lapsed(Refused):
    """It was good once, or will be: expired, revoked, suspended, deactivated."""

    exit_status = 4


class Undecided(Refused):
    """The check cannot be carried out; nothing is said about what was checked."""

    exit_status = 5
    verdict = "undecided"


class NotAuthorised(Refused):
    """The caller may not do this, or something is locked."""

    exit_status = 6


class Network(Undecided):
    """The other side could not be asked."""

    exit_status = 7


class Unavailable(Undecided):
    """This side cannot work at the moment; try again later."""

    exit_status = 1


class Misused(Refused):
    """The program was started or set up in a way that cannot work."""

    exit_status = 2


class Unexpected(Undecided):
    """A fault of the program itself."""

    exit_status = 1
