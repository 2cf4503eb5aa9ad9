"""Reads the Sent folder: notices that staff or a case system sent from the mailbox, and the text of those we know.

What noticed itself sent is told to the ledger where it does not know: after a restore from an older backup.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from daemon.errors import PermanentError
from daemon.jobs.clock import Clock
from daemon.jobs.own_letters import Climbed, Own, none_climbed, take_up
from daemon.mailbox import Changes, Fetched, FolderState, Mailbox
from daemon.message.message import Address, Message
from daemon.message.parse import parse
from daemon.message.urls import canonical, free, host_of, refang
from daemon.notices import token
from daemon.notices.domains import is_shared, within
from daemon.notices.keys import bare, number_pattern
from daemon.notices.table import NewNotice
from daemon.notices.takedown import Event
from daemon.store import Store, esps, journal, notices, overview, places
from daemon.store.esps import NewEsp, Register, slug
from daemon.store.importing import Source, add_notices
from daemon.store.journal import Entry
from daemon.store.rows import AnyRow

SET = 50
MAX_TEXT = 100_000  # characters of a letter that are kept, to tell quotes from answers
_log = logging.getLogger("noticed.sent")


@dataclass(slots=True)
class Found:
    """What a walk over the Sent folder came to."""

    looked_at: int = 0
    new: int = 0
    completed: int = 0  # notices known before whose letter was found
    taken_up: int = 0  # letters of our own that the ledger did not know to have left

    def add(self, other: Found) -> None:
        self.looked_at += other.looked_at
        self.new += other.new
        self.completed += other.completed
        self.taken_up += other.taken_up


@dataclass(frozen=True, slots=True)
class Letter:
    """A sent mail that is a notice: the number in its subject, and at least one URL."""

    number: str
    to: Address
    urls: tuple[str, ...]
    message: Message
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads letters of one mailbox; ``ours``: domains that are never an ESP's, ``key``: signs our Message-IDs.

    ``climbed`` tells which rung of a notice a follow-up of some time stood for.
    """

    number_format: str
    ours: frozenset[str]
    key: bytes = field(default=b"", repr=False)
    climbed: Climbed = none_climbed

    def read(self, fetched: Fetched) -> Letter | Own | None:
        """Return the notice that ``fetched`` is, or the letter that noticed itself sent; None for all else."""
        message = parse(fetched.raw, unseen_parts=fetched.unseen_parts, complete=fetched.complete)
        genuine = token.verify(message.message_id or "", self.key)
        return self._letter(fetched, message) if genuine is None else self._own(fetched, message, genuine.id)

    def _own(self, fetched: Fetched, message: Message, key: str) -> Own | None:
        if not message.to or message.message_id is None:
            return None
        text = "\n".join(line.text for line in message.lines)[:MAX_TEXT]
        return Own(
            key=key,
            message_id=message.message_id,
            to=message.to[0].address,
            subject=message.subject,
            text=text,
            numbers=frozenset(number_pattern(self.number_format).findall(f"{message.subject}\n{text}")),
            sent_at=message.date or fetched.received_at,
            raw=fetched.raw if fetched.complete else None,
        )

    def _letter(self, fetched: Fetched, message: Message) -> Letter | None:
        number = number_pattern(self.number_format).search(message.subject)
        to = next((one for one in message.to if one.domain and not self._is_ours(one.domain)), None)
        if number is None or to is None or message.partial_read:
            return None
        if message.in_reply_to:
            return None
        urls = self._urls(line.text for line in message.lines if not line.quoted)
        if not urls:
            return None
        return Letter(number[0], to, urls, message, message.date or fetched.received_at)

    def _urls(self, lines: Iterable[str]) -> tuple[str, ...]:
        text = refang("\n".join(lines))
        found = (address for _, _, address in free(text) if not self._is_ours(host_of(address)))
        return tuple(dict.fromkeys(canonical(address) for address in found))

    def _is_ours(self, domain: str) -> bool:
        return any(within(domain, one) for one in self.ours)


def walk(store: Store, box: Mailbox, reader: Reader, clock: Clock, more: Callable[[], bool] = lambda: True) -> Found:
    """Take in what is new in the Sent folder of ``box``; each set of mails is one transaction with the folder's state.

    Raises TransientError when the mailbox or the database fails; what was taken in stays.
    """
    box.open()
    done = Found()
    folder = box.sent_folder()
    if folder is None:
        return done
    with store.read() as conn:
        text = places.state_of(conn, box.name, folder)
    try:
        changes = box.changes(folder, None if text is None else FolderState(folder, text))
    except PermanentError:
        return done  # not there (yet)
    for start in range(0, len(changes.new), SET):
        _set(store, box, reader, clock, changes, start, done)
        if not more():
            return done
    if not changes.new and changes.state.text != text:
        with store.write() as conn:
            places.store_state(conn, box.name, folder, changes.state.text, clock.now())
    return done


def _set(store: Store, box: Mailbox, reader: Reader, clock: Clock, changes: Changes, start: int, done: Found) -> None:
    """Take one set, whole if possible, letter by letter when the database refuses it."""
    chunk = changes.new[start : start + SET]
    letters = [letter for fetched in box.fetch(chunk) if (letter := _read(reader, fetched)) is not None]
    after = box.state_after(changes, chunk[-1]).text
    folder = changes.state.folder
    try:
        found = _write(store, letters, box.name, reader.climbed, clock.now(), (folder, after))
    except PermanentError:
        _log.warning("sent_set_refused", extra={"ids": {"mailbox": box.name, "count": len(letters)}})
        found = Found()
        for letter in letters:
            try:
                found.add(_write(store, [letter], box.name, reader.climbed, clock.now()))
            except PermanentError as error:
                _log.error("sent_letter_refused", extra={"ids": {"mailbox": box.name}}, exc_info=error)
        _write(store, [], box.name, reader.climbed, clock.now(), (folder, after))
    done.add(found)
    done.looked_at += len(chunk)


def _write(
    store: Store,
    letters: Sequence[Letter | Own],
    mailbox: str,
    climbed: Climbed,
    now: datetime,
    seen: tuple[str, str] | None = None,
) -> Found:
    """One transaction: the letters, and what has been ``seen`` (folder, state) once they are in."""
    found = Found()
    with store.write() as conn:
        register = esps.register(conn)
        for letter in letters:
            if isinstance(letter, Letter):
                _take(conn, letter, register, mailbox, now, found)
        own = [letter for letter in letters if isinstance(letter, Own)]
        found.taken_up += take_up(conn, own, mailbox, climbed, now)
        if seen is not None:
            places.store_state(conn, mailbox, *seen, now)
    return found


def _read(reader: Reader, fetched: Fetched) -> Letter | Own | None:
    try:
        return reader.read(fetched)
    except Exception as error:  # noqa: BLE001 - one odd letter must not hide the others
        _log.error("sent_letter_unread", extra={"ids": {"error": type(error).__name__}}, exc_info=error)
        return None


def _take(conn: Connection, letter: Letter, register: Register, mailbox: str, now: datetime, done: Found) -> None:
    known = notices.get(conn, letter.number)
    if known is not None:
        if known.body is None and _is_the_letter_of(conn, known, letter):
            _complete(conn, known.id, letter, mailbox, now)
            done.completed += 1
        return
    done.new += _add(conn, letter, register, mailbox, now)
    added = notices.get(conn, letter.number)
    if added is not None:
        _keep_text(conn, added.id, letter, mailbox)


def _is_the_letter_of(conn: Connection, known: AnyRow, letter: Letter) -> bool:
    """A later letter about a notice has its number as well: what is known of the first one must agree."""
    if known.message_id:
        return bool(known.message_id == bare(letter.message.message_id or ""))
    return bool({one.url for one in overview.items_of(conn, known.id)} & set(letter.urls))


def _complete(conn: Connection, notice_id: int, letter: Letter, mailbox: str, now: datetime) -> None:
    """A notice known from a table: its letter proves that it was sent, and starts the clocks if nothing did before."""
    row = notices.get_many(conn, [notice_id])[notice_id]
    _keep_text(conn, notice_id, letter, row.mailbox or mailbox)
    if row.sent_at is None:
        notices.advance(conn, [notice_id], Event.SENT, letter.sent_at, "daemon")
    journal.append(conn, [Entry(now, "daemon", "letter_found", notice_id=notice_id)])


def _keep_text(conn: Connection, notice_id: int, letter: Letter, mailbox: str) -> None:
    message = letter.message
    notices.set_letter(
        conn,
        notice_id,
        message_id=message.message_id or "",
        subject=message.subject,
        body="\n".join(line.text for line in message.lines)[:MAX_TEXT],
        mailbox=mailbox,
    )


def _add(conn: Connection, letter: Letter, register: Register, mailbox: str, now: datetime) -> int:
    """Add a notice that nobody imported; an ESP that the register does not know becomes a stub to be researched."""
    domain = "" if is_shared(letter.to.domain) else letter.to.domain
    name = _known_esp(register, letter.to)
    if name is None:
        name = domain or letter.to.address.lower()
        contacts = ((letter.to.address, "primary"),)
        stub = NewEsp(slug(name), name, state="researching", domains=(domain,), contacts=contacts, source="sent")
        esps.ensure(conn, [stub], now, "daemon")
    notice = NewNotice(
        row=0,
        number=letter.number,
        esp=name,
        esp_domain=domain,
        contact=letter.to.address,
        sent_at=letter.sent_at,
        urls=letter.urls,
        message_id=letter.message.message_id,
        subject=re.sub(r"\s+", " ", letter.message.subject),
    )
    return add_notices(conn, [notice], Source("sent", "daemon", now, mailbox, canonical)).added


def _known_esp(register: Register, to: Address) -> str | None:
    """The one ESP that has this contact, else the one that this domain belongs to, if strangers do not share it."""
    found: list[str] = [esp.name for esp in register.esps if to.address.lower() in esp.contacts]
    if not found and not is_shared(to.domain):
        found = [esp.name for esp in register.esps if any(within(to.domain, one) for one in esp.domains)]
    return found[0] if len(found) == 1 else None
