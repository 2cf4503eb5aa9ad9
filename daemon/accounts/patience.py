"""How long to wait before trying again, and a wait that another thread can end."""

from __future__ import annotations

import random
import select
import socket
from dataclasses import dataclass
from email.utils import parsedate_to_datetime


class Bell:
    """Ends a wait from another thread."""

    def __init__(self) -> None:
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._theirs.setblocking(False)

    def fileno(self) -> int:
        return self._ours.fileno()

    def ring(self) -> None:
        try:
            self._theirs.send(b"!")
        except BlockingIOError:
            pass  # it rings already

    def hush(self) -> bool:
        """Return True if it rang since the last time."""
        try:
            return bool(self._ours.recv(4096))
        except BlockingIOError:
            return False

    def sleep(self, seconds: float) -> bool:
        """Sleep; True if it rang, and goes on ringing until it is hushed."""
        return bool(select.select([self._ours], [], [], max(0.0, seconds))[0])


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one call may go on trying; times are in seconds."""

    tries: int = 5
    first: float = 1.0
    longest: float = 60.0  # no single wait is longer: what asks for more is left to a later round
    total: float = 120.0  # all waits of one call together


class Waits:
    """The waits of one call that is tried several times."""

    def __init__(self, patience: Patience, bell: Bell) -> None:
        self._patience, self._bell = patience, bell
        self._failures = 0
        self._waited = 0.0

    def again(self, asked: float | None = None) -> bool:
        """Wait for another try: as long as the other side asked, else by ``backoff``; False when it is time to stop.

        To try earlier than asked would make a server that throttles us throttle longer.
        """
        self._failures += 1
        limits = self._patience
        seconds = backoff(self._failures, limits.first, limits.longest) if asked is None else asked
        if self._failures >= limits.tries or seconds > limits.longest or self._waited + seconds > limits.total:
            return False
        self._waited += seconds
        return not self._bell.sleep(seconds)


def backoff(failures: int, first: float = 2.0, longest: float = 300.0) -> float:
    """Seconds to wait after so many failures in a row: exponential with full jitter."""
    return random.uniform(0, min(longest, first * 2.0 ** min(failures, 10)))  # noqa: S311 - no secret


def retry_after(value: str | None, date: str | None = None) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110 section 10.2.3), None if it says nothing clear.

    A point in time is measured against the answer's own ``date``: no two machines' clocks are compared.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - parsedate_to_datetime(date or "")).total_seconds())
    except (ValueError, TypeError):
        return None
