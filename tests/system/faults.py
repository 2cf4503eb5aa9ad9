"""Mail servers on which one fault can be made to strike one operation, and a house that lives on them until all is done."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import select

from daemon.accounts.tls import Tls
from daemon.errors import NoticedError
from daemon.jobs.filing import file_waiting
from daemon.jobs.folders import Folders
from daemon.jobs.intake import Intake, Watch
from daemon.jobs.outbox import Fuses, Post, Way
from daemon.mailbox import Mailbox
from daemon.mailbox.imap import ImapMailbox, ImapSettings
from daemon.mailer import Mailer
from daemon.mailer.smtp import SmtpMailer, SmtpSettings
from daemon.store import Settings, journal, messages, open_store, outbox, tables
from daemon.store.outbox import NewLetter
from tests import databases
from tests.jobs.house import PlainJudge, composed, go_live, import_notices, mail, notice
from tests.memory import START, FakeClock
from tests.servers import dovecot
from tests.servers.dovecot import Dovecot
from tests.servers.imap_account import OtherProgram
from tests.servers.relay import Relay
from tests.servers.smtp_sink import SmtpSink

OURS = "notices@hotline.example"
FOLDERS = Folders().all
MAILS = ("N-1 removed 1", "N-1 refused 2", "N-2 ack", "N-2 removed unclear", "N-3 already_gone", "N-9 removed")
LATER = ("N-2 pending", "N-1 refused 2 once more")
LETTERS = ("a", "b", "c")
ROUNDS, QUIET, MOST_ROUNDS = 4, 3, 30


class World(Protocol):
    """One kind of mailbox and way out; ``faults``: fault -> the operations that it can strike."""

    name: str
    faults: Mapping[str, Sequence[str]]

    def box(self) -> Mailbox: ...
    def mailer(self) -> Mailer: ...
    def deliver(self, *raws: bytes) -> None: ...
    def arm(self, fault: str, operation: str) -> None:
        """Let ``fault`` strike the next ``operation``."""

    @property
    def struck(self) -> int:
        """How often a fault has struck."""

    def lying(self) -> list[tuple[str, str]]:
        """(folder, Message-ID) of every mail that noticed files."""

    def left(self) -> list[str]:
        """The Message-IDs of the letters that were taken over, as often as they were."""

    def close(self) -> None: ...


_WORDS = {
    "list": rb" (SELECT|STATUS|NOOP|UID SEARCH)\b",
    "fetch": rb" UID FETCH ",
    "move": rb" UID (MOVE|COPY) ",
    "tag": rb" UID STORE ",
    "append": rb" APPEND ",
    "idle": rb" IDLE\b",
}


class ImapWorld:
    """Dovecot behind a relay, and an SMTP sink that brings the copies for us into the inbox."""

    name = "imap"
    faults: Mapping[str, Sequence[str]] = {
        "cut before": tuple(_WORDS),
        "cut after": tuple(_WORDS),
        "half-open": tuple(_WORDS),
        "NO": tuple(_WORDS),
        "BAD": tuple(_WORDS),
        "quota": ("move", "append"),
        "UIDVALIDITY": ("list", "fetch", "move", "tag", "idle"),
        "restart": tuple(_WORDS),
        **{f"send {what}": ("connect", "EHLO", "MAIL", "RCPT", "DATA", "dot") for what in ("drop", "temporary")},
        "send garbage": ("connect", "EHLO", "MAIL", "RCPT", "DATA", "dot"),
        "send closing": ("MAIL", "RCPT", "DATA", "dot"),
    }

    def __init__(self, server: Dovecot, sink: SmtpSink) -> None:
        self.server, self.sink = server, sink
        self.user = server.new_user()
        self.other = OtherProgram(server.port, self.user, dovecot.PASSWORD)
        self.relay = Relay(server.port)
        self.struck = 0
        self._up = threading.Lock()
        self._armed: list[tuple[str, str]] = []
        self._brought = 0
        self._before = len(sink.letters)
        self.relay.meets = self._meets
        sink.fault = self._fails

    def box(self) -> ImapMailbox:
        settings = ImapSettings(
            "main", "127.0.0.1", self.user, dovecot.PASSWORD, port=self.relay.port, tls=Tls.NONE, command_seconds=1.0
        )
        return ImapMailbox(settings)

    def mailer(self) -> SmtpMailer:
        return SmtpMailer(SmtpSettings("main", "127.0.0.1", self.sink.port, Tls.NONE, command_seconds=2.0))

    def deliver(self, *raws: bytes) -> None:
        with self._up:  # not while the server starts anew, which ends the connection of this program as well
            self.other = OtherProgram(self.server.port, self.user, dovecot.PASSWORD)
            self.other.deliver(*raws)

    def arm(self, fault: str, operation: str) -> None:
        self._armed.append((fault, operation))

    def _meets(self, line: bytes) -> str | bytes:
        """What the relay does with a line of the client: "" passes it on."""
        for armed in self._armed:
            fault, operation = armed
            if operation in _WORDS and re.search(_WORDS[operation], line):
                self._armed.remove(armed)
                self.struck += 1
                return self._strike(fault, line)
        return ""

    def _strike(self, fault: str, line: bytes) -> str | bytes:
        tag = line.split(b" ", 1)[0]
        if fault in {"NO", "BAD", "quota"}:
            code = b"NO [OVERQUOTA]" if fault == "quota" else fault.encode()
            return tag + b" " + code + b" a fault\r\n"
        if fault == "UIDVALIDITY":
            self.server.doveadm("mailbox", "update", "-u", self.user, "--uid-validity", str(next(_VALIDITIES)), "INBOX")
            return ""
        if fault == "restart":
            with self._up:
                self.server.stop()
                self.server.start()
            return "cut"
        return {"cut before": "cut", "cut after": "cut after", "half-open": "silent"}[fault]

    def _fails(self, step: str) -> str:
        for armed in self._armed:
            if armed[0].startswith("send ") and armed[1] == step:
                self._armed.remove(armed)
                self.struck += 1
                return armed[0].removeprefix("send ")
        return ""

    def bring(self) -> None:
        """Deliver the copies of letters that are addressed to us, as the mail server does."""
        letters = self.sink.letters[self._before + self._brought :]
        self._brought += len(letters)
        self.deliver(*(_bytes(one.content) for one in letters if OURS in one.rcpt_tos))

    def lying(self) -> list[tuple[str, str]]:
        places = [("INBOX", one) for one in self.other.message_ids("INBOX")]
        for folder in (*FOLDERS, "Versendet"):
            with suppress(AssertionError):
                places += [(folder, one) for one in self.other.message_ids(folder)]
        return sorted(places)

    def left(self) -> list[str]:
        return sorted(re.findall(r"(?mi)^Message-ID: (.*?)\r?$", text)[0] for text in self._texts())

    def _texts(self) -> Iterator[str]:
        for one in self.sink.letters[self._before :]:
            yield _bytes(one.content).decode()

    def close(self) -> None:
        self.relay.close()
        self.sink.fault = lambda step: ""


def _validities() -> Iterator[int]:
    yield from range(2_000_000_000, 2_100_000_000)


_VALIDITIES = _validities()


def _bytes(content: Any) -> bytes:
    return content if isinstance(content, bytes) else str(content).encode()


@dataclass
class Life:
    """A house on a world, from the first mail until nothing is left to do."""

    world: World
    kind: str = "sqlite"
    arm: Callable[[int], None] = lambda number: None  # called before each round
    errors: Counter[str] = field(default_factory=Counter)

    def run(self) -> dict[str, Any]:
        """Return the end state."""
        with ExitStack() as stack:
            self.store = open_store(Settings(stack.enter_context(databases.fresh(self.kind))))
            stack.callback(self.store.close)
            import_notices(self.store, [notice(number) for number in (1, 2, 3)])
            go_live(self.store)
            with self.store.write() as conn:
                for key in LETTERS:
                    letter = NewLetter(
                        "followup", key, f"<{key}@hotline.example>", f"{key}@esp.example", mailbox="main"
                    )
                    outbox.queue(conn, letter, START)
            self.clock, self.box, self.mailer = FakeClock(), self.world.box(), self.world.mailer()
            stack.callback(self.box.close)
            stack.callback(self.mailer.close)
            self.intake = Intake(self.store, PlainJudge(), Folders(), self.clock)
            way = Way(self.mailer, OURS, copy=True)
            self.post = Post(self.store, {"main": way}, composed, self.clock, Fuses(), "me")
            self._try(self.intake.begin, self.post.begin)
            return self._live()

    def _live(self) -> dict[str, Any]:
        """Live until nothing waits, and some rounds without an error changed nothing; return how it ended."""
        ends: list[tuple[dict[str, Any], int]] = []
        for number in range(MOST_ROUNDS):
            if number in (0, 1):
                self.world.deliver(*(mail(words, 10 * number + at) for at, words in enumerate((MAILS, LATER)[number])))
            self.arm(number)
            self._round()
            if number >= ROUNDS:
                ends.append((self._end(), self.errors.total()))
                if ends[-QUIET:] == [ends[-1]] * QUIET and self._at_rest():
                    break
        return ends[-1][0]

    def _round(self) -> None:
        self._try(lambda: self.intake.walk(self.box, Watch(FOLDERS, None)))
        self._try(lambda: file_waiting(self.store, self.box, self.clock))
        self._try(self.post.send_due)
        getattr(self.world, "bring", lambda: None)()
        self._try(lambda: self.post.prove([self.box]))
        self._try(self._keep_a_copy)
        self._try(lambda: self.box.wait(0.05))
        self.clock.at += timedelta(minutes=20)

    def _keep_a_copy(self) -> None:
        """Store a mail in Sent unless it lies there, as a program does that may be cut off at any time."""
        folder = self.box.sent_folder()
        if folder is not None and not self.box.find(folder, "<0-copy@hotline.example>"):
            self.box.append(folder, mail("a copy", 0, message_id="<0-copy@hotline.example>"))

    def _try(self, *acts: Callable[[], object]) -> None:
        for act in acts:
            try:
                act()
            except NoticedError as error:
                self.errors[type(error).__name__] += 1

    def _at_rest(self) -> bool:
        with self.store.read() as conn:
            open_wishes = conn.execute(select(tables.wishes.c.id).where(tables.wishes.c.state == "open")).all()
            return not open_wishes and set(outbox.counts(conn)) <= {"sent"}

    def _end(self) -> dict[str, Any]:
        with self.store.read() as conn:
            assert journal.verify(conn) is None
            effects = select(tables.journal.c.action, tables.journal.c.new, tables.journal.c.takedown_id)
            moved = conn.execute(effects.where(tables.journal.c.action == "status")).all()
            return {
                "lying": self.world.lying(),
                "left": self.world.left(),
                "letters": outbox.counts(conn),
                "statuses": sorted((row.id, row.status) for row in conn.execute(select(tables.takedowns))),
                "changes": sorted((row.takedown_id, row.new) for row in moved),
                "messages": sorted(
                    (r.message_id, r.state)
                    for r in conn.execute(select(tables.messages))
                    if r.state != messages.COPY  # a mail that has a row of its own already
                ),
                "wishes": sorted({row.state for row in conn.execute(select(tables.wishes))}),
                "strays": conn.execute(select(tables.strays)).all(),
                "reviews": sorted(row.reason for row in conn.execute(select(tables.reviews)) if row.state == "open"),
            }
