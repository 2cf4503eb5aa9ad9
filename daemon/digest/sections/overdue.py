"""What is late at the end of the week: first responses, removals, and answers that we owe."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from daemon.digest.blocks import Paragraph, Section, Table, columns, hours, row
from daemon.digest.sql import scoped
from daemon.digest.view import View
from daemon.store.overdue import Late, Overdue
from daemon.store.tables import notice_items, notices, takedowns

ORDER = 6.5
HOW = (
    "Overdue: notices that nobody answered, and URLs that were not removed, within the time that their ladder allows "
    "(first_response, removal), at the end of the week. The time in which an ESP waits for an answer of ours is not "
    "counted. A URL counts once, by its strictest notice. Our answer: URLs about which an ESP asked us something, as "
    "they stand when the digest is made. Oldest: how long the oldest of them has been late, or has waited for us."
)


def ask(conn: Connection, view: View) -> Overdue:
    return Overdue(_first_response(conn, view), _removal(conn, view), _ours(conn, view))


def _first_response(conn: Connection, view: View) -> Late:
    late = or_(notices.c.first_response_at.is_(None), notices.c.first_response_at >= view.until)
    still = select(notice_items.c.id).join(takedowns, takedowns.c.id == notice_items.c.takedown_id)
    still = still.where(notice_items.c.notice_id == notices.c.id, _open_at(view))
    query = select(func.count(), _linked(notices.c.survivor_linked), func.min(notices.c.answer_by))
    query = query.where(notices.c.answer_by < view.until, notices.c.still_since.is_(None), late)
    query = query.where(scoped(notices.c.esp_id, view.esps), still.exists())
    return Late(*conn.execute(query).one())


def _removal(conn: Connection, view: View) -> Late:
    running = and_(notices.c.remove_by < view.until, notices.c.still_since.is_(None))
    each = (
        select(takedowns.c.id, takedowns.c.survivor_linked, func.min(notices.c.remove_by).label("due"))
        .join(notice_items, notice_items.c.takedown_id == takedowns.c.id)
        .join(notices, notices.c.id == notice_items.c.notice_id)
        .where(_open_at(view), running, scoped(takedowns.c.esp_id, view.esps))
        .group_by(takedowns.c.id, takedowns.c.survivor_linked)
        .subquery()
    )
    return Late(*conn.execute(select(func.count(), _linked(each.c.survivor_linked), func.min(each.c.due))).one())


def _ours(conn: Connection, view: View) -> Late:
    query = select(func.count(), _linked(takedowns.c.survivor_linked), func.min(takedowns.c.updated_at))
    asked = and_(takedowns.c.status == "info_requested", scoped(takedowns.c.esp_id, view.esps))
    return Late(*conn.execute(query.where(takedowns.c.is_open, asked)).one())


def _linked(column: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((column, 1), else_=0)), 0)


def _open_at(view: View) -> ColumnElement[bool]:
    return or_(takedowns.c.is_open, takedowns.c.closed_at >= view.until)


def word(found: Overdue, view: View) -> Section:
    lines = (
        ("First response (notices)", found.first_response),
        ("Removal (URLs)", found.removal),
        ("Our answer to a question (URLs)", found.ours),
    )
    if not any(late.count for _, late in lines):
        return Section("Overdue", (Paragraph("Nothing is overdue."),), {"overdue": 0})
    rows = tuple(row(name, late.count, late.linked, _age(late, view)) for name, late in lines)
    heads = columns("What", ">Overdue", ">Survivor-linked", ">Oldest")
    return Section("Overdue", (Table("What is late", heads, rows),), {"overdue": found.removal.count})


def _age(late: Late, view: View) -> str:
    return "none" if late.oldest is None else hours(max((view.until - late.oldest).total_seconds() / 3600, 0))
