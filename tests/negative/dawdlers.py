"""People who dawdle at a service's door, in a process of their own: ``python -m tests.negative.dawdlers PORT AMOUNT SECONDS MANNER``."""

import contextlib
import itertools
import resource
import socket
import sys
import time
from dataclasses import dataclass, field

_START = b"GET /1.0/identifiers/x HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
_BODY = b"POST /1.0/identifiers/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n"
MANNERS = {"silent": (b"", b""), "head": (b"", _START + b"y" * 4000), "long head": (_START + b"y" * 4000, b"y"), "body": (_BODY, b"{")}
"""What they say at once, and what they go on to say byte by byte."""


@dataclass
class Dawdler:
    """One connection. Sent away, it comes again at its next turn."""

    port: int
    opening: bytes
    drip: bytes
    line: socket.socket | None = None
    rest: "itertools.cycle[int]" = field(default_factory=lambda: itertools.cycle(b"y"))

    def turn(self) -> None:
        try:
            if self.line is None:
                self._come()
            elif self._is_sent_away():
                self._go()
            elif self.drip:
                self.line.send(bytes([next(self.rest)]))
        except OSError:
            self._go()

    def _come(self) -> None:
        self.rest = itertools.cycle(self.drip)
        self.line = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.line.setblocking(False)
        self.line.send(self.opening)

    def _is_sent_away(self) -> bool:
        assert self.line is not None
        with contextlib.suppress(BlockingIOError):
            return self.line.recv(65536) == b""
        return False

    def _go(self) -> None:
        if self.line is not None:
            self.line.close()
        self.line = None


def main(port: int, amount: int, seconds: float, manner: str) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    crowd = [Dawdler(port, *MANNERS[kind]) for _ in range(amount) for kind in (manner, "silent")]
    for round_ in itertools.count():
        for dawdler in crowd:
            dawdler.turn()
            time.sleep(seconds / len(crowd) if round_ else 0)
        if not round_:
            sys.stdout.write("all there\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4])
