"""Interleaved timing on a shared machine: turns are taken, medians kept, and only ratios are judged."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

Work = Callable[[], object]


def wall(work: Work) -> float:
    """Return the seconds that ``work`` took by the clock on the wall."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def cpu(work: Work) -> float:
    """Return the processor seconds of this process: steadier than the wall clock where nothing waits."""
    start = time.process_time()
    work()
    return time.process_time() - start


def interleaved(works: Mapping[str, Work], runs: int, clock: Callable[[Work], float] = wall) -> dict[str, float]:
    """Run every work once per round, so that drift hits all alike; return the median seconds of each."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            gc.collect()
            found[name].append(clock(work))
    return {name: statistics.median(values) for name, values in found.items()}


def peak_mib(pid: int | str = "self") -> float:
    """Return the peak resident memory of a process; not ru_maxrss, where a child starts at its parent's peak."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


def forget_peak() -> float:
    """Let the peak start again at what this process holds now; return that, in MiB."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak_mib()


def load() -> str:
    """Return how busy the machine is, to be printed beside figures."""
    return " ".join(f"{value:.2f}" for value in os.getloadavg())
