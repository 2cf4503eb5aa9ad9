"""Runs the ladders forward: which letters would leave, when and why, if nobody answered, or as before (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

from daemon.followups.plan import noted, plan
from daemon.followups.planned import Letter, Rules, Traffic
from daemon.followups.standing import Standing

NO_TRAFFIC: Mapping[str, Traffic] = {}
NOTHING_GONE: Mapping[int, datetime] = {}
BEAT = timedelta(minutes=1)  # how often the daemon looks at what is due


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A letter that would leave at ``at``; one that waits for approval would not leave by itself."""

    at: datetime
    letter: Letter
    why: str = ""


@dataclass(slots=True)
class _Post:
    """What went to whom so far."""

    rules: Rules
    day: datetime
    today: dict[str, Traffic] = field(default_factory=dict)

    def traffic(self, now: datetime) -> dict[str, Traffic]:
        midnight = self.rules.working.midnight(now)
        if midnight != self.day:
            self.day = midnight
            self.today = {to: Traffic(last_survivor=one.last_survivor, held=one.held) for to, one in self.today.items()}
        return self.today

    def note(self, letter: Letter, now: datetime) -> None:
        self.today[letter.slot] = noted(self.today.get(letter.slot, Traffic()), letter, now)


def forecast(
    notices: Iterable[Standing],
    rules: Rules,
    start: datetime,
    until: datetime,
    traffic: Mapping[str, Traffic] = NO_TRAFFIC,
    gone: Mapping[int, datetime] = NOTHING_GONE,
) -> Iterator[Foreseen]:
    """Yield the letters that would leave from ``start`` up to ``until``, in order of time.

    ``traffic``: what has left, or waits to leave, on the day of ``start``, by slot.  ``gone``: when a
    notice is expected to be settled; from then on nothing is written about it.
    """
    standing = {one.id: one for one in notices}
    first = ((rules.next_due(one), one.id) for one in standing.values())
    waiting = [(max(due, start), notice) for due, notice in first if due is not None]
    heapify(waiting)
    post = _Post(rules, rules.working.midnight(start), dict(traffic))
    while waiting and waiting[0][0] <= until:
        now = _beat(waiting[0][0], start)
        ready: list[Standing] = []
        while waiting and waiting[0][0] <= now:
            one = standing[heappop(waiting)[1]]
            if one.id not in gone or now < gone[one.id]:
                ready.append(one)
        found = plan(ready, rules, now, post.traffic(now))
        for letter in found.letters:
            post.note(letter, now)
            yield Foreseen(now, letter, _why(letter, standing, rules, now))
        for moved in found.moved:
            standing[moved.notice] = replace(standing[moved.notice], rung=moved.rung, waits=False)
            if moved.next_due_at is not None:
                heappush(waiting, (moved.next_due_at, moved.notice))


def _why(letter: Letter, standing: Mapping[int, Standing], rules: Rules, now: datetime) -> str:
    """Which step of which ladder it is, and how long the longest one has waited."""
    steps = {(part.rung, rules.ladder(standing[part.notice]).name) for part in letter.parts}
    rung, name = max(steps)
    began = [at for part in letter.parts if (at := standing[part.notice].started_at) is not None]
    hours = int((now - min(began, default=now)).total_seconds() // 3600)
    age = f"{hours} h" if hours < 72 else f"{hours // 24} days"
    more = f" and {len(steps) - 1} other steps" if len(steps) > 1 else ""
    return f"step {rung} of {name}{more}; no outcome for {age}"


def _beat(at: datetime, start: datetime) -> datetime:
    """The daemon's next look at or after ``at``: what comes due within one beat shares a letter."""
    return start + -((start - at) // BEAT) * BEAT
