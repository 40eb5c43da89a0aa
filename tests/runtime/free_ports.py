"""Ports on this machine that nobody uses, so far as one can know."""

import socket
from contextlib import ExitStack


def free_ports(count: int) -> list[int]:
    """Taken all at once, so that they differ."""
    with ExitStack() as taken:
        sockets = [taken.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]
