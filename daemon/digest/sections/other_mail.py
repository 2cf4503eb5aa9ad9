"""Mail that no ESP wrote: how much came by whose it is, how soon somebody was told, what still waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import ColumnElement, Connection, func, select

from daemon.digest.blocks import Paragraph, Section, Table, columns, hours, row
from daemon.digest.sql import within
from daemon.digest.view import View
from daemon.store.rows import pairs
from daemon.store.tables import alerts, reviews

ORDER = 9
HOW = (
    "Mail of others: mail that came in the week and was judged to be, or to be perhaps, from survivors and families, "
    "police and lawyers, people who ask for data, the public or the press, by the first reason of its review item. "
    "Waiting: not decided by anybody when this digest is made. Told after: the middle of the times from the review "
    "item to the first alert about it, of those that anybody was told of."
)
_NAMES = {
    "survivor": "Survivors and families",
    "law_enforcement": "Police and law",
    "access_request": "Access requests",
    "public_report": "Public reports",
    "press": "Press",
}


@dataclass(frozen=True, slots=True)
class Route:
    """What came of one kind; ``told_after`` holds one time for each mail that somebody was told of."""

    name: str
    came: int
    waiting: int
    oldest: datetime | None
    told_after: tuple[timedelta, ...] = ()


def ask(conn: Connection, view: View) -> list[Route]:
    came, waiting, told = _came(conn, view), _waiting(conn), _told(conn, view)
    found = []
    for reason, name in _NAMES.items():
        count, oldest = waiting.get(reason, (0, None))
        found.append(Route(name, came.get(reason, 0), count, oldest, tuple(told.get(reason, ()))))
    return found


def _came(conn: Connection, view: View) -> dict[str, int]:
    query = select(reviews.c.reason, func.count()).where(_ours(), within(reviews.c.created_at, view.since, view.until))
    return pairs(conn, query.group_by(reviews.c.reason))


def _waiting(conn: Connection) -> dict[str, tuple[int, datetime | None]]:
    query = select(reviews.c.reason, func.count(), func.min(reviews.c.created_at)).where(
        _ours(), reviews.c.state == "open"
    )
    return {reason: (count, oldest) for reason, count, oldest in conn.execute(query.group_by(reviews.c.reason))}


def _told(conn: Connection, view: View) -> dict[str, list[timedelta]]:
    query = (
        select(reviews.c.reason, reviews.c.created_at, func.min(alerts.c.at))
        .join(alerts, alerts.c.review_id == reviews.c.id)
        .where(_ours(), within(reviews.c.created_at, view.since, view.until))
        .group_by(reviews.c.id, reviews.c.reason, reviews.c.created_at)
    )
    found: dict[str, list[timedelta]] = {}
    for reason, since, at in conn.execute(query):
        found.setdefault(reason, []).append(at - since)
    return found


def _ours() -> ColumnElement[bool]:
    return (reviews.c.kind == "review") & reviews.c.reason.in_(_NAMES)


def word(found: Sequence[Route], view: View) -> Section:
    """Say it by whose mail it is; kinds of which nothing came and nothing waits are left out."""
    shown = [one for one in found if one.came or one.waiting]
    if not shown:
        return Section("Mail of others", (Paragraph("No mail of others came, and none waits."),))
    rows = tuple(row(one.name, one.came, one.waiting, _oldest(one, view), _told_after(one)) for one in shown)
    heads = columns("From", ">Came", ">Waiting", ">Oldest", ">Told after")
    return Section("Mail of others", (Table("Mail that no ESP wrote, most urgent first", heads, rows),))


def _oldest(one: Route, view: View) -> str:
    return hours((view.now - one.oldest).total_seconds() / 3600) if one.oldest else "-"


def _told_after(one: Route) -> str:
    if not one.told_after:
        return "-"
    minutes = median(each.total_seconds() for each in one.told_after) / 60
    return f"{minutes:.0f} min" if minutes < 120 else hours(minutes / 60)
