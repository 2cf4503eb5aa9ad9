"""What commands show: notices with their items, the counts of ``status``; reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from daemon.store.messages import COPY
from daemon.store.rows import chunks, number_key, pairs
from daemon.store.tables import (
    decisions,
    esps,
    folder_states,
    journal,
    message_notices,
    messages,
    notice_items,
    notices,
    outbox,
    reviews,
    takedowns,
    wishes,
)

JOINED = "takedown_joined"  # the journal's action when a merger of ESPs made two takedowns one


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One line of a list of notices."""

    number: str
    esp: str
    status: str
    priority: int
    survivor_linked: bool
    sent_at: datetime | None
    items: int
    open_items: int
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of a notice with its takedown."""

    position: int
    url: str = field(repr=False)
    status: str
    evidence: str
    cycle: int
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a notice's history, from the journal."""

    at: datetime
    actor: str
    action: str
    old: str | None
    new: str | None
    position: int | None
    details: dict[str, Any]


def list_notices(
    conn: Connection, status: str | None = None, esp: str | None = None, survivor: bool = False, limit: int = 100
) -> Sequence[NoticeRow]:
    """The newest notices, survivor-linked and high priority first among equals in time."""
    items = func.count(notice_items.c.id)
    still_open = func.count(notice_items.c.id).filter(takedowns.c.is_open)
    query = (
        select(
            notices.c.number,
            esps.c.name,
            notices.c.status,
            notices.c.priority,
            notices.c.survivor_linked,
            notices.c.sent_at,
            items,
            still_open,
            notices.c.next_due_at,
        )
        .join(esps, esps.c.id == notices.c.esp_id)
        .outerjoin(notice_items, notice_items.c.notice_id == notices.c.id)
        .outerjoin(takedowns, takedowns.c.id == notice_items.c.takedown_id)
        .group_by(notices.c.id, esps.c.name)
        .order_by(notices.c.sent_at.desc(), notices.c.id.desc())
        .limit(limit)
    )
    if status:
        query = query.where(notices.c.status == status)
    if esp:
        query = query.where((esps.c.key == esp) | (esps.c.name == esp))
    if survivor:
        query = query.where(notices.c.survivor_linked)
    return [NoticeRow(*row) for row in conn.execute(query)]


def find_notice(conn: Connection, number: str) -> tuple[int, NoticeRow] | None:
    """The notice with this number however its letters are written: its row id and its line."""
    row = conn.execute(select(notices.c.id, notices.c.number).where(notices.c.number_key == number_key(number))).first()
    if row is None:
        return None
    whole = conn.execute(
        select(esps.c.name, notices).join(esps, esps.c.id == notices.c.esp_id).where(notices.c.id == row.id)
    ).one()
    items = items_of(conn, row.id)
    open_items = sum(1 for item in items if item.closed_at is None)
    line = NoticeRow(
        whole.number,
        whole.name,
        whole.status,
        whole.priority,
        whole.survivor_linked,
        whole.sent_at,
        len(items),
        open_items,
        whole.next_due_at,
    )
    return row.id, line


def items_of(conn: Connection, notice_id: int) -> list[ItemRow]:
    query = (
        select(
            notice_items.c.position,
            takedowns.c.url,
            takedowns.c.status,
            takedowns.c.evidence,
            takedowns.c.cycle,
            takedowns.c.closed_at,
        )
        .join(takedowns, takedowns.c.id == notice_items.c.takedown_id)
        .where(notice_items.c.notice_id == notice_id)
        .order_by(notice_items.c.position)
    )
    return [ItemRow(*row) for row in conn.execute(query)]


def history_of(conn: Connection, notice_id: int, limit: int = 500) -> list[Event]:
    """What the journal tells of a notice, its takedowns and its mails, oldest first."""
    items = select(notice_items.c.takedown_id, notice_items.c.position).where(notice_items.c.notice_id == notice_id)
    positions: dict[int, int] = pairs(conn, items)
    mails = select(message_notices.c.message_ref).where(message_notices.c.notice_id == notice_id)
    joined = select(journal.c.takedown_id).where(journal.c.notice_id == notice_id, journal.c.action == JOINED)
    query = (
        select(journal)
        .where(
            (journal.c.notice_id == notice_id)
            | journal.c.takedown_id.in_(list(positions))
            | journal.c.takedown_id.in_(joined)
            | (journal.c.message_ref.in_(mails) & journal.c.notice_id.is_(None) & journal.c.takedown_id.is_(None))
        )
        .order_by(journal.c.id)
        .limit(limit)
    )
    return [
        Event(row.at, row.actor, row.action, row.old, row.new, positions.get(row.takedown_id), row.details or {})
        for row in conn.execute(query)
    ]


def figures(conn: Connection, now: datetime) -> dict[str, Any]:
    """The counts of ``noticed status``."""

    def grouped(column: Any, *where: Any) -> dict[str, int]:
        return {
            str(key): count for key, count in conn.execute(select(column, func.count()).where(*where).group_by(column))
        }

    def one(query: Any) -> Any:
        return conn.execute(query).scalar_one()

    oldest = one(select(func.min(reviews.c.created_at)).where(reviews.c.state == "open", reviews.c.kind == "review"))
    filed = wishes.c.state.in_(("done", "untagged"))
    return {
        "notices": one(select(func.count()).select_from(notices)),
        "takedowns": grouped(takedowns.c.status),
        "open": one(select(func.count()).select_from(takedowns).where(takedowns.c.is_open)),
        "closed": one(select(func.count()).select_from(takedowns).where(~takedowns.c.is_open)),
        "messages": grouped(messages.c.state, messages.c.state != COPY),
        "categories": grouped(messages.c.category, messages.c.state != COPY),
        "filed": one(select(func.count()).select_from(wishes).where(filed, wishes.c.folder != "")),
        "filing": one(select(func.count()).select_from(wishes).where(wishes.c.state == "open")),
        "reviews": grouped(reviews.c.kind, reviews.c.state == "open"),
        "oldest_review_seconds": int((now - oldest).total_seconds()) if oldest else 0,
        "outbox": grouped(outbox.c.state),
        "letters": grouped(outbox.c.template, outbox.c.state == "sent"),
        "decisions_needing_a_person": one(select(func.count()).select_from(decisions).where(decisions.c.needs_human)),
        "mailboxes": {
            f"{row.mailbox}/{row.folder}": row.updated_at
            for row in conn.execute(select(folder_states.c.mailbox, folder_states.c.folder, folder_states.c.updated_at))
        },
    }


def numbers_of(conn: Connection, notice_ids: set[int]) -> dict[int, str]:
    """Row -> notice number."""
    found: dict[int, str] = {}
    for chunk in chunks(sorted(notice_ids)):
        rows = conn.execute(select(notices.c.id, notices.c.number).where(notices.c.id.in_(chunk)))
        found.update({row.id: row.number for row in rows})
    return found


def by_category(conn: Connection) -> dict[str, dict[str, int]]:
    """For each gist: mails, URLs moved by them, URLs closed by them, mails that went to a person."""
    found = {
        category: {"mails": count, "moved": 0, "closed": 0, "review": 0}
        for category, count in conn.execute(
            select(messages.c.category, func.count())
            .where(messages.c.state != COPY)
            .group_by(messages.c.category)
            .order_by(func.count().desc())
        )
    }
    moved = (
        select(messages.c.category, func.count(), func.count().filter(journal.c.new.in_(_CLOSING)))
        .join(messages, messages.c.id == journal.c.message_ref)
        .where(journal.c.action == "status")
        .group_by(messages.c.category)
    )
    for category, count, closed in conn.execute(moved):
        found[category] |= {"moved": count, "closed": closed}
    asked = (
        select(messages.c.category, func.count(func.distinct(reviews.c.message_ref)))
        .join(messages, messages.c.id == reviews.c.message_ref)
        .where(reviews.c.kind == "review")
        .group_by(messages.c.category)
    )
    for category, count in conn.execute(asked):
        found[category]["review"] = count
    return found


_CLOSING = ("removed", "already_gone")


def letters(conn: Connection) -> dict[str, dict[str, int]]:
    """For each template: letters sent, and letters that wait (queued, or held for approval)."""
    query = (
        select(
            outbox.c.template,
            func.count().filter(outbox.c.state == "sent"),
            func.count().filter(outbox.c.state.in_(("queued", "held"))),
        )
        .group_by(outbox.c.template)
        .order_by(outbox.c.template)
    )
    return {template: {"sent": sent, "waiting": waiting} for template, sent, waiting in conn.execute(query)}
