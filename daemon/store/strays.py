"""Messages whose place or tags changed: noted with what was seen, understood after a full look at all folders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from daemon.store.rows import chunks, insert_missing, upsert
from daemon.store.tables import strays


@dataclass(frozen=True, slots=True)
class Stray:
    """``passes``: how many full looks found it nowhere, or without its tags; ``retagged``: its tags changed as well."""

    passes: int
    retagged: bool


def note(conn: Connection, mailbox: str, refs: Iterable[int], now: datetime) -> None:
    """Note messages that came or went without our doing."""
    insert_missing(conn, strays, [{"mailbox": mailbox, "message_ref": ref, "at": now} for ref in sorted(set(refs))])


def note_retagged(conn: Connection, mailbox: str, refs: Iterable[int], now: datetime) -> None:
    """Note messages that carry other tags than ours."""
    rows = [{"mailbox": mailbox, "message_ref": ref, "at": now, "retagged": True} for ref in sorted(set(refs))]
    upsert(conn, strays, rows, ["mailbox", "message_ref"])


def waiting(conn: Connection, mailbox: str, after: int = 0, limit: int = 500) -> dict[int, Stray]:
    """message -> what is known of it, for those beyond message ``after``."""
    query = select(strays).where(strays.c.mailbox == mailbox)
    query = query.where(strays.c.message_ref > after).order_by(strays.c.message_ref).limit(limit)
    return {row.message_ref: Stray(row.passes, row.retagged) for row in conn.execute(query)}


def missed(conn: Connection, mailbox: str, refs: Iterable[int]) -> None:
    """Count a full look that found these nowhere, or without their tags."""
    for chunk in chunks(refs):
        where = (strays.c.mailbox == mailbox, strays.c.message_ref.in_(chunk))
        conn.execute(update(strays).where(*where).values(passes=strays.c.passes + 1))


def settle(conn: Connection, mailbox: str, refs: Iterable[int]) -> None:
    """Forget messages whose place is understood."""
    for chunk in chunks(refs):
        conn.execute(delete(strays).where(strays.c.mailbox == mailbox, strays.c.message_ref.in_(chunk)))
