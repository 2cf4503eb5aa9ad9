"""The register of ESPs that do not answer: entered, confirmed by a lead, left; the history stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from daemon.decide.reasons import Reason
from daemon.notices.silence import ANSWERS, OUTCOMES
from daemon.store.rows import AnyRow, chunks
from daemon.store.tables import decisions, messages, notice_items, silences, takedowns

WATCH, UNRESPONSIVE, ESCALATED = "watch", "unresponsive", "escalated"


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What stands open at one ESP: notices and URLs that left, the first sending, the last answer."""

    esp_id: int
    notices: int
    urls: int
    first_sent: datetime
    last_answer: datetime | None = None


def is_answer() -> ColumnElement[bool]:
    """The condition that a message is an answer: an outcome, or words that a person wrote."""
    written = and_(messages.c.category == "other", ~messages.c.automatic)
    return or_(messages.c.category.in_(ANSWERS), written)


def unanswered(conn: Connection) -> list[Unanswered]:
    """What stands open at each ESP that has anything open, counted over open takedowns only."""
    query = (
        select(
            takedowns.c.esp_id,
            func.count(notice_items.c.notice_id.distinct()).label("notices"),
            func.count(takedowns.c.id.distinct()).label("urls"),
            func.min(takedowns.c.sent_at).label("first_sent"),
        )
        .join(notice_items, notice_items.c.takedown_id == takedowns.c.id)
        .where(takedowns.c.is_open, takedowns.c.sent_at.is_not(None))
        .group_by(takedowns.c.esp_id)
    )
    rows = conn.execute(query).all()
    last = last_answers(conn, [row.esp_id for row in rows])
    return [Unanswered(row.esp_id, row.notices, row.urls, row.first_sent, last.get(row.esp_id)) for row in rows]


def last_answers(conn: Connection, esp_ids: Iterable[int]) -> dict[int, datetime]:
    """When each ESP last gave an answer."""
    found: dict[int, datetime] = {}
    for chunk in chunks(set(esp_ids)):
        query = select(messages.c.esp_id, func.max(messages.c.received_at)).where(messages.c.esp_id.in_(chunk))
        found.update({row[0]: row[1] for row in conn.execute(query.where(is_answer()).group_by(messages.c.esp_id))})
    return found


def first_outcome(conn: Connection, esp_id: int, since: datetime) -> int | None:
    """The first message since then in which the ESP, proven, gave an outcome; None if there is none.

    An outcome that was only guessed from the likeness of the words is none.
    """
    query = (
        select(messages.c.id, decisions.c.reasons)
        .join(decisions, decisions.c.message_ref == messages.c.id)
        .where(
            messages.c.esp_id == esp_id,
            messages.c.recorded_at >= since,
            messages.c.category.in_(OUTCOMES),
            decisions.c.evidence == "authenticated",
            decisions.c.live,
        )
        .order_by(messages.c.id)
    )
    return next((row.id for row in conn.execute(query) if Reason.NOTHING_MATCHED not in row.reasons), None)


def chased(conn: Connection, esp_id: int) -> list[int]:
    """The notices of an ESP that have open URLs."""
    query = select(notice_items.c.notice_id).join(takedowns, takedowns.c.id == notice_items.c.takedown_id)
    query = query.where(takedowns.c.esp_id == esp_id, takedowns.c.is_open, takedowns.c.sent_at.is_not(None)).distinct()
    return list(conn.execute(query.order_by(notice_items.c.notice_id)).scalars())


def current(conn: Connection, esp_ids: Iterable[int] | None = None) -> Mapping[int, AnyRow]:
    """ESP -> its open entry."""
    query = select(silences).where(silences.c.left_at.is_(None))
    if esp_ids is None:
        return {row.esp_id: row for row in conn.execute(query)}
    found: dict[int, AnyRow] = {}
    for chunk in chunks(set(esp_ids)):
        found.update({row.esp_id: row for row in conn.execute(query.where(silences.c.esp_id.in_(chunk)))})
    return found


def history(conn: Connection, esp_id: int | None = None) -> Sequence[AnyRow]:
    """All entries, oldest first."""
    query = select(silences).order_by(silences.c.id)
    return conn.execute(query if esp_id is None else query.where(silences.c.esp_id == esp_id)).all()


def enter(conn: Connection, one: Unanswered, since: datetime, now: datetime) -> None:
    """Begin to watch an ESP."""
    values = {
        "esp_id": one.esp_id,
        "level": WATCH,
        "since": since,
        "notices": one.notices,
        "urls": one.urls,
        "entered_at": now,
    }
    conn.execute(insert(silences).values(values))


def found(conn: Connection, esp_id: int, now: datetime) -> None:
    """Note that a lead was asked to confirm."""
    conn.execute(update(silences).where(_open(esp_id)).values(found_at=now))


def confirm(conn: Connection, esp_id: int, now: datetime, by: str) -> None:
    values = {"level": UNRESPONSIVE, "confirmed_at": now, "confirmed_by": by}
    conn.execute(update(silences).where(_open(esp_id)).values(values))


def escalate(conn: Connection, esp_id: int, now: datetime, by: str) -> None:
    values = {"level": ESCALATED, "escalated_at": now, "escalated_by": by}
    conn.execute(update(silences).where(_open(esp_id)).values(values))


def leave(conn: Connection, esp_id: int, why: str, now: datetime, message_ref: int | None = None) -> bool:
    """End the open entry of an ESP; False if it has none."""
    values = {"left_at": now, "left_by": why, "left_ref": message_ref}
    return bool(conn.execute(update(silences).where(_open(esp_id)).values(values)).rowcount)


def _open(esp_id: int) -> ColumnElement[bool]:
    return (silences.c.esp_id == esp_id) & silences.c.left_at.is_(None)
