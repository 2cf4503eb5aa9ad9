"""One loop, one thread: a round, then a wait; a loop that fails tries again later and never stops the others."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from daemon.accounts.patience import backoff
from daemon.errors import ConfigError, PermanentError, TransientError
from daemon.health.watchdog import Rounds
from daemon.jobs.clock import Clock

log = logging.getLogger("noticed.loops")
_SHORTEST_WAIT, _LONGEST_WAIT = 0.5, 300.0  # seconds after a failure


@dataclass(frozen=True, slots=True)
class Loop:
    """``round`` does what there is to do; ``wait`` sleeps up to so many seconds, or until woken or stopped."""

    name: str
    round: Callable[[], None]
    wait: Callable[[float], object]
    every: float  # seconds between two rounds
    limit: float  # seconds within which a round must end, whatever happens in it


def run(loop: Loop, stop: threading.Event, rounds: Rounds, clock: Clock) -> None:
    """Repeat ``loop`` until ``stop``; a round that failed has ended, too: only a hanging one starves the watchdog."""
    rounds.expect(loop.name, loop.limit, clock.monotonic())
    failures = 0
    while not stop.is_set():
        pause = attempt(loop.name, loop.round)
        rounds.finished(loop.name, clock.monotonic())
        failures = 0 if pause is None else failures + 1
        if pause is None:
            loop.wait(loop.every)
        else:
            stop.wait(pause or max(_SHORTEST_WAIT, backoff(failures)))


def attempt(name: str, act: Callable[[], None]) -> float | None:
    """Run one round; None: it went well, else how many seconds the other side wants us to wait (0: as we like)."""
    try:
        act()
    except TransientError as error:
        log.warning("round_failed", extra={"ids": {"loop": name, "kind": "transient"}}, exc_info=error)
        return min(error.retry_after or 0.0, _LONGEST_WAIT)
    except (ConfigError, PermanentError) as error:
        log.exception("round_failed", extra={"ids": {"loop": name, "kind": type(error).__name__}})
        return _LONGEST_WAIT / 5
    except Exception:
        log.exception("bug", extra={"ids": {"loop": name}})
        return 0.0
    return None
