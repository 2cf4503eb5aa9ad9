"""The power is cut at every crossing: no mail lost, none with two effects, no letter twice, closed stays closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import time, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from daemon.followups.calendar import WorkingTime
from daemon.followups.plan import Rules
from daemon.jobs import followups, letters
from daemon.jobs import review as review_job
from daemon.jobs.filing import file_waiting
from daemon.jobs.folders import Folders, tag
from daemon.jobs.intake import Intake, Watch
from daemon.jobs.letters import Desk, Sender
from daemon.jobs.outbox import Fuses, Post, Way
from daemon.mailer import Result, Sending
from daemon.message.parse import parse
from daemon.store import journal, messages, outbox, reviews, standing, state, tables
from tests import databases
from tests.counts import count
from tests.jobs.house import PlainJudge, import_notices, mail, notice
from tests.memory import FakeClock, MemoryMailbox, MemoryMailer, Power, PowerCut, Server, cut_store

FOLDERS = Folders()
WATCH = Watch(folders=FOLDERS.all, junk="Junk")
WATCHED = ("INBOX", *FOLDERS.all, "Junk")
ELSEWHERE = "Private"  # a folder that nobody watches
DESK = Desk(
    {"main": Sender("notices@hotline.example")},
    b"k" * 32,
    Rules(working=WorkingTime("UTC", frozenset(range(7)), time(0), time.min)),
)
NOTICES, URLS = 4, 3
CUTS = st.one_of(
    st.none(),
    st.tuples(st.sampled_from(["", "before a statement"]), st.integers(1, 60)),
    st.tuples(st.sampled_from(["before commit", "after commit", "after a move", "after send"]), st.integers(1, 3)),
)
Cut = tuple[str, int] | None  # at which crossing of which name the power goes
WORDS = st.sampled_from(
    [
        "removed",
        "removed 1",
        "removed 2 3",
        "already_gone 1",
        "pending",
        "refused",
        "info_needed 2",
        "partial 3",
        "ack",
        "ack ticket T1",
        "removed unclear",
        "bounce abuse1@esp.example",
    ]
)

TAGS = st.sets(st.sampled_from([tag("removed"), tag("refused"), tag("review"), "urgent"]), max_size=2)
KINDS = st.sampled_from(
    ["reply", "reply", "reply", "copy", "copy", "other box", "twin", "no id", "about ticket T1", "bug", "crash"]
)


class PowerMachine(RuleBasedStateMachine):
    """Mail arrives, is copied and moved by people; the daemon walks, files, reminds, sends, and dies at any moment."""

    kind: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.power, self.clock = Power(), FakeClock()
        self.servers = {"main": Server(), "second": Server()}
        self.mailer = MemoryMailer(self.power)
        self.store = cut_store(self.stack.enter_context(databases.fresh(self.kind)), self.power)
        self.delivered: list[tuple[str, bytes]] = []  # (mailbox, mail) as often as it was delivered
        self.number = self.tags_given = 0
        self.closed: dict[int, tuple[str, Any]] = {}

    @initialize(tells_place=st.booleans())
    def begin(self, tells_place: bool) -> None:
        self.tells_place = tells_place
        sent_at = self.clock.at - timedelta(hours=30)  # a reminder is due at once, to each ESP its own
        new = [notice(number, URLS, sent_at=sent_at, esp=f"Esp {number}") for number in range(1, NOTICES + 1)]
        import_notices(self.store, [replace(one, contact=f"abuse{one.row}@esp.example") for one in new])
        with self.store.write() as conn:
            state.set_mode(conn, "live", self.clock.at, "anna")
        self._run(lambda: None, None)

    # -- the house

    def _boot(self) -> None:
        """A new process: nothing of the old one's memory is left."""
        self.boxes = {
            name: MemoryMailbox(server, name, self.power, tells_place=self.tells_place)
            for name, server in self.servers.items()
        }
        self.intake = Intake(self.store, PlainJudge(), FOLDERS, self.clock)
        ways = {"main": Way(self.mailer, "notices@hotline.example")}

        def compose(conn: Any, row: Any, now: Any) -> Any:
            return letters.compose(conn, row, DESK, now)

        self.post = Post(self.store, ways, compose, self.clock, Fuses(), "me")
        self.intake.begin()
        self.post.begin(self.boxes.values())

    def _run(self, work: Callable[[], object], cut: Cut) -> None:
        """Do ``work``; if the power goes, start again, as often as it takes."""
        if not hasattr(self, "intake"):
            self._boot()
        self.power.only, self.power.after = cut or ("", None)
        try:
            work()
        except PowerCut:
            for _ in range(20):
                self.power.after = None
                try:
                    self._boot()
                    break
                except PowerCut:
                    continue
        self.power.after = None

    # -- the world

    def _deliver(self, raw: bytes, mailbox: str = "main", folder: str = "INBOX") -> None:
        self.servers[mailbox].deliver(raw, self.clock.at, folder)
        self.delivered.append((mailbox, raw))

    @rule(
        batch=st.lists(st.tuples(KINDS, st.integers(1, NOTICES + 1), WORDS, st.integers(0, 50)), min_size=1, max_size=6)
    )
    def mail_arrives(self, batch: list[tuple[str, int, str, int]]) -> None:
        for kind, number, words, earlier in batch:
            self.number += 1
            if kind == "reply" or (kind in {"copy", "other box", "twin"} and not self.delivered):
                self._deliver(mail(f"N-{number} {words}", self.number))
            elif kind == "no id":
                self._deliver(mail(f"N-{number} {words}", self.number, message_id=""))
            elif kind in {"copy", "other box"}:
                raw = self.delivered[earlier % len(self.delivered)][1]
                self._deliver(raw, "main" if kind == "copy" else "second")
            elif kind == "twin":
                raw = self.delivered[earlier % len(self.delivered)][1]
                own_id = raw.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()
                self._deliver(mail(f"N-{number} {words}", self.number, message_id=own_id))
            else:
                self._deliver(mail(kind, self.number))

    @rule(folder=st.sampled_from(["Junk", "Noticed/Other"]), words=WORDS)
    def a_server_rule_files_a_reply(self, folder: str, words: str) -> None:
        self.number += 1
        self._deliver(mail(f"N-3 {words}", self.number), folder=folder)

    @precondition(lambda self: self.delivered)
    @rule(data=st.data(), into=st.sampled_from(["INBOX", "Noticed/Removed", "Junk", ELSEWHERE]))
    def a_person_moves_a_mail(self, data: st.DataObject, into: str) -> None:
        server = self.servers["main"]
        lying = [(folder, uid) for folder, uid, _ in server.everywhere() if folder != into]
        if lying:
            folder, uid = data.draw(st.sampled_from(lying))
            server.move(folder, uid, into)

    @precondition(lambda self: self.delivered)
    @rule(data=st.data(), add=TAGS, remove=TAGS)
    def a_person_tags_a_mail(self, data: st.DataObject, add: set[str], remove: set[str]) -> None:
        server = self.servers["main"]
        lying = [(folder, uid) for folder, uid, _ in server.everywhere()]
        if lying:
            folder, uid = data.draw(st.sampled_from(lying))
            server.tag(folder, uid, add, remove)
            self.tags_given += len(add)

    @rule(folder=st.sampled_from(["INBOX", "Noticed/Removed"]))
    def the_server_renumbers_a_folder(self, folder: str) -> None:
        if folder in self.servers["main"].folders:
            self.servers["main"].renumber(folder)

    @rule(answer=st.sampled_from([Result.UNKNOWN, Result.DEFERRED, Result.REFUSED]))
    def the_next_letter_fares_badly(self, answer: Result) -> None:
        self.mailer.answers = [Sending(answer, "4xx")]

    # -- the daemon

    @rule(cut=CUTS)
    def the_daemon_reads_and_files(self, cut: Cut) -> None:
        def work() -> None:
            for box in self.boxes.values():
                self.intake.walk(box, WATCH)
                file_waiting(self.store, box, self.clock)

        self._run(work, cut)

    @rule(hours=st.sampled_from([1, 25, 80]), cut=CUTS)
    def the_daemon_reminds(self, hours: int, cut: Cut) -> None:
        def work() -> None:
            followups.tick(self.store, DESK, self.clock.now())
            self.post.send_due()

        self.clock.advance(hours=hours)
        self._run(work, cut)

    @rule(mailbox=st.sampled_from(["main", "second"]), cut=CUTS)
    def the_daemon_files(self, mailbox: str, cut: Cut) -> None:
        self._run(lambda: file_waiting(self.store, self.boxes[mailbox], self.clock), cut)

    @rule(cut=CUTS)
    def the_daemon_sends(self, cut: Cut) -> None:
        self._run(lambda: self.post.send_due(), cut)

    @rule(cut=CUTS)
    def the_daemon_starts(self, cut: Cut) -> None:
        self._run(self._boot, cut)

    @rule(cut=CUTS)
    def a_person_accepts_a_proposal(self, cut: Cut) -> None:
        def accept() -> None:
            with self.store.write() as conn:
                item = next((one for one in reviews.listed(conn, kind="review") if one.proposal), None)
                if item is not None:
                    review_job.accept(conn, item.id, self.clock.now(), "anna")

        self._run(accept, cut)

    # -- what always holds

    @invariant()
    def every_mail_is_on_the_server_as_often_as_it_came(self) -> None:
        for name, server in self.servers.items():
            lying = Counter(message.raw for _, _, message in server.everywhere())
            assert lying == Counter(raw for mailbox, raw in self.delivered if mailbox == name)

    @invariant()
    def the_ledger_is_whole(self) -> None:
        if not hasattr(self, "intake"):
            return
        with self.store.read() as conn:
            self._one_effect_each(conn)
            self._closed_stays_closed(conn)
            self._statuses_follow_the_journal(conn)
            self._no_letter_twice(conn)
            self._filed_is_recorded(conn)
            self._our_tags_are_nobodys_decision(conn)
            assert journal.verify(conn) is None

    def _one_effect_each(self, conn: Any) -> None:
        """A message is recorded once and decided once, and once more for each time a person moved it back."""
        pairs = [(row.message_id, row.fingerprint) for row in conn.execute(select(tables.messages))]
        assert len(pairs) == len(set(pairs))
        moved_back = tables.journal.c.action == "moved_back"
        query = select(tables.journal.c.message_ref).where(
            tables.journal.c.action.in_(["decided", "judged", "recorded", "set_aside"])
        )
        back = Counter(conn.execute(select(tables.journal.c.message_ref).where(moved_back)).scalars())
        first = Counter(conn.execute(query).scalars())
        assert all(times == 1 + back[ref] for ref, times in first.items())
        assert len(first) == len(pairs)
        decided = Counter(conn.execute(select(tables.decisions.c.message_ref)).scalars())
        assert all(times <= 1 + back[ref] for ref, times in decided.items())

    def _closed_stays_closed(self, conn: Any) -> None:
        now = {row.id: row for row in conn.execute(select(tables.takedowns))}
        for takedown, (status, at) in self.closed.items():
            assert (now[takedown].status, now[takedown].closed_at) == (status, at)
            assert not now[takedown].is_open
        self.closed.update({row.id: (row.status, row.closed_at) for row in now.values() if not row.is_open})

    def _statuses_follow_the_journal(self, conn: Any) -> None:
        """Each takedown's rows in the journal lead without a gap from ``sent`` to where it stands."""
        stands = dict.fromkeys(conn.execute(select(tables.takedowns.c.id)).scalars(), "sent")
        query = select(tables.journal).where(tables.journal.c.action == "status").order_by(tables.journal.c.id)
        for row in conn.execute(query):
            assert stands[row.takedown_id] == row.old
            stands[row.takedown_id] = row.new
        assert stands == {row.id: row.status for row in conn.execute(select(tables.takedowns))}
        ids = conn.execute(select(tables.notices.c.id)).scalars().all()
        assert all(new == stored for new, stored, _ in standing.derived(conn, ids, self.clock.now()).values())

    def _no_letter_twice(self, conn: Any) -> None:
        left = [envelope.message_id for envelope in self.mailer.left]
        assert len(left) == len(set(left))
        rows = {row.message_id: row for row in conn.execute(select(tables.outbox))}
        assert all(rows[one].state in {"sending", "sent", "unknown"} for one in left)
        assert {one for one, row in rows.items() if row.state == "sent"} <= set(left)
        by_id = {envelope.message_id: envelope.raw for envelope in self.mailer.left}
        assert all(rows[one].raw == raw for one, raw in by_id.items())

    def _filed_is_recorded(self, conn: Any) -> None:
        """What the daemon moved stands in the ledger with its decision."""
        for box in self.boxes.values():
            for raw in box.moved:
                assert self._is_known(conn, raw)

    def _our_tags_are_nobodys_decision(self, conn: Any) -> None:
        query = select(tables.journal.c.id).where(tables.journal.c.action == "tagged_by_staff")
        assert len(conn.execute(query).all()) <= self.tags_given

    def _is_known(self, conn: Any, raw: bytes) -> bool:
        found = parse(raw)
        wanted = [messages.identity(found.message_id, found.fingerprint), ("", _digest(raw))]
        return bool(messages.known(conn, wanted))

    def teardown(self) -> None:
        try:
            if hasattr(self, "intake"):
                self._come_to_rest()
        finally:
            self.store.close()
            self.stack.close()

    def _come_to_rest(self) -> None:
        """With the power on, everything that waits is dealt with, and then nothing more happens."""
        self.mailer.answers = []
        killers = sum(b"Subject: crash" in raw for _, raw in self.delivered)
        for _ in range(8 + 4 * killers):
            for box in list(self.boxes):
                self._run(lambda box=box: self.intake.walk(self.boxes[box], WATCH), None)
            self.clock.advance(hours=12)
            for box in list(self.boxes):
                self._run(lambda box=box: file_waiting(self.store, self.boxes[box], self.clock), None)
        self._run(lambda: self.post.send_due(), None)
        self.the_ledger_is_whole()
        with self.store.read() as conn:
            assert not conn.execute(select(tables.strays)).all()
            for server in self.servers.values():
                for folder, _, message in server.everywhere():
                    assert folder == ELSEWHERE or self._is_known(conn, message.raw)
            waiting = outbox.counts(conn)
            assert "sending" not in waiting
        self.every_mail_is_on_the_server_as_often_as_it_came()


def _digest(raw: bytes) -> str:
    import hashlib

    return hashlib.sha256(raw).hexdigest()


class OnSqlite(PowerMachine):
    kind = "sqlite"


class OnPostgresql(PowerMachine):
    kind = "postgresql"


_COMMON = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": False,
    "database": None,
    "phases": (Phase.generate,),  # thirty steps are read sooner than they are shrunk
}
TestPowerOnSqlite = OnSqlite.TestCase
TestPowerOnSqlite.settings = settings(max_examples=count(30, 2000), stateful_step_count=20, **_COMMON)  # type: ignore[arg-type]
TestPowerOnPostgresql = pytest.mark.postgres(OnPostgresql.TestCase)
TestPowerOnPostgresql.settings = settings(max_examples=count(8, 500), stateful_step_count=20, **_COMMON)  # type: ignore[arg-type]
