"""Who was told of which review item: one row for each, so that nobody is told twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from daemon.store.reviews import OPEN
from daemon.store.rows import AnyRow, insert_missing
from daemon.store.tables import alerts, reviews


def untold(conn: Connection, reasons: Collection[str], recipient: str, limit: int = 1000) -> Sequence[AnyRow]:
    """The open review items (id, reason) with one of ``reasons`` that ``recipient`` was not told of, oldest first.

    A mail that was judged again has another item; who was told of the first one knows.
    """
    before = reviews.alias("before")
    same = (before.c.id == reviews.c.id) | (before.c.message_ref == reviews.c.message_ref)
    told = (
        select(alerts.c.review_id)
        .join(before, before.c.id == alerts.c.review_id)
        .where(same, alerts.c.recipient == recipient)
    )
    query = (
        select(reviews.c.id, reviews.c.reason)
        .where(reviews.c.state == OPEN, reviews.c.kind == "review", reviews.c.reason.in_(sorted(reasons)))
        .where(~told.exists())
        .order_by(reviews.c.id)
        .limit(limit)
    )
    return conn.execute(query).all()


def take(conn: Connection, review_ids: Iterable[int], recipient: str, now: datetime) -> list[int]:
    """Reserve the telling of ``recipient``; returns the items that nobody had told them of."""
    rows = [{"review_id": one, "recipient": recipient, "at": now} for one in review_ids]
    return sorted(row.review_id for row in insert_missing(conn, alerts, rows, [alerts.c.review_id]))


def tie(conn: Connection, review_ids: Iterable[int], recipient: str, outbox_id: int) -> None:
    """Note which letter tells them."""
    mine = alerts.c.review_id.in_(list(review_ids)) & (alerts.c.recipient == recipient)
    conn.execute(update(alerts).where(mine).values(outbox_id=outbox_id))


def letters_since(conn: Connection, recipient: str, since: datetime) -> tuple[int, datetime | None]:
    """How many alerts went to ``recipient`` since then, and when the last one was made."""
    query = select(func.count(alerts.c.outbox_id.distinct()), func.max(alerts.c.at))
    count, last = conn.execute(query.where(alerts.c.recipient == recipient, alerts.c.at >= since)).one()
    return count, last


def still_open(conn: Connection, review_ids: Collection[int]) -> Sequence[AnyRow]:
    """Those of the items (id, reason) that nobody has decided yet."""
    query = select(reviews.c.id, reviews.c.reason).where(reviews.c.id.in_(list(review_ids)), reviews.c.state == OPEN)
    return conn.execute(query.order_by(reviews.c.id)).all()
