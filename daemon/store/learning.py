"""Reads from the records what can be learned of each ESP, and keeps it: figures, forms and digests, no words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, insert, literal, select, update

from daemon.followups.learned import LEAST_RECEIPTS, WINDOW, Bucket, Learned, Trust, forms, of_plain, pace
from daemon.notices import esp_settings
from daemon.rulefile.meanings import ROUTED
from daemon.store.rows import chunks, pairs
from daemon.store.spans import hours_between
from daemon.store.tables import esps, learned, messages, notices, reviews, takedowns, tickets

_GONE = ("removed", "already_gone")


def found(conn: Connection, now: datetime) -> dict[int, Learned]:
    """What the last ``WINDOW`` teaches, by the row of the ESP; an ESP that nothing is known of is left out.

    The wordings of receipts are not in it: see ``receipts``.
    """
    answers, removals = _answers(conn, now), _removals(conn, now)
    numbers, trust = _tickets(conn, now), _trust(conn, now)
    return {
        esp_id: Learned(
            pace(answers.get(esp_id, ())),
            pace(removals.get(esp_id, ())),
            tickets=forms(numbers.get(esp_id, ())),
            trust=trust.get(esp_id, Trust()),
        )
        for esp_id in answers.keys() | removals.keys() | numbers.keys() | trust.keys()
    }


def _answers(conn: Connection, now: datetime) -> dict[int, list[Bucket]]:
    """Notices by the hours from their sending to the first answer, a receipt included."""
    answered = and_(notices.c.first_response_at.is_not(None), notices.c.first_response_at >= notices.c.sent_at)
    end = case((answered, notices.c.first_response_at), else_=literal(now, notices.c.sent_at.type))
    which = and_(notices.c.sent_at >= now - WINDOW, notices.c.sent_at < now, notices.c.status != "withdrawn")
    return _buckets(conn, notices.c.esp_id, answered, hours_between(notices.c.sent_at, end), which)


def _removals(conn: Connection, now: datetime) -> dict[int, list[Bucket]]:
    """URLs by the hours from their sending to their removal; whoever passed one on was not asked for longer."""
    passed_on, sent = takedowns.c.referred_at.is_not(None), takedowns.c.sent_at
    gone = and_(takedowns.c.status.in_(_GONE), ~passed_on)
    end = case(
        (gone, takedowns.c.closed_at),
        (passed_on, takedowns.c.referred_at),
        (takedowns.c.closed_at.is_not(None), takedowns.c.closed_at),
        else_=literal(now, sent.type),
    )
    both = takedowns.c.is_open.in_((True, False))  # the index of times begins with it
    which = and_(both, sent >= now - WINDOW, sent < now, takedowns.c.status != "withdrawn")
    return _buckets(conn, takedowns.c.esp_id, gone, hours_between(sent, end), which)


def _buckets(
    conn: Connection,
    esp: ColumnElement[int],
    happened: ColumnElement[bool],
    hours: ColumnElement[int],
    which: ColumnElement[bool],
) -> dict[int, list[Bucket]]:
    flag = case((happened, 1), else_=0)
    query = select(esp, flag, hours, func.count()).where(which).group_by(esp, flag, hours)
    buckets: defaultdict[int, list[Bucket]] = defaultdict(list)
    for esp_id, yes, at, count in conn.execute(query):
        buckets[esp_id].append((max(int(at), 0), bool(yes), count))
    return buckets


def _tickets(conn: Connection, now: datetime) -> dict[int, list[str]]:
    query = select(tickets.c.esp_id, tickets.c.ticket).join(notices, notices.c.id == tickets.c.notice_id)
    numbers: defaultdict[int, list[str]] = defaultdict(list)
    for esp_id, ticket in conn.execute(query.where(notices.c.sent_at >= now - WINDOW)):
        numbers[esp_id].append(ticket)
    return numbers


def _trust(conn: Connection, now: datetime) -> dict[int, Trust]:
    """How persons decided what the rules proposed from the mails of each ESP."""
    decided = and_(reviews.c.kind == "review", reviews.c.esp_id.is_not(None), reviews.c.decided_at >= now - WINDOW)
    query = select(reviews.c.esp_id, reviews.c.state, func.count()).where(
        decided, reviews.c.message_ref.is_not(None), reviews.c.state.in_(("accepted", "corrected"))
    )
    query = query.where(reviews.c.reason.not_in(sorted(ROUTED)))  # mail of others proposes nothing
    counted: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for esp_id, state, count in conn.execute(query.group_by(reviews.c.esp_id, reviews.c.state)):
        counted[esp_id][state] = count
    return {esp_id: Trust(**found) for esp_id, found in counted.items()}


def receipts(conn: Connection, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield (sender's domain, wording) of every wording that came often and was a receipt each time.

    A mail that still waits for a person says nothing yet.
    """
    waits = select(reviews.c.id).where(
        reviews.c.message_ref == messages.c.id, reviews.c.state == "open", reviews.c.kind == "review"
    )
    receipt = case((and_(messages.c.category == "acknowledged", ~waits.exists()), 1), else_=0)
    query = (
        select(messages.c.from_domain, messages.c.wording)
        .where(messages.c.wording != "", messages.c.recorded_at >= now - WINDOW)
        .group_by(messages.c.from_domain, messages.c.wording)
        .having(func.count() >= LEAST_RECEIPTS, func.sum(receipt) == func.count())
        .order_by(messages.c.from_domain, messages.c.wording)
    )
    return ((domain, wording) for domain, wording in conn.execute(query))


def keep(conn: Connection, new: Mapping[int, Learned], now: datetime) -> list[int]:
    """Replace what was learned before; return the ESPs whose reminders it moves."""
    before: dict[int, int | None] = pairs(conn, select(learned.c.esp_id, learned.c.usual_hours))
    after = {esp_id: one.removal.p80 for esp_id, one in new.items()}
    rows = [
        {"esp_id": esp_id, "found": one.plain(), "usual_hours": after[esp_id], "at": now} for esp_id, one in new.items()
    ]
    conn.execute(delete(learned))
    for chunk in chunks(rows):
        conn.execute(insert(learned), list(chunk))
    return [esp_id for esp_id in before.keys() | after.keys() if before.get(esp_id) != after.get(esp_id)]


def of_esp(conn: Connection, esp_id: int) -> tuple[Learned, datetime] | None:
    """What is known of one ESP, and when it was reckoned."""
    row = conn.execute(select(learned.c.found, learned.c.at).where(learned.c.esp_id == esp_id)).one_or_none()
    return None if row is None else (of_plain(row.found), row.at)


def in_use(conn: Connection) -> dict[int, Learned]:
    """What is learned of every ESP that is not set to ``learning: no``."""
    query = select(learned.c.esp_id, learned.c.found, esps.c.settings).join(esps, esps.c.id == learned.c.esp_id)
    rows = conn.execute(query)
    return {row.esp_id: of_plain(row.found) for row in rows if esp_settings.value(row.settings, "learning")}


def look_again(conn: Connection, esp_ids: Iterable[int], now: datetime) -> None:
    """Let the ladders of these ESPs' notices that wait for a date be looked at by the next tick."""
    for chunk in chunks(esp_ids):
        waiting = notices.c.esp_id.in_(chunk) & notices.c.next_due_at.is_not(None)
        conn.execute(update(notices).where(waiting).values(next_due_at=now))
