"""The clock as the jobs are given it; the real one stands in ``daemon.clock``, tests put theirs forward by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Gives the time of day (aware, UTC) and a monotonic count of seconds."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
