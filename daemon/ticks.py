"""APScheduler only ticks: what is due stands in our tables, so a tick missed or doubled does no harm."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger("noticed.ticks")


@dataclass(frozen=True, slots=True)
class Tick:
    """A job and how often it runs, in seconds."""

    run: Callable[[], None]
    every: float


class Ticks:
    """Runs each job on its beat in one pool; a job never overlaps itself, and a missed beat is made up for once."""

    def __init__(self, jobs: Mapping[str, Tick]) -> None:
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(max(2, len(jobs)))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        for name, tick in jobs.items():
            self._scheduler.add_job(tick.run, "interval", seconds=tick.every, id=name, name=name)

    def start(self) -> None:
        self._scheduler.start()

    def is_alive(self) -> bool:
        """False when the scheduler's own thread has died, whatever ``running`` says."""
        thread = getattr(self._scheduler, "_thread", None)
        return bool(self._scheduler.running and thread is not None and thread.is_alive())

    def stop(self) -> None:
        """Wait for the jobs that run, start no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
