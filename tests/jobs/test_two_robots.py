"""Our letters and a robot that answers everything at once: one letter for each allowed slot, no loop, nothing closed.

A week run forward, through a mailbox, the shipped rules and the real jobs.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from daemon.app.wiring import Judge
from daemon.decide.policy import Policy
from daemon.jobs import followups
from daemon.jobs.filing import file_waiting
from daemon.jobs.folders import Folders
from daemon.jobs.intake import Intake, Watch
from daemon.jobs.letters import ready
from daemon.jobs.outbox import Fuses, Post, Way
from daemon.mailer import Envelope, Result, Sending
from daemon.notices.table import NewNotice
from daemon.store import Settings, Store, importing, open_store, overview, state, tables
from tests import databases
from tests.core.rulebook import shipped
from tests.counts import PROVE, count
from tests.jobs.letterhouse import DESK, MONDAY
from tests.memory import FakeClock, MemoryMailbox, Power, Server

OSLO = ZoneInfo("Europe/Oslo")
POLICY = Policy(r"HL-\d+", "mx.hotline.example", our_addresses=frozenset({"notices@hotline.example"}), secret=DESK.key)
WATCH = Watch(folders=Folders().all, junk="Junk")
SAYS = {
    "receipt": "Thank you, we have received your report. Your ticket number is {ticket}.",
    "review": "Your report is under review. Reference: {ticket}.",
    "question": "Could you please send us the full URL and a screenshot? Ticket {ticket}.",
    "away": "I am out of the office and will be back next month.",
    "nothing": "Dear sender, this is {ticket}.",
}


@dataclass
class Robot:
    """The other side: whatever arrives is answered within the same minute."""

    says: str
    honest: bool  # says Auto-Submitted (RFC 3834)
    quotes: bool
    server: Server
    clock: FakeClock
    got: list[tuple[datetime, EmailMessage]] = field(default_factory=list)

    def send(self, envelope: Envelope) -> Sending:
        letter = email.message_from_bytes(envelope.raw, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        if envelope.recipients[0] != "abuse@host.example":
            return Sending(Result.SENT, "250 2.0.0")  # to a lead of ours
        self.got.append((self.clock.at, letter))
        self.server.deliver(self._answer(letter), self.clock.at)
        return Sending(Result.SENT, "250 2.0.0")

    def _answer(self, letter: EmailMessage) -> bytes:
        number, back = len(self.got), EmailMessage()
        back["Authentication-Results"] = (
            "mx.hotline.example; dkim=pass header.d=host.example; dmarc=pass header.from=host.example"
        )
        back["From"], back["To"] = "Abuse desk <abuse@host.example>", "notices@hotline.example"
        back["Subject"] = f"Re: {letter['subject']} [Ticket#{7000 + number}]"
        back["Message-ID"], back["Date"] = f"<robot-{number}@host.example>", self.clock.at
        back["In-Reply-To"] = back["References"] = str(letter["message-id"])
        if self.honest:
            back["Auto-Submitted"] = "auto-replied"
        text = SAYS[self.says].format(ticket=7000 + number)
        body = letter.get_body(("plain",))
        assert body is not None
        if self.quotes:
            quoted = "\n".join(f"> {line}" for line in body.get_content().splitlines())
            text = f"{text}\n\nOn Monday the hotline wrote:\n{quoted}\n"
        back.set_content(text)
        return back.as_bytes()

    def close(self) -> None:
        pass


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def store() -> Iterator[Store]:
    with databases.fresh("sqlite") as url:
        found = open_store(Settings(url))
        yield found
        found.close()


def week(store: Store, robot: Robot, server: Server, clock: FakeClock, hours: int = 1, days: int = 7) -> None:
    """Seven notices of different ages, one of them survivor-linked; then days, in steps of some hours."""
    with store.write() as conn:
        state.set_mode(conn, "live", clock.at, "anna")
        new = [_notice(number, clock.at - timedelta(hours=number)) for number in range(1, 8)]
        importing.add_notices(conn, new, importing.Source("import", "anna", clock.at, "esp"))
    box = MemoryMailbox(server, "esp", Power())
    intake = Intake(store, Judge(shipped(), POLICY), Folders(), clock)
    post = Post(
        store,
        {"esp": Way(robot, "notices@hotline.example")},
        lambda conn, row, now: ready(conn, row, DESK, now),
        clock,
        Fuses(),
        "me",
    )
    intake.begin()
    for _ in range(0, days * 24, hours):
        clock.advance(hours=hours)
        for _ in range(5):  # the answer to what has just left is read before the next hour
            intake.walk(box, WATCH)
            followups.tick(store, DESK, clock.now())
            if not post.send_due().sent:
                break
        file_waiting(store, box, clock)


def _notice(number: int, sent_at: datetime) -> NewNotice:
    return NewNotice(
        row=number,
        number=f"HL-{number}",
        esp="host",
        esp_domain="host.example",
        contact="abuse@host.example",
        sent_at=sent_at,
        urls=(f"https://host.example/{number}/1", f"https://host.example/{number}/2"),
        message_id=f"<hl-{number}@hotline.example>",
        survivor_linked=number == 7,
        subject=f"[HL-{number}] Takedown notice",
    )


FEW = [("receipt", True, True), ("receipt", False, True), ("question", False, False), ("nothing", False, True)]
ALL = list(product(SAYS, (True, False), (True, False)))


@pytest.mark.parametrize(("says", "honest", "quotes"), ALL if PROVE else FEW)
def test_two_robots_exchange_one_letter_for_each_slot(
    store: Store, server: Server, says: str, honest: bool, quotes: bool
) -> None:
    clock = FakeClock(MONDAY)
    robot = Robot(says, honest, quotes, server, clock)
    week(store, robot, server, clock, count(test=3, prove=1))
    linked = [at for at, letter in robot.got if "HL-7" in str(letter["subject"])]
    grouped = [at.astimezone(OSLO).date() for at, letter in robot.got if "HL-7" not in str(letter["subject"])]
    assert len(grouped) == len(set(grouped)) <= 5  # one a working day
    assert all(after - before >= timedelta(hours=11) for before, after in pairwise(linked))
    assert robot.got
    with store.read() as conn:
        assert overview.figures(conn, clock.at)["closed"] == 0
        mails = conn.execute(select(func.count()).select_from(tables.messages)).scalar_one()
        theirs = select(func.count()).where(tables.outbox.c.to_address == "abuse@host.example")
        letters = conn.execute(theirs).scalar_one()
    assert mails == letters == len(robot.got)  # each answer is on record, and caused no letter


def test_without_the_caps_the_same_robot_would_be_written_to_again_and_again(store: Store, server: Server) -> None:
    """The test above can fail: what holds the letters back are the slots, not the robot."""
    clock = FakeClock(MONDAY)
    robot = Robot("receipt", False, False, server, clock)
    caps = replace(DESK.rules.caps, grouped_a_day=100, survivor_gap=timedelta(0))
    loose = replace(DESK, rules=replace(DESK.rules, caps=caps))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.jobs.test_two_robots.DESK", loose)
        week(store, robot, server, clock, days=2)
    days = [at.astimezone(OSLO).date() for at, letter in robot.got if "HL-7" not in str(letter["subject"])]
    assert len(days) > len(set(days))
