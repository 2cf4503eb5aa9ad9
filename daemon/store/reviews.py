"""The queues of what a person must do: reviews block a status, tasks and alerts block nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, insert, select, update

from daemon.store import journal
from daemon.store.journal import Entry
from daemon.store.rows import AnyRow
from daemon.store.tables import journal as journal_table
from daemon.store.tables import reviews

OPEN, ACCEPTED, CORRECTED, SKIPPED, OBSOLETE = "open", "accepted", "corrected", "skipped", "obsolete"


@dataclass(frozen=True, slots=True)
class NewReview:
    """An item for a person; ``reasons`` are words of a closed list, ``proposal`` holds ids, positions and outcomes."""

    reason: str
    kind: str = "review"
    message_ref: int | None = None
    notice_id: int | None = None
    esp_id: int | None = None
    outbox_id: int | None = None
    reasons: tuple[str, ...] = ()
    proposal: Any = None


def add(conn: Connection, new: NewReview, now: datetime, actor: str = "daemon") -> int:
    """Put an item into its queue, with its journal row; return its id."""
    values = {
        "kind": new.kind,
        "message_ref": new.message_ref,
        "notice_id": new.notice_id,
        "esp_id": new.esp_id,
        "reason": new.reason,
        "reasons": list(new.reasons or (new.reason,)),
        "proposal": new.proposal,
        "created_at": now,
    }
    review_id: int = conn.execute(insert(reviews).values(values).returning(reviews.c.id)).scalar_one()
    entry = Entry(
        now,
        actor,
        new.kind,
        esp_id=new.esp_id,
        notice_id=new.notice_id,
        message_ref=new.message_ref,
        outbox_id=new.outbox_id,
        review_id=review_id,
        new=new.reason,
    )
    journal.append(conn, [entry])
    return review_id


def listed(conn: Connection, state: str | None = OPEN, kind: str | None = None, limit: int = 200) -> Sequence[AnyRow]:
    """Items: mail that may be a survivor's first, then oldest first."""
    first = case((reviews.c.reason == "survivor", 0), else_=1)
    query = select(reviews).order_by(first, reviews.c.created_at, reviews.c.id).limit(limit)
    if state is not None:
        query = query.where(reviews.c.state == state)
    return conn.execute(query if kind is None else query.where(reviews.c.kind == kind)).all()


def with_reason(conn: Connection, reason: str, limit: int = 1000) -> Sequence[AnyRow]:
    """The open items with this reason, oldest first."""
    query = select(reviews).where(reviews.c.state == OPEN, reviews.c.reason == reason)
    return conn.execute(query.order_by(reviews.c.created_at, reviews.c.id).limit(limit)).all()


def get(conn: Connection, review_id: int, *, lock: bool = False) -> AnyRow | None:
    query = select(reviews).where(reviews.c.id == review_id)
    return conn.execute(query.with_for_update() if lock else query).one_or_none()


def open_about(conn: Connection, esp_id: int, word: str) -> Sequence[AnyRow]:
    """The open items about an ESP that carry ``word`` among their reasons."""
    query = select(reviews).where(reviews.c.state == OPEN, reviews.c.esp_id == esp_id).order_by(reviews.c.id)
    return [row for row in conn.execute(query) if word in row.reasons]


def of_message(conn: Connection, message_ref: int) -> Sequence[AnyRow]:
    return conn.execute(select(reviews).where(reviews.c.message_ref == message_ref).order_by(reviews.c.id)).all()


def about_letter(conn: Connection, outbox_id: int, reason: str) -> Sequence[int]:
    """The open items about a letter, by what the journal says of it."""
    asked = select(journal_table.c.review_id).where(
        journal_table.c.outbox_id == outbox_id, journal_table.c.new == reason
    )
    query = select(reviews.c.id).where(reviews.c.id.in_(asked), reviews.c.state == OPEN)
    return conn.execute(query).scalars().all()


def decide(conn: Connection, review_id: int, state: str, now: datetime, by: str, note: str = "") -> bool:
    """Close an open item as ``state``; False if somebody was faster.  What it moves is the caller's to apply."""
    values = {"state": state, "decided_at": now, "decided_by": by, "note": note or None}
    done = conn.execute(update(reviews).where(reviews.c.id == review_id, reviews.c.state == OPEN).values(values))
    if not done.rowcount:
        return False
    row = get(conn, review_id)
    assert row is not None
    entry = Entry(
        now,
        by,
        "review_decided",
        esp_id=row.esp_id,
        notice_id=row.notice_id,
        message_ref=row.message_ref,
        review_id=review_id,
        old=OPEN,
        new=state,
    )
    journal.append(conn, [entry])
    return True


def assign(conn: Connection, review_id: int, to: str) -> None:
    conn.execute(update(reviews).where(reviews.c.id == review_id).values(assigned_to=to))


def counts(conn: Connection) -> dict[str, int]:
    """Open items by kind."""
    query = select(reviews.c.kind, func.count()).where(reviews.c.state == OPEN).group_by(reviews.c.kind)
    return {row[0]: row[1] for row in conn.execute(query)}
