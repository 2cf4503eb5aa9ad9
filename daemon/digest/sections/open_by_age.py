"""Open URLs by the time since their notice left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, literal, or_, select

from daemon.digest.blocks import Paragraph, Section, Sheet, Table, bar, columns, row
from daemon.digest.sql import hours_between, scoped
from daemon.digest.view import View
from daemon.redact import defang
from daemon.store.tables import esps, notice_items, notices, takedowns

ORDER = 5
AGES = (
    ("under 24 hours", 24),
    ("1 to 2 days", 48),
    ("2 to 3 days", 72),
    ("3 to 7 days", 7 * 24),
    ("1 to 2 weeks", 14 * 24),
    ("2 to 4 weeks", 28 * 24),
    ("4 to 13 weeks", 91 * 24),
    ("older", 0),
)
MOST_ROWS = 20_000  # of the workbook
HOW = (
    "Open by age: URLs whose notice left before the end of the week and that were not closed by then, by the elapsed "
    "time since it left. The bars compare the ages with each other. The workbook lists the oldest "
    "20,000, as they stand when it is made."
)


@dataclass(frozen=True, slots=True)
class Age:
    name: str
    urls: int
    survivor_linked: int


def ask(conn: Connection, view: View) -> list[Age]:
    age = hours_between(takedowns.c.sent_at, literal(view.until, takedowns.c.sent_at.type))
    place = case(*((age < hours, at) for at, (_, hours) in enumerate(AGES) if hours), else_=len(AGES) - 1)
    linked = func.sum(case((takedowns.c.survivor_linked, 1), else_=0))
    query = (
        select(place, func.count(), linked)
        .where(
            or_(takedowns.c.is_open, takedowns.c.closed_at >= view.until),
            takedowns.c.sent_at < view.until,
            scoped(takedowns.c.esp_id, view.esps),
        )
        .group_by(place)
    )
    found = {at: (count, linked) for at, count, linked in conn.execute(query)}
    return [Age(name, *found.get(at, (0, 0))) for at, (name, _) in enumerate(AGES)]


def sheet(conn: Connection, view: View, _found: Sequence[Age]) -> Sheet:
    """Every open URL, oldest first; defanged, and cut off where a mail would become too large."""
    item = (
        select(func.min(notice_items.c.id))
        .where(notice_items.c.takedown_id == takedowns.c.id)
        .correlate(takedowns)
        .scalar_subquery()
    )
    query = (
        select(
            notices.c.number,
            notice_items.c.position,
            esps.c.name,
            takedowns.c.url,
            takedowns.c.status,
            takedowns.c.sent_at,
            takedowns.c.priority,
            takedowns.c.survivor_linked,
            notices.c.next_due_at,
        )
        .join(esps, esps.c.id == takedowns.c.esp_id)
        .join(notice_items, notice_items.c.id == item)
        .join(notices, notices.c.id == notice_items.c.notice_id)
        .where(takedowns.c.is_open, takedowns.c.sent_at < view.until, scoped(takedowns.c.esp_id, view.esps))
        .order_by(takedowns.c.sent_at, takedowns.c.id)
        .limit(MOST_ROWS)
    )
    rows = ((*found[:3], defang(found[3]), *found[4:]) for found in conn.execute(query))
    heads = ("Notice", "Item", "ESP", "URL (defanged)", "Status", "Sent", "Priority", "Survivor-linked", "Next step")
    return Sheet("Open URLs", heads, rows, (20, 6, 30, 70, 16, 17, 9, 15, 17))


def word(ages: Sequence[Age], _view: View) -> Section:
    if not any(age.urls for age in ages):
        return Section("Open by age", (Paragraph("No URL is open."),))
    largest = max(age.urls for age in ages)
    rows = tuple(row(age.name, bar(age.urls, largest), age.survivor_linked) for age in ages)
    heads = columns("Age", "URLs open", ">Survivor-linked")
    return Section("Open by age", (Table("Open URLs by age", heads, rows),))
