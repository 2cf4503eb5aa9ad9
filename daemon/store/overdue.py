"""What is late: first responses, removals, and our own answers; each on its own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, case, func, select, text

from daemon.store.tables import RUNNING, notice_items, notices, takedowns

_RUNNING = text(f"notices.{RUNNING}")


@dataclass(frozen=True, slots=True)
class Late:
    """``count`` of notices or URLs, ``linked`` of them survivor-linked; ``oldest``: since when the first is late."""

    count: int = 0
    linked: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    """``first_response``: notices nobody answered in time.  ``removal``: URLs not removed in time.

    ``ours``: URLs about which an ESP asked us something; ``oldest`` is when it did.  Their clocks stand still for it.
    """

    first_response: Late = Late()
    removal: Late = Late()
    ours: Late = Late()


def counts(conn: Connection, now: datetime) -> Overdue:
    """Count what is overdue at ``now``; the cost depends on the open notices only."""
    linked = func.coalesce(func.sum(case((notices.c.survivor_linked, 1), else_=0)), 0)
    unanswered = select(func.count(), linked, func.min(notices.c.answer_by)).where(
        _RUNNING, notices.c.answer_by < now, notices.c.first_response_at.is_(None), notices.c.still_since.is_(None)
    )
    due = func.min(notices.c.remove_by).label("due")
    late = _urls(due).where(_RUNNING, notices.c.remove_by < now, notices.c.still_since.is_(None), takedowns.c.is_open)
    asked = _urls(func.min(takedowns.c.updated_at).label("due")).where(takedowns.c.status == "info_requested")
    return Overdue(_late(conn, unanswered), _sum(conn, late), _sum(conn, asked))


def _urls(due: Any) -> Select[Any]:
    """Takedowns, each once however many notices name it."""
    query = select(takedowns.c.id, takedowns.c.survivor_linked, due).select_from(takedowns)
    query = query.join(notice_items, notice_items.c.takedown_id == takedowns.c.id)
    query = query.join(notices, notices.c.id == notice_items.c.notice_id)
    return query.group_by(takedowns.c.id, takedowns.c.survivor_linked)


def _sum(conn: Connection, query: Select[Any]) -> Late:
    found = query.subquery()
    linked = func.coalesce(func.sum(case((found.c.survivor_linked, 1), else_=0)), 0)
    return _late(conn, select(func.count(), linked, func.min(found.c.due)))


def _late(conn: Connection, query: Select[Any]) -> Late:
    count, linked, oldest = conn.execute(query).one()
    return Late(count, linked, oldest)


@dataclass(frozen=True, slots=True)
class Clock:
    """The clocks of one notice, as it is shown."""

    sent_at: datetime | None
    first_response_at: datetime | None
    answer_by: datetime | None
    remove_by: datetime | None
    asked_us_since: datetime | None
    paused_until: datetime | None
    paused_by: str | None
    pause_reason: str | None
    on_hold: str | None
    rung: int
    next_step_at: datetime | None


def clock_of(conn: Connection, notice_id: int) -> Clock:
    row = conn.execute(select(notices).where(notices.c.id == notice_id)).one()
    asked = select(func.min(takedowns.c.updated_at)).join(notice_items, notice_items.c.takedown_id == takedowns.c.id)
    asked = asked.where(notice_items.c.notice_id == notice_id, takedowns.c.status == "info_requested")
    return Clock(
        row.sent_at,
        row.first_response_at,
        row.answer_by,
        row.remove_by,
        conn.execute(asked).scalar_one(),
        row.paused_until,
        row.pause_by,
        row.pause_reason,
        row.hold_reason,
        row.rung,
        row.next_due_at,
    )
