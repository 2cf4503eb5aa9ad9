"""ESPs that do not answer; a receipt is no answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, func, or_, select

from daemon.digest.blocks import Paragraph, Section, Sheet, Table, columns, row
from daemon.digest.sql import scoped, within
from daemon.digest.view import View
from daemon.store.rows import AnyRow, chunks
from daemon.store.silences import is_answer
from daemon.store.tables import contacts, esps, messages, notices, outbox, takedowns

ORDER = 6
SILENCE = timedelta(days=14)
MOST = 15
_LETTERS = timedelta(days=90)
HOW = (
    "ESPs that do not answer: URLs have been open there for 14 days or more, and for 14 days no mail of the ESP came "
    "that a person wrote or that gave an outcome. Receipts, absence notes and bounces are no answers. Letters: "
    "follow-ups that left in the last 90 days. Address: the worst state of its addresses."
)
_WORST = ("ok", "soft", "full", "policy", "hard")


@dataclass(frozen=True, slots=True)
class Silent:
    esp: str
    urls: int
    oldest: datetime
    last_answer: datetime | None
    letters: int
    health: str
    next_due_at: datetime | None


def ask(conn: Connection, view: View) -> tuple[int, list[Silent]]:
    """Return how many ESPs are silent, and those with most open URLs."""
    found = _found(conn, view)
    return len(found), list(_told(conn, view, found[:MOST]))


def sheet(conn: Connection, view: View, _told_of: object) -> Sheet:
    """All silent ESPs."""
    rows = (
        (
            one.esp,
            one.urls,
            one.oldest,
            one.last_answer,
            one.letters,
            _HEALTH.get(one.health, one.health),
            one.next_due_at,
        )
        for one in _told(conn, view, _found(conn, view))
    )
    heads = ("ESP", "URLs open", "Oldest sent", "Last answer", "Letters", "Address", "Next step")
    return Sheet("Silent ESPs", heads, rows, (30, 10, 17, 17, 9, 16, 17))


def _found(conn: Connection, view: View) -> Sequence[AnyRow]:
    """The silent ESPs (row, name, open URLs, oldest), most open URLs first."""
    since = view.until - SILENCE
    spoke = select(messages.c.esp_id).where(
        messages.c.esp_id.is_not(None),
        messages.c.received_at >= since,
        messages.c.received_at < view.until,
        is_answer(),
    )
    oldest = func.min(takedowns.c.sent_at)
    query = (
        select(esps.c.id, esps.c.name, func.count().label("urls"), oldest)
        .join(esps, esps.c.id == takedowns.c.esp_id)
        .where(
            or_(takedowns.c.is_open, takedowns.c.closed_at >= view.until),
            takedowns.c.sent_at < view.until,
            takedowns.c.referred_at.is_(None),  # they said who stores it
            scoped(takedowns.c.esp_id, view.esps),
            takedowns.c.esp_id.not_in(spoke),
        )
        .group_by(esps.c.id, esps.c.name)
        .having(oldest <= since)
        .order_by(func.count().desc(), esps.c.name)
    )
    return conn.execute(query).all()


def word(found: tuple[int, Sequence[Silent]], view: View) -> Section:
    number, silent = found
    if not number:
        return Section(
            "ESPs that do not answer", (Paragraph("Every ESP with open URLs answered in the last 14 days."),)
        )
    rows = tuple(
        row(
            one.esp,
            one.urls,
            f"{(view.until - one.oldest).days} days",
            view.day(one.last_answer) if one.last_answer else "never",
            one.letters,
            _HEALTH.get(one.health, one.health),
            view.day(one.next_due_at) if one.next_due_at else "none: waits for a person",
        )
        for one in silent
    )
    heads = columns("ESP", ">URLs open", ">Oldest", "Last answer", ">Letters", "Address", "Next step")
    more = (Paragraph(f"And {number - len(silent):,} more."),) if number > len(silent) else ()
    said = Paragraph(f"Silent for 14 days or more: {number:,} {'ESP' if number == 1 else 'ESPs'}.")
    table = Table("Silent ESPs, most open URLs first", heads, rows)
    return Section("ESPs that do not answer", (said, table, *more), {"silent": number})


_HEALTH = {"ok": "fine", "soft": "delays", "full": "mailbox full", "policy": "refuses our mail", "hard": "bounces"}


def _told(conn: Connection, view: View, found: Sequence[AnyRow]) -> Iterator[Silent]:
    """What is known of these ESPs besides, asked for all of them at once."""
    ids = [one.id for one in found]
    left = (outbox.c.kind == "followup") & within(outbox.c.sent_at, view.until - _LETTERS, view.until)
    answers = _by_esp(conn, messages.c.esp_id, func.max(messages.c.received_at), ids, is_answer(), _before(view))
    letters = _by_esp(conn, outbox.c.esp_id, func.count(), ids, left)
    due = _by_esp(conn, notices.c.esp_id, func.min(notices.c.next_due_at), ids)
    health: dict[int, str] = {}
    for chunk in chunks(ids):
        query = select(contacts.c.esp_id, contacts.c.health).where(contacts.c.esp_id.in_(chunk))
        for esp_id, state in conn.execute(query):
            health[esp_id] = max(health.get(esp_id, "ok"), state, key=_rank)
    for esp_id, name, urls, oldest in found:
        state = health.get(esp_id, "ok")
        yield Silent(name, urls, oldest, answers.get(esp_id), letters.get(esp_id, 0), state, due.get(esp_id))


def _before(view: View) -> ColumnElement[bool]:
    return messages.c.received_at < view.until


def _by_esp(
    conn: Connection, key: Column[Any], figure: ColumnElement[Any], ids: Sequence[int], *where: ColumnElement[bool]
) -> dict[int, Any]:
    """One figure for each ESP."""
    found: dict[int, Any] = {}
    for chunk in chunks(ids):
        query = select(key, figure).where(key.in_(chunk), *where).group_by(key)
        found.update({row[0]: row[1] for row in conn.execute(query)})
    return found


def _rank(health: str) -> int:
    return _WORST.index(health) if health in _WORST else 0
