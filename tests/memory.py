"""A mailbox, a way out, a clock and a database in this process, with a power switch at every crossing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Event

from sqlalchemy import Connection, event

from daemon.errors import PermanentError, TransientError
from daemon.mailbox import Changes, Fetched, Filed, FolderState, Place
from daemon.mailbox._message_id import id_in, same_id
from daemon.mailbox._parts import Reading
from daemon.mailbox._skeleton import skeleton
from daemon.mailbox._state import Seen, Uids, listing, place, uid_of, unfinished
from daemon.mailbox._tags import check
from daemon.mailer import Envelope, Result, Sending
from daemon.store import Settings, Store
from daemon.store.bodies import Cipher
from daemon.store.engine import engine_of

START = datetime(2026, 10, 12, 8, tzinfo=UTC)  # a Monday


class PowerCut(BaseException):
    """The machine stops here: nothing in the house may catch this."""


@dataclass
class Power:
    """``after``: the crossing at which the power goes (1: the next one), None: never; ``only``: count these alone."""

    after: int | None = None
    only: str = ""
    names: list[str] = field(default_factory=list)

    def cross(self, name: str) -> None:
        self.names.append(name)
        if self.after is not None and self.only in {"", name}:
            self.after -= 1
            if self.after <= 0:
                self.after = None
                raise PowerCut(name)


@dataclass
class FakeClock:
    """Stands still until it is moved."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def advance(self, **by: float) -> None:
        self.at += timedelta(**by)


class CutStore(Store):
    """The real store; the power may go before each statement that writes, before and after each commit."""

    power: Power
    writing = False

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with super().write() as conn:
            self.writing = True
            try:
                yield conn
                self.power.cross("before commit")
            finally:
                self.writing = False
        self.power.cross("after commit")

    def statement(self, _conn: object, _cursor: object, text: str, *_rest: object) -> None:
        if self.writing and not text.lstrip().startswith("SELECT"):
            self.power.cross("before a statement")


def cut_store(url: str, power: Power) -> CutStore:
    store = CutStore(engine_of(url), Cipher())
    store.power = power
    event.listen(store.engine, "before_cursor_execute", store.statement)
    return store


@dataclass
class Stored:
    """A message on the server."""

    raw: bytes
    received_at: datetime
    flags: frozenset[str] = frozenset()
    modseq: int = 0


@dataclass
class Folder:
    validity: int = 1
    next_uid: int = 1
    modseq: int = 1
    messages: dict[int, Stored] = field(default_factory=dict)

    def add(self, message: Stored) -> int:
        uid = self.next_uid
        self.modseq += 1
        message.modseq = self.modseq
        self.messages[uid] = message
        self.next_uid += 1
        return uid


@dataclass
class Server:
    """The mail server: outlives every power cut of ours."""

    folders: dict[str, Folder] = field(default_factory=lambda: {"INBOX": Folder()})

    def folder(self, name: str) -> Folder:
        return self.folders.setdefault(name, Folder())

    def deliver(self, raw: bytes, at: datetime = START, folder: str = "INBOX") -> int:
        return self.folder(folder).add(Stored(raw, at))

    def move(self, source: str, uid: int, target: str) -> int:
        """What a person does in a mail program."""
        return self.folder(target).add(self.folders[source].messages.pop(uid))

    def tag(self, name: str, uid: int, add: set[str] = frozenset(), remove: set[str] = frozenset()) -> None:  # type: ignore[assignment]
        folder = self.folders[name]
        message = folder.messages[uid]
        folder.modseq += 1
        message.flags, message.modseq = (message.flags - frozenset(remove)) | frozenset(add), folder.modseq

    def renumber(self, name: str) -> None:
        """The server loses its numbering (UIDVALIDITY changes)."""
        old = self.folder(name)
        new = Folder(validity=old.validity + 1)
        for message in old.messages.values():
            new.add(message)
        self.folders[name] = new

    def count(self, name: str) -> int:
        return len(self.folders[name].messages) if name in self.folders else 0

    def everywhere(self) -> Iterator[tuple[str, int, Stored]]:
        for name, folder in self.folders.items():
            for uid, message in folder.messages.items():
                yield name, uid, message


class MemoryMailbox:
    """See ``Mailbox``.  ``tells_place`` False: a server that does not say where a moved message lies now."""

    inbox = "INBOX"

    def __init__(self, server: Server, name: str = "main", power: Power | None = None, *, tells_place: bool = True):
        self.server, self.name, self.power, self.tells_place = server, name, power or Power(), tells_place
        self.commands = 0
        self._awake = Event()
        self.moved: list[bytes] = []  # what this connection moved
        self.down = False  # the server does not answer

    def _ask(self, what: str) -> None:
        self.commands += 1
        self.power.cross(f"before {what}")
        if self.down:
            raise TransientError(f"mailbox {self.name}: no answer")

    def _there(self, folder: str) -> Folder:
        if folder not in self.server.folders:
            raise PermanentError(f"mailbox {self.name}: a folder does not exist")
        return self.server.folders[folder]

    def open(self) -> None:
        if self.down:
            raise TransientError(f"mailbox {self.name}: no answer")

    def close(self) -> None:
        pass

    def changes(self, folder: str, since: FolderState | None) -> Changes:
        self._ask("list")
        here = self._there(folder)
        seen = Seen.read(since)
        known = seen.known if seen is not None and seen.validity == here.validity else Uids()
        new = [uid for uid in here.messages if uid not in known]
        gone = [uid for uid in known if uid not in here.messages]
        before = seen.modseq if seen is not None and seen.validity == here.validity else 0
        now = Seen(here.validity, here.next_uid - 1, Uids.of(here.messages), here.next_uid, here.modseq, before=before)
        tags = {uid: one.flags for uid, one in here.messages.items() if uid in known and one.modseq > before > 0}
        return listing(folder, seen, now, new, gone, since, tags or None)

    def state_after(self, changes: Changes, last: Place | None) -> FolderState:
        return unfinished(changes, last)

    def _get(self, where: Place) -> Stored | None:
        here = self.server.folders.get(where.folder)
        validity, uid = uid_of(where)
        return here.messages.get(uid) if here is not None and here.validity == validity else None

    def fetch(self, places: Sequence[Place]) -> Iterator[Fetched]:
        self._ask("fetch")
        for where in places:
            message = self._get(where)
            if message is None:
                continue
            large = len(message.raw) > 65536
            found = skeleton(iter(message.raw.splitlines(keepends=True))) if large else Reading(message.raw)
            yield Fetched(
                where,
                found.raw,
                message.received_at,
                len(message.raw),
                complete=not found.text_cut,
                unseen_parts=found.unseen,
                flags=message.flags,
            )

    def ensure_folder(self, folder: str) -> None:
        if folder not in self.server.folders:
            self._ask("create")
            self.server.folder(folder)

    def file(self, places: Sequence[Place], folder: str) -> Mapping[Place, Filed]:
        self._ask("move")
        target, result = self.server.folder(folder), {}
        for where in places:
            message = self._get(where)
            if message is not None and where.folder == folder:
                result[where] = Filed(True, where)
                continue
            if message is None:
                result[where] = Filed(moved=False, vanished=True)
                continue
            del self.server.folders[where.folder].messages[uid_of(where)[1]]
            uid = target.add(message)
            self.moved.append(message.raw)
            result[where] = Filed(True, place(folder, target.validity, uid) if self.tells_place else None)
            self.power.cross("after a move")
        return result

    def tag(self, places: Sequence[Place], add: frozenset[str], remove: frozenset[str]) -> frozenset[Place]:
        self._ask("tag")
        check(add | remove)
        for where in places:
            if self._get(where) is not None:
                self.server.tag(where.folder, uid_of(where)[1], add, remove)
        return frozenset()

    def find(self, folder: str, message_id: str) -> tuple[Place, ...]:
        self._ask("find")
        here = self._there(folder)
        return tuple(
            place(folder, here.validity, uid)
            for uid, message in here.messages.items()
            if message_id.strip("<> ") and same_id(message_id_of(message.raw), message_id)
        )

    def append(self, folder: str, raw: bytes) -> Place | None:
        self._ask("append")
        here = self.server.folder(folder)
        return place(folder, here.validity, here.add(Stored(raw, START)))

    def sent_folder(self) -> str | None:
        return "Sent" if "Sent" in self.server.folders else None

    def wait(self, seconds: float) -> bool:
        before = self._mark()
        for _ in range(max(1, int(seconds / 0.05))):
            if self._awake.wait(min(seconds, 0.05)):
                self._awake.clear()
                return False
            if self._mark() != before:
                return True
        return False

    def _mark(self) -> tuple[int, int]:
        inbox = self.server.folder(self.inbox)
        return inbox.next_uid, len(inbox.messages)

    def wake(self) -> None:
        self._awake.set()


def message_id_of(raw: bytes) -> str:
    return id_in(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n").strip()


@dataclass
class MemoryMailer:
    """See ``Mailer``.  ``left`` is what reached the other side; ``answers`` are used up before "sent" is said."""

    power: Power = field(default_factory=Power)
    left: list[Envelope] = field(default_factory=list)
    answers: list[Sending | Exception] = field(default_factory=list)
    sent: Server | None = None  # keeps a copy in the folder Sent

    def send(self, envelope: Envelope) -> Sending:
        self.power.cross("before send")
        answer = self.answers.pop(0) if self.answers else Sending(Result.SENT, "250 2.0.0")
        if isinstance(answer, Exception):
            raise answer
        if answer.result in {Result.SENT, Result.UNKNOWN}:
            self.left.append(replace(envelope))
            if self.sent is not None:
                self.sent.deliver(envelope.raw, folder="Sent")
        self.power.cross("after send")
        return answer

    def close(self) -> None:
        pass


@dataclass
class MemoryDraftMailer(MemoryMailer):
    """See ``Drafting``: a draft leaves once only, however often it is asked to."""

    drafts: dict[str, Envelope] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    looks: int = 0

    def draft(self, envelope: Envelope) -> str | Sending:
        self.power.cross("before draft")
        key = f"draft-{len(self.drafts) + 1}"
        self.drafts[key] = envelope
        self.power.cross("after draft")
        return key

    def send(self, envelope: Envelope) -> Sending:
        if envelope.draft in self.gone:
            return Sending(Result.SENT, "404")
        assert envelope.draft in self.drafts
        ended = super().send(envelope)
        if ended.result in {Result.SENT, Result.UNKNOWN}:
            self.gone.add(envelope.draft)
        return ended

    def look_at(self, envelope: Envelope) -> Result:
        self.looks += 1
        return Result.DEFERRED if envelope.draft in self.drafts.keys() - self.gone else Result.UNKNOWN


def settings(url: str) -> Settings:
    return Settings(url)
