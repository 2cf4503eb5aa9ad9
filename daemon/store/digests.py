"""Which digest was queued for whom: one per (week, recipient), ever."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from daemon.store.rows import AnyRow, insert_missing
from daemon.store.tables import digests


def take(conn: Connection, week: str, recipient: str, now: datetime) -> bool:
    """Reserve the digest of ``week`` ("2026-W47") for ``recipient``; False if it was made before."""
    row = {"week": week, "recipient": recipient.lower(), "created_at": now}
    return bool(insert_missing(conn, digests, [row], [digests.c.week]))


def tie(conn: Connection, week: str, recipient: str, outbox_id: int) -> None:
    """Note which letter carries it."""
    mine = (digests.c.week == week) & (digests.c.recipient == recipient.lower())
    conn.execute(update(digests).where(mine).values(outbox_id=outbox_id))


def get(conn: Connection, week: str, recipient: str) -> AnyRow | None:
    mine = (digests.c.week == week) & (digests.c.recipient == recipient.lower())
    return conn.execute(select(digests).where(mine)).one_or_none()
