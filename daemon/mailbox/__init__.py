"""Mailboxes: one small port, one module per backend (imap, maildir, ...), imported only when used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message lies now: folder and the backend's own id in it (IMAP "UIDVALIDITY:UID").  Never an identity."""

    folder: str
    uid: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """A message as far as reading needs it: ``raw`` parses like the whole mail apart from the parts left out.

    Attachments left out are named in ``unseen_parts``.  ``complete`` is False when text of the mail itself was too
    large to be read; such a mail must close nothing.
    """

    place: Place
    raw: bytes = field(repr=False)
    received_at: datetime  # aware, UTC
    size: int  # bytes of the whole message on the server
    complete: bool = True
    unseen_parts: tuple[tuple[str, str, int], ...] = field(default=(), repr=False)  # (name, type, size) not downloaded
    flags: frozenset[str] = frozenset()  # keywords and categories on it
    unreadable: bool = False  # the server gave nothing, or a note of its own in place of the mail: a person must look


@dataclass(frozen=True, slots=True)
class FolderState:
    """An opaque, comparable record of what has been seen of a folder; stored in the same commit as what was read."""

    folder: str
    text: str  # the backend's own JSON; "" is a folder never seen


@dataclass(frozen=True, slots=True)
class Changes:
    """What a listing found since a state: places new to it, in arrival order, and places gone.

    ``reset`` is True when the server forgot our state (UIDVALIDITY, 410): every message is listed and must be re-bound
    by identity.  ``state`` may be stored only once everything listed has been dealt with; ``state_after`` gives
    the state for a listing that was dealt with up to and including one place.  ``tags``: the keywords or categories
    now on mails that something happened to, as far as the server tells without being asked for each mail.
    """

    new: tuple[Place, ...]
    gone: tuple[Place, ...]
    state: FolderState
    reset: bool = False
    tags: Mapping[Place, frozenset[str]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Filed:
    """How a wish to file ended: ``place`` is where the message lies now, None if the server did not say."""

    moved: bool
    place: Place | None = None
    vanished: bool = False  # it was no longer where we thought: find it again by identity


class Mailbox(Protocol):
    """What the daemon asks of a mailbox.  Every call has a deadline and raises Transient-, Permanent- or ConfigError.

    No call deletes a message.  Every call may be repeated without harm.
    """

    name: str
    inbox: str  # the inbox's folder name

    def open(self) -> None:
        """Connect and log in if not connected; raise ConfigError when the login is refused."""

    def close(self) -> None:
        """Let go of the connection; never raises."""

    def changes(self, folder: str, since: FolderState | None) -> Changes:
        """List what came and went in ``folder`` since ``since`` (None: everything that lies there)."""

    def state_after(self, changes: Changes, last: Place | None) -> FolderState:
        """The state to store when ``changes.new`` was dealt with up to and including ``last`` (None: none of it)."""

    def fetch(self, places: Sequence[Place]) -> Iterator[Fetched]:
        """Yield each message that still exists; at most 64 KiB each unless text was cut, never an attachment."""

    def ensure_folder(self, folder: str) -> None:
        """Create ``folder`` if it is missing."""

    def file(self, places: Sequence[Place], folder: str) -> Mapping[Place, Filed]:
        """Move ``places`` (all of one folder) to ``folder``, in sets."""

    def tag(self, places: Sequence[Place], add: frozenset[str], remove: frozenset[str]) -> frozenset[Place]:
        """Add and remove keywords or categories; a backend that has none does nothing.

        Returns the places at which the server refused it; whether some of it took there is not known.
        """

    def find(self, folder: str, message_id: str) -> tuple[Place, ...]:
        """The places in ``folder`` of messages with exactly this Message-ID."""

    def append(self, folder: str, raw: bytes) -> Place | None:
        """Store a message of ours (a copy in Sent); correctness never depends on it."""

    def sent_folder(self) -> str | None:
        """The folder of sent mail by role (SPECIAL-USE), or None."""

    def wait(self, seconds: float) -> bool:
        """Sleep until the server hints at news or ``seconds`` have passed; True on a hint.  May return early."""
