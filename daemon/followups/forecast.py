"""Runs the ladders forward: which letters would leave, and when, if nobody answered (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

from daemon.followups.plan import plan
from daemon.followups.planned import Letter, Rules, Traffic
from daemon.followups.standing import Standing

BEAT = timedelta(minutes=1)  # how often the daemon looks at what is due


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A letter that would leave at ``at``; one that waits for approval would not leave by itself."""

    at: datetime
    letter: Letter


@dataclass(slots=True)
class _Post:
    """What went to whom so far."""

    rules: Rules
    day: datetime | None = None
    today: dict[str, Traffic] = field(default_factory=dict)

    def traffic(self, now: datetime) -> dict[str, Traffic]:
        midnight = self.rules.working.midnight(now)
        if midnight != self.day:
            self.day = midnight
            self.today = {to: Traffic(last_survivor=one.last_survivor) for to, one in self.today.items()}
        return self.today

    def note(self, letter: Letter, now: datetime) -> None:
        one = self.today.get(letter.to.lower(), Traffic())
        if letter.survivor_linked:
            one = replace(one, automatic=one.automatic + 1, last_survivor=now)
        else:
            one = replace(one, automatic=one.automatic + 1, grouped=one.grouped + 1)
        self.today[letter.to.lower()] = one


def forecast(notices: Iterable[Standing], rules: Rules, start: datetime, until: datetime) -> Iterator[Foreseen]:
    """Yield the letters that would leave from ``start`` up to ``until``, in order of time."""
    standing = {one.id: one for one in notices}
    first = ((rules.next_due(one), one.id) for one in standing.values())
    waiting = [(max(due, start), notice) for due, notice in first if due is not None]
    heapify(waiting)
    post = _Post(rules)
    while waiting and waiting[0][0] <= until:
        now = _beat(waiting[0][0], start)
        ready: list[Standing] = []
        while waiting and waiting[0][0] <= now:
            ready.append(standing[heappop(waiting)[1]])
        found = plan(ready, rules, now, post.traffic(now))
        for letter in found.letters:
            post.note(letter, now)
            yield Foreseen(now, letter)
        for moved in found.moved:
            standing[moved.notice] = replace(standing[moved.notice], rung=moved.rung, waits=False)
            if moved.next_due_at is not None:
                heappush(waiting, (moved.next_due_at, moved.notice))


def _beat(at: datetime, start: datetime) -> datetime:
    """The daemon's next look at or after ``at``: what comes due within one beat shares a letter."""
    return start + -((start - at) // BEAT) * BEAT
