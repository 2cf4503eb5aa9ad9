"""Nothing that a tick, a letter or a day's learning asks walks over all that ever was: each question has its index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from daemon.jobs import followups, letters
from daemon.jobs.outbox import Fuses, Post, Way
from daemon.store import learning, outbox
from tests.jobs.letterhouse import House, house
from tests.memory import FakeClock, MemoryMailer, Power

LARGE = ("outbox", "notices", "takedowns", "notice_items", "rungs", "journal", "messages")


@pytest.fixture
def home(tmp_path: Path) -> House:
    found = house(tmp_path)
    found.esp("host", ("abuse@host.example", "primary"), ("abuse@transit.example", "upstream"))
    found.notice(1, age=25)
    found.notice(2, age=97)
    found.notice(3, age=13, linked=True)
    return found


@contextmanager
def asked(home: House) -> Iterator[list[tuple[str, Any]]]:
    """What is asked meanwhile: (statement, values)."""
    found: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            found.append((statement, values[0] if isinstance(values, list) else values))

    event.listen(home.store.engine, "before_cursor_execute", note)
    yield found
    event.remove(home.store.engine, "before_cursor_execute", note)


def walks(home: House, found: list[tuple[str, Any]]) -> list[str]:
    """The statements that walk over a large table, as the planner says."""
    with home.store.read() as conn:
        plans = [(one, conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", values).all()) for one, values in found]
    large = tuple(f"SCAN {name}" for name in LARGE)
    return [f"{step[-1]}: {one}" for one, plan in plans for step in plan if step[-1].startswith(large)]


def test_a_tick_and_its_letters_walk_over_nothing(home: House) -> None:
    mailer = MemoryMailer(Power())
    ways = {"esp": Way(mailer, "notices@hotline.example")}
    compose = lambda conn, row, now: letters.ready(conn, row, home.desk, now)  # noqa: E731 - as the process has it
    clock = FakeClock(home.now)
    post = Post(home.store, ways, compose, clock, Fuses(), "test")
    with asked(home) as found:
        for _ in range(2):
            followups.tick(home.store, home.desk, home.now)
            post.send_due()
            clock.at = home.now = home.now + timedelta(days=1)
    with home.store.read() as conn:
        assert outbox.counts(conn)["sent"] >= 3
    assert walks(home, found) == []


def test_a_day_of_learning_walks_over_nothing(home: House) -> None:
    with asked(home) as found, home.store.read() as conn:
        learning.found(conn, home.now)
        list(learning.receipts(conn, home.now))
    assert walks(home, found) == []


def test_what_left_of_late_is_answered_by_the_index_alone(home: House) -> None:
    with asked(home) as found:
        home.tick()
        home.tick(hours=1)
    with home.store.read() as conn:
        plans = [
            conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", values).all()
            for one, values in found
            if "outbox.claimed_at >=" in one
        ]
    assert plans
    assert all("COVERING INDEX ix_outbox_left" in plan[0][-1] for plan in plans)
