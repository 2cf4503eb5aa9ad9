"""The whole house in memory: a judge that reads a small language, notices, letters, and the walks over them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from daemon.decide.decision import Decision, ItemDecision, Matched, Proof, Standing
from daemon.errors import UnreadError
from daemon.jobs.filing import Filings, file_waiting
from daemon.jobs.folders import Folders
from daemon.jobs.intake import Intake, Watch
from daemon.jobs.letters import Composed, Withdrawn
from daemon.jobs.outbox import Fuses, Post, Posted, Way
from daemon.jobs.recording import Recorded
from daemon.mailbox import Fetched
from daemon.message.message import BounceClass, BouncedRecipient, Kind, Message
from daemon.message.parse import parse
from daemon.notices import keys as key_room
from daemon.notices.keys import Keys
from daemon.notices.match import Known
from daemon.notices.status import Category, Evidence, Outcome
from daemon.notices.table import NewNotice
from daemon.rulefile.meanings import Meaning
from daemon.store import Store, importing, state
from daemon.store.importing import Source
from tests.memory import START, FakeClock, MemoryMailbox, MemoryMailer, Power, PowerCut, Server

PATTERN = key_room.number_pattern(r"N-\d+")
WATCH = Watch(folders=Folders().all, junk="Junk")
_CATEGORY = {
    Outcome.REMOVED: Category.REMOVED,
    Outcome.ALREADY_GONE: Category.ALREADY_GONE,
    Outcome.PENDING: Category.IN_PROGRESS,
    Outcome.REFUSED: Category.REFUSED,
    Outcome.INFO_NEEDED: Category.MORE_INFO_NEEDED,
    Outcome.PARTIAL: Category.IN_PROGRESS,
    Outcome.NOT_HOSTED: Category.NOT_HOSTED_HERE,
}


class PlainJudge:
    """See ``intake.Judge``.  Reads "N-1 removed 1 2" in the subject: a notice, an outcome, item numbers (none: all).

    Other words: "survivor", "ack", "ticket T1", "bounce ADDRESS (soft)", "unclear" (a person must see it), "bug", "crash".
    """

    reads_apart = False

    def __init__(self) -> None:
        self.read_count = 0

    def read(self, fetched: Fetched) -> Message:
        self.read_count += 1
        message = parse(fetched.raw)
        if "crash" in message.subject:
            raise PowerCut("the reader died")
        if "bug" in message.subject:
            raise ValueError("a bug")
        if "endless" in message.subject:
            raise UnreadError("it took too long")
        return message

    def ask(self, message: Message) -> Keys:
        found = re.search(r"ticket (\w+)", message.subject)
        return key_room.keys(message, PATTERN, ticket=found.group(1) if found else None)

    def decide(self, message: Message, known: Known) -> Decision:
        words = message.subject.split()
        number = next((word for word in words if word in known.notices), None)
        if number is None or "survivor" in words:
            return _other(message, known)
        notice = known.notices[number]
        matched = (Matched(number, notice.esp, (Proof.NUMBER_SUBJECT,)),)
        outcome = next((Outcome(word) for word in words if word in set(Outcome)), Outcome.NO_CHANGE)
        named = {int(word) for word in words if word.isdigit()}
        items = tuple(
            ItemDecision(
                number,
                item.position,
                item.url,
                outcome if not named or item.position in named else Outcome.NO_CHANGE,
                closes=outcome in {Outcome.REMOVED, Outcome.ALREADY_GONE} and "unclear" not in words,
                rule="plain",
            )
            for item in notice.items
        )
        return _decision(message, matched, items, outcome, words)


def _decision(
    message: Message, matched: Sequence[Matched], items: Sequence[ItemDecision], outcome: Outcome, words: Sequence[str]
) -> Decision:
    bounced = message.subject.partition("bounce ")[2].split()[:1]
    klass = BounceClass.SOFT if "soft" in words else BounceClass.HARD
    category = _CATEGORY.get(outcome, Category.ACKNOWLEDGED if "ack" in words else Category.OTHER)
    return Decision(
        category=Category.BOUNCE_HARD if bounced else category,
        matched=tuple(matched),
        items=tuple(items),
        standing=Standing.AUTHENTICATED,
        evidence=Evidence.AUTHENTICATED,
        needs_human="unclear" in words,
        automatic=False,
        kind=Kind.BOUNCE if bounced else Kind.REPLY,
        reasons=("mixed",) if "unclear" in words else (),
        rule="plain",
        rules_version="1",
        ticket=next(iter(re.findall(r"ticket (\w+)", message.subject)), None),
        bounced=tuple(BouncedRecipient(one, klass) for one in bounced),
        first_response=outcome is not Outcome.NO_CHANGE or "ack" in words,
        pause=timedelta(days=2) if outcome is Outcome.PENDING else None,
    )


def _other(message: Message, known: Known) -> Decision:
    survivor = "survivor" in message.subject
    by_ticket = [number for numbers in known.by_ticket.values() for number in numbers]
    matched = tuple(Matched(number, known.notices[number].esp, (Proof.TICKET,)) for number in by_ticket[:1])
    if survivor:
        named = [number for number in message.subject.split() if number in known.notices]
        matched = tuple(Matched(number, known.notices[number].esp, (Proof.NUMBER_SUBJECT,)) for number in named)
    return Decision(
        category=Category.OTHER,
        matched=matched,
        items=(),
        standing=Standing.CLAIMED,
        evidence=Evidence.CLAIMED,
        needs_human=True,
        automatic=False,
        kind=Kind.REPLY,
        reasons=("survivor",) if survivor else ("no_notice",),
        route=Meaning.SURVIVOR if survivor else None,
        routed=survivor,
    )


def mail(subject: str, number: int = 0, *, message_id: str | None = None, body: str = "As stated above.") -> bytes:
    """A mail; the same ``number`` and text give the same mail."""
    own_id = f"<{number}@esp.example>" if message_id is None else message_id
    head = f"From: abuse@esp.example\r\nTo: notices@hotline.example\r\nSubject: {subject}\r\n"
    head += f"Date: Mon, 12 Oct 2026 08:{number % 60:02}:00 +0000\r\n"
    head += f"Message-ID: {own_id}\r\n" if own_id else ""
    return f"{head}\r\n{body} {number}\r\n".encode()


def notice(number: int, urls: int = 2, *, sent_at: datetime | None = START - timedelta(hours=2), esp: str = "Esp"):
    return NewNotice(
        row=number,
        number=f"N-{number}",
        esp=esp,
        esp_domain="esp.example",
        contact="abuse@esp.example",
        sent_at=sent_at,
        urls=tuple(f"https://n{number}.example/{item}" for item in range(1, urls + 1)),
        message_id=f"<n{number}@hotline.example>",
        subject=f"Notice N-{number}",
    )


def import_notices(store: Store, new: Iterable[NewNotice], now: datetime = START) -> importing.Imported:
    with store.write() as conn:
        return importing.add_notices(conn, list(new), Source("import", "anna", now, "main"))


def go_live(store: Store, now: datetime = START) -> None:
    with store.write() as conn:
        state.set_mode(conn, "live", now, "anna")


def composed(_conn: object, row: object, _now: datetime) -> Composed | Withdrawn:
    """Letters of one line, for tests that are not about wording."""
    head = f"Message-ID: {row.message_id}\r\nTo: {row.to_address}\r\nSubject: letter\r\n"  # type: ignore[attr-defined]
    raw = f"{head}\r\nA letter\r\n".encode()
    return Composed(raw, "letter", "A letter")


@dataclass
class House:
    """One process of the daemon; ``restart`` makes the next one."""

    store: Store
    server: Server
    clock: FakeClock
    power: Power
    mailer: MemoryMailer
    tells_place: bool = True

    def __post_init__(self) -> None:
        self.judge = PlainJudge()
        self.box = MemoryMailbox(self.server, "main", self.power, tells_place=self.tells_place)
        self.intake = Intake(self.store, self.judge, Folders(), self.clock)
        ways = {"main": Way(self.mailer, "notices@hotline.example")}
        self.post = Post(self.store, ways, composed, self.clock, Fuses(), "me")

    def start(self) -> None:
        self.intake.begin()
        self.post.begin([self.box])

    def walk(self) -> Recorded:
        return self.intake.walk(self.box, WATCH)

    def file(self) -> Filings:
        return file_waiting(self.store, self.box, self.clock)

    def send(self) -> Posted:
        return self.post.send_due()


def house(store: Store, **settings: object) -> House:
    """A house that has just started, in live mode."""
    power = Power()
    found = House(store, Server(), FakeClock(), power, MemoryMailer(power), **settings)  # type: ignore[arg-type]
    go_live(store)
    found.start()
    return found
