"""What needs somebody: at most five lines, each with its owner and the command or folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, or_, select

from daemon.digest.blocks import Paragraph, Section, Table, columns, hours, row
from daemon.digest.sql import scoped
from daemon.digest.view import View
from daemon.store.tables import outbox, reviews, settings_state

ORDER = 1
MOST = 5
PATIENCE = timedelta(hours=24)
HOW = (
    "Needs you: what waits when this digest is made. Answers count once they have waited for a person for more than "
    "24 hours; letters to third parties, letters that may or may not have left, decisions left to the lead and stopped "
    "brakes count at once. Equal reasons share one line."
)


@dataclass(frozen=True, slots=True)
class Need:
    """One line; ``rank`` orders the lines, most serious first."""

    rank: int
    what: str
    count: int
    oldest: datetime
    owner: str
    how: str


def ask(conn: Connection, view: View) -> list[Need]:
    """Return everything that needs somebody, most serious and oldest first."""
    found = [*_brakes(conn), *_letters(conn, view), *_reviews(conn, view)]
    return sorted(found, key=lambda need: (need.rank, need.oldest))


def word(needs: Sequence[Need], view: View) -> Section:
    headline = {"needs": len(needs)}
    if not needs:
        return Section("Needs you", (Paragraph("Nothing needs you this week."),), headline)
    rows = tuple(
        row(need.what, need.count, hours((view.now - need.oldest).total_seconds() / 3600), need.owner, need.how)
        for need in needs[:MOST]
    )
    table = Table("What waits, most serious first", columns("What", ">How many", ">Oldest", "Owner", "How"), rows)
    more = len(needs) - MOST
    rest = (Paragraph(f"And {more} more: noticed review list"),) if more > 0 else ()
    return Section("Needs you", (table, *rest), headline)


_BRAKES = {
    "pause.sending": ("Sending is stopped: no letter leaves", "noticed resume --sending"),
    "pause.closing": ("Closing is stopped: no URL closes by itself", "noticed resume --closing"),
}


def _brakes(conn: Connection) -> list[Need]:
    query = select(settings_state.c.key, settings_state.c.changed_at, settings_state.c.changed_by)
    rows = conn.execute(query.where(settings_state.c.key.in_(_BRAKES)))
    return [Need(0, _BRAKES[key][0], 1, at, by, _BRAKES[key][1]) for key, at, by in rows]


_LETTERS = {
    "unknown": (1, "Letters that may or may not have left", "noticed letters list"),
    "failed": (2, "Letters that could not be sent", "noticed letters list"),
    "held": (3, "Letters that wait for approval", "noticed letters list"),
}


def _letters(conn: Connection, view: View) -> list[Need]:
    query = (
        select(outbox.c.state, func.count(), func.min(outbox.c.created_at))
        .where(outbox.c.state.in_(_LETTERS), or_(outbox.c.esp_id.is_(None), scoped(outbox.c.esp_id, view.esps)))
        .group_by(outbox.c.state)
    )
    return [
        Need(_LETTERS[state][0], _LETTERS[state][1], count, oldest, "a lead", _LETTERS[state][2])
        for state, count, oldest in conn.execute(query)
    ]


def _reviews(conn: Connection, view: View) -> list[Need]:
    """Open alerts, decisions for a lead, and answers that have waited too long."""
    at_once = or_(reviews.c.kind == "alert", reviews.c.reason == "lead_decides")
    query = (
        select(reviews.c.kind, reviews.c.reason, reviews.c.assigned_to, func.count(), func.min(reviews.c.created_at))
        .where(
            reviews.c.state == "open",
            or_(at_once, reviews.c.created_at < view.now - PATIENCE),
            or_(reviews.c.esp_id.is_(None), scoped(reviews.c.esp_id, view.esps)),
        )
        .group_by(reviews.c.kind, reviews.c.reason, reviews.c.assigned_to)
    )
    return [_review(*found) for found in conn.execute(query)]


_KINDS = {"alert": (0, "Alert"), "review": (4, "Answers wait"), "task": (5, "To do")}
_WORDS = {
    "lead_decides": (3, "Silent ESPs: go on, escalate, or give up?"),
    "letter_approval": (3, "Letters to third parties wait for approval"),
    "contact_missing": (5, "To do: find a second contact or the upstream provider"),
    "repair_contact": (5, "To do: repair an address that bounces"),
    "ladder_failed": (0, "Alert: a notice's reminders could not be reckoned"),
}


def _review(kind: str, reason: str, owner: str | None, count: int, oldest: datetime) -> Need:
    rank, said = _KINDS.get(kind, (6, "Waits"))
    why = reason.replace("_", " ") or "no reason noted"
    rank, what = _WORDS.get(reason, (rank, f"{said}: {why}"))
    return Need(rank, what, count, oldest, owner or "nobody yet", "noticed review list")
