"""What a plan consists of: letters, where each notice is left, and the rules and caps that they follow."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256

from daemon.followups.calendar import WorkingTime
from daemon.followups.ladder import Ladder, Ladders, Target
from daemon.followups.reasons import NotSent
from daemon.followups.standing import Standing, next_due


@dataclass(frozen=True, slots=True)
class Caps:
    """What is never exceeded, whatever is due."""

    items: int = 500  # in one letter
    grouped_a_day: int = 1  # follow-up letters to one address
    automatic_a_day: int = 40  # automatic mails of any kind to one address
    survivor_gap: timedelta = timedelta(hours=11)


@dataclass(frozen=True, slots=True)
class Traffic:
    """What already went, or waits to go, in one slot today (``automatic``: to its address)."""

    grouped: int = 0
    automatic: int = 0
    last_survivor: datetime | None = None
    waits: bool = False  # a grouped letter is queued and has not left
    survivor_waits: bool = False
    held: bool = False  # a letter to this third party waits for approval


def slot(to: str, about: int | None = None) -> str:
    """Whose turn a letter takes: an address has one, and one for each ESP (``about``) that it is a third party to.

    A provider above many ESPs is asked about each of them; and what is asked of it must not silence what it is to do
    itself.
    """
    return to.lower() if about is None else f"{to.lower()} {about}"


@dataclass(frozen=True, slots=True)
class Part:
    """One notice in a letter."""

    notice: int
    number: str
    cycle: int
    rung: int
    items: int


@dataclass(frozen=True, slots=True)
class Letter:
    """One follow-up letter to queue; ``held``: a person must approve it first."""

    key: str  # the same parts give the same key: it cannot be queued twice
    template: str
    to: str = field(repr=False)
    target: Target
    esp_id: int
    mailbox: str
    parts: tuple[Part, ...]
    survivor_linked: bool
    due_at: datetime
    held: bool = False

    @property
    def slot(self) -> str:
        return slot(self.to, self.esp_id if self.target.is_third_party else None)


@dataclass(frozen=True, slots=True)
class Patience:
    """Until when a first response, and the removal, are in time; None while no clock runs."""

    answer_by: datetime | None = None
    remove_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A notice's next look: ``rung`` is the last one dealt with by now; ``why`` is None when a letter leaves."""

    notice: int
    cycle: int
    rung: int
    next_due_at: datetime | None
    why: NotSent | None = None
    overtaken: range = range(0)  # rungs that never left because a later one did
    missing: Target | None = None  # the step's addressee is not known: a person should find one
    due: int = 0  # the rung that was due and did not leave; 0 when none was
    patience: Patience = Patience()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything to be written in one commit."""

    letters: tuple[Letter, ...] = ()
    moved: tuple[Moved, ...] = ()


@dataclass(frozen=True)
class Rules:
    """What staff set: ladders, working time, caps; ``leads`` get the letters that leave a decision to them."""

    ladders: Ladders = field(default_factory=Ladders)
    working: WorkingTime = field(default_factory=WorkingTime)
    caps: Caps = field(default_factory=Caps)
    leads: tuple[str, ...] = field(default=(), repr=False)
    our_answer: timedelta = timedelta(hours=24)  # how long a question of an ESP may wait for us

    @cached_property
    def digest(self) -> str:
        """Changes whenever something changes that decides when a letter is due."""
        return sha256(repr((self.ladders, self.working, self.caps)).encode()).hexdigest()[:16]

    def ladder(self, notice: Standing) -> Ladder:
        """The notice's ladder, at its ESP's pace; what is learned never makes survivor-linked ones wait longer."""
        chosen = self.ladders.choose(notice.esp, notice.kind, notice.priority, notice.survivor_linked)
        paced = chosen.at_pace(notice.usual)
        return chosen if notice.survivor_linked and not paced.is_never_later(chosen) else paced

    def theirs(self, notice: Standing) -> WorkingTime | None:
        """The ESP's working time that its deadlines keep to; None: hours are elapsed hours, as for survivor-linked."""
        found = self.ladders.agreed(notice.esp, notice.kind).working
        if found is None or notice.survivor_linked:
            return None
        return found if found.zone else replace(found, zone=notice.zone or self.working.zone)

    def next_due(self, notice: Standing) -> datetime | None:
        """See ``standing.next_due``."""
        return next_due(notice, self.ladder(notice), self.working, self.theirs(notice))

    def latest_due(self, notice: Standing, now: datetime) -> int:
        """The highest rung due by ``now``, 0 when none is or the notice has not left."""
        if notice.started_at is None:
            return 0
        ladder, theirs = self.ladder(notice), self.theirs(notice)
        rung = ladder.latest_due(notice.started_at, now)
        while rung and theirs and theirs.next_start(ladder.due_at(rung, notice.started_at)) > now:
            rung -= 1
        return rung

    def patience(self, notice: Standing) -> Patience:
        """When the two clocks of a notice run out."""
        if notice.started_at is None:
            return Patience()
        ladder, theirs = self.ladder(notice), self.theirs(notice)
        first = ladder.steps[0].after
        ends = (notice.started_at + (one or first) for one in (ladder.first_response, ladder.removal))
        return Patience(*(theirs.next_start(end) if theirs else end for end in ends))
