"""The status machine of a takedown: which status may follow which, and the notice's status derived from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from daemon.notices.status import CLOSED, NoticeStatus, Outcome, Status


class Event(StrEnum):
    """What can happen to one takedown.  Who may let it happen is decided by the callers, never here."""

    APPROVED = "approved"
    SENT = "sent"  # there is proof that our letter left; after a repair of the contact it leaves again
    ACKNOWLEDGED = "acknowledged"
    PENDING = "pending"
    INFO_NEEDED = "info_needed"
    PARTIAL = "partial"
    NOT_HOSTED = "not_hosted"
    REFUSED = "refused"
    UNDELIVERED = "undelivered"  # a hard bounce, the third soft one, or no contact
    ANSWERED = "answered"  # by us: what they asked is told, it is their turn again
    REMOVED = "removed"
    ALREADY_GONE = "already_gone"
    WITHDRAWN = "withdrawn"
    UNRESOLVED = "unresolved"


class Recurrence(StrEnum):
    """What can open the next cycle of a closed takedown."""

    RETRACTION = "retraction"  # the ESP says that it is back
    STILL_REACHABLE = "still_reachable"  # an imported check list
    NEW_REPORT = "new_report"


OPEN: frozenset[Status] = frozenset(Status) - CLOSED
_LEFT = OPEN - {Status.DRAFT, Status.QUEUED}  # our letter is out

_TO: Mapping[Event, Status] = {
    Event.APPROVED: Status.QUEUED,
    Event.SENT: Status.SENT,
    Event.ACKNOWLEDGED: Status.ACKNOWLEDGED,
    Event.PENDING: Status.IN_PROGRESS,
    Event.INFO_NEEDED: Status.INFO_REQUESTED,
    Event.PARTIAL: Status.PARTIAL,
    Event.NOT_HOSTED: Status.NOT_HOSTED,
    Event.REFUSED: Status.REFUSED,
    Event.UNDELIVERED: Status.UNDELIVERABLE,
    Event.ANSWERED: Status.ACKNOWLEDGED,
    Event.REMOVED: Status.REMOVED,
    Event.ALREADY_GONE: Status.ALREADY_GONE,
    Event.WITHDRAWN: Status.WITHDRAWN,
    Event.UNRESOLVED: Status.UNRESOLVED,
}

# A promise takes nothing back that weighs more; a bounced reminder does not erase a stand that the ESP has taken.
_FROM: Mapping[Event, frozenset[Status]] = {
    Event.APPROVED: frozenset({Status.DRAFT}),
    Event.SENT: frozenset({Status.DRAFT, Status.QUEUED, Status.UNDELIVERABLE}),
    Event.ACKNOWLEDGED: frozenset({Status.SENT}),
    Event.PENDING: frozenset({Status.SENT, Status.ACKNOWLEDGED, Status.INFO_REQUESTED}),
    Event.INFO_NEEDED: OPEN,
    Event.PARTIAL: OPEN,
    Event.NOT_HOSTED: OPEN,
    Event.REFUSED: OPEN,
    Event.UNDELIVERED: OPEN - {Status.DRAFT, Status.PARTIAL, Status.NOT_HOSTED, Status.REFUSED},
    Event.ANSWERED: frozenset({Status.INFO_REQUESTED}),
    Event.REMOVED: OPEN,
    Event.ALREADY_GONE: OPEN,
    Event.WITHDRAWN: OPEN,
    Event.UNRESOLVED: _LEFT,
}

_BY_OUTCOME: Mapping[Outcome, Event | None] = {
    Outcome.REMOVED: Event.REMOVED,
    Outcome.ALREADY_GONE: Event.ALREADY_GONE,
    Outcome.PARTIAL: Event.PARTIAL,
    Outcome.PENDING: Event.PENDING,
    Outcome.REFUSED: Event.REFUSED,
    Outcome.NOT_HOSTED: Event.NOT_HOSTED,
    Outcome.INFO_NEEDED: Event.INFO_NEEDED,
    Outcome.NO_CHANGE: None,
}

_REOPENS: Mapping[Recurrence, frozenset[Status]] = {
    Recurrence.RETRACTION: frozenset({Status.REMOVED, Status.ALREADY_GONE, Status.UNRESOLVED}),
    Recurrence.STILL_REACHABLE: frozenset({Status.REMOVED, Status.ALREADY_GONE, Status.UNRESOLVED}),
    Recurrence.NEW_REPORT: CLOSED,
}


def event_of(outcome: Outcome) -> Event | None:
    """Return what an asserted outcome does to a takedown, None if it does nothing."""
    return _BY_OUTCOME[outcome]


def step(current: Status, event: Event) -> Status | None:
    """Return the status that follows ``event``, or None when it changes nothing; a closed takedown never changes."""
    if current not in _FROM[event] or _TO[event] is current:
        return None
    return _TO[event]


def may_follow(current: Status, following: Status) -> bool:
    """Tell whether any event leads from one status to the other."""
    return any(step(current, event) is following for event in Event)


def reopens(current: Status, recurrence: Recurrence) -> bool:
    """Tell whether a closed takedown gets a next cycle; the closed row itself stays as it is."""
    return current in _REOPENS[recurrence]


def notice_status(takedowns: Iterable[Status]) -> NoticeStatus:
    """Derive a notice's status from those of its takedowns; a notice without takedowns is a draft."""
    statuses = tuple(takedowns)
    still_open = {status for status in statuses if not status.is_closed}
    if not statuses:
        return NoticeStatus.DRAFT
    if not still_open:
        return _closed_notice(frozenset(statuses))
    if still_open == {Status.UNDELIVERABLE}:
        return NoticeStatus.UNDELIVERABLE
    if any(status.is_closed for status in statuses):
        return NoticeStatus.PARTLY_RESOLVED
    for early, status in _EARLY:
        if early in still_open:
            return status
    return NoticeStatus.SENT if still_open == {Status.SENT} else NoticeStatus.OPEN


_EARLY = ((Status.DRAFT, NoticeStatus.DRAFT), (Status.QUEUED, NoticeStatus.QUEUED))


def _closed_notice(statuses: frozenset[Status]) -> NoticeStatus:
    if Status.UNRESOLVED in statuses:
        return NoticeStatus.UNRESOLVED
    return NoticeStatus.WITHDRAWN if statuses == {Status.WITHDRAWN} else NoticeStatus.RESOLVED


def resolved_of(takedowns: Iterable[Status]) -> tuple[int, int]:
    """Return (n, m): how many takedowns of a notice are closed, of how many."""
    statuses = tuple(takedowns)
    return sum(status.is_closed for status in statuses), len(statuses)
