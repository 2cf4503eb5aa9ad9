"""The real command on a real Dovecot and a real SMTP server, killed at random while mail arrives."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.counts import count
from tests.servers import dovecot
from tests.servers.dovecot import Dovecot
from tests.servers.imap_account import OtherProgram
from tests.servers.relay import Relay
from tests.servers.smtp_sink import SmtpSink
from tests.system.installation import Installation, answer, notice

KILLS = count(test=6, prove=500)
MAILS = count(test=40, prove=2000)
SILENT = count(test=12, prove=300)  # notices that nobody answers: a reminder is due for each
ROUNDS = 40  # to settle in, after the last kill
QUICK = 12  # of them at once; then each after a pause, as a mail whose filing was refused is filed a minute later
PAUSE = 3.0  # seconds
T = TypeVar("T")
MOMENTS = ("any time", "UID FETCH", "UID MOVE", "after UID MOVE", "MAIL", "dot")


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    server = Dovecot()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    sink = SmtpSink().start()
    yield sink
    sink.stop()


@pytest.fixture
def relay(server: Dovecot) -> Iterator[Relay]:
    relay = Relay(server.port)
    yield relay
    relay.close()


class Killer:
    """Starts the command and kills it at a moment: a time, an IMAP command seen, or a step of a letter's delivery."""

    def __init__(self, house: Installation, relay: Relay, sink: SmtpSink, chance: random.Random) -> None:
        self.house, self.relay, self.sink, self.chance = house, relay, sink, chance
        began = time.monotonic()
        house.run("once")
        self.round_seconds = time.monotonic() - began
        self.died: Counter[str] = Counter()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, moment: str) -> None:
        passes = self.chance.randrange(3)  # how often the moment is let pass first
        self._seen = 0

        def now(seen: bool) -> bool:
            self._seen += seen
            if seen and self._seen > passes and self.process and self.process.poll() is None:
                self.process.send_signal(signal.SIGKILL)
                self.died[moment] += 1
                return True
            return False

        word = moment.removeprefix("after ").encode()
        self.relay.cut_before = (lambda line: now(word in line)) if moment.startswith("UID") else None
        self.relay.cut_after = (lambda line: now(word in line)) if moment.startswith("after") else None
        self.sink.fault = lambda step: now(step == moment) * ""  # the sink itself always answers well
        by_mail = moment not in ("MAIL", "dot")
        self.process = self.house.start(self.chance.choice(["run", "once"]) if by_mail else "once")

    def end(self, moment: str) -> None:
        assert self.process
        early = self.chance.uniform(0.1, 1.2) if moment == "any time" else 2.0
        try:
            self.process.wait(early * self.round_seconds)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
            self.died["any time"] += 1
        self.process.wait()
        self.relay.cut_before = self.relay.cut_after = None
        self.sink.fault = lambda step: ""


@pytest.mark.dovecot
@pytest.mark.system
def test_killed_at_random_nothing_is_lost_and_nothing_happens_twice(
    server: Dovecot, sink: SmtpSink, relay: Relay, tmp_path: Path
) -> None:
    user = server.new_user()
    house = Installation.make(tmp_path, imap_port=relay.port, user=user, password=dovecot.PASSWORD, smtp_port=sink.port)
    house.import_notices([notice(index, hours_ago=2) for index in range(1, MAILS + 1)])
    house.run("live", "--yes")
    other = OtherProgram(server.port, user, dovecot.PASSWORD)
    chance = random.Random(20261012)
    killer = Killer(house, relay, sink, chance)

    mails = [answer(index) for index in range(1, MAILS + 1)]
    silent = [notice(index, hours_ago=30) for index in range(MAILS + 1, MAILS + SILENT + 1)]
    for left in range(KILLS, 0, -1):
        moment = MOMENTS[-left % len(MOMENTS)]
        if moment in ("MAIL", "dot") and silent:
            house.import_notices(taken(silent, -(-left * 2 // len(MOMENTS))))
        arriving = taken(mails, left)
        other.deliver(*arriving[::2])
        killer.start(moment)
        other.deliver(*arriving[1::2])
        killer.end(moment)
    for turn in range(ROUNDS):
        house.run("once")
        if settled(house):
            break
        time.sleep(PAUSE if turn >= QUICK else 0)

    assert killer.died.total() >= KILLS // 2
    assert_filed_once(other, house)
    assert_moved_once(house)
    assert_sent_at_most_once(sink, house)
    house.run("audit", "verify")


def taken(pile: list[T], left: int) -> list[T]:
    """Take an even share of what is left for ``left`` turns."""
    share = len(pile) if left <= 1 else -(-len(pile) // left)
    return [pile.pop() for _ in range(share)]


def settled(house: Installation) -> bool:
    [(open_wishes,)] = house.rows("SELECT count(*) FROM wishes WHERE state = 'open'")
    [(letters,)] = house.rows("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')")
    [(messages,)] = house.rows("SELECT count(*) FROM messages")
    return (open_wishes, letters, messages) == (0, 0, MAILS)


def assert_filed_once(other: OtherProgram, house: Installation) -> None:
    expected = sorted(f"<answer{index}@esp{index}.example>" for index in range(1, MAILS + 1))
    folders = [str(row[0]) for row in house.rows("SELECT DISTINCT folder FROM wishes") if row[0]]
    lying = {folder: other.message_ids(folder) for folder in folders}
    assert other.message_ids("INBOX") == [], left_lying(house)
    assert sorted(one for ids in lying.values() for one in ids) == expected
    assert house.rows("SELECT state, count(*) FROM wishes GROUP BY state") == [("done", MAILS)]


def left_lying(house: Installation) -> str:
    """What became of the mails that were not filed: how each is known, and its wish."""
    rows = house.rows(
        "SELECT m.kind, m.category, m.state, w.folder, w.state, w.attempts, count(*) FROM messages m "
        "LEFT JOIN wishes w ON w.message_ref = m.id WHERE w.state IS NULL OR w.state <> 'done' OR w.folder = '' "
        "GROUP BY 1, 2, 3, 4, 5, 6"
    )
    return f"{rows}"


def assert_moved_once(house: Installation) -> None:
    """Each answered URL is closed, by exactly one journal row, and no other is."""
    closed = {row[0] for row in house.rows("SELECT id FROM takedowns WHERE is_open = 0")}
    moves = Counter(
        row[0]
        for row in house.rows(
            "SELECT takedown_id FROM journal WHERE takedown_id IS NOT NULL AND message_ref IS NOT NULL AND old <> new"
        )
    )
    assert len(closed) == MAILS
    assert dict(moves) == dict.fromkeys(closed, 1)


def assert_sent_at_most_once(sink: SmtpSink, house: Installation) -> None:
    """No letter left twice; each is known to have left, or it is said that nobody knows."""
    left = Counter(letter.rcpt_tos[0] for letter in sink.letters)
    assert set(left.values()) == {1}
    states = Counter(str(row[0]) for row in house.rows("SELECT state FROM outbox"))
    assert states.total() == SILENT
    assert set(states) <= {"sent", "unknown"}
    assert states["sent"] <= len(left) <= SILENT
