"""A mailbox in Exchange Online by Microsoft Graph: lists by delta links, moves by sets, looks now and then for news."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from time import monotonic
from typing import TYPE_CHECKING

from daemon.accounts.graph import GraphLogin, check
from daemon.accounts.patience import Bell
from daemon.errors import ConfigError, NoticedError
from daemon.mailbox import Changes, Fetched, Filed, FolderState, Place
from daemon.mailbox._exchange import ExchangeMailbox

if TYPE_CHECKING:  # httpx and msal are loaded when the mailbox is opened
    from daemon.mailbox._graph_session import Session

__all__ = ["GraphMailbox", "GraphSettings", "open_mailbox"]


@dataclass(frozen=True)
class GraphSettings(GraphLogin):
    """One mailbox in Exchange Online."""

    inbox: str = "INBOX"  # the name that the inbox goes by here; the server's own may be in any language
    sent: str | None = None  # None: found by role
    look_seconds: float = 15.0  # between two looks at the inbox while waiting


def open_mailbox(settings: GraphSettings) -> GraphMailbox:
    return GraphMailbox(settings)


class GraphMailbox(ExchangeMailbox["Session"]):
    """See ``Mailbox``.  Used by one thread at a time; only ``wake`` may be called from another."""

    def __init__(self, settings: GraphSettings) -> None:
        self.settings = settings
        self.name, self.inbox, self.sent = settings.name, settings.inbox, settings.sent
        self._bell = Bell()
        self._session: Session | None = None
        self._seen: FolderState | None = None  # of the inbox at its last listing

    # the connection

    def open(self) -> None:
        if self._session is None:
            check(self.settings)
            from daemon.mailbox._graph_session import Session

            self._session = Session(self.settings, self._bell)

    def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def wake(self) -> None:
        """End a ``wait``, and any wait for a busy server, at once; may be called from any thread."""
        self._bell.ring()

    @contextmanager
    def _connected(self) -> Iterator[Session]:
        """Give the session; when we are not let in, it is let go, so that the next call proves the way in anew."""
        self.open()
        assert self._session is not None
        try:
            yield self._session
        except ConfigError:
            self.close()
            raise

    # reading

    def changes(self, folder: str, since: FolderState | None) -> Changes:
        from daemon.mailbox._graph_list import changes

        with self._connected() as session:
            found = changes(session, folder, since)
        if folder == self.inbox:
            self._seen = found.state
        return found

    def fetch(self, places: Sequence[Place]) -> Iterator[Fetched]:
        from daemon.mailbox._graph_fetch import fetch

        for folder, some in groupby(places, key=lambda place: place.folder):
            with self._connected() as session:
                yield from fetch(session, folder, list(some))

    def find(self, folder: str, message_id: str) -> tuple[Place, ...]:
        from daemon.mailbox._graph_find import find

        with self._connected() as session:
            return find(session, folder, message_id)

    # filing

    def _move(self, session: Session, source: str, ids: Sequence[str], folder: str) -> Mapping[str, Filed]:
        from daemon.mailbox._graph_move import move

        return move(session, source, ids, folder)

    def _tag(self, session: Session, ids: Sequence[str], add: frozenset[str], remove: frozenset[str]) -> frozenset[str]:
        from daemon.mailbox._graph_move import tag

        return tag(session, ids, add, remove)

    def append(self, folder: str, raw: bytes) -> Place | None:
        from daemon.mailbox._graph_move import stored

        with self._connected() as session:
            return stored(session, folder, raw)

    # waiting

    def wait(self, seconds: float) -> bool:
        """Sleep and look at the inbox now and then; True on news.  Early only for news or a wake."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            if self._bell.sleep(min(left, self.settings.look_seconds)):
                break
            if self._session is not None and end > monotonic() and self._is_news():
                return True
        self._bell.hush()
        return False

    def _is_news(self) -> bool:
        """Whether the inbox has changed since it was last listed; a server in trouble is no news."""
        from daemon.mailbox._graph_list import changes

        try:
            with self._connected() as session:
                found = changes(session, self.inbox, self._seen)
            return bool(found.new)
        except NoticedError:
            return False
