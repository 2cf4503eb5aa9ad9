"""A year of chasing over a real database: a model of ESPs, the daemon's own jobs, and a log for an independent check.

The model.  Notices are imported at our office hours (nine in ten) or at any hour; one in twenty is survivor-linked; each
names one to six URLs.  ESPs have sizes after Zipf (the k-th gets 1/k of the first one's notices), a zone, and working
hours there (nine to five, Monday to Friday; one in ten works round the clock).  A tenth of them never answers at all.
Of the others six in ten send a receipt at once; each has its own pace (a median of 2 to 200 hours, drawn evenly on a
logarithmic scale), and one answer takes 0.3 to 3 times that, moved into their next working hour.  One ESP in five acts
only after our second letter.  Of 100 answers 72 remove everything, 8 a part of it first (and the rest later), 5 promise
(a pause of two days) and then remove, 5 ask us something (answered by us after one to 60 hours, then they go on), 4
refuse, 2 say that it is not hosted there, 2 act in part (a person settles it weeks later), and 2 bounce for good (the
contact is repaired after two to ten days, and the notice is sent again; a mended mailbox works for two months at least).  One notice in 50 is paused by a person, for
one to five days; one in 50 of those removed is up again after one to six weeks: a new notice, a new cycle.

Letters to third parties are approved by a person in our working hours, one to 50 hours later, at any minute: seven in
ten; one in ten is dropped, two in ten are forgotten.  One letter in 100 is put off by the mail server (451), one in
1,000 has an unknown fate.  The daemon is down for a long weekend in June and for nine days in September; in November
sending is paused for a day; once the clock is two hours ahead for a while, and once two hours behind.
"""

from __future__ import annotations

import random
import re
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from daemon.decide.effects import Action, Change
from daemon.followups.calendar import WorkingTime
from daemon.followups.ladder import Agreement, Ladders
from daemon.followups.planned import Rules
from daemon.jobs import approval, followups
from daemon.jobs.desk import Composed, Ready
from daemon.jobs.letters import Desk, Sender, ready
from daemon.jobs.outbox import Fuses, Post, Way
from daemon.mailer import Envelope, Result, Sending
from daemon.notices.status import Evidence
from daemon.notices.table import NewNotice
from daemon.notices.takedown import Event
from daemon.store import Store, clocks, esps, importing, journal, moves, notices, outbox, standing, state, tables
from daemon.store.esps import NewEsp
from daemon.store.journal import Entry

START, DAY, HOUR, STEP = datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=1), timedelta(hours=1), timedelta(minutes=15)
ZONES = ("Europe/Oslo", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Tokyo", "Asia/Kolkata")
KINDS = ("host", "host", "host", "platform", "cdn", "registrar")
LEAD = "lead@hotline.example"
CHASED = {"sent", "acknowledged", "in_progress", "partial"}
CLOSED = {"removed", "already_gone", "withdrawn", "unresolved"}
RULES = Rules(
    ladders=Ladders(
        for_esp={"e3": Agreement(add=12 * HOUR), "e5": Agreement("eu-tco")},
        for_kind={"platform": Agreement("take-it-down")},
    ),
    working=WorkingTime("Europe/Oslo", holidays=("NO",)),
    leads=(LEAD,),
)
DESK = Desk({"esp": Sender("notices@hotline.example", "Hotline")}, b"k" * 32, RULES)
DOWN = (  # the daemon does not run
    (datetime(2026, 6, 5, 10, tzinfo=UTC), datetime(2026, 6, 8, 9, tzinfo=UTC)),
    (datetime(2026, 9, 10, 10, tzinfo=UTC), datetime(2026, 9, 19, 10, tzinfo=UTC)),
)
STOPPED = (datetime(2026, 11, 3, 9, tzinfo=UTC), datetime(2026, 11, 4, 9, tzinfo=UTC))  # sending is paused
AHEAD = (datetime(2026, 4, 14, 10, tzinfo=UTC), datetime(2026, 4, 14, 10, 45, tzinfo=UTC))  # by two hours
BEHIND = (datetime(2026, 8, 18, 12, tzinfo=UTC), datetime(2026, 8, 18, 12, 45, tzinfo=UTC))


@dataclass
class Esp:
    """How one ESP behaves."""

    number: int
    zone: ZoneInfo
    kind: str
    silent: bool
    receipts: bool
    always: bool  # works round the clock
    pace: float  # median hours to an answer
    shy: bool  # acts only after our second letter
    turns: list[datetime] = field(default_factory=list, repr=False)  # its mailbox began to bounce, was mended, ...

    @property
    def bounced(self) -> bool:
        return len(self.turns) % 2 == 1

    def bounced_at(self, when: datetime) -> bool:
        return bisect_right(self.turns, when) % 2 == 1

    @property
    def address(self) -> str:
        return f"abuse@e{self.number}.example"


@dataclass(slots=True)
class Truth:
    """One notice as the world knows it; ``past`` is its history, for the check."""

    number: int
    row: int
    esp: Esp
    linked: bool
    priority: int
    sent_at: datetime
    items: list[str]
    urls: list[str] = field(repr=False)
    stood: timedelta = timedelta(0)  # their clock stood still for us
    still_since: datetime | None = None
    paused_until: datetime | None = None
    paused_by: str = ""
    letters: int = 0
    shy_answer: bool = False
    times: list[datetime] = field(default_factory=list, repr=False)
    past: list[tuple[tuple[str, ...], datetime | None, str]] = field(default_factory=list, repr=False)

    def note(self, at: datetime) -> None:
        """Keep how it stands from ``at`` on."""
        open_now = {one for one in self.items if one not in CLOSED}
        ours = "info_requested" in open_now and not open_now & CHASED
        if ours and self.still_since is None:
            self.still_since = at
        elif not ours and self.still_since is not None:
            self.stood += timedelta(seconds=int((at - self.still_since).total_seconds()))
            self.still_since = None
        self.times.append(at)
        self.past.append((tuple(self.items), self.paused_until, self.paused_by))

    def at(self, when: datetime) -> tuple[tuple[str, ...], datetime | None, str]:
        """(statuses, paused until, by whom) at ``when``."""
        return self.past[max(bisect_right(self.times, when) - 1, 0)]

    @property
    def is_chased(self) -> bool:
        return bool(CHASED & set(self.items)) and not self.esp.bounced


@dataclass(frozen=True, slots=True)
class Left:
    """A letter as it was handed over: when, to whom, what its text names."""

    at: datetime
    outbox: int
    to: str
    message_id: str
    linked: bool
    named: frozenset[tuple[int, int]]  # (number of the notice, item)
    about: int | None = None  # to a third party: the number of the ESP that it is about


@dataclass
class Year:
    """The world, the daemon in it, and everything that left."""

    store: Store
    chance: random.Random
    count: int
    esp_count: int
    days: int = 365
    each_step: bool = False  # tick at every quarter of an hour, also where nothing can happen
    say: Callable[[Year], None] = lambda _year: None  # told once a week
    now: datetime = START
    skew: timedelta = timedelta(0)
    esps: list[Esp] = field(default_factory=list)
    truth: dict[int, Truth] = field(default_factory=dict)  # by number
    by_row: dict[int, Truth] = field(default_factory=dict)
    agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    texts: dict[str, tuple[int, str, bool, bool]] = field(default_factory=dict, repr=False)
    owner: dict[int, int] = field(default_factory=dict)  # number in the URLs -> the last notice about them
    told: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    arriving: list[tuple[NewNotice, Truth]] = field(default_factory=list, repr=False)
    audits: int = 0
    _seq: int = 0
    _approved: datetime = START

    # -- the world

    def settle(self) -> None:
        """Draw the ESPs and when notices are imported."""
        draw = self.chance
        for number in range(self.esp_count):
            pace = 30.0 if number == 0 else 10 ** draw.uniform(0.3, 2.3)
            self.esps.append(
                Esp(
                    number,
                    ZoneInfo(draw.choice(ZONES)),
                    draw.choice(KINDS) if number not in (0, 3, 5) else "host",
                    number > 0 and draw.random() < 0.1,
                    draw.random() < 0.6,
                    draw.random() < 0.1,
                    pace,
                    number > 0 and draw.random() < 0.2,
                )
            )
        new = [self._register(one) for one in self.esps]
        with self.store.write() as conn:
            state.set_mode(conn, "live", START, "anna")
            esps.ensure(conn, new, START, "anna")
        weights = [1 / (rank + 1) for rank in range(self.esp_count)]
        for number, esp in enumerate(draw.choices(self.esps, weights, k=self.count), 1):
            self.plan(self._arrival(), lambda number=number, esp=esp: self.send(number, esp))  # type: ignore[misc]

    def _register(self, esp: Esp) -> NewEsp:
        contacts = [(esp.address, "primary")]
        chance = self.chance
        contacts += [(f"second@e{esp.number}.example", "second")] * (chance.random() < 0.3)
        # three ESPs in ten have an upstream: half of these are ESPs themselves
        upstream = chance.choice([self.esps[0].address, f"abuse@transit{esp.number % 7}.example"])
        contacts += [(upstream, "upstream")] * (esp.number > 0 and chance.random() < 0.3)
        contacts += [("desk@authority.example", "authority")] * (chance.random() < 0.1)
        return NewEsp(f"e{esp.number}", f"e{esp.number}", esp.kind, contacts=tuple(contacts), zone=str(esp.zone))

    def _arrival(self) -> datetime:
        at = START + self.chance.random() * timedelta(days=self.days - 3)
        if self.chance.random() < 0.1:
            return at
        local = at.astimezone(ZoneInfo("Europe/Oslo")).replace(hour=self.chance.randint(7, 16))
        while local.weekday() > 4:
            local += timedelta(days=1)
        return local.astimezone(UTC)

    def plan(self, at: datetime, act: Callable[[], None]) -> None:
        self._seq += 1
        heappush(self.agenda, (at, self._seq, act))

    def in_their_hours(self, esp: Esp, at: datetime) -> datetime:
        local = at.astimezone(esp.zone)
        while not esp.always and (local.weekday() > 4 or not 9 <= local.hour < 17):
            local = (local + HOUR).replace(minute=self.chance.randint(0, 59))
        return local.astimezone(UTC)

    # -- what happens

    def send(self, number: int, esp: Esp, urls: list[str] | None = None) -> None:
        """A notice is imported as sent now."""
        draw = self.chance
        linked, priority = draw.random() < 0.05, draw.choices((1, 2, 3), (1, 8, 1))[0]
        count = min(1 + int(draw.expovariate(0.7)), 6)
        urls = urls or [f"https://e{esp.number}.example/n{number}/{item}" for item in range(1, count + 1)]
        new = NewNotice(
            row=number,
            number=f"HL-{number}",
            esp=f"e{esp.number}",
            esp_domain=f"e{esp.number}.example",
            contact=esp.address,
            sent_at=self.now,
            urls=tuple(urls),
            message_id=f"<hl-{number}@hotline.example>",
            survivor_linked=linked,
            priority=priority,
            subject=f"[HL-{number}] Takedown notice",
            kind=esp.kind,
        )
        self.owner[number % 1_000_000] = number
        one = Truth(number, 0, esp, linked, priority, self.now, ["sent"] * len(urls), urls)
        self.truth[number] = one
        self.arriving.append((new, one))
        one.note(self.now)
        self._answers(one)

    def arrive(self) -> None:
        """Import what was sent since the last step, in one commit."""
        if self.arriving:
            with self.store.write() as conn:
                source = importing.Source("import", "anna", self.now, "esp")
                rows = importing.add_notices(conn, [new for new, _ in self.arriving], source).ids
            for row, (_, one) in zip(rows, self.arriving, strict=True):
                one.row = row
                self.by_row[row] = one
        self.arriving.clear()

    def _answers(self, one: Truth) -> None:
        """Draw what this notice will meet."""
        draw, esp = self.chance, one.esp
        if draw.random() < 0.02:
            self.plan(self.now + draw.uniform(1, 200) * HOUR, lambda: self.pause(one))
        if esp.receipts:
            self.plan(self.now + timedelta(minutes=draw.randint(1, 20)), lambda: self.move(one, "acknowledged"))
        if esp.silent:
            return
        if esp.shy:
            one.shy_answer = True
            return
        self.plan(self._reply_time(one), lambda: self.answer(one))

    def _reply_time(self, one: Truth) -> datetime:
        esp = one.esp
        return self.in_their_hours(esp, self.now + esp.pace * self.chance.uniform(0.3, 3) * HOUR)

    def answer(self, one: Truth) -> None:
        draw, what = self.chance, self.chance.random() * 100
        later = self._reply_time(one)
        if what < 72:
            self.close(one)
        elif what < 80:
            self.move(one, "removed", only=draw.randint(1, len(one.items)))
            self.plan(later, lambda: self.close(one))
        elif what < 85:
            self.promise(one)
            self.plan(later, lambda: self.close(one))
        elif what < 90:
            self.move(one, "info_requested")
            ours = self.now + draw.uniform(1, 60) * HOUR
            self.plan(ours, lambda: self.tell(one))
            self.plan(max(ours, later) + HOUR, lambda: self.close(one))
        elif what < 96:
            self.move(one, "refused" if what < 94 else "not_hosted")
            if draw.random() < 0.5:  # settled by a lead at last
                self.plan(self.now + draw.uniform(20, 900) * HOUR, lambda: self.move(one, "unresolved"))
        elif what < 98:
            self.move(one, "partial")
            self.plan(self.now + draw.uniform(300, 1500) * HOUR, lambda: self.move(one, "unresolved"))
        else:
            self.bounce(one)

    def move(self, one: Truth, status: str, *, only: int = 0) -> None:
        """The ESP (or a lead) says something of all open items, or of one."""
        for position, old in enumerate(one.items, 1):
            if old in CLOSED or old == status or (only and position != only):
                continue
            if old not in _FROM.get(status, {old}):
                continue
            one.items[position - 1] = status
            change = Change(Action.STATUS, notice=f"HL-{one.number}", position=position, old=old, new=status)
            self._change(one, replace(change, evidence=Evidence.VERIFIED))

    def _change(self, one: Truth, change: Change) -> None:
        self.changes.append(change)
        self.touched.add(one.row)

    def close(self, one: Truth) -> None:
        self.move(one, "removed")
        if self.chance.random() < 0.02:
            again = self.now + self.chance.uniform(7, 42) * timedelta(days=1)
            if again < START + timedelta(days=self.days - 3):
                number = 1_000_000 + one.number
                self.plan(again, lambda: self.send(number, one.esp, one.urls) if number not in self.truth else None)

    def promise(self, one: Truth) -> None:
        self.move(one, "in_progress")
        until = self.now + 48 * HOUR
        if one.paused_until is None or one.paused_until < until:  # a longer pause of a person stands
            one.paused_until, one.paused_by = until, "rule"
        self._change(one, Change(Action.PAUSE, notice=f"HL-{one.number}", new=str(48 * 3600), rule="promise"))

    def pause(self, one: Truth) -> None:
        until = self.now + self.chance.randint(24, 120) * HOUR
        with self.store.write() as conn:
            clocks.pause(conn, one.row, until, "anna", "asked for", self.now)
        one.paused_until, one.paused_by = until, "anna"
        one.note(self.now)

    def tell(self, one: Truth) -> None:
        """We answered what they asked."""
        self.flush()
        with self.store.write() as conn:
            notices.advance(conn, [one.row], Event.ANSWERED, self.now, "anna")
        one.items = ["acknowledged" if item == "info_requested" else item for item in one.items]
        one.note(self.now)

    def bounce(self, one: Truth) -> None:
        esp = one.esp
        if esp.bounced:
            return
        if esp.turns and self.now - esp.turns[-1] < _SOUND:
            self.close(one)
            return
        self._health(esp, "hard")
        self.move(one, "undeliverable")
        self._change(one, Change(Action.HOLD, notice=f"HL-{one.number}", new="undeliverable"))
        self.plan(self.now + self.chance.uniform(48, 240) * HOUR, lambda: self.repair(one))

    def repair(self, one: Truth) -> None:
        self.flush()
        self._health(one.esp, "ok")
        with self.store.write() as conn:
            notices.advance(conn, [one.row], Event.SENT, self.now, "anna")
        one.items = ["sent" if item == "undeliverable" else item for item in one.items]
        one.note(self.now)
        self.plan(self._reply_time(one), lambda: self.close(one))

    def _health(self, esp: Esp, word: str) -> None:
        esp.turns.append(self.now)
        with self.store.write() as conn:
            esps.set_health(conn, esp.address, word, 0, Entry(self.now, "daemon", "contact"))

    def flush(self) -> None:
        """Record what was said since the last step, as one set of answers."""
        if self.changes:
            with self.store.write() as conn:
                why = moves.Because(self.now, "rules")
                found = moves.Moves(conn, self.now, standing.load(conn, self.touched))
                rows = {
                    (item.notice, item.position): item.takedown
                    for some in found.standing.items.values()
                    for item in some
                }
                found.apply(
                    [
                        replace(one, takedown=rows[one.notice, one.position]) if one.position else one
                        for one in self.changes
                    ],
                    why,
                )
                found.flush()
                journal.append(conn, found.entries)
            for row in self.touched:
                self.by_row[row].note(self.now)
        self.changes, self.touched = [], set()

    # -- the daemon

    def run(self, audit: Callable[[Year], None] = lambda _year: None, patience: float = 6 * 3600) -> None:
        """Run the clock to the end of the year; at most ``patience`` seconds of CPU time are spent on it."""
        until = time.process_time() + patience
        post = Post(
            self.store,
            {"esp": Way(_Out(self.take), "notices@hotline.example")},
            self._compose,
            _Clock(self),
            Fuses(per_hour=2000, per_address_per_day=40),
            "year",
        )
        end, next_audit = START + timedelta(days=self.days), START + timedelta(days=31)
        next_week = START
        while self.now < end:
            self.now = self.now + STEP if self.each_step else self._next_step()
            while self.agenda and self.agenda[0][0] <= self.now:
                heappop(self.agenda)[2]()
            self.arrive()
            self.flush()
            self.turn()
            if not self.is_down:
                followups.tick(self.store, DESK, self.clock())
                post.send_due()
                self.approve()
            if self.now >= next_week:
                next_week += timedelta(days=7)
                self.say(self)
                if time.process_time() > until:
                    raise TimeoutError(f"the year was not over by {self.now:%Y-%m-%d}, {len(self.left)} letters")
            if self.now >= next_audit:
                audit(self)
                next_audit += timedelta(days=31)

    @property
    def is_down(self) -> bool:
        return any(begin <= self.now < end for begin, end in DOWN)

    def _next_step(self) -> datetime:
        """The next step at which anything can happen; the ticks between find nothing to do."""
        with self.store.read() as conn:
            due = conn.execute(select(func.min(tables.notices.c.next_due_at))).scalar_one()
            post = outbox.in_state(conn, "queued")
            held = bool(outbox.in_state(conn, "held", 1))
        times = [self.agenda[0][0]] if self.agenda else []
        if not self.is_down:
            times += [max(row.due_at, row.next_try_at or row.due_at) for row in post]
            times += [due] if due else []
        odd = (STOPPED, AHEAD, BEHIND)
        times += [at for span in (*odd, *DOWN) for at in span if at > self.now]
        times += [self.now + HOUR] if held else []
        soonest = max(min(times, default=self.now + DAY) - self.now, STEP)
        if any(begin <= self.now < end for begin, end in odd):
            soonest = STEP
        return self.now + -(min(soonest, DAY) // -STEP) * STEP

    def turn(self) -> None:
        """What goes wrong with clocks and switches."""
        self.skew = timedelta(0)
        if AHEAD[0] <= self.now < AHEAD[1]:
            self.skew = 2 * HOUR
        if BEHIND[0] <= self.now < BEHIND[1]:
            self.skew = -2 * HOUR
        for at, act in zip(STOPPED, (state.pause, state.resume), strict=True):
            if at <= self.now < at + STEP:
                with self.store.write() as conn:
                    act(conn, "sending", *(["a test"] if act is state.pause else []), self.now, "anna")  # type: ignore[operator]

    def clock(self) -> datetime:
        return self.now + self.skew

    def _compose(self, conn: Any, row: Any, at: datetime) -> Ready:
        found = ready(conn, row, DESK, at)
        if isinstance(found, Composed):
            to_others = row.context["to"] in ("upstream", "authority")
            self.texts[row.message_id] = (row.id, found.body, row.survivor_linked, to_others)
        return found

    def take(self, envelope: Envelope) -> Sending:
        """The mail server's end of a letter."""
        if self.chance.random() < 0.01:
            return Sending(Result.DEFERRED, "451 4.7.1")
        row, body, linked, to_others = self.texts.pop(envelope.message_id)
        named = frozenset((self.owner[int(number)], int(item)) for number, item in _NAMED.findall(body))
        about = self.truth[next(iter(named))[0]].esp.number if to_others else None
        self.left.append(Left(self.now, row, envelope.recipients[0].lower(), envelope.message_id, linked, named, about))
        for number in {number for number, _ in named}:
            self._reminded(self.truth[number], envelope.recipients[0].lower())
        if self.chance.random() < 0.001:
            return Sending(Result.UNKNOWN)
        return Sending(Result.SENT, "250 2.0.0")

    def _reminded(self, one: Truth, to: str) -> None:
        one.letters += to == one.esp.address
        if one.shy_answer and one.letters == 2:
            one.shy_answer = False
            self.plan(self._reply_time(one), lambda: self.answer(one))

    def approve(self) -> None:
        """A person looks at the letters that wait, in our working hours, now and then."""
        local = self.now.astimezone(ZoneInfo("Europe/Oslo"))
        if local.weekday() > 4 or local.hour not in (9, 13) or self.now - self._approved < 2 * HOUR:
            return
        self._approved = self.now
        with self.store.write() as conn:
            for row in outbox.in_state(conn, "held", 100_000):
                if self.now - row.created_at < self.chance.uniform(1, 50) * HOUR or row.id % 10 in (7, 8):
                    continue
                act = approval.drop if row.id % 10 == 9 else approval.approve
                act(conn, row.id, self.now, "anna")
                self.told["dropped" if row.id % 10 == 9 else "approved"] += 1


_SOUND = timedelta(days=60)  # how long a mailbox that was mended works
_FROM = {  # from which statuses each follows
    "acknowledged": {"sent"},
    "in_progress": {"sent", "acknowledged", "info_requested"},
    "undeliverable": {"sent", "acknowledged", "in_progress", "info_requested"},
}
_NAMED = re.compile(r"hxxps://e\d+\[\.\]example/n(\d+)/(\d+)")


@dataclass(frozen=True, slots=True)
class _Clock:
    """What the daemon takes for the time."""

    year: Year

    def now(self) -> datetime:
        return self.year.clock()

    def monotonic(self) -> float:
        return self.year.now.timestamp()


@dataclass(frozen=True, slots=True)
class _Out:
    """A way out that hands letters to the model."""

    send: Callable[[Envelope], Sending]

    def close(self) -> None:
        pass


def letters_by(left: list[Left], key: Callable[[Left], Hashable]) -> dict[Hashable, list[Left]]:
    found: defaultdict[Hashable, list[Left]] = defaultdict(list)
    for one in left:
        found[key(one)].append(one)
    return found
