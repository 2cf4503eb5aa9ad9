"""Free ports, and waiting until somebody listens."""

from __future__ import annotations

import socket
import time


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def await_greeting(port: int, start: bytes, seconds: float = 20.0) -> None:
    """Wait until the server at ``port`` greets with ``start``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), 2) as sock:
                sock.settimeout(5)
                if sock.recv(200).startswith(start):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"no greeting on port {port} within {seconds:g} s")
