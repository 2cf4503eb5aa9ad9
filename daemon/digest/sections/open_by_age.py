"""Open URLs by the time since their notice left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, literal, or_, select

from daemon.digest.blocks import Paragraph, Section, Table, bar, columns, row
from daemon.digest.sql import hours_between, scoped
from daemon.digest.view import View
from daemon.store.tables import takedowns

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
HOW = (
    "Open by age: URLs whose notice left before the end of the week and that were not closed by then, by the elapsed "
    "time since it left. The bars compare the ages with each other."
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


def word(ages: Sequence[Age], _view: View) -> Section:
    if not any(age.urls for age in ages):
        return Section("Open by age", (Paragraph("No URL is open."),))
    largest = max(age.urls for age in ages)
    rows = tuple(row(age.name, bar(age.urls, largest), age.survivor_linked) for age in ages)
    heads = columns("Age", "URLs open", ">Survivor-linked")
    return Section("Open by age", (Table("Open URLs by age", heads, rows),))
