"""What a check of an address leaves: a verified closing, a next cycle of what was closed, a row in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from daemon.notices.status import Evidence, Status
from daemon.store import journal, standing
from daemon.store.journal import Entry
from daemon.store.rows import AnyRow, chunks
from daemon.store.tables import esps, imports, notice_items, notices, takedowns

KIND = "check"


def newest(conn: Connection, url_keys: Iterable[str]) -> dict[str, list[AnyRow]]:
    """The newest cycle at each ESP of addresses, by ``rows.url_key`` of their canonical form; with ``esp_key``."""
    found: dict[tuple[str, int], AnyRow] = {}
    for chunk in chunks(set(url_keys)):
        query = (
            select(takedowns, esps.c.key.label("esp_key"))
            .join(esps, esps.c.id == takedowns.c.esp_id)
            .where(takedowns.c.url_key.in_(chunk))
            .order_by(takedowns.c.cycle)
            .with_for_update(of=takedowns)
        )
        found.update({(row.url_key, row.esp_id): row for row in conn.execute(query)})
    by_url: dict[str, list[AnyRow]] = {}
    for (digest, _), row in found.items():
        by_url.setdefault(digest, []).append(row)
    return by_url


def was_imported(conn: Connection, sha256: str) -> bool:
    """Tell whether a list with these very bytes was taken before."""
    query = select(imports.c.id).where(imports.c.source == KIND, imports.c.sha256 == sha256)
    return conn.execute(query.limit(1)).first() is not None


def note(conn: Connection, row: AnyRow, found: str, checked_at: datetime, now: datetime, by: str) -> None:
    """Keep that somebody looked: ``up`` or ``gone``; nothing else changes."""
    details = {"checked_at": checked_at.isoformat(timespec="seconds")}
    entry = Entry(now, by, "checked", row.esp_id, takedown_id=row.id, old=row.status, new=found, details=details)
    journal.append(conn, [entry])


def verify(conn: Connection, row: AnyRow, now: datetime, by: str) -> None:
    """A closing that waited for it is confirmed: evidence ``verified``; its status stays what it is."""
    values = {"awaiting_verification": False, "evidence": Evidence.VERIFIED.value, "updated_at": now}
    conn.execute(update(takedowns).where(takedowns.c.id == row.id, takedowns.c.awaiting_verification).values(values))
    entry = Entry(now, by, "verified", row.esp_id, takedown_id=row.id, old=row.evidence, new=Evidence.VERIFIED.value)
    journal.append(conn, [entry])


def reopen(conn: Connection, row: AnyRow, now: datetime, by: str) -> tuple[int, int] | None:
    """Open the next cycle of a closed takedown; return (notice, takedown), None if no notice of ours is about it.

    The item of the newest notice about it points to the new cycle from now on, so that answers by its number reach it;
    the closed row stays as it is.
    """
    newest_item = (
        select(notice_items.c.id, notice_items.c.notice_id, notice_items.c.position)
        .where(notice_items.c.takedown_id == row.id)
        .order_by(notice_items.c.notice_id.desc())
    )
    item = conn.execute(newest_item.limit(1)).one_or_none()
    if item is None:
        return None
    copied = ("esp_id", "url", "url_key", "survivor_linked", "priority")
    values: dict[str, Any] = {name: getattr(row, name) for name in copied}
    values |= {"cycle": row.cycle + 1, "status": Status.SENT.value, "is_open": True}
    values |= {"opened_at": now, "sent_at": now, "updated_at": now}
    new: int = conn.execute(insert(takedowns).values(values).returning(takedowns.c.id)).scalar_one()
    conn.execute(update(notice_items).where(notice_items.c.id == item.id).values(takedown_id=new))
    details = {"cycle": row.cycle + 1, "after": row.id, "position": item.position, "why": "still_reachable"}
    entry = Entry(now, by, "reopened", row.esp_id, item.notice_id, new, old=row.status, new="sent", details=details)
    journal.append(conn, [entry])
    return item.notice_id, new


def next_cycle(conn: Connection, notice_ids: Sequence[int], now: datetime) -> None:
    """Let the ladders of notices with reopened items run again: from the start, where all of the notice was closed."""
    for notice_id, (status, _, still) in standing.derived(conn, set(notice_ids), now).items():
        row = conn.execute(select(notices).where(notices.c.id == notice_id)).one()
        values: dict[str, Any] = {**still, "status": status, "cycle": row.cycle + 1, "next_due_at": now}
        if row.next_due_at is None:
            stood = int((now - row.sent_at).total_seconds()) if row.parent_id and row.sent_at else 0
            values |= {"clock_from": now, "still_seconds": stood, "rung": 0, "first_response_at": None}
        conn.execute(update(notices).where(notices.c.id == notice_id).values(values))


def counted(conn: Connection, at: datetime, by: str, rows: int, sha256: str) -> None:
    """Keep a line about a list that was taken."""
    values = {"at": at, "source": KIND, "actor": by, "rows": rows, "sha256": sha256}
    conn.execute(insert(imports).values(added=0, already_there=0, **values))
