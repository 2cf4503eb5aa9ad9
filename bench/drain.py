"""Drains a mailbox as the daemon does, in a process of its own: read, judge, record, file until nothing waits."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from sqlalchemy import event

from bench.timing import peak_mib
from daemon.app.house import House, open_house
from daemon.clock import SystemClock
from daemon.config.load import load
from daemon.health import logs


def drain(config: Path) -> dict[str, float]:
    """Open the house, drain its first mailbox; return counts, seconds and memory."""
    logs.configure()
    start = time.perf_counter()
    house = open_house(load(config, {}).settings, SystemClock())
    commits = [0]
    event.listen(house.store.engine, "commit", lambda _conn: commits.__setitem__(0, commits[0] + 1))
    opened, cpu, before = time.perf_counter(), time.process_time(), peak_mib()
    try:
        found = _empty(house)
    finally:
        house.close()
    return found | {
        "commits": commits[0],
        "open_s": opened - start,
        "work_s": time.perf_counter() - opened,
        "cpu_s": time.process_time() - cpu,
        "opened_mib": before,
        "peak_mib": peak_mib(),
    }


def _empty(house: House) -> dict[str, float]:
    box = house.boxes[0]
    box.mailbox.open()
    box.intake.begin()
    start = time.perf_counter()
    done = house.read(box)
    read = time.perf_counter() - start
    filed = 0
    while some := house.file(box):
        filed += some
    box.intake.end()
    return {"mails": done.total, "filed": filed, "closed": done.closed, "set_aside": done.set_aside, "read_s": read}


if __name__ == "__main__":
    print(json.dumps(drain(Path(sys.argv[1]))))
