"""Notices as people ask for them, and the marks that sending leaves on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from daemon.decide.effects import Action, Change
from daemon.notices.keys import bare
from daemon.notices.status import Evidence, NoticeStatus, Status
from daemon.notices.takedown import Event, step
from daemon.store import esps, ledger, standing
from daemon.store.moves import Because, carry_out
from daemon.store.rows import AnyRow, among, chunks, clean, key, number_key, pairs
from daemon.store.tables import esps as esp_table
from daemon.store.tables import notice_items, notices, takedowns


def ids_of(conn: Connection, numbers: Iterable[str]) -> dict[str, int]:
    """Number as sent -> row, whatever case the numbers are asked in."""
    found: dict[str, int] = {}
    for chunk in chunks({number_key(number) for number in numbers}):
        found.update(pairs(conn, select(notices.c.number, notices.c.id).where(notices.c.number_key.in_(chunk))))
    return found


def get(conn: Connection, number: str) -> AnyRow | None:
    """One notice with ``esp_key`` and ``esp_name``."""
    return conn.execute(_with_esp().where(notices.c.number_key == number_key(number))).one_or_none()


def get_many(conn: Connection, ids: Iterable[int]) -> dict[int, AnyRow]:
    found: dict[int, AnyRow] = {}
    for chunk in chunks(set(ids)):
        found.update({row.id: row for row in conn.execute(_MANY, {"ids": chunk})})
    return found


def _with_esp() -> Select[*tuple[Any, ...]]:
    query = select(notices, esp_table.c.key.label("esp_key"), esp_table.c.name.label("esp_name"))
    return query.join(esp_table, esp_table.c.id == notices.c.esp_id)


_MANY = _with_esp().where(among(notices.c.id))


def listed(
    conn: Connection,
    *,
    status: str | None = None,
    esp: str | None = None,
    survivor_linked: bool | None = None,
    limit: int = 200,
    offset: int = 0,
) -> Sequence[AnyRow]:
    """Notices, newest first."""
    query = _with_esp().order_by(notices.c.id.desc()).limit(limit).offset(offset)
    if status is not None:
        query = query.where(notices.c.status == status)
    if esp is not None:
        query = query.where(esp_table.c.key == esp)
    if survivor_linked is not None:
        query = query.where(notices.c.survivor_linked.is_(survivor_linked))
    return conn.execute(query).all()


def items_of(conn: Connection, notice_id: int) -> Sequence[AnyRow]:
    """The items of a notice with their takedowns' status, outcome, evidence, cycle and times, by position."""
    return items_of_all(conn, [notice_id])[notice_id]


def items_of_all(conn: Connection, notice_ids: Iterable[int]) -> dict[int, list[AnyRow]]:
    """See ``items_of``; every notice asked for has its list."""
    found: dict[int, list[AnyRow]] = {notice_id: [] for notice_id in notice_ids}
    for chunk in chunks(found):
        for row in conn.execute(_ITEMS, {"ids": chunk}):
            found[row.notice_id].append(row)
    return found


_ITEMS = (
    select(notice_items.c.notice_id, notice_items.c.position, notice_items.c.url_as_written, takedowns)
    .join(takedowns, takedowns.c.id == notice_items.c.takedown_id)
    .where(among(notice_items.c.notice_id))
    .order_by(notice_items.c.notice_id, notice_items.c.position)
)


def as_sent(conn: Connection, ids: Iterable[int]) -> dict[int, Any]:
    """Rows -> ``notices.notice.Notice`` values, for matching and rendering."""
    return {row: notice for row, (_, notice) in ledger.load(conn, ids, esps.register(conn)).items()}


def find_url(conn: Connection, url_key: str) -> Sequence[AnyRow]:
    """Every cycle of a URL at every ESP, by ``rows.url_key`` of its canonical form; with ``esp_key`` and number.

    A cycle that a check opened anew has taken over the item of the notice: the one before it has no number.
    """
    query = (
        select(takedowns, esp_table.c.key.label("esp_key"), notices.c.number, notice_items.c.position)
        .join(esp_table, esp_table.c.id == takedowns.c.esp_id)
        .outerjoin(notice_items, notice_items.c.takedown_id == takedowns.c.id)
        .outerjoin(notices, notices.c.id == notice_items.c.notice_id)
        .where(takedowns.c.url_key == url_key)
        .order_by(takedowns.c.esp_id, takedowns.c.cycle, notices.c.id)
    )
    return conn.execute(query).all()


def counts(conn: Connection) -> dict[str, int]:
    """How many notices are in each status."""
    return pairs(conn, select(notices.c.status, func.count()).group_by(notices.c.status))


def takedown_counts(conn: Connection) -> dict[str, int]:
    """How many takedowns are in each status."""
    return pairs(conn, select(takedowns.c.status, func.count()).group_by(takedowns.c.status))


def set_letter(conn: Connection, notice_id: int, *, message_id: str, subject: str, body: str, mailbox: str) -> None:
    """Keep what was sent for a notice: answers are matched by its Message-ID, quotes cut by its text."""
    values = {
        "message_id": key(bare(message_id)),
        "subject": clean(subject, 1000),
        "body": clean(body),
        "mailbox": mailbox,
    }
    conn.execute(update(notices).where(notices.c.id == notice_id).values(values))


def drafts(conn: Connection) -> Sequence[int]:
    """The notices that have not been sent, children left out, in the order in which they should leave."""
    query = select(notices.c.id).where(notices.c.status == NoticeStatus.DRAFT.value, notices.c.parent_id.is_(None))
    return (
        conn.execute(query.order_by(notices.c.survivor_linked.desc(), notices.c.priority, notices.c.id)).scalars().all()
    )


def address(conn: Connection, notice_id: int, to: str) -> None:
    """Note where a notice that has not left will go."""
    unsent = (notices.c.id == notice_id) & notices.c.sent_at.is_(None)
    conn.execute(update(notices).where(unsent).values(contact_address=clean(to, 320)))


def advance(conn: Connection, notice_ids: Sequence[int], event: Event, now: datetime, by: str) -> None:
    """Let ``event`` (approved, sent) happen to every takedown of these notices; ``sent`` starts the clocks."""
    found = standing.load(conn, notice_ids)
    changes: list[Change] = []
    for number, some in found.items.items():
        for one in some:
            new = step(one.status, event)
            if new is not None:
                changes.append(_change(number, one.takedown, one.position, one.status, new))
    carry_out(conn, changes, notice_ids, Because(now, by))
    if event is Event.SENT:
        _start_clocks(conn, notice_ids, now)


def _change(number: str, takedown: int, position: int, old: Status, new: Status) -> Change:
    return Change(
        Action.STATUS,
        notice=number,
        takedown=takedown,
        position=position,
        old=old.value,
        new=new.value,
        evidence=Evidence.NONE,
    )


def _start_clocks(conn: Connection, notice_ids: Sequence[int], now: datetime) -> None:
    for chunk in chunks(notice_ids):
        unsent = notices.c.id.in_(chunk) & notices.c.sent_at.is_(None)
        values = {"sent_at": now, "clock_from": func.coalesce(notices.c.clock_from, now), "next_due_at": now}
        conn.execute(update(notices).where(unsent).values(values))
        tied = select(notice_items.c.takedown_id).where(notice_items.c.notice_id.in_(chunk))
        started = takedowns.c.id.in_(tied) & takedowns.c.sent_at.is_(None) & takedowns.c.is_open
        conn.execute(update(takedowns).where(started).values(sent_at=now))
