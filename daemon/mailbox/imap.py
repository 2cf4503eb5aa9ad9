"""An IMAP account as a mailbox: stays connected and selected, lists by state, moves by sets, waits by IDLE."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from time import monotonic
from typing import TypeVar

from daemon.accounts.patience import Bell
from daemon.accounts.tokens import Use, source
from daemon.errors import NoticedError, TransientError
from daemon.mailbox import Changes, Fetched, Filed, FolderState, Place
from daemon.mailbox._imap_fetch import ask, fetch
from daemon.mailbox._imap_idle import LOST, idle
from daemon.mailbox._imap_list import appended, changes, special_folder, usable_keywords
from daemon.mailbox._imap_login import ImapSettings
from daemon.mailbox._imap_move import move
from daemon.mailbox._imap_session import LARGE_SET, SET, Session, translated
from daemon.mailbox._message_id import header_id, same_id, searchable
from daemon.mailbox._state import sets, uid_of, unfinished

__all__ = ["ImapMailbox", "ImapSettings", "open_mailbox"]

T = TypeVar("T")


def open_mailbox(settings: ImapSettings) -> ImapMailbox:
    if settings.oauth is not None and settings.token is None:
        where = f"mailbox {settings.name}"
        settings = replace(settings, token=source(settings.oauth, Use.IMAP, settings.user, where))
    return ImapMailbox(settings)


class ImapMailbox:
    """See ``Mailbox``.  Used by one thread at a time; only ``wake`` may be called from another."""

    def __init__(self, settings: ImapSettings) -> None:
        self.settings = replace(settings, login_seconds=max(30.0, settings.login_seconds))
        self.name, self.inbox = settings.name, settings.inbox
        self._session: Session | None = None
        self._bell = Bell()
        self._idle_failures = 0
        self._listed_next = 0  # the inbox's UIDNEXT when it was last listed

    # the connection

    def open(self) -> None:
        if self._session is None:
            with translated(self.name, "connecting"):
                self._session = Session(self.settings)

    def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.end()

    def wake(self) -> None:
        """End a ``wait`` at once; may be called from any thread."""
        self._bell.ring()

    @contextmanager
    def _connected(self, doing: str) -> Iterator[Session]:
        """Give the session; a connection that failed in any way is let go, so that the next call makes a new one."""
        self.open()
        assert self._session is not None
        try:
            with translated(self.name, doing):
                yield self._session
        except TransientError:
            self._drop()
            raise

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.cut()

    def _once_more(self, act: Callable[[], T]) -> T:
        """Repeat ``act`` once if a connection kept from earlier turns out to be dead."""
        kept = self._session is not None
        try:
            return act()
        except TransientError:
            if not kept:
                raise
            return act()

    # reading

    def changes(self, folder: str, since: FolderState | None) -> Changes:
        return self._once_more(lambda: self._changes(folder, since))

    def _changes(self, folder: str, since: FolderState | None) -> Changes:
        with self._connected("listing a folder") as session:
            found = changes(session, folder, since, self.inbox)
            if folder == self.inbox:
                session.news = False
                self._listed_next = session.next_uid
            return found

    def state_after(self, changes: Changes, last: Place | None) -> FolderState:
        return unfinished(changes, last)

    def fetch(self, places: Sequence[Place]) -> Iterator[Fetched]:
        for folder, some in groupby(places, key=lambda place: place.folder):
            for one_set in sets([uid_of(place) for place in some], SET):
                yield from self._fetch_set(folder, one_set)

    def _fetch_set(self, folder: str, pairs: Sequence[tuple[int, int]]) -> list[Fetched]:
        with self._connected("fetching") as session:
            session.select(folder)
            return list(fetch(session, folder, self._valid(session, pairs)))

    def _valid(self, session: Session, pairs: Sequence[tuple[int, int]]) -> list[int]:
        """Return the UIDs that mean what they meant when we learned them."""
        return [uid for validity, uid in pairs if validity == session.validity]

    def find(self, folder: str, message_id: str) -> tuple[Place, ...]:
        text = searchable(message_id)
        if not text:
            return ()
        with self._connected("searching") as session:
            session.select(folder)
            found: list[Place] = []
            for some in sets(session.search("HEADER", "Message-ID", text), SET):
                answers = ask(session, some, ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
                for uid, data in answers.items():  # None: it lies there, and the search's word is all that we get
                    if data is None or same_id(header_id(data), message_id):
                        found.append(Place(folder, f"{session.validity}:{uid}"))
            return tuple(found)

    # filing

    def ensure_folder(self, folder: str) -> None:
        with self._connected("making a folder") as session:
            session.ensure_folder(folder)

    def file(self, places: Sequence[Place], folder: str) -> Mapping[Place, Filed]:
        source = places[0].folder if places else folder
        if source == folder:
            return {place: Filed(moved=True, place=place) for place in places}
        with self._connected("filing") as session:
            session.select(source)
            validity = session.validity
            uids = self._valid(session, [uid_of(place) for place in places])
            ended = move(session, source, list(dict.fromkeys(uids)), folder)
            known = {f"{validity}:{uid}": how for uid, how in ended.items()}
            return {place: known.get(place.uid, Filed(moved=False, vanished=True)) for place in places}

    def tag(self, places: Sequence[Place], add: frozenset[str], remove: frozenset[str]) -> frozenset[Place]:
        refused: set[Place] = set()
        for folder, group in groupby(places, key=lambda place: place.folder):
            some = list(group)
            with self._connected("tagging") as session:
                session.select(folder)
                plus, minus = usable_keywords(session, add), usable_keywords(session, remove)
                for uids in sets(self._valid(session, [uid_of(place) for place in some]), LARGE_SET):
                    if not _tagged(session, uids, plus, minus):
                        refused.update(Place(folder, f"{session.validity}:{uid}") for uid in uids)
                    session.client.untagged.pop("FETCH", None)  # what we set is no news
                    session.absorb()
        return frozenset(refused)

    def append(self, folder: str, raw: bytes) -> Place | None:
        with self._connected("storing a copy") as session:
            return appended(session, folder, raw)

    def sent_folder(self) -> str | None:
        if self.settings.sent:
            return self.settings.sent
        with self._connected("looking for the sent folder") as session:
            return special_folder(session, b"\\Sent")

    def junk_folder(self) -> str | None:
        """The folder of suspected spam by role (SPECIAL-USE), or None."""
        with self._connected("looking for the junk folder") as session:
            return special_folder(session, b"\\Junk")

    # waiting

    def wait(self, seconds: float) -> bool:
        """Idle on the inbox; where that is not possible, or failed lately, sleep.  Early only for a hint or a wake."""
        end = monotonic() + seconds
        session = self._session
        if session is not None and session.offers("IDLE"):
            try:
                hint = self._idle(session, seconds)
                self._idle_failures = 0
                return hint
            except (*LOST, NoticedError):
                self._drop()
                self._idle_failures = min(self._idle_failures + 1, 10)
                # the next poll connects anew: soon after a first failure, in the poll's own rhythm after many
                end = min(end, monotonic() + random.uniform(0.5, 1) * 2**self._idle_failures)  # noqa: S311 - jitter
        self._bell.sleep(end - monotonic())
        self._bell.hush()
        return False

    def _idle(self, session: Session, seconds: float) -> bool:
        if session.folder != self.inbox:
            session.select(self.inbox)
            if session.next_uid != self._listed_next:
                return True
        return session.news or idle(session, seconds, self._bell)


def _tagged(session: Session, uids: Sequence[int], plus: Sequence[str], minus: Sequence[str]) -> bool:
    """Set and take away keywords in the selected folder; False if the server refused."""
    client = session.client
    added = not plus or session.attempt(lambda: client.add_flags(uids, plus, silent=True))
    removed = not minus or session.attempt(lambda: client.remove_flags(uids, minus, silent=True))
    return added and removed
