"""What passing a notice's items on to another ESP reads and marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from daemon.store import journal
from daemon.store.journal import Entry
from daemon.store.rows import AnyRow
from daemon.store.tables import notice_items, notices, takedowns


def items_to_pass(conn: Connection, notice_id: int, positions: Iterable[int], esp_id: int) -> Sequence[AnyRow]:
    """The open takedowns (with ``url_as_written``) of these items that no child notice at ``esp_id`` holds yet."""
    child, child_items, there = notices.alias("child"), notice_items.alias("child_items"), takedowns.alias("there")
    passed = (
        select(there.c.url_key)
        .join(child_items, child_items.c.takedown_id == there.c.id)
        .join(child, child.c.id == child_items.c.notice_id)
        .where(child.c.parent_id == notice_id, there.c.esp_id == esp_id)
    )
    query = (
        select(notice_items.c.position, notice_items.c.url_as_written, takedowns)
        .join(takedowns, takedowns.c.id == notice_items.c.takedown_id)
        .where(notice_items.c.notice_id == notice_id, notice_items.c.position.in_(list(positions)))
        .where(takedowns.c.is_open, takedowns.c.url_key.not_in(passed))
        .order_by(notice_items.c.position)
    )
    return conn.execute(query).all()


def next_number(conn: Connection, parent: AnyRow) -> str:
    """The number of the next child: ``<parent>-R1``, ``-R2`` ..."""
    query = select(func.count()).select_from(notices).where(notices.c.parent_id == parent.id)
    return f"{parent.number}-R{conn.execute(query).scalar_one() + 1}"


def mark(conn: Connection, takedown_ids: Sequence[int], referred_at: datetime, entry: Entry) -> None:
    """Note on the parent's takedowns when they were passed on; the first time counts.  ``entry`` says by whom."""
    first = func.coalesce(takedowns.c.referred_at, referred_at)
    conn.execute(update(takedowns).where(takedowns.c.id.in_(takedown_ids)).values(referred_at=first))
    journal.append(conn, [replace(entry, takedown_id=one) for one in takedown_ids])
