"""A part of the process that dies is noticed, and the process ends so that systemd starts it anew; the rest goes on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from daemon.app import loops
from daemon.app.process import Process
from daemon.errors import ConfigError, PermanentError, TransientError
from daemon.health import watchdog
from daemon.ticks import Tick, Ticks
from tests.memory import FakeClock

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnhandledThreadExceptionWarning"
)  # threads die on purpose


@pytest.fixture
def ticks() -> Any:
    made = Ticks({"one": Tick(lambda: None, 3600)})
    made.start()
    yield made
    made._scheduler.shutdown(wait=False) if made.is_alive() else None


def killed(ticks: Ticks) -> Ticks:
    """The scheduler's thread ends by an error of its own, as it did when a job could not be updated."""
    thread = ticks._scheduler._thread

    def fails(*_: object) -> None:
        raise SystemExit  # which ends a thread without a word

    ticks._scheduler._process_jobs = fails  # type: ignore[method-assign]
    ticks._scheduler.wakeup()
    thread.join(10)
    return ticks


def test_a_scheduler_whose_thread_died_is_dead_though_it_says_that_it_runs(ticks: Ticks) -> None:
    assert ticks.is_alive()
    killed(ticks)
    assert ticks._scheduler.running
    assert not ticks.is_alive()


def test_a_failing_job_is_no_dead_scheduler(ticks: Ticks, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    ran = threading.Event()

    def fails() -> None:
        ran.set()
        raise ValueError("a bug")

    job = Ticks({"two": Tick(fails, 0.01)})
    job.start()
    assert ran.wait(10)
    assert job.is_alive()
    job.stop()


class Watched(Process):
    """A process that watches what the test gives it."""

    def __init__(self, ticks: Ticks, *, leads: bool = True, threads: tuple[threading.Thread, ...] = ()) -> None:
        house: Any = SimpleNamespace(clock=FakeClock(), boxes=[], post=None)
        super().__init__(house, SimpleNamespace(held=lambda: leads))  # type: ignore[arg-type]
        self._ticks, self._threads = ticks, list(threads)


def ended() -> threading.Thread:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()
    return thread


@pytest.mark.parametrize(
    "process",
    [
        lambda ticks: Watched(killed(ticks)),
        lambda ticks: Watched(ticks, threads=(ended(),)),
        lambda ticks: Watched(ticks, leads=False),
    ],
    ids=["the scheduler", "a loop", "the leadership"],
)
def test_a_part_that_died_ends_the_process_with_an_error(
    process: Callable[[Ticks], Process], ticks: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "interval", lambda: 0.01)
    watched = process(ticks)
    assert watched._watch() == 1
    assert watched._stop.is_set()


def test_while_every_part_lives_the_watchdog_is_fed(ticks: Ticks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "interval", lambda: 0.01)
    watched = Watched(ticks)
    said: list[str] = []

    def hear(text: str) -> None:
        said.append(text)
        watched.stop()

    monkeypatch.setattr(watchdog, "notify", hear)
    assert watched._watch() == 0
    assert said == ["WATCHDOG=1"]


@pytest.mark.parametrize(
    ("error", "pause"),
    [
        (TransientError("away"), 0.0),
        (TransientError("busy", retry_after=17), 17.0),
        (TransientError("busy for long", retry_after=86_400), 300.0),
        (ConfigError("the login was refused"), 60.0),  # a login is never tried again fast: that may lock the account
        (PermanentError("paused"), 60.0),
        (ValueError("a bug"), 0.0),
    ],
)
def test_how_long_a_loop_rests_is_told_by_what_failed(error: Exception, pause: float) -> None:
    def fails() -> None:
        raise error

    assert loops.attempt("one", fails) == pause
    assert loops.attempt("one", lambda: None) is None
