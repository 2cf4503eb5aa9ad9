"""A mailbox on an Exchange Server by EWS: lists by the server's sync state, moves by sets, waits by notifications."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from daemon.accounts.ews import EwsLogin, connect, signed_in
from daemon.errors import ConfigError, NoticedError, PermanentError, TransientError
from daemon.mailbox import Changes, Fetched, Filed, FolderState, Place
from daemon.mailbox._exchange import ExchangeMailbox
from daemon.mailbox._state import sets

if TYPE_CHECKING:  # exchangelib is loaded when the mailbox is opened
    from daemon.mailbox._ews_push import Listener
    from daemon.mailbox._ews_session import Session

__all__ = ["EwsMailbox", "EwsSettings", "open_mailbox"]

T = TypeVar("T")
_READ, _NOT_UNSENT = "0x0E07 Integer", "1"  # PR_MESSAGE_FLAGS: read, and no draft


@dataclass(frozen=True)
class EwsSettings(EwsLogin):
    """One mailbox on an Exchange Server."""

    inbox: str = "INBOX"  # the inbox in any language; or the path of another folder that mail comes to
    sent: str | None = None  # None: found by role


def open_mailbox(settings: EwsSettings) -> EwsMailbox:
    return EwsMailbox(signed_in(settings))


class EwsMailbox(ExchangeMailbox["Session"]):
    """See ``Mailbox``.  Used by one thread at a time; only ``wake`` may be called from another."""

    def __init__(self, settings: EwsSettings) -> None:
        self.settings = settings
        self.name, self.inbox, self.sent = settings.name, settings.inbox, settings.sent
        self._session: Session | None = None
        self._listener: Listener | None = None
        self._rung = threading.Event()
        self._news = False
        self._painted: set[str] = set()

    # the connection

    def open(self) -> None:
        if self._session is None:
            connect(self.settings).close()  # says first what is wrong with the settings, or that a package is missing
            from daemon.mailbox._ews_session import Session

            self._session = Session(self.settings)

    def close(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.end()
        self._drop()

    def wake(self) -> None:
        """End a ``wait`` at once; may be called from any thread."""
        self._rung.set()

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()

    @contextmanager
    def _connected(self) -> Iterator[Session]:
        """Give the session; a connection that failed in any way is let go, so that the next call makes a new one."""
        self.open()
        assert self._session is not None
        try:
            yield self._session
        except (TransientError, ConfigError):
            self._drop()
            raise

    def _once_more(self, act: Callable[[], T]) -> T:
        """Repeat ``act`` once if a connection kept from earlier turns out to be dead."""
        kept = self._session is not None and self._session.wire.kept
        try:
            return act()
        except TransientError as error:
            if not kept or error.retry_after is not None:
                raise
            return act()

    # reading

    def changes(self, folder: str, since: FolderState | None) -> Changes:
        return self._once_more(lambda: self._changes(folder, since))

    def _changes(self, folder: str, since: FolderState | None) -> Changes:
        from daemon.mailbox._ews_list import changes

        with self._connected() as session:
            if folder == self.inbox:
                self._news = False
            return changes(session, folder, since)

    def fetch(self, places: Sequence[Place]) -> Iterator[Fetched]:
        from daemon.mailbox._ews_fetch import SET, fetch

        for some in sets(places, SET):
            with self._connected() as session:
                yield from fetch(session, some)

    def find(self, folder: str, message_id: str) -> tuple[Place, ...]:
        from daemon.mailbox._ews_find import find

        with self._connected() as session:
            return find(session, folder, message_id)

    # filing

    def _move(self, session: Session, _source: str, ids: Sequence[str], folder: str) -> Mapping[str, Filed]:
        from daemon.mailbox._ews_move import move

        return move(session, ids, folder)

    def _tag(self, session: Session, ids: Sequence[str], add: frozenset[str], remove: frozenset[str]) -> frozenset[str]:
        from daemon.mailbox._ews_colours import paint
        from daemon.mailbox._ews_move import tag

        if add - self._painted:
            paint(session, add)
            self._painted |= add
        return tag(session, ids, add, remove)

    def append(self, folder: str, raw: bytes) -> Place | None:
        from daemon.accounts.ews_xml import field_uri, first, folder_ref, m, t

        with self._connected() as session:
            mime = t("MimeContent", b64encode(raw).decode("ascii"))
            flags = t("ExtendedProperty", field_uri(_READ), t("Value", _NOT_UNSENT))
            where = m("SavedItemFolderId", folder_ref(session.ensure_folder(folder), ""))
            items = m("Items", t("Message", mime, flags))
            [answer] = session.ask("CreateItem", m("CreateItem", where, items, MessageDisposition="SaveOnly"))
        if not answer.ok:
            raise PermanentError(f"mailbox {self.name}: the server refused to store a copy ({answer.code})")
        made = first(answer.message, "m:Items/*/t:ItemId")
        return Place(folder, made.get("Id")) if made is not None else None

    # waiting

    def wait(self, seconds: float) -> bool:
        """Sleep until a notification comes, ``wake`` is called or time is up; True on a notification."""
        if self._session is not None and self._listener is None:
            self._listen(self._session)
        if not self._news:
            self._rung.wait(max(0.0, seconds))
        self._rung.clear()
        news, self._news = self._news, False
        return news

    def _listen(self, session: Session) -> None:
        from daemon.mailbox._ews_push import Listener

        try:
            folder = session.folder_id(self.inbox)
        except NoticedError:
            return  # the next poll says what is wrong
        if folder is not None:
            self._listener = Listener(self.settings, folder, self._hint)

    def _hint(self) -> None:
        self._news = True
        self._rung.set()
