"""What the ladders need to know of notices, and where they leave them: due, paused, held, moved on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, case, delete, func, select, update

from daemon.followups.planned import Moved, Patience, slot
from daemon.followups.standing import Contact, Standing
from daemon.notices import esp_settings
from daemon.notices.status import Status
from daemon.store import esps, journal
from daemon.store import outbox as letters
from daemon.store.journal import Entry
from daemon.store.rows import AnyRow, among, chunks
from daemon.store.tables import esps as esp_table
from daemon.store.tables import learned, notice_items, notices, outbox, rungs, takedowns

_WAITING = (letters.HELD, letters.QUEUED, letters.SENDING)


def due(conn: Connection, now: datetime, limit: int = 500) -> list[Standing]:
    """The notices whose ladder must be looked at, survivor-linked and longest due first; cost depends on them only."""
    query = select(notices.c.id).where(notices.c.next_due_at <= now)
    query = query.order_by(notices.c.survivor_linked.desc(), notices.c.next_due_at, notices.c.id).limit(limit)
    return standings(conn, conn.execute(query).scalars().all())


def is_due(conn: Connection, now: datetime) -> bool:
    """Whether any ladder must be looked at."""
    return conn.execute(select(notices.c.id).where(notices.c.next_due_at <= now).limit(1)).first() is not None


def without_clocks(conn: Connection, now: datetime, limit: int = 1000) -> Sequence[int]:
    """Notices that left and whose clocks were never set."""
    query = select(notices.c.id).where(notices.c.next_due_at <= now, notices.c.remove_by.is_(None))
    return conn.execute(query.where(notices.c.sent_at.is_not(None)).limit(limit)).scalars().all()


def set_clocks(conn: Connection, ends: Mapping[int, Patience]) -> None:
    """Note when the two clocks of each notice run out."""
    for notice_id, found in ends.items():
        values = {"answer_by": found.answer_by, "remove_by": found.remove_by}
        conn.execute(update(notices).where(notices.c.id == notice_id).values(values))


def standings(conn: Connection, notice_ids: Iterable[int]) -> list[Standing]:
    """These notices as their ladders see them, in the order given."""
    ids = list(notice_ids)
    found: dict[int, Standing] = {}
    for chunk in chunks(ids):
        statuses, waiting = _statuses(conn, chunk), _waiting(conn, chunk)
        rows = conn.execute(_STANDINGS, {"ids": chunk}).all()
        contacts = esps.contacts_of(conn, {row.esp_id for row in rows})
        for row in rows:
            found[row.id] = Standing(
                id=row.id,
                number=row.number,
                esp_id=row.esp_id,
                esp=row.esp_key,
                started_at=started_at(row),
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
                zone=row.esp_zone or "",
                usual=_usual(row),
                contacts=tuple(Contact(one.address, one.role, one.health) for one in contacts.get(row.esp_id, ())),
            )
    return [found[notice_id] for notice_id in ids if notice_id in found]


_STANDINGS = (
    select(
        notices,
        esp_table.c.key.label("esp_key"),
        esp_table.c.kind.label("esp_kind"),
        esp_table.c.zone.label("esp_zone"),
        esp_table.c.settings.label("esp_settings"),
        learned.c.usual_hours,
    )
    .join_from(notices, esp_table, esp_table.c.id == notices.c.esp_id)
    .outerjoin(learned, learned.c.esp_id == notices.c.esp_id)
    .where(among(notices.c.id))
)


def _usual(row: AnyRow) -> timedelta | None:
    """What was learned of the ESP, unless learning is switched off for it."""
    if row.usual_hours is None or not esp_settings.value(row.esp_settings, "learning"):
        return None
    return timedelta(hours=row.usual_hours)


def started_at(row: AnyRow) -> datetime | None:
    """When the clocks of a notice (a row of it) began, later by the time that they stood still for us.

    Whom a URL was passed on to has its own, from our letter to them.
    """
    began: datetime | None = row.sent_at if row.parent_id is not None else row.clock_from or row.sent_at
    return None if began is None else began + timedelta(seconds=row.still_seconds)


def _statuses(conn: Connection, ids: Sequence[int]) -> dict[int, list[Status]]:
    found: defaultdict[int, list[Status]] = defaultdict(list)
    for notice_id, status in conn.execute(_STATUSES, {"ids": ids}):
        found[notice_id].append(Status(status))
    return found


_STATUSES = (
    select(notice_items.c.notice_id, takedowns.c.status)
    .join(takedowns, takedowns.c.id == notice_items.c.takedown_id)
    .where(among(notice_items.c.notice_id))
)


def _waiting(conn: Connection, ids: Sequence[int]) -> set[int]:
    """Those of which a letter is queued and has not left."""
    return set(conn.execute(_WAITS, {"ids": ids}).scalars())


_WAITS = (
    select(rungs.c.notice_id)
    .join(outbox, outbox.c.id == rungs.c.outbox_id)
    .where(among(rungs.c.notice_id), outbox.c.state.in_(_WAITING))
)


def waiting_slots(conn: Connection) -> dict[str, set[bool]]:
    """slot -> {survivor-linked or not} of the follow-ups that are about to leave; what waits for approval is not."""
    found: defaultdict[str, set[bool]] = defaultdict(set)
    query = select(outbox.c.to_address, _about, outbox.c.survivor_linked).distinct()
    leaving = outbox.c.state.in_((letters.QUEUED, letters.SENDING))
    for address, about, survivor in conn.execute(query.where(outbox.c.kind == "followup", leaving)):
        found[slot(address, about)].add(bool(survivor))
    return found


def held_slots(conn: Connection) -> set[str]:
    """The slots in which a letter waits for approval."""
    query = select(outbox.c.to_address, outbox.c.esp_id).distinct()
    held = query.where(outbox.c.kind == "followup", outbox.c.state == letters.HELD)
    return {slot(address, about) for address, about in conn.execute(held)}


def followups_between(
    conn: Connection, since: datetime, until: datetime, addresses: Collection[str]
) -> dict[str, tuple[int, datetime | None]]:
    """slot -> (grouped follow-ups that left from ``since`` on, when the last survivor-linked one left).

    ``addresses`` are in lower case.  ``until`` bounds it above: what a clock that had jumped ahead wrote must not
    count for ever.
    """
    found: dict[str, tuple[int, datetime | None]] = {}
    for chunk in chunks(addresses):
        for to, about, survivor, count, last in conn.execute(_LEFT, {"since": since, "until": until, "to": chunk}):
            where = slot(to, about)
            grouped, latest = found.get(where, (0, None))
            found[where] = (grouped, last) if survivor else (grouped + count, latest)
    return found


# whom a letter to a third party is about: those, and no others, were approved by a person
_about = case((outbox.c.approved_by.is_not(None), outbox.c.esp_id))
_to = func.lower(outbox.c.to_address)
_LEFT = (
    select(_to, _about, outbox.c.survivor_linked, func.count(), func.max(outbox.c.claimed_at))
    .where(outbox.c.kind == "followup", outbox.c.state.in_((letters.SENDING, letters.SENT, letters.UNKNOWN)))
    .where(outbox.c.claimed_at >= bindparam("since"), outbox.c.claimed_at < bindparam("until"))
    .where(_to.in_(bindparam("to", expanding=True)))
    .group_by(_to, _about, outbox.c.survivor_linked)
)


def move_on(conn: Connection, moved: Iterable[Moved]) -> None:
    """Leave each notice with its last rung dealt with, when to look again, and when its two clocks run out."""
    rows = [
        {
            "key": one.notice,
            "new_rung": one.rung,
            "new_due": one.next_due_at,
            "new_answer": one.patience.answer_by,
            "new_remove": one.patience.remove_by,
        }
        for one in moved
    ]
    if rows:
        conn.execute(_MOVE_ON, rows)


_MOVE_ON = (
    update(notices)
    .where(notices.c.id == bindparam("key"))
    .values(
        rung=bindparam("new_rung"),
        next_due_at=bindparam("new_due"),
        answer_by=bindparam("new_answer"),
        remove_by=bindparam("new_remove"),
    )
)


def look_again(conn: Connection, notice_ids: Iterable[int], now: datetime) -> None:
    """Let the ladders of these notices be looked at by the next tick."""
    for chunk in chunks(notice_ids):
        conn.execute(update(notices).where(notices.c.id.in_(chunk)).values(next_due_at=now))


def rewind(conn: Connection, now: datetime) -> int:
    """The clock had jumped ahead and is back: forget what was skipped in a time that has not come; return how many.

    What left in that time has left: its rungs stay, and are never dealt with again.
    """
    ahead = rungs.c.at > now
    ids = conn.execute(select(rungs.c.notice_id).where(ahead).distinct()).scalars().all()
    conn.execute(delete(rungs).where(ahead, rungs.c.outcome == "SKIPPED"))
    for chunk in chunks(ids):
        last = (
            select(func.coalesce(func.max(rungs.c.rung), 0))
            .where(rungs.c.notice_id == notices.c.id, rungs.c.cycle == notices.c.cycle, ~ahead)
            .scalar_subquery()
        )
        conn.execute(update(notices).where(notices.c.id.in_(chunk)).values(rung=last))
    look_at_all(conn, now)
    return len(ids)


def look_at_all(conn: Connection, now: datetime) -> int:
    """Let the next tick look at every notice that is chased: the ladders or the clock have changed."""
    waiting = notices.c.next_due_at > now
    return conn.execute(update(notices).where(waiting).values(next_due_at=now)).rowcount


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
