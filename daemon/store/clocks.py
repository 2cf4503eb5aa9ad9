"""What the ladders need to know of notices, and where they leave them: due, paused, held, moved on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from daemon.followups.standing import Contact, Standing
from daemon.notices.status import Status
from daemon.store import esps, journal
from daemon.store import outbox as letters
from daemon.store.journal import Entry
from daemon.store.rows import chunks
from daemon.store.tables import esps as esp_table
from daemon.store.tables import notice_items, notices, outbox, rungs, takedowns

_WAITING = (letters.HELD, letters.QUEUED, letters.SENDING)


def due(conn: Connection, now: datetime, limit: int = 500) -> list[Standing]:
    """The notices whose ladder must be looked at, survivor-linked and longest due first; cost depends on them only."""
    query = select(notices.c.id).where(notices.c.next_due_at <= now)
    query = query.order_by(notices.c.survivor_linked.desc(), notices.c.next_due_at, notices.c.id).limit(limit)
    return standings(conn, conn.execute(query).scalars().all())


def standings(conn: Connection, notice_ids: Iterable[int]) -> list[Standing]:
    """These notices as their ladders see them, in the order given."""
    ids = list(notice_ids)
    found: dict[int, Standing] = {}
    for chunk in chunks(ids):
        statuses, waiting = _statuses(conn, chunk), _waiting(conn, chunk)
        query = select(notices, esp_table.c.key.label("esp_key"), esp_table.c.kind.label("esp_kind"))
        rows = conn.execute(
            query.join(esp_table, esp_table.c.id == notices.c.esp_id).where(notices.c.id.in_(chunk))
        ).all()
        contacts = esps.contacts_of(conn, {row.esp_id for row in rows})
        for row in rows:
            found[row.id] = Standing(
                id=row.id,
                number=row.number,
                esp_id=row.esp_id,
                esp=row.esp_key,
                started_at=row.clock_from or row.sent_at,
                statuses=tuple(statuses[row.id]),
                kind=row.esp_kind,
                address=row.contact_address,
                mailbox=row.mailbox,
                cycle=row.cycle,
                rung=row.rung,
                priority=row.priority,
                survivor_linked=row.survivor_linked,
                paused_until=row.paused_until,
                pause_by=row.pause_by or "",
                hold_reason=row.hold_reason or "",
                waits=row.id in waiting,
                contacts=tuple(Contact(one.address, one.role, one.health) for one in contacts.get(row.esp_id, ())),
            )
    return [found[notice_id] for notice_id in ids if notice_id in found]


def _statuses(conn: Connection, ids: Sequence[int]) -> dict[int, list[Status]]:
    found: defaultdict[int, list[Status]] = defaultdict(list)
    query = select(notice_items.c.notice_id, takedowns.c.status)
    query = query.join(takedowns, takedowns.c.id == notice_items.c.takedown_id)
    for notice_id, status in conn.execute(query.where(notice_items.c.notice_id.in_(ids))):
        found[notice_id].append(Status(status))
    return found


def _waiting(conn: Connection, ids: Sequence[int]) -> set[int]:
    """Those of which a letter is queued and has not left."""
    query = select(rungs.c.notice_id).join(outbox, outbox.c.id == rungs.c.outbox_id)
    query = query.where(rungs.c.notice_id.in_(ids), outbox.c.state.in_(_WAITING))
    return set(conn.execute(query).scalars())


def waiting_addresses(conn: Connection) -> dict[str, set[bool]]:
    """address -> {survivor-linked or not} of the follow-ups that wait to leave."""
    found: defaultdict[str, set[bool]] = defaultdict(set)
    query = select(outbox.c.to_address, outbox.c.survivor_linked).distinct()
    for address, survivor in conn.execute(query.where(outbox.c.kind == "followup", outbox.c.state.in_(_WAITING))):
        found[address.lower()].add(bool(survivor))
    return found


def followups_since(conn: Connection, since: datetime) -> dict[str, tuple[int, datetime | None]]:
    """address -> (grouped follow-ups that left since then, when the last survivor-linked one left)."""
    away = (letters.SENDING, letters.SENT, letters.UNKNOWN)
    query = (
        select(outbox.c.to_address, outbox.c.survivor_linked, func.count(), func.max(outbox.c.claimed_at))
        .where(outbox.c.kind == "followup", outbox.c.state.in_(away), outbox.c.claimed_at >= since)
        .group_by(outbox.c.to_address, outbox.c.survivor_linked)
    )
    found: dict[str, tuple[int, datetime | None]] = {}
    for address, survivor, count, last in conn.execute(query):
        grouped, when = found.get(address.lower(), (0, None))
        found[address.lower()] = (grouped, last) if survivor else (count, when)
    return found


def move_on(conn: Connection, moved: Iterable[tuple[int, int, datetime | None]]) -> None:
    """Leave each notice with (row, last rung dealt with, when to look again or None)."""
    for notice_id, rung, next_due_at in moved:
        values = {"rung": rung, "next_due_at": next_due_at}
        conn.execute(update(notices).where(notices.c.id == notice_id).values(values))


def look_again(conn: Connection, notice_ids: Iterable[int], now: datetime) -> None:
    """Let the ladders of these notices be looked at by the next tick."""
    for chunk in chunks(notice_ids):
        conn.execute(update(notices).where(notices.c.id.in_(chunk)).values(next_due_at=now))


def pause(conn: Connection, notice_id: int, until: datetime, by: str, reason: str, now: datetime) -> None:
    """A person lets the reminders of a notice wait."""
    values = {"paused_until": until, "pause_by": by, "pause_reason": reason, "next_due_at": until}
    conn.execute(update(notices).where(notices.c.id == notice_id).values(values))
    journal.append(conn, [Entry(now, by, "pause", notice_id=notice_id, new=until.isoformat())])


def release(conn: Connection, notice_id: int, by: str, now: datetime) -> None:
    """End the pause and the hold of a notice: its latest rung may leave at the next tick."""
    row = conn.execute(select(notices.c.hold_reason).where(notices.c.id == notice_id)).one()
    values = {"paused_until": None, "pause_by": None, "pause_reason": None, "hold_reason": None, "next_due_at": now}
    conn.execute(update(notices).where(notices.c.id == notice_id).values(values))
    journal.append(conn, [Entry(now, by, "release", notice_id=notice_id, old=row.hold_reason)])
