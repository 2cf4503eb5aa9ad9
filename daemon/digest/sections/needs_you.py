"""What needs somebody: at most five lines, each with its owner and the command or folder."""

from __future__ import annotations

from collections import Counter
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
MOST_REASONS = 4  # named in one line
PATIENCE = timedelta(hours=24)
HOW = (
    "Needs you: what waits when this digest is made. Answers and tasks count once they have waited for more than "
    "24 hours; alerts, survivors' mail, letters to third parties, letters that may or may not have left, decisions "
    "left to the lead and stopped brakes count at once. One line is one thing that needs you, however many it holds."
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
    """Open alerts, decisions for a lead, and answers and tasks that have waited too long; one line for each kind."""
    at_once = or_(reviews.c.kind == "alert", reviews.c.reason.in_(_OWN_LINE))
    query = (
        select(reviews.c.kind, reviews.c.reason, reviews.c.assigned_to, func.count(), func.min(reviews.c.created_at))
        .where(
            reviews.c.state == "open",
            reviews.c.reason != "letter_approval",  # the letters themselves are counted
            or_(at_once, reviews.c.created_at < view.now - PATIENCE),
            or_(reviews.c.esp_id.is_(None), scoped(reviews.c.esp_id, view.esps)),
        )
        .group_by(reviews.c.kind, reviews.c.reason, reviews.c.assigned_to)
    )
    lines: dict[tuple[int, str], list[_Waiting]] = {}
    for kind, reason, owner, count, oldest in conn.execute(query):
        line = _OWN_LINE.get(reason) or _KINDS.get(kind, (6, "Waits"))
        lines.setdefault(line, []).append(_Waiting(reason, owner, count, oldest))
    return [_line(rank, what, some) for (rank, what), some in lines.items()]


@dataclass(frozen=True, slots=True)
class _Waiting:
    reason: str
    owner: str | None
    count: int
    oldest: datetime


_KINDS = {"alert": (0, "Alerts"), "review": (4, "Answers wait for a person"), "task": (5, "Things to do")}
_OWN_LINE = {
    "survivor": (0, "Survivors and families wait for an answer"),
    "lead_decides": (3, "Silent ESPs: go on, escalate, or give up?"),
}


_PLAIN = {what for _, what in _OWN_LINE.values()}


def _line(rank: int, what: str, waiting: Sequence[_Waiting]) -> Need:
    """All that waits for one sort of decision, with its commonest reasons."""
    by_reason: Counter[str] = Counter()
    for one in waiting:
        by_reason[one.reason.replace("_", " ") or "other"] += one.count
    owners = {one.owner or "" for one in waiting}
    owner = next(iter(owners)) if len(owners) == 1 else "several"
    if what not in _PLAIN:
        reasons = [f"{count:,} {reason}" for reason, count in by_reason.most_common(MOST_REASONS)]
        more = ["others"] if len(by_reason) > MOST_REASONS else []
        what = f"{what}: {', '.join(reasons + more)}"
    oldest = min(one.oldest for one in waiting)
    return Need(rank, what, by_reason.total(), oldest, owner or "nobody yet", "noticed review list")
