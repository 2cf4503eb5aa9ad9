"""New ESPs: how far the introductions have come, and who is stuck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from daemon.digest.blocks import Paragraph, Section, Sheet, Table, bar, columns, row
from daemon.digest.sql import scoped, within
from daemon.digest.view import View
from daemon.store.onboardings import CONFIRMED, FUNNEL, UNANSWERED
from daemon.store.rows import pairs
from daemon.store.tables import esps, onboardings

ORDER = 8
MOST = 10
_STUCK = timedelta(days=14)
_WINDOW = timedelta(days=90)
HOW = (
    "New ESPs: introductions begun in the 90 days before the end of the week, by how far each has come by now. Stuck: "
    "introduced, or confirmed without an agreed channel, for 14 days or more. Confirmed: a proven answer with our "
    "token, or a person's word."
)
_SAID = {
    "started": "letter waits to leave",
    "introduced": "introduced",
    "chasing": "reminded",
    "contact_confirmed": "contact confirmed",
    "channel_agreed": "channel agreed",
    "active": "active",
    "declined": "declined",
    "no_contact": "no contact found",
    "stopped": "stopped",
    "merged": "merged",
}


@dataclass(frozen=True, slots=True)
class Stuck:
    esp: str
    state: str
    since: datetime
    reminders: int


@dataclass(frozen=True, slots=True)
class Found:
    funnel: Mapping[str, int]
    stuck: Sequence[Stuck]
    begun: int
    confirmed: int


def ask(conn: Connection, view: View) -> Found:
    mine = scoped(onboardings.c.esp_id, view.esps)
    begun = within(onboardings.c.started_at, view.until - _WINDOW, view.until)
    query = select(onboardings.c.state, func.count()).where(mine, begun).group_by(onboardings.c.state)
    counted = pairs(conn, query)
    count = select(func.count()).select_from(onboardings).where(mine)
    this_week = conn.execute(count.where(within(onboardings.c.started_at, view.since, view.until))).scalar_one()
    confirmed = conn.execute(count.where(within(onboardings.c.confirmed_at, view.since, view.until))).scalar_one()
    return Found({state: counted.get(state, 0) for state in FUNNEL}, _stuck(conn, view), this_week, confirmed)


def _stuck(conn: Connection, view: View) -> list[Stuck]:
    since = func.coalesce(onboardings.c.confirmed_at, onboardings.c.introduced_at, onboardings.c.started_at)
    query = (
        select(esps.c.name, onboardings.c.state, since.label("since"), onboardings.c.steps)
        .join(esps, esps.c.id == onboardings.c.esp_id)
        .where(scoped(onboardings.c.esp_id, view.esps), onboardings.c.ended_at.is_(None), since < view.until - _STUCK)
        .where(onboardings.c.state.in_((*UNANSWERED, CONFIRMED)))
        .order_by(since, onboardings.c.id)
    )
    return [Stuck(one.name, one.state, one.since, one.steps) for one in conn.execute(query)]


def word(found: Found, view: View) -> Section:
    title = "New ESPs"
    moved = Paragraph(f"Begun this week: {found.begun:,}, contacts confirmed: {found.confirmed:,}.")
    if not any(found.funnel.values()):
        return Section(title, (Paragraph("No introduction was begun in the last 90 days."),))
    most = max(found.funnel.values())
    lines = tuple(row(_SAID[state], bar(count, most)) for state, count in found.funnel.items())
    heads = columns("Stands at", "How many")
    funnel = Table("Introductions of the last 90 days, by how far they have come", heads, lines)
    if not found.stuck:
        return Section(title, (moved, funnel))
    stuck = tuple(
        row(one.esp, _SAID[one.state], f"{(view.until - one.since).days} days", one.reminders, "noticed onboard list")
        for one in found.stuck[:MOST]
    )
    heads = columns("ESP", "Stands at", ">For", ">Reminders", "How")
    return Section(title, (moved, funnel, Table("Stuck for 14 days or more, longest first", heads, stuck)))


def sheet(_conn: Connection, _view: View, found: Found) -> Sheet:
    """Who is stuck."""
    rows = [(one.esp, _SAID[one.state], one.since, one.reminders) for one in found.stuck]
    return Sheet("New ESPs", ("ESP", "Stands at", "Since", "Reminders"), rows, (30, 20, 17, 10))
