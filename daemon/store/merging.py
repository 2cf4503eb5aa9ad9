"""Makes two ESPs of the register one: everything of the first becomes the second's, for good."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Table, delete, select, update

from daemon.errors import PermanentError
from daemon.notices.life import Event
from daemon.store import changes, esps, journal, register, silences, standing
from daemon.store.journal import Entry
from daemon.store.overview import JOINED
from daemon.store.rows import AnyRow, chunks
from daemon.store.tables import (
    contacts,
    esp_domains,
    learned,
    messages,
    notice_items,
    notices,
    onboardings,
    outbox,
    reviews,
    takedowns,
    tickets,
)
from daemon.store.tables import esps as table

FOLLOW = (notices, messages, outbox, reviews)
_AWAY = 1_000_000  # cycles are numbered from here while they change places


def check(row: AnyRow, into: AnyRow) -> None:
    """Raise PermanentError where the one cannot become part of the other: rings are never made."""
    if row.id == into.id:
        raise PermanentError(f"{row.key} cannot be merged into itself")
    if into.merged_into is not None or into.line == "merged":
        raise PermanentError(f"{into.key} is merged itself; name the ESP that it went into")
    if row.merged_into is not None:
        raise PermanentError(f"{row.key} is merged already")


def merge(conn: Connection, esp_id: int, into_id: int, now: datetime, actor: str) -> None:
    """Merge ``esp_id`` into ``into_id``; nothing undoes it."""
    first, second = sorted((esp_id, into_id))
    rows = {one: register.get(conn, one, lock=True) for one in (first, second)}
    check(rows[esp_id], rows[into_id])
    entries = _takedowns(conn, esp_id, into_id, now, actor)
    for one in FOLLOW:
        conn.execute(update(one).where(one.c.esp_id == esp_id).values(esp_id=into_id))
    _join(conn, tickets, "ticket", esp_id, into_id)
    _join(conn, contacts, "address", esp_id, into_id)
    _join(conn, esp_domains, "domain", esp_id, into_id)
    conn.execute(delete(learned).where(learned.c.esp_id == esp_id))  # within a day it is learned anew of both together
    _end_all(conn, esp_id, now, actor)
    register.move(conn, esp_id, Event.MERGE, now, actor)
    conn.execute(update(table).where(table.c.merged_into == esp_id).values(merged_into=into_id))
    conn.execute(update(table).where(table.c.id == esp_id).values(merged_into=into_id))
    journal.append(conn, [*entries, Entry(now, actor, "esp_merged", esp_id, new=str(into_id))])
    esps.changed(conn, now)


def _takedowns(conn: Connection, esp_id: int, into_id: int, now: datetime, actor: str) -> list[Entry]:
    """Move the takedowns; of a URL that both have, the cycles are numbered anew, and two open ones become one."""
    theirs = _by_url(conn, esp_id)
    shared: dict[str, list[AnyRow]] = {}
    for keys in chunks(theirs):
        query = select(takedowns).where(takedowns.c.esp_id == into_id, takedowns.c.url_key.in_(keys))
        for row in conn.execute(query):
            shared.setdefault(row.url_key, []).append(row)
    entries, touched = list[Entry](), set[int]()
    for key, ours in shared.items():
        gone = _both_open(conn, theirs[key], ours, now, actor, entries, touched)
        _number_anew(conn, [row for row in (*theirs[key], *ours) if row.id != gone], into_id)
    conn.execute(update(takedowns).where(takedowns.c.esp_id == esp_id).values(esp_id=into_id))
    for notice_id, (status, _, still) in standing.derived(conn, touched, now).items():
        values = {"status": status, "next_due_at": now, **still}
        conn.execute(update(notices).where(notices.c.id == notice_id).values(values))
    return entries


def _by_url(conn: Connection, esp_id: int) -> dict[str, list[AnyRow]]:
    found: defaultdict[str, list[AnyRow]] = defaultdict(list)
    for row in conn.execute(select(takedowns).where(takedowns.c.esp_id == esp_id)):
        found[row.url_key].append(row)
    return dict(found)


def _both_open(
    conn: Connection,
    theirs: Sequence[AnyRow],
    ours: Sequence[AnyRow],
    now: datetime,
    actor: str,
    entries: list[Entry],
    touched: set[int],
) -> int | None:
    """Where both have the URL open, the items of the one are tied to the other's takedown; return the row that goes."""
    gone = next((row for row in theirs if row.is_open), None)
    kept = next((row for row in ours if row.is_open), None)
    if gone is None or kept is None:
        return None
    tied = list(conn.execute(select(notice_items.c.notice_id).where(notice_items.c.takedown_id == gone.id)).scalars())
    conn.execute(update(notice_items).where(notice_items.c.takedown_id == gone.id).values(takedown_id=kept.id))
    conn.execute(delete(takedowns).where(takedowns.c.id == gone.id))
    sent = [at for at in (gone.sent_at, kept.sent_at) if at is not None]
    values = {
        "sent_at": min(sent, default=None),
        "survivor_linked": gone.survivor_linked or kept.survivor_linked,
        "priority": min(gone.priority, kept.priority),
        "updated_at": now,
    }
    conn.execute(update(takedowns).where(takedowns.c.id == kept.id).values(values))
    touched.update(tied)
    details = {"into": kept.id, "status": gone.status}
    entries.extend(
        Entry(now, actor, JOINED, kept.esp_id, one, gone.id, old=gone.status, new=kept.status, details=details)
        for one in tied
    )
    return int(gone.id)


def _number_anew(conn: Connection, rows: Sequence[AnyRow], into_id: int) -> None:
    """Number the cycles of one URL by time, the open one last; two steps, because a cycle stands once."""
    in_order = sorted(rows, key=lambda row: (row.is_open, row.opened_at, row.id))
    for step in (_AWAY, 1):
        for place, row in enumerate(in_order):
            values = {"esp_id": into_id, "cycle": place + step} if step == 1 else {"cycle": place + step}
            conn.execute(update(takedowns).where(takedowns.c.id == row.id).values(values))


def _join(conn: Connection, one: Table, column: str, esp_id: int, into_id: int) -> None:
    """Give the rows of the one to the other; what the other has already goes."""
    there = select(one.c[column]).where(one.c.esp_id == into_id)
    conn.execute(delete(one).where(one.c.esp_id == esp_id, one.c[column].in_(there)))
    conn.execute(update(one).where(one.c.esp_id == esp_id).values(esp_id=into_id))


def _end_all(conn: Connection, esp_id: int, now: datetime, actor: str) -> None:
    """What was under way about the ESP ends with it."""
    for change in changes.listed(conn, esp_id):
        changes.turn(conn, change, changes.STOPPED, now, actor)
    mine = (onboardings.c.esp_id == esp_id) & onboardings.c.ended_at.is_(None)
    conn.execute(update(onboardings).where(mine).values(ended_at=now, ended_by=actor, next_due_at=None, state="merged"))
    silences.leave(conn, esp_id, "merged", now)
