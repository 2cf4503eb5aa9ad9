"""Tells the named persons at once that mail of others waits: review numbers and kinds, nothing of the mail itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from daemon.followups.reasons import NotSent
from daemon.jobs.desk import Composed, Desk, Withdrawn
from daemon.render.letter import Head, build
from daemon.rulefile.meanings import ROUTED, Meaning
from daemon.store import Store, alerts, outbox, state
from daemon.store.outbox import NewLetter

AT_ONCE = {True: 10, False: 5}  # alerts in 24 hours before they are gathered; True: a survivor's mail is among them
GATHER = timedelta(hours=1)  # afterwards one in so long: at most 34 a day, below the cap of an address
MOST = 20  # items that one alert lists
_DAY = timedelta(hours=24)
_KINDS = {
    Meaning.SURVIVOR: "survivor or family",
    Meaning.LAW_ENFORCEMENT: "police or law",
    Meaning.ACCESS_REQUEST: "access request",
    Meaning.PUBLIC_REPORT: "public report",
    Meaning.PRESS: "press",
}
Tell = Mapping[Meaning, Sequence[str]]  # whose mail -> addresses of who is told


def tick(store: Store, desk: Desk, tell: Tell, now: datetime) -> int:
    """Queue the alerts that may go by ``now``, one a recipient; return how many.  May be repeated without harm.

    Survivors' mail is told at any hour, the rest in working time.  Who had many today gets the rest gathered.
    """
    told: dict[str, set[str]] = {}
    for whose in ROUTED:
        for address in tell.get(whose) or desk.rules.leads:
            told.setdefault(address.lower(), set()).add(whose.value)
    with store.read() as conn:
        if state.mode(conn) != "live":
            return 0
        due = [address for address, reasons in told.items() if _due(conn, address, reasons, desk, now)]
    return sum(_queue(store, address, told[address], desk, now) for address in due)


def _due(conn: Connection, recipient: str, reasons: set[str], desk: Desk, now: datetime) -> bool:
    """Whether ``recipient`` has something new to be told, and may be told it now."""
    waiting = alerts.untold(conn, reasons, recipient)
    if not waiting:
        return False
    urgent = any(row.reason == Meaning.SURVIVOR for row in waiting)
    if not urgent and not desk.rules.working.is_working(now):
        return False
    count, last = alerts.letters_since(conn, recipient, now - _DAY)
    return count < AT_ONCE[urgent] or last is None or now - last >= GATHER


def _queue(store: Store, recipient: str, reasons: set[str], desk: Desk, now: datetime) -> bool:
    """Reserve all that the recipient was not told of, and queue the one letter about it, in one commit."""
    with store.write() as conn:
        waiting = alerts.untold(conn, reasons, recipient)
        ids = alerts.take(conn, [row.id for row in waiting], recipient, now)
        if not ids:
            return False
        key = f"alert-{ids[0]}-{ids[-1]}-{len(ids)}-{sha256(recipient.encode()).hexdigest()[:24]}"
        new = NewLetter(
            kind="alert",
            key=key,
            message_id=desk.message_id(key, desk.usual),
            to_address=recipient,
            template="alert",
            mailbox=desk.usual,
            context={"reviews": ids},
            survivor_linked=any(row.reason == Meaning.SURVIVOR for row in waiting),
        )
        outbox_id = outbox.queue(conn, new, now)
        if outbox_id is not None:
            alerts.tie(conn, ids, recipient, outbox_id)
        return outbox_id is not None


def compose(conn: Connection, row: Any, desk: Desk, now: datetime) -> Composed | Withdrawn:
    """Write the alert: what has been decided meanwhile is left out; survivors' mail stands first."""
    waiting = alerts.still_open(conn, row.context["reviews"])
    if not waiting:
        return Withdrawn(NotSent.CLOSED_SINCE)
    found = sorted(((Meaning(one.reason), one.id) for one in waiting), key=lambda pair: (_ORDER[pair[0]], pair[1]))
    counts = Counter(whose for whose, _ in found)
    text = desk.templates.render(
        "alert",
        "en",
        {
            "organisation": desk.organisation,
            "total": len(found),
            "urgent": counts[Meaning.SURVIVOR] > 0,
            "counts": [{"kind": _KINDS[whose], "count": counts[whose]} for whose in _ORDER if counts[whose]],
            "waiting": [{"kind": _KINDS[whose], "review": review_id} for whose, review_id in found[:MOST]],
            "more": max(len(found) - MOST, 0),
        },
    )
    sender = desk.sender(row.mailbox)
    name = sender.name or desk.organisation
    head = Head(row.message_id, sender.address, row.to_address, now, name, list_id=f"alerts.{sender.domain}")
    return Composed(build(head, text), text.subject, text.text)


_ORDER = {whose: place for place, whose in enumerate(one for one in Meaning if one in ROUTED)}
