"""The door to the street: who knocks must soon say what they want, and while too many stand there silent, the oldest is sent away."""

import asyncio
from collections.abc import Callable

_END_OF_HEAD = b"\r\n\r\n"


class Doorway:
    """A protocol factory around another: closes a connection whose first request head is not whole in ``head_seconds``.

    At most ``most_waiting`` connections may be without a whole head at one time; one more sends away the one that has waited longest,
    so that silent ones, however many, never use up what the others need. Heads that follow on a connection that has been answered are
    under the server's own keep-alive time. A closed connection gets no answer (RFC 9110 §15.5.9 allows that).
    """

    def __init__(self, inside: Callable[[], asyncio.BaseProtocol], *, head_seconds: float, most_waiting: int) -> None:
        self._inside = inside
        self._head_seconds = head_seconds
        self._most_waiting = most_waiting
        self._waiting: dict[_Visitor, asyncio.TimerHandle] = {}

    def __call__(self) -> asyncio.Protocol:
        return _Visitor(self._inside(), self)

    @property
    def waiting(self) -> int:
        """How many connections have not sent a whole head yet."""
        return len(self._waiting)

    def enter(self, visitor: "_Visitor") -> None:
        if len(self._waiting) >= self._most_waiting:
            self._send_away(next(iter(self._waiting)))
        self._waiting[visitor] = asyncio.get_running_loop().call_later(self._head_seconds, self._send_away, visitor)

    def leave(self, visitor: "_Visitor") -> None:
        timer = self._waiting.pop(visitor, None)
        if timer is not None:
            timer.cancel()

    def _send_away(self, visitor: "_Visitor") -> None:
        self.leave(visitor)
        visitor.close()


class _Visitor(asyncio.Protocol):
    """One connection: hands everything on as it comes, and watches for the end of the first head."""

    __slots__ = ("_doorway", "_inside", "_last", "_transport")

    def __init__(self, inside: asyncio.BaseProtocol, doorway: Doorway) -> None:
        self._inside: asyncio.Protocol = inside  # type: ignore[assignment]
        self._doorway = doorway
        self._transport: asyncio.BaseTransport | None = None
        self._last: bytes | None = b""

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._inside.connection_made(transport)
        self._doorway.enter(self)

    def data_received(self, data: bytes) -> None:
        if self._last is not None:
            self._look_for_end(self._last + data)
        self._inside.data_received(data)

    def _look_for_end(self, seen: bytes) -> None:
        """The end may come in two pieces, so the last three bytes are kept."""
        if _END_OF_HEAD in seen:
            self._last = None
            self._doorway.leave(self)
            return
        self._last = seen[1 - len(_END_OF_HEAD) :]

    def eof_received(self) -> bool | None:
        return self._inside.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._doorway.leave(self)
        self._inside.connection_lost(exc)

    def pause_writing(self) -> None:
        self._inside.pause_writing()

    def resume_writing(self) -> None:
        self._inside.resume_writing()
