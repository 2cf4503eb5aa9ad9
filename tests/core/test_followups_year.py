"""A year of chasing: notices come in, ESPs answer each in their own way, and every promise of the ladders holds.

The model.  Notices come at any hour of the year, a third of them to one large ESP
that answers after a day or so.  Each ESP has its own pace: a tenth
never answer, the others remove after a time drawn from an exponential distribution around their own mean (an hour to
ten days).  A twentieth of the notices is survivor-linked.  Of the answers 4 in 100 refuse, 5 ask something (answered
after a day), 6 promise (a pause of two days, then removal), 3 bounce (the address is repaired after five days), 2 take
the removal back a week later (a new cycle).
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

from daemon.followups.calendar import WorkingTime
from daemon.followups.plan import plan
from daemon.followups.planned import Caps, Letter, Moved, Rules, Traffic
from daemon.followups.standing import CHASED, Contact, Standing, next_due
from daemon.notices.status import Status
from tests.counts import count

START = datetime(2026, 1, 1, tzinfo=UTC)
END = START + timedelta(days=365)
HOUR = timedelta(hours=1)
RULES = Rules(
    working=WorkingTime("Europe/Oslo", holidays=("NO",)),
    caps=Caps(items=count(test=20, prove=500)),
    leads=("lead@hotline.example",),
)


@dataclass
class Year:
    """The clock, the notices, and what was observed on the way."""

    chance: random.Random
    now: datetime = START
    notices: dict[int, Standing] = field(default_factory=dict)
    due: dict[int, datetime | None] = field(default_factory=dict)
    looks: list[tuple[datetime, int]] = field(default_factory=list)
    events: list[tuple[datetime, int, int, str]] = field(default_factory=list)
    book: dict[str, Traffic] = field(default_factory=dict)
    day: datetime = START
    slots: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    grouped: Counter[tuple[str, datetime]] = field(default_factory=Counter)
    automatic: Counter[tuple[str, datetime]] = field(default_factory=Counter)
    dealt: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    letters: int = 0
    silences: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        while True:
            at = min(self.events[0][0] if self.events else END, self.looks[0][0] if self.looks else END)
            if at >= END:
                return
            self.now = max(self.now, at)
            while self.events and self.events[0][0] <= self.now:
                _, _, number, what = heappop(self.events)
                self.happen(number, what)
            self.tick()

    def happen(self, number: int, what: str) -> None:
        one = self.notices[number]
        changes = {
            "sent": {"started_at": self.now},
            "removed": {"statuses": (Status.REMOVED,) * len(one.statuses)},
            "refused": {"statuses": (Status.REFUSED,)},
            "asked": {"statuses": (Status.INFO_REQUESTED,)},
            "told": {"statuses": (Status.IN_PROGRESS,)},
            "promised": {"paused_until": self.now + 48 * HOUR, "pause_by": "rule:promise"},
            "bounced": {"contacts": (Contact(one.address, health="hard"),)},
            "repaired": {"contacts": (Contact(one.address),)},
            "back": {"statuses": (Status.SENT,), "cycle": one.cycle + 1, "rung": 0, "started_at": self.now},
        }
        self.notices[number] = replace(one, **changes[what])  # type: ignore[arg-type]
        self.look(number, next_due(self.notices[number], RULES.ladder(one), RULES.working))

    def look(self, number: int, at: datetime | None) -> None:
        self.due[number] = at
        if at is not None:
            heappush(self.looks, (at, number))

    def tick(self) -> None:
        ready = set()
        while self.looks and self.looks[0][0] <= self.now:
            at, number = heappop(self.looks)
            if self.due[number] == at:
                ready.add(number)
        if not ready:
            return
        found = plan([self.notices[number] for number in ready], RULES, self.now, self.traffic())
        assert {moved.notice for moved in found.moved} == ready
        for letter in found.letters:
            self.left(letter)
        for moved in found.moved:
            self.moved(moved, leaves=any(part.notice == moved.notice for one in found.letters for part in one.parts))

    def traffic(self) -> dict[str, Traffic]:
        midnight = RULES.working.midnight(self.now)
        if midnight != self.day:
            self.day = midnight
            self.book = {to: Traffic(last_survivor=one.last_survivor) for to, one in self.book.items()}
        return self.book

    def left(self, letter: Letter) -> None:
        assert letter.survivor_linked or RULES.working.is_working(self.now)
        assert sum(part.items for part in letter.parts) <= RULES.caps.items
        to, one = letter.to.lower(), self.book.get(letter.to.lower(), Traffic())
        if letter.survivor_linked:
            assert not self.slots[to] or self.now - self.slots[to][-1] >= RULES.caps.survivor_gap
            self.slots[to].append(self.now)
        else:
            self.grouped[to, self.day] += 1
            assert self.grouped[to, self.day] == 1
        self.automatic[to, self.day] += 1
        assert self.automatic[to, self.day] <= RULES.caps.automatic_a_day
        self.book[to] = replace(
            one,
            automatic=one.automatic + 1,
            grouped=one.grouped + (not letter.survivor_linked),
            last_survivor=self.now if letter.survivor_linked else one.last_survivor,
        )
        self.letters += 1
        for part in letter.parts:
            chased = self.notices[part.notice]
            assert CHASED & set(chased.statuses)
            assert all(contact.is_reachable for contact in chased.contacts)
            assert chased.paused_until is None or chased.paused_until <= self.now

    def moved(self, moved: Moved, *, leaves: bool) -> None:
        one = self.notices[moved.notice]
        if leaves:
            self.dealt[one.id, one.cycle] += [*moved.overtaken, moved.rung]
            assert RULES.ladder(one).latest_due(one.started_at or END, self.now) == moved.rung
        else:
            assert moved.why is not None
            assert moved.rung == one.rung
            self.silences[moved.why] += 1
        assert moved.next_due_at is None or moved.next_due_at > self.now
        self.notices[one.id] = replace(one, rung=moved.rung)
        self.look(one.id, moved.next_due_at)


def fill(year: Year, notices: int, esps: int) -> None:
    """Let notices arrive, and draw what their ESPs will do."""
    pace = [None if year.chance.random() < 0.1 else 10 ** year.chance.uniform(0, 2.4) for _ in range(esps)]
    pace[0] = 30.0
    for number in range(1, notices + 1):
        esp = 0 if year.chance.random() < 0.33 else year.chance.randrange(esps)
        at = START + year.chance.random() * (END - START)
        address = f"abuse@e{esp}.example"
        year.notices[number] = Standing(
            number,
            f"HL-{number}",
            esp,
            f"e{esp}",
            None,
            (Status.SENT,) * year.chance.randint(1, 6),
            address=address,
            survivor_linked=year.chance.random() < 0.05,
            contacts=(Contact(address),),
        )
        for when, what in answers(year.chance, at, pace[esp]):
            heappush(year.events, (when, len(year.events), number, what))


def answers(chance: random.Random, at: datetime, pace: float | None) -> list[tuple[datetime, str]]:
    """What happens to one notice, with times."""
    if pace is None:
        return [(at, "sent")]
    then = at + chance.expovariate(1 / pace) * HOUR
    draw = chance.random()
    if draw < 0.04:
        return [(at, "sent"), (then, "refused")]
    if draw < 0.09:
        return [(at, "sent"), (then, "asked"), (then + 24 * HOUR, "told"), (then + 90 * HOUR, "removed")]
    if draw < 0.15:
        return [(at, "sent"), (then, "promised"), (then + 72 * HOUR, "removed")]
    if draw < 0.18:
        return [(at, "sent"), (at, "bounced"), (at + 120 * HOUR, "repaired"), (then + 120 * HOUR, "removed")]
    if draw < 0.20:
        return [(at, "sent"), (then, "removed"), (then + 168 * HOUR, "back"), (then + 400 * HOUR, "removed")]
    return [(at, "sent"), (then, "removed")]


def test_a_year_of_chasing_keeps_every_promise() -> None:
    year = Year(random.Random(20260101))
    fill(year, count(test=1_500, prove=90_000), count(test=40, prove=2_000))
    year.run()
    assert year.letters > 300
    for rungs in year.dealt.values():
        assert rungs == list(range(1, len(rungs) + 1))  # each rung left or was overtaken, once, in order
    for number, at in year.due.items():
        one = year.notices[number]
        forgotten = one.started_at and CHASED & set(one.statuses) and all(c.is_reachable for c in one.contacts)
        assert not forgotten or at is not None
        assert at is None or at >= END - 3 * HOUR or at > year.now
    reasons = {"CLOSED_SINCE", "ALREADY_TODAY", "SLOT_TAKEN", "CAP_REACHED", "NOTHING_DUE", "ADDRESS_BOUNCED"}
    assert year.silences.keys() <= reasons | {"OUTSIDE_HOURS", "PAUSED_BY_RULE"}
    assert year.silences["ALREADY_TODAY"] > 0
    assert year.silences["SLOT_TAKEN"] > 0
