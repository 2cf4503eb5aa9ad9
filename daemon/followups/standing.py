"""Where a notice stands for its ladder, and when its next rung is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from daemon.followups.calendar import WorkingTime, next_send_time
from daemon.followups.ladder import Ladder
from daemon.followups.reasons import NotSent
from daemon.notices.status import Status

CHASED = frozenset({Status.SENT, Status.ACKNOWLEDGED, Status.IN_PROGRESS, Status.PARTIAL})
_DEAD = frozenset({"hard", "policy"})
_TOLD_BY_STATUS = frozenset({"refused", "info_needed", "not_hosted", "undeliverable"})
_RULE = "rule"  # ``pause_by`` of a pause that a rule ordered begins so


@dataclass(frozen=True, slots=True)
class Contact:
    """One address of an ESP; ``role`` and ``health`` are words of the register."""

    address: str = field(repr=False)
    role: str = "primary"
    health: str = "ok"

    @property
    def is_reachable(self) -> bool:
        return self.health not in _DEAD


@dataclass(frozen=True, slots=True)
class Standing:
    """A notice as its ladder sees it.

    ``started_at``: when this cycle's clock began, later by the time that it stood still for us; None before sending.
    ``rung``: the last one dealt with.
    ``statuses``: of all its takedowns, in any order.  ``waits``: a letter of it is queued and has not left.
    """

    id: int
    number: str
    esp_id: int
    esp: str
    started_at: datetime | None
    statuses: tuple[Status, ...]
    kind: str = "host"
    address: str = field(default="", repr=False)
    mailbox: str = ""
    cycle: int = 1
    rung: int = 0
    priority: int = 2
    survivor_linked: bool = False
    paused_until: datetime | None = None
    pause_by: str = ""
    hold_reason: str = ""
    waits: bool = False
    zone: str = ""  # the ESP's, as registered
    usual: timedelta | None = None  # the time that was learned of its ESP, see ``learned.usual``
    contacts: tuple[Contact, ...] = field(default=(), repr=False)

    @property
    def chased(self) -> int:
        """How many takedowns a reminder would name."""
        return sum(1 for status in self.statuses if status in CHASED)


def is_our_turn(statuses: Iterable[Status]) -> bool:
    """Tell whether they asked us something, and nothing else is left that they could do: their clocks stand still."""
    still_open = {status for status in statuses if not status.is_closed}
    return Status.INFO_REQUESTED in still_open and not still_open & CHASED


def halted(notice: Standing) -> NotSent | None:
    """Return why the ladder stands still until something happens to the notice; None when it goes on."""
    if notice.started_at is None:
        return NotSent.NOT_YET_SENT
    still_open = {status for status in notice.statuses if not status.is_closed}
    if not still_open:
        return NotSent.CLOSED_SINCE
    if notice.hold_reason and notice.hold_reason not in _TOLD_BY_STATUS:
        return NotSent.ON_HOLD  # the other reasons concern single URLs: the rest of the notice is chased on
    if still_open & CHASED:
        return None
    if still_open == {Status.UNDELIVERABLE}:
        return NotSent.ADDRESS_BOUNCED
    return NotSent.OUR_TURN if Status.INFO_REQUESTED in still_open else NotSent.ANSWERED


def paused(notice: Standing, now: datetime) -> NotSent | None:
    if notice.paused_until is None or notice.paused_until <= now:
        return None
    return NotSent.PAUSED_BY_RULE if notice.pause_by.startswith(_RULE) else NotSent.PAUSED_BY_PERSON


def next_due(
    notice: Standing, ladder: Ladder, working: WorkingTime, theirs: WorkingTime | None = None
) -> datetime | None:
    """Return when ``notice`` must be looked at again, None when nothing is due until it changes.

    The time may lie in the past: a notice released from a hold is due at once, with its latest rung.  ``theirs``: a
    deadline outside the ESP's working time is the start of the next.
    """
    if notice.started_at is None or halted(notice):
        return None
    due = ladder.due_at(notice.rung + 1, notice.started_at)
    if theirs is not None:
        due = theirs.next_start(due)
    if notice.paused_until is not None:
        due = max(due, notice.paused_until)
    return next_send_time(due, working, notice.survivor_linked)
