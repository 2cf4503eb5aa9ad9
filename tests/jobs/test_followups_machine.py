"""Whatever happens in whatever order: no rung leaves twice, nothing leaves for what is closed, one letter makes up for many.

Answers, bounces, pauses, closings, recurrences, approvals, mail servers that are away, clocks that jump, weeks of
downtime and power cuts at any crossing, against the real jobs and a real database.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from daemon.errors import TransientError
from daemon.jobs import approval, followups
from daemon.jobs.desk import Composed, Ready
from daemon.jobs.letters import ready
from daemon.jobs.outbox import Fuses, Post, Way
from daemon.mailer import Envelope, Result, Sending
from daemon.notices.table import NewNotice
from daemon.store import clocks, esps, importing, journal, moves, outbox, standing, state
from daemon.store.esps import NewEsp
from tests import databases
from tests.counts import count
from tests.jobs.letterhouse import DESK, MONDAY
from tests.jobs.year import CHASED, CLOSED
from tests.memory import FakeClock, MemoryMailer, Power, PowerCut, cut_store

OSLO = ZoneInfo("Europe/Oslo")
FREE = {(12, 25), (12, 26), (1, 1), (5, 1), (5, 17)}  # the movable feasts of these years are left to the year's test
NUMBERS = st.integers(1, 5)
STATUSES = st.sampled_from(
    ["acknowledged", "in_progress", "info_requested", "partial", "refused", "not_hosted", "removed", "unresolved"]
)
CUTS = st.one_of(
    st.none(),
    st.tuples(st.sampled_from(["", "before a statement"]), st.integers(1, 40)),
    st.tuples(st.sampled_from(["before commit", "after commit", "before send", "after send"]), st.integers(1, 3)),
)
Cut = tuple[str, int] | None
UPSTREAM = "abuse@other.example"  # the contact of one ESP, and the provider above the other


@dataclass
class Known:
    """A notice as the world knows it."""

    row: int
    number: int
    linked: bool
    address: str
    status: str = "sent"
    paused_until: datetime | None = None


class Chasing(RuleBasedStateMachine):
    """Five notices at two addresses, one of them survivor-linked, and everything that may happen to them."""

    kind = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.power, self.clock = Power(), FakeClock(MONDAY)
        self.store = cut_store(self.stack.enter_context(databases.fresh(self.kind)), self.power)
        self.mailer = MemoryMailer(self.power)
        self.known: dict[int, Known] = {}
        self.bounced: set[str] = set()
        self.texts: dict[str, tuple[str, bool]] = {}
        self.seen = 0  # letters that were looked at
        self.grouped: Counter[object] = Counter()
        self.slots: dict[object, list[datetime]] = {}
        self.letters: Counter[int] = Counter()  # by notice
        self.went_back = False

    def teardown(self) -> None:
        self.store.close()
        self.stack.close()

    @initialize(ages=st.lists(st.integers(0, 400), min_size=5, max_size=5))
    def begin(self, ages: list[int]) -> None:
        with self.store.write() as conn:
            state.set_mode(conn, "live", self.clock.at, "anna")
            contacts = (("abuse@host.example", "primary"), ("second@host.example", "second"))
            own = (*contacts, (UPSTREAM, "upstream"))
            esps.ensure(conn, [NewEsp("host", "Host", contacts=own)], self.clock.at, "anna")
        for number, age in enumerate(ages, 1):
            self._send(number, "host" if number < 4 else "other", number == 2, age)
        self._boot()

    def _send(self, number: int, esp: str, linked: bool, age: float = 0, url: str = "") -> None:
        new = NewNotice(
            row=number,
            number=f"HL-{number}",
            esp=esp,
            esp_domain=f"{esp}.example",
            contact=f"abuse@{esp}.example",
            sent_at=self.clock.at - timedelta(hours=age),
            urls=(url or f"https://{esp}.example/n{number}",),
            message_id=f"<hl-{number}@hotline.example>",
            survivor_linked=linked,
            subject=f"[HL-{number}] Takedown notice",
        )
        with self.store.write() as conn:
            source = importing.Source("import", "anna", self.clock.at, "esp")
            (row,) = importing.add_notices(conn, [new], source).ids
        self.known[number] = Known(row, number, linked, f"abuse@{esp}.example")

    # -- the daemon

    def _boot(self) -> None:
        self.post = Post(
            self.store, {"esp": Way(self.mailer, "notices@hotline.example")}, self._compose, self.clock, Fuses(), "me"
        )
        self.post.begin()

    def _compose(self, conn: Any, row: Any, now: datetime) -> Ready:
        found = ready(conn, row, DESK, now)
        if (isinstance(found, Composed) and row.raw is None) or (isinstance(found, Composed) and found.dropped):
            self.texts[row.message_id] = (found.body, row.survivor_linked)
        return found

    def _run(self, work: Callable[[], object], cut: Cut) -> None:
        """Do ``work``; if the power goes, start again, as often as it takes."""
        self.power.only, self.power.after = cut or ("", None)
        try:
            work()
        except PowerCut:
            self.power.after = None
            self._boot()
        self.power.after = None

    @rule(cut=CUTS)
    def a_tick(self, cut: Cut) -> None:
        self._run(lambda: followups.tick(self.store, DESK, self.clock.now()), cut)

    @rule(cut=CUTS)
    def the_post_goes(self, cut: Cut) -> None:
        self._run(self.post.send_due, cut)

    @rule()
    def a_round(self) -> None:
        """Tick and post twice: the second finds nothing new."""
        before = Counter(self.letters)
        for _ in range(2):
            followups.tick(self.store, DESK, self.clock.now())
            self.post.send_due()
        self.look()
        assert all(number - before[one] <= 1 for one, number in self.letters.items())

    @rule()
    def a_restart(self) -> None:
        self._boot()

    # -- time

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.clock.advance(hours=hours)
        self.a_round()

    @rule(weeks=st.integers(1, 8))
    def nothing_runs_for_weeks(self, weeks: int) -> None:
        self.clock.advance(weeks=weeks)
        self.a_round()

    @rule(hours=st.integers(1, 72))
    def the_clock_goes_back(self, hours: int) -> None:
        self.went_back = True
        self.clock.advance(hours=-hours)

    @rule(days=st.integers(1, 900))
    def the_clock_is_ahead_for_a_while(self, days: int) -> None:
        self.went_back = True
        self.clock.advance(days=days)
        self.a_round()
        self.clock.advance(days=-days)

    # -- the world

    @rule(number=NUMBERS, status=STATUSES)
    def an_answer(self, number: int, status: str) -> None:
        one = self.known[number]
        if one.status in CLOSED or status == one.status:
            return
        if status in {"acknowledged", "in_progress"} and one.status not in {"sent", "acknowledged"}:
            return
        with self.store.write() as conn:
            found = moves.Moves(conn, self.clock.at, standing.load(conn, [one.row]))
            item = found.standing.items[f"HL-{one.number}"][0]
            change = moves.Change(moves.Action.STATUS, f"HL-{one.number}", item.takedown, 1, old=one.status, new=status)
            found.apply([change], moves.Because(self.clock.at, "rules"))
            found.flush()
            journal.append(conn, found.entries)
        one.status = status

    @rule(status=STATUSES, days=st.integers(0, 6), pause=st.booleans())
    def an_answer_or_a_pause_overtakes_letters(self, status: str, days: int, pause: bool) -> None:
        """Somebody answers in the minute between the queueing of a letter and its leaving."""
        self.clock.at = DESK.rules.working.day_after(self.clock.at + timedelta(days=days))
        followups.tick(self.store, DESK, self.clock.now())
        with self.store.read() as conn:
            named = {one for row in outbox.in_state(conn, "queued") for one in row.context["notices"]}
        for number in [number for number, one in self.known.items() if one.row in named]:
            if pause:
                self.a_pause(number, 24)
            else:
                self.an_answer(number, status)
        self.post.send_due()

    @rule(address=st.sampled_from(["abuse@host.example", "abuse@other.example"]), bad=st.booleans())
    def an_address_bounces_or_is_mended(self, address: str, bad: bool) -> None:
        with self.store.write() as conn:
            entry = journal.Entry(self.clock.at, "daemon", "contact")
            esps.set_health(conn, address, "hard" if bad else "ok", 0, entry)
        (self.bounced.add if bad else self.bounced.discard)(address)

    @rule(number=NUMBERS, hours=st.integers(1, 96))
    def a_pause(self, number: int, hours: int) -> None:
        one = self.known[number]
        one.paused_until = self.clock.at + timedelta(hours=hours)
        with self.store.write() as conn:
            clocks.pause(conn, one.row, one.paused_until, "anna", "asked for", self.clock.at)

    @rule(number=NUMBERS)
    def a_pause_ends(self, number: int) -> None:
        self.known[number].paused_until = None
        with self.store.write() as conn:
            clocks.release(conn, self.known[number].row, "anna", self.clock.at)

    @rule(number=NUMBERS)
    def a_closed_one_is_up_again(self, number: int) -> None:
        one = self.known[number]
        if one.status in CLOSED and one.number < 100:
            again = number + 100
            self._send(again, one.address[6:-8], one.linked, url=f"https://{one.address[6:]}/n{number}")
            self.known[number] = self.known.pop(again)

    @rule(drop=st.booleans())
    def a_person_decides_about_a_letter(self, drop: bool) -> None:
        with self.store.write() as conn:
            for row in outbox.in_state(conn, "held", 1):
                (approval.drop if drop else approval.approve)(conn, row.id, self.clock.at, "anna")

    @rule(how=st.sampled_from(["451", "away", "lost"]))
    def the_mail_server_fails_once(self, how: str) -> None:
        answers = {
            "451": Sending(Result.DEFERRED, "451"),
            "away": TransientError("away"),
            "lost": Sending(Result.UNKNOWN),
        }
        self.mailer.answers = [answers[how]]

    # -- what must hold

    @invariant()
    def look(self) -> None:
        """Look at every letter that left since the last look."""
        for envelope in self.mailer.left[self.seen :]:
            self._check(envelope)
        self.seen = len(self.mailer.left)
        ids = [one.message_id for one in self.mailer.left]
        assert len(ids) == len(set(ids))

    def _check(self, envelope: Envelope) -> None:
        body, linked = self.texts[envelope.message_id]
        to, now = envelope.recipients[0], self.clock.at
        local = now.astimezone(OSLO)
        assert linked or (local.weekday() < 5 and 8 <= local.hour < 16 and (local.month, local.day) not in FREE)
        named = {int(found) for found in re.findall(r"\bHL-(\d+)\b", body)}
        assert named
        current = {one.number: one for one in self.known.values()}
        for number in named:
            one = current[number]  # never one that was replaced by its next cycle
            assert one.status in CHASED
            assert one.paused_until is None or one.paused_until <= now
            self.letters[number] += 1
        assert to not in self.bounced
        slot = (to, to == UPSTREAM and current[min(named)].address != to)  # asked as a provider, it has another turn
        if not linked:
            self.grouped[slot, local.date()] += 1
            assert self.grouped[slot, local.date()] == 1
            return
        assert self.went_back or all(now - at >= timedelta(hours=11) for at in self.slots.get(slot, ()))
        self.slots.setdefault(slot, []).append(now)  # of survivor-linked letters only: the grouped one has its own

    @invariant()
    def each_letter_has_a_rung_of_its_own(self) -> None:
        self.look()
        with self.store.read() as conn:
            for one in self.known.values():
                rows = [row for row in outbox.rungs_of(conn, one.row) if row.outbox_id is not None]
                left = [row for row in rows if row.outcome == "SENT"]
                open_end = [row for row in rows if row.outcome == "QUEUED"]
                assert len({row.outbox_id for row in rows}) == len(rows)
                assert len(left) <= self.letters[one.number] <= len(left) + len(open_end)


class ChasingOnPostgres(Chasing):
    kind = "postgresql"


SETTINGS = settings(
    max_examples=count(test=12, prove=2_000),
    stateful_step_count=count(test=20, prove=50),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestChasing = Chasing.TestCase
TestChasing.settings = SETTINGS
TestChasingOnPostgres = pytest.mark.postgres(ChasingOnPostgres.TestCase)
TestChasingOnPostgres.settings = settings(SETTINGS, max_examples=count(test=2, prove=300))
