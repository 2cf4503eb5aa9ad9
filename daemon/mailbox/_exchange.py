"""What mailboxes on Exchange have in common, whether by EWS or by Graph: ids of messages, folders by role, facts."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar

from daemon.mailbox import Changes, Fetched, Filed, FolderState, Place
from daemon.mailbox._parts import Reading
from daemon.mailbox._sync import unfinished
from daemon.mailbox._tags import check

SMALL = 65536  # bytes; what is larger is kept without its attachments
NEVER = datetime.fromtimestamp(0, UTC)
OWN = re.compile(r"(?i)content-|mime-version")  # headers that speak of a body we do not have


class Folders(Protocol):
    """What a session knows of folders."""

    def ensure_folder(self, folder: str) -> str: ...
    def path_of(self, role: str) -> str | None: ...


Session = TypeVar("Session", bound=Folders)


class ExchangeMailbox(ABC, Generic[Session]):
    """See ``Mailbox``."""

    name: str
    sent: str | None  # None: found by role

    @abstractmethod
    def _connected(self) -> AbstractContextManager[Session]: ...

    @abstractmethod
    def _move(self, session: Session, source: str, ids: Sequence[str], folder: str) -> Mapping[str, Filed]: ...

    @abstractmethod
    def _tag(
        self, session: Session, ids: Sequence[str], add: frozenset[str], remove: frozenset[str]
    ) -> frozenset[str]: ...

    def state_after(self, changes: Changes, last: Place | None) -> FolderState:
        return unfinished(changes, last)

    def ensure_folder(self, folder: str) -> None:
        with self._connected() as session:
            session.ensure_folder(folder)

    def file(self, places: Sequence[Place], folder: str) -> Mapping[Place, Filed]:
        if not places or places[0].folder == folder:
            return {place: Filed(moved=True, place=place) for place in places}
        with self._connected() as session:
            ended = self._move(session, places[0].folder, _ids(places), folder)
        return {place: ended[place.uid] for place in places}

    def tag(self, places: Sequence[Place], add: frozenset[str], remove: frozenset[str]) -> frozenset[Place]:
        check(add | remove)
        with self._connected() as session:
            refused = self._tag(session, _ids(places), add, remove)
        return frozenset(place for place in places if place.uid in refused)

    def sent_folder(self) -> str | None:
        return self.sent or self._role("sentitems")

    def junk_folder(self) -> str | None:
        """The folder of suspected spam by role, or None."""
        return self._role("junkemail")

    def _role(self, role: str) -> str | None:
        with self._connected() as session:
            return session.path_of(role)


def _ids(places: Sequence[Place]) -> list[str]:
    return list(dict.fromkeys(place.uid for place in places))


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a message before it is read; ``size`` 0: not known."""

    place: Place
    size: int
    received_at: datetime
    categories: frozenset[str] = field(default=frozenset(), repr=False)

    def fetched(self, reading: Reading, size: int | None = None) -> Fetched:
        return Fetched(
            self.place,
            reading.raw,
            self.received_at,
            self.size if size is None else size,
            complete=not reading.text_cut,
            unseen_parts=reading.unseen,
            flags=self.categories,
        )

    def unreadable(self) -> Fetched:
        return Fetched(
            self.place, b"", self.received_at, self.size, complete=False, unreadable=True, flags=self.categories
        )


def time_of(text: object) -> datetime:
    """A time as the server writes it; ``NEVER`` where it is none."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return NEVER
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
