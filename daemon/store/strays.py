"""Messages whose place in a mailbox changed: noted with what was seen, understood after a full look at all folders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from daemon.store.rows import chunks, insert_missing
from daemon.store.tables import strays


def note(conn: Connection, mailbox: str, refs: Iterable[int], now: datetime) -> None:
    """Note messages that came or went without our doing."""
    insert_missing(conn, strays, [{"mailbox": mailbox, "message_ref": ref, "at": now} for ref in sorted(set(refs))])


def waiting(conn: Connection, mailbox: str, after: int = 0, limit: int = 500) -> dict[int, int]:
    """message -> how many full looks found it nowhere, for those beyond message ``after``."""
    query = select(strays.c.message_ref, strays.c.passes).where(strays.c.mailbox == mailbox)
    query = query.where(strays.c.message_ref > after).order_by(strays.c.message_ref).limit(limit)
    return {row.message_ref: row.passes for row in conn.execute(query)}


def missed(conn: Connection, mailbox: str, refs: Iterable[int]) -> None:
    """Count a full look that found these nowhere."""
    for chunk in chunks(refs):
        where = (strays.c.mailbox == mailbox, strays.c.message_ref.in_(chunk))
        conn.execute(update(strays).where(*where).values(passes=strays.c.passes + 1))


def settle(conn: Connection, mailbox: str, refs: Iterable[int]) -> None:
    """Forget messages whose place is understood."""
    for chunk in chunks(refs):
        conn.execute(delete(strays).where(strays.c.mailbox == mailbox, strays.c.message_ref.in_(chunk)))
