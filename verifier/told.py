"""A verdict on its way to the terminal: words for people, members for programs, a number for the shell."""

from dataclasses import dataclass

from doors.json import JsonObject


@dataclass(frozen=True, slots=True)
class Told:
    """What a command says at its end, and the exit status it leaves."""

    text: str
    members: JsonObject
    exit_status: int = 0
