"""Survivor-linked URLs that are still open: always said, also when there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from daemon.digest.blocks import Paragraph, Section, Sheet, Table, columns, hours, row
from daemon.digest.sql import scoped
from daemon.digest.view import View
from daemon.store.tables import esps, notice_items, notices, takedowns

ORDER = 3
MOST = 15
MOST_ROWS = 20_000  # of the workbook
HOW = (
    "Survivor-linked: URLs marked so in their notice, sent before the end of the week and not closed by then; the "
    "oldest are listed. To verify: closed, but no person and no imported check has confirmed it yet."
)


@dataclass(frozen=True, slots=True)
class Open:
    notice: str
    urls: int
    esp: str
    sent_at: datetime
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Survivors:
    open: int
    to_verify: int
    oldest: tuple[Open, ...]


def ask(conn: Connection, view: View) -> Survivors:
    linked = and_(takedowns.c.survivor_linked, scoped(takedowns.c.esp_id, view.esps))
    still = and_(linked, takedowns.c.sent_at < view.until, _open_at(view))
    count = select(func.count()).select_from(takedowns)
    return Survivors(
        conn.execute(count.where(still)).scalar_one(),
        conn.execute(count.where(linked, takedowns.c.awaiting_verification)).scalar_one(),
        tuple(_oldest(conn, still, MOST)),
    )


def sheet(conn: Connection, view: View, _found: Survivors) -> Sheet:
    """All notices with open survivor-linked URLs."""
    linked = and_(takedowns.c.survivor_linked, scoped(takedowns.c.esp_id, view.esps))
    found = _oldest(conn, and_(linked, takedowns.c.sent_at < view.until, _open_at(view)), MOST_ROWS)
    rows = ((one.notice, one.urls, one.esp, one.sent_at, one.next_due_at) for one in found)
    return Sheet("Survivor-linked", ("Notice", "URLs open", "ESP", "Sent", "Next step"), rows, (20, 10, 30, 17, 17))


def _oldest(conn: Connection, still: ColumnElement[bool], most: int) -> Iterator[Open]:
    """The notices with open survivor-linked URLs, oldest first."""
    query = (
        select(notices.c.number, func.count(), esps.c.name, func.min(takedowns.c.sent_at), notices.c.next_due_at)
        .select_from(takedowns)
        .join(notice_items, notice_items.c.takedown_id == takedowns.c.id)
        .join(notices, notices.c.id == notice_items.c.notice_id)
        .join(esps, esps.c.id == takedowns.c.esp_id)
        .where(still)
        .group_by(notices.c.number, esps.c.name, notices.c.next_due_at)
        .order_by(func.min(takedowns.c.sent_at), notices.c.number)
        .limit(most)
    )
    return (Open(*found) for found in conn.execute(query))


def _open_at(view: View) -> ColumnElement[bool]:
    return or_(takedowns.c.is_open, takedowns.c.closed_at >= view.until)


def word(found: Survivors, view: View) -> Section:
    said = f"Open at the end of the week: {found.open:,}. To verify: {found.to_verify:,}."
    headline = {"survivor_linked": found.open}
    if not found.oldest:
        return Section("Survivor-linked, still open", (Paragraph(said, loud=True),), headline)
    rows = tuple(
        row(one.notice, one.urls, one.esp, hours((view.until - one.sent_at).total_seconds() / 3600), _next(one, view))
        for one in found.oldest
    )
    heads = columns("Notice", ">URLs open", "ESP", ">Age", "Next step")
    table = Table("Survivor-linked notices with open URLs, oldest first", heads, rows)
    return Section("Survivor-linked, still open", (Paragraph(said, loud=True), table), headline)


def _next(one: Open, view: View) -> str:
    return view.day(one.next_due_at) if one.next_due_at else "waits for a person"
