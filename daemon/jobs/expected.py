"""The letters that ESPs would get besides those of the ladders, with the clock run forward; nothing is queued."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from daemon.followups.standing import Standing
from daemon.jobs import esp_letters
from daemon.jobs.desk import Desk
from daemon.jobs.onboarding import INTRO, THANKS, is_lost, steps_of
from daemon.notices.status import Status
from daemon.store import changes, clocks, notices, onboardings, outbox
from daemon.store.onboardings import CONFIRMED, STARTED, UNANSWERED
from daemon.store.rows import AnyRow

_OPEN = (outbox.QUEUED, outbox.SENDING)
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Expected:
    """A letter of an introduction that would leave at ``at``."""

    at: datetime
    to: str = field(repr=False)
    template: str
    why: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What no letter is foreseen of because a person must act first."""

    drafts: int  # notices that nobody has sent
    changes: int  # changes of contacts and domains that nobody has confirmed


def waiting(conn: Connection) -> Waiting:
    proposed = [row for row in changes.listed(conn) if row.state == changes.PROPOSED and row.kind != changes.MERGE]
    return Waiting(len(notices.drafts(conn)), len(proposed))


def about_to_begin(conn: Connection, desk: Desk, now: datetime) -> list[Standing]:
    """Notices whose own letter is queued, as they will stand when it has left: their ladders begin then."""
    begins: dict[int, datetime] = {}
    for row in outbox.in_state(conn, outbox.QUEUED, _MOST):
        if row.kind == "notice":
            begins |= dict.fromkeys(row.context["notices"], leaves(row, desk, now))
    sent = (replace(one, started_at=begins[one.id]) for one in clocks.standings(conn, begins))
    return [replace(one, statuses=tuple(_sent(status) for status in one.statuses)) for one in sent]


def _sent(status: Status) -> Status:
    return Status.SENT if status in (Status.DRAFT, Status.QUEUED) else status


def leaves(row: AnyRow, desk: Desk, now: datetime) -> datetime:
    """When a letter of the outbox may leave: in working time, unless it is survivor-linked or goes to our people."""
    at: datetime = max(row.due_at, row.next_try_at or now, now)
    if row.survivor_linked or row.kind not in ("followup", "notice", "answer", esp_letters.KIND):
        return at
    return desk.rules.working.next_start(at)


def introductions(conn: Connection, desk: Desk, now: datetime, until: datetime) -> list[Expected]:
    """The reminders and thanks that would leave up to ``until`` if nobody answers, in order of time."""
    found = [one for row in onboardings.listed(conn, limit=_MOST) for one in _of(conn, row, desk, now)]
    return [one for one in _spread(conn, found, desk) if one.at <= until]


def _of(conn: Connection, row: AnyRow, desk: Desk, now: datetime) -> Iterator[Expected]:
    if row.state == CONFIRMED and row.next_due_at is not None:
        yield Expected(max(row.next_due_at, now), row.address, THANKS, "the contact is confirmed")
    began = _introduced(conn, row, desk, now) if row.state in UNANSWERED and not is_lost(conn, row) else None
    if began is None or now >= began + desk.onboarding.give_up:
        return
    steps = [step for step in steps_of(desk.onboarding) if step.after < desk.onboarding.give_up]
    overtaken = max((number for number, step in enumerate(steps) if began + step.after <= now), default=0)
    for step in steps[max(row.steps, overtaken) :]:
        days = (max(began + step.after, now) - began).days
        why = f"no answer to the introduction for {days} days"
        yield Expected(max(began + step.after, now), row.address, step.letter, why)


def _introduced(conn: Connection, row: AnyRow, desk: Desk, now: datetime) -> datetime | None:
    """When the introduction left, or will; None while a person must approve it first."""
    if row.state != STARTED:
        at: datetime | None = row.introduced_at
        return at
    letter = outbox.by_key(conn, esp_letters.key_of(row.id, 0))
    if letter is None or letter.state not in (*_OPEN, outbox.SENT, outbox.UNKNOWN):
        return None
    return leaves(letter, desk, now) if letter.state in _OPEN else letter.sent_at or letter.claimed_at


def _spread(conn: Connection, found: Iterable[Expected], desk: Desk) -> Iterator[Expected]:
    """Move letters to where introductions may leave: in working time, so many a day; see ``onboarding.slot``."""
    working, ours = desk.rules.working, Counter[datetime]()
    for one in sorted(found, key=lambda one: one.at):
        at = working.next_start(one.at)
        if one.template != THANKS:
            while ours[working.midnight(at)] + _queued(conn, at, desk) >= desk.onboarding.a_day:
                at = working.day_after(at)
            ours[working.midnight(at)] += 1
        yield replace(one, at=at)


def _queued(conn: Connection, at: datetime, desk: Desk) -> int:
    working = desk.rules.working
    midnight, end = working.midnight(at), working.midnight(at, days=1)
    return outbox.planned(conn, esp_letters.KIND, f"{INTRO}%", midnight, end)
