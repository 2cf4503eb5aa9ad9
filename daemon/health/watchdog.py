"""Tells systemd that we are ready and alive; fed only when every loop finished a round within its own limit."""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import dataclass, field


@dataclass(slots=True)
class Rounds:
    """When each loop last finished a round, by the monotonic clock, and how long it may take (both in seconds)."""

    limits: dict[str, float] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def expect(self, loop: str, limit: float, now: float) -> None:
        """From now on ``loop`` must finish a round at least every ``limit`` seconds."""
        with self._lock:
            self.limits[loop] = limit
            self.last[loop] = now

    def finished(self, loop: str, now: float) -> None:
        with self._lock:
            self.last[loop] = now

    def late(self, now: float) -> tuple[str, ...]:
        """The loops that have not finished a round within their limit."""
        with self._lock:
            return tuple(name for name, limit in self.limits.items() if now - self.last[name] > limit)


def notify(text: str) -> bool:
    """Send one sd_notify message (``READY=1``, ``WATCHDOG=1``, ``STATUS=...``); False without systemd."""
    path = os.environ.get("NOTIFY_SOCKET", "")
    if not path:
        return False
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            out.settimeout(1)
            out.connect("\0" + path[1:] if path.startswith("@") else path)
            out.sendall(text.encode())
    except OSError:
        return False
    return True


def interval() -> float | None:
    """Half of systemd's WatchdogSec in seconds, or None when no watchdog is asked of us."""
    text = os.environ.get("WATCHDOG_USEC", "")
    pid = os.environ.get("WATCHDOG_PID", "")
    if not text.isdigit() or (pid and pid != str(os.getpid())):
        return None
    return int(text) / 2_000_000
