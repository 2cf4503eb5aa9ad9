"""Wishes where to file a message: written with the decision, carried out afterwards, repeated until done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, or_, select, update

from daemon.store.rows import AnyRow, chunks
from daemon.store.tables import messages, wishes

OPEN, DONE, GONE, FAILED = "open", "done", "gone", "failed"
UNTAGGED = "untagged"  # done, but the mailbox refused its tags, which may or may not be there
THEIRS = "theirs"  # no wish of ours: a person put it there, and there it stays
TAGGED = "tagged"  # no wish of ours: a person left these tags on it, where it lies


@dataclass(frozen=True, slots=True)
class NewWish:
    """``folder`` "" keeps the message where it is and only tags it."""

    mailbox: str
    message_ref: int
    folder: str
    tags: tuple[str, ...] = ()


def make(conn: Connection, new: Sequence[NewWish], now: datetime) -> None:
    """Wish.  A message has at most one open wish in a mailbox: the caller makes none where one is open."""
    if not new:
        return
    rows = [
        {
            "mailbox": one.mailbox,
            "message_ref": one.message_ref,
            "folder": one.folder,
            "tags": list(one.tags),
            "created_at": now,
        }
        for one in new
    ]
    conn.execute(insert(wishes), rows)


def note_theirs(conn: Connection, mailbox: str, message_ref: int, folder: str, now: datetime) -> None:
    """Record where a person put a message ("": back into the inbox); what we still wished for it is over."""
    drop(conn, mailbox, message_ref, now)
    _note(conn, NewWish(mailbox, message_ref, folder), THEIRS, now)


def note_tagged(conn: Connection, where: NewWish, now: datetime) -> None:
    """Record the tags that a person left on a message where it lies (folder "": in the inbox)."""
    _note(conn, where, TAGGED, now)


def _note(conn: Connection, what: NewWish, state: str, now: datetime) -> None:
    row = {"mailbox": what.mailbox, "message_ref": what.message_ref, "folder": what.folder, "tags": list(what.tags)}
    conn.execute(insert(wishes).values(**row, state=state, created_at=now, done_at=now))


def drop(conn: Connection, mailbox: str, message_ref: int, now: datetime) -> None:
    """End what we still wished for a message: something newer counts."""
    mine = (wishes.c.mailbox == mailbox, wishes.c.message_ref == message_ref, wishes.c.state == OPEN)
    conn.execute(update(wishes).where(*mine).values(state=GONE, done_at=now))


def due(conn: Connection, mailbox: str, now: datetime, limit: int = 1000) -> Sequence[AnyRow]:
    """Open wishes whose time has come, oldest first, with the message's Message-ID."""
    ready = or_(wishes.c.next_try_at.is_(None), wishes.c.next_try_at <= now)
    query = (
        select(wishes, messages.c.message_id)
        .join(messages, messages.c.id == wishes.c.message_ref)
        .where(wishes.c.state == OPEN, wishes.c.mailbox == mailbox, ready)
        .order_by(wishes.c.id)
        .limit(limit)
    )
    return conn.execute(query).all()


def settle(conn: Connection, ids: Iterable[int], state: str, now: datetime) -> None:
    """End wishes as done, gone (somebody else moved the message) or failed (given up)."""
    for chunk in chunks(ids):
        conn.execute(update(wishes).where(wishes.c.id.in_(chunk)).values(state=state, done_at=now))


def put_off(conn: Connection, ids: Iterable[int], until: datetime) -> None:
    """Try again later."""
    for chunk in chunks(ids):
        values = {"attempts": wishes.c.attempts + 1, "next_try_at": until}
        conn.execute(update(wishes).where(wishes.c.id.in_(chunk)).values(values))


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: a minute, doubling, at most six hours."""
    return timedelta(minutes=min(2 ** min(attempts, 10), 360))


def of_messages(conn: Connection, refs: Iterable[int]) -> dict[int, list[AnyRow]]:
    """message -> all its wishes, oldest first."""
    found: dict[int, list[AnyRow]] = {}
    for chunk in chunks(set(refs)):
        for row in conn.execute(select(wishes).where(wishes.c.message_ref.in_(chunk)).order_by(wishes.c.id)):
            found.setdefault(row.message_ref, []).append(row)
    return found


def count_open(conn: Connection, mailbox: str | None = None) -> int:
    query = select(func.count()).select_from(wishes).where(wishes.c.state == OPEN)
    return conn.execute(query if mailbox is None else query.where(wishes.c.mailbox == mailbox)).scalar_one()
