"""Ladders: which rung of the follow-ups is due at which hour; after the last step ``repeat`` applies, for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from daemon.followups.calendar import WorkingTime


class Target(StrEnum):
    """Whom a step writes to."""

    CONTACT = "contact"
    SECOND_CONTACT = "second_contact"
    UPSTREAM = "upstream"
    REGISTRAR = "registrar"
    PARTNER = "partner"  # another hotline
    AUTHORITY = "authority"
    LEAD = "lead"

    @property
    def is_third_party(self) -> bool:
        """True when a person must approve each letter."""
        return self in _THIRD


_THIRD = frozenset({Target.UPSTREAM, Target.REGISTRAR, Target.PARTNER, Target.AUTHORITY})


@dataclass(frozen=True, slots=True)
class Step:
    """One letter of a ladder; ``after`` counts elapsed hours from the sending of the notice."""

    after: timedelta
    letter: str
    to: Target = Target.CONTACT


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps in rising order, numbered from 1; rungs beyond the last are its repeats.

    ``first_response`` and ``removal`` are the two patiences: what took longer is overdue (None: than the first step).
    ``earliest`` and ``latest`` are the bounds within which the first step may be moved (None: not in that direction).
    """

    name: str
    steps: tuple[Step, ...]
    repeat: timedelta
    repeat_letter: str = "repeat"
    first_response: timedelta | None = None
    removal: timedelta | None = None
    earliest: timedelta | None = None
    latest: timedelta | None = None

    def __post_init__(self) -> None:
        if not self.steps or self.steps[0].after <= timedelta(0) or self.repeat <= timedelta(0):
            raise ValueError(f"ladder {self.name}: it needs a step, and times above zero")
        if any(left.after >= right.after for left, right in zip(self.steps, self.steps[1:], strict=False)):
            raise ValueError(f"ladder {self.name}: each step must come later than the one before")
        first, last = self.bounds
        if not timedelta(0) < first <= self.steps[0].after <= last or last >= self._second:
            raise ValueError(
                f"ladder {self.name}: the first step must lie within its bounds, and they before the second"
            )

    def due_at(self, rung: int, start: datetime) -> datetime:
        """Return when ``rung`` (1, 2, ...) of a clock that began at ``start`` is due."""
        if rung < 1:
            raise ValueError("rungs are counted from 1")
        beyond = rung - len(self.steps)
        start = start.astimezone(UTC)  # within one zone Python adds wall-clock hours; ours are elapsed ones
        if beyond <= 0:
            return start + self.steps[rung - 1].after
        return start + self.steps[-1].after + beyond * self.repeat

    def latest_due(self, start: datetime, now: datetime) -> int:
        """Return the highest rung due by ``now``, 0 when none is."""
        elapsed = now.astimezone(UTC) - start.astimezone(UTC)
        if elapsed < self.steps[-1].after:
            return sum(1 for step in self.steps if step.after <= elapsed)
        return len(self.steps) + (elapsed - self.steps[-1].after) // self.repeat

    def step(self, rung: int) -> Step:
        """Return what ``rung`` does; a repeat writes to the contact."""
        if rung <= len(self.steps):
            return self.steps[rung - 1]
        return Step(self.steps[-1].after + (rung - len(self.steps)) * self.repeat, self.repeat_letter)

    def is_never_later(self, other: Ladder) -> bool:
        """Tell whether each rung is due no later than the same rung of ``other``, for ever."""
        zero = datetime(2000, 1, 1, tzinfo=UTC)
        rungs = range(1, max(len(self.steps), len(other.steps)) + 2)
        return self.repeat <= other.repeat and all(self.due_at(n, zero) <= other.due_at(n, zero) for n in rungs)

    @property
    def bounds(self) -> tuple[timedelta, timedelta]:
        """Between which times the first step may be moved."""
        usual = self.steps[0].after
        return self.earliest or usual, self.latest or usual

    @property
    def _second(self) -> timedelta:
        return self.steps[1].after if len(self.steps) > 1 else self.steps[0].after + self.repeat

    def at_pace(self, usual: timedelta | None) -> Ladder:
        """Return this ladder with its first step moved towards ``usual``, as far as its bounds allow.

        Every other step, and when an answer is overdue, stays as it is.
        """
        if usual is None:
            return self
        earliest, latest = self.bounds
        first = replace(self.steps[0], after=min(max(usual, earliest), latest))
        patience = self.first_response or self.steps[0].after
        removal = self.removal or self.steps[0].after
        return replace(self, steps=(first, *self.steps[1:]), first_response=patience, removal=removal)

    def later(self, add: timedelta) -> Ladder:
        """Return this ladder with ``add`` more patience at every step and of both clocks."""
        steps = tuple(replace(step, after=step.after + add) for step in self.steps)
        names = ("first_response", "removal", "earliest", "latest")
        times: dict[str, Any] = {name: known + add for name in names if (known := getattr(self, name)) is not None}
        return replace(self, steps=steps, **times)


def ladder(name: str, *steps: tuple[float, str, Target], repeat_hours: float) -> Ladder:
    """Build a ladder from (hours, letter, target)."""
    built = tuple(Step(timedelta(hours=hours), letter, to) for hours, letter, to in steps)
    return Ladder(name, built, timedelta(hours=repeat_hours))


def _whole(name: str, *hours: float, repeat_hours: float, removal_hours: float | None = None) -> Ladder:
    """The six steps that every shipped ladder climbs, at ``hours``; a law's time is the time of the first."""
    letters = (
        ("reminder-1", Target.CONTACT),
        ("reminder-2", Target.CONTACT),
        ("second-contact", Target.SECOND_CONTACT),
        ("escalation", Target.UPSTREAM),
        ("lead", Target.LEAD),
        ("authority", Target.AUTHORITY),
    )
    built = ladder(name, *((at, *letter) for at, letter in zip(hours, letters, strict=True)), repeat_hours=repeat_hours)
    return replace(built, removal=timedelta(hours=removal_hours) if removal_hours else None)


NORMAL = _whole("normal", 24, 48, 72, 96, 7 * 24, 14 * 24, repeat_hours=7 * 24, removal_hours=48)
SURVIVOR = _whole("survivor-linked", 12, 24, 36, 48, 60, 7 * 24, repeat_hours=24, removal_hours=24)

# Law clocks: the first letter leaves when the law's time is over, the rest follow the usual pace.
PRESETS: Mapping[str, Ladder] = {
    preset.name: preset
    for preset in (
        NORMAL,
        SURVIVOR,
        _whole("eu-tco", 1, 12, 24, 36, 48, 7 * 24, repeat_hours=24),
        _whole("nl-covenant", 24, 48, 72, 96, 7 * 24, 14 * 24, repeat_hours=7 * 24),
        _whole("australia", 24, 36, 48, 72, 96, 7 * 24, repeat_hours=7 * 24),
        _whole("take-it-down", 48, 72, 96, 120, 7 * 24, 14 * 24, repeat_hours=7 * 24),
    )
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is agreed with one ESP or a kind of ESP: another ladder, more patience, its own working time.

    ``working``: a step that comes due outside it is due when it begins; its zone "" is the one of the register.
    """

    use: str = ""
    add: timedelta | None = None
    working: WorkingTime | None = None

    def over(self, usual: Agreement) -> Agreement:
        """Return this, with what it leaves open taken from ``usual``."""
        add = usual.add if self.add is None else self.add
        return Agreement(self.use or usual.use, add, self.working or usual.working)


_NOTHING = Agreement()


@dataclass(frozen=True, slots=True)
class Ladders:
    """All ladders in force, and for whom each is."""

    by_name: Mapping[str, Ladder] = field(default_factory=lambda: PRESETS)
    for_esp: Mapping[str, Agreement] = field(default_factory=dict)
    for_kind: Mapping[str, Agreement] = field(default_factory=dict)  # host, platform, cdn, registrar

    def choose(self, esp: str, kind: str, priority: int, survivor_linked: bool) -> Ladder:
        """Return the ladder for a notice: its ESP's, else its kind's, else that of its priority.

        A survivor-linked notice has its own ladder: patience agreed with an ESP must not slow it, a law may hurry it.
        """
        agreed = self.agreed(esp, kind)
        if survivor_linked:
            own, theirs = self._named("survivor-linked"), self._named(agreed.use) if agreed.use else None
            return theirs if theirs and theirs.is_never_later(own) else own
        chosen = self._named(agreed.use or {1: "high", 3: "low"}.get(priority, "normal"))
        return chosen.later(agreed.add) if agreed.add else chosen

    def agreed(self, esp: str, kind: str) -> Agreement:
        return self.for_esp.get(esp, _NOTHING).over(self.for_kind.get(kind, _NOTHING))

    def named(self, name: str) -> Ladder | None:
        return self.by_name.get(name)

    def _named(self, name: str) -> Ladder:
        return self.by_name.get(name) or PRESETS.get(name) or self.by_name.get("normal") or NORMAL
