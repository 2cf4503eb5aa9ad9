"""Queues each week's digest once for each recipient, and composes it when it leaves."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from daemon.digest.build import build, sheets
from daemon.digest.page import page
from daemon.digest.view import View, Week, owed
from daemon.digest.workbook import workbook
from daemon.errors import TransientError
from daemon.jobs.desk import Composed, Desk
from daemon.render.letter import Attached, Head
from daemon.render.letter import build as letter
from daemon.render.templates import Text
from daemon.rulefile.blocks import Digest as Wanted
from daemon.store import Store, digests, esps, outbox, state
from daemon.store.outbox import NewLetter

log = logging.getLogger("noticed.digest")
LATE = timedelta(hours=24)
_LOOK_BACK = 8  # weeks that are made up for
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Owed:
    """One digest that somebody should have by now."""

    name: str
    recipient: str
    week: Week
    due_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class Made:
    """A digest as its readers get it."""

    text: Text = field(repr=False)
    workbook: bytes = field(repr=False)


def tick(store: Store, desk: Desk, wanted: Mapping[str, Wanted], now: datetime) -> int:
    """Queue every digest that is owed by ``now``; return how many.  May be repeated without harm."""
    with store.read() as conn:
        if state.mode(conn) != "live":
            return 0
        found = [one for name, digest in wanted.items() for one in _owed(conn, name, digest, desk, now)]
    return sum(1 for one in found if _queue(store, one, wanted[one.name], desk, now))


def _owed(conn: Connection, name: str, wanted: Wanted, desk: Desk, now: datetime) -> list[Owed]:
    zone = desk.rules.working.zone
    found = []
    for recipient in wanted.to:
        for week in owed(_last(conn, recipient, zone, now), now, zone, _LOOK_BACK):
            due_at = due(week, wanted, zone)
            if due_at <= now:
                found.append(Owed(name, recipient, week, due_at, now >= due_at + LATE))
    return found


def due(week: Week, wanted: Wanted, zone: str) -> datetime:
    """When the digest of ``week`` leaves: on the wanted day after the week, at the wanted hour of the team's zone."""
    day = week.later(1).monday + timedelta(days=min(wanted.days, default=0))
    return datetime.combine(day, wanted.at, ZoneInfo(zone))


def _last(conn: Connection, recipient: str, zone: str, now: datetime) -> Week | None:
    """The last week whose digest this recipient was sent, as far back as weeks are made up for."""
    newest = owed(None, now, zone)[0]
    weeks = (newest.later(-n) for n in range(_LOOK_BACK + 1))
    return next((week for week in weeks if digests.get(conn, str(week), recipient) is not None), None)


def _queue(store: Store, one: Owed, wanted: Wanted, desk: Desk, now: datetime) -> bool:
    """Reserve the (week, recipient) and queue its letter in one commit; False if it was there."""
    key = f"digest-{one.week}-{sha256(one.recipient.lower().encode()).hexdigest()[:24]}".lower()
    new = NewLetter(
        kind="digest",
        key=key,
        message_id=desk.message_id(key, desk.usual),
        to_address=one.recipient,
        template="digest",
        mailbox=desk.usual,
        context={
            "week": str(one.week),
            "late": one.late,
            "sections": list(wanted.sections),
            "esps": list(wanted.esps),
        },
    )
    with store.write() as conn:
        if not digests.take(conn, str(one.week), one.recipient, now):
            return False
        outbox_id = outbox.queue(conn, new, now)
        if outbox_id is not None:
            digests.tie(conn, str(one.week), one.recipient, outbox_id)
        return outbox_id is not None


def compose(conn: Connection, row: Any, desk: Desk, now: datetime) -> Composed:
    """Ask the sections and build the mail; it says that a machine made it, and nobody's absence answers it."""
    week = Week.parse(row.context["week"])
    view = view_of(conn, week, desk, now, row.context.get("esps", ()), late=bool(row.context.get("late")))
    made = render(conn, view, desk, row.context.get("sections", ()))
    sender = desk.sender(row.mailbox)
    head = Head(
        row.message_id,
        sender.address,
        row.to_address,
        now,
        sender.name or desk.organisation,
        list_id=f"digest.{sender.domain}",
    )
    name = f"{desk.organisation.replace(' ', '-')}-{week}.xlsx"
    raw = letter(head, made.text, [Attached(name, _XLSX, made.workbook)] if made.workbook else [])
    return Composed(raw, made.text.subject, made.text.text)


def make(conn: Connection, week: Week, desk: Desk, now: datetime, scope: Sequence[str] = ()) -> Made:
    """Make the digest of ``week`` for a scope of ESPs by their keys, without sending it."""
    return render(conn, view_of(conn, week, desk, now, scope), desk)


def render(conn: Connection, view: View, desk: Desk, sections: Sequence[str] = ()) -> Made:
    """Ask the sections, and lay out what they say."""
    found = build(conn, view, sections)
    text = page(found, view, desk.templates)
    try:
        with conn.begin_nested():
            return Made(text, workbook(sheets(conn, view, found), view))
    except TransientError:
        raise
    except Exception:  # the leads get their digest, if need be without the workbook
        log.exception("digest workbook failed", extra={"ids": {"week": str(view.week)}})
        return Made(text, b"")


def unknown_esps(conn: Connection, keys: Sequence[str]) -> list[str]:
    """Those of ``keys`` that no ESP has."""
    known = esps.ids_of(conn, keys)
    return [key for key in keys if key not in known]


def view_of(
    conn: Connection, week: Week, desk: Desk, now: datetime, scope: Sequence[str] = (), *, late: bool = False
) -> View:
    """The view of ``week`` for a scope of ESPs by their keys, none meaning all."""
    rows = frozenset(esps.ids_of(conn, scope).values()) if scope else None
    return View(week, now, desk.rules.working.zone, rows, late, desk.organisation)
