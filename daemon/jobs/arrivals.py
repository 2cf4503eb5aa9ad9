"""The values of the mail walk: a mail on its way through a set, the set, and what sets came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from daemon.decide.decision import Decision
from daemon.jobs.folders import Shelf
from daemon.mailbox import Fetched, Place
from daemon.message.message import Message
from daemon.message.parse import parse
from daemon.notices.keys import Keys
from daemon.store.messages import Identity
from daemon.store.rows import AnyRow

NOT_HANDED_OVER = "cannot_be_fetched"  # why a mail was set aside that the server would not give


class Fate(StrEnum):
    """What becomes of a mail not known before."""

    JUDGED = "judged"  # met in the inbox: judged, with effects, and filed
    OUTSIDE = "outside"  # met elsewhere: judged, with effects, never moved
    JUNK = "junk"  # met in the junk folder: shown to a person if it matches a notice, no effects
    OURS = "ours"  # a copy of a letter of ours, which proves that it left: filed with what was sent
    RECORDED = "recorded"  # older than the first start: known from now on, nothing else
    ASIDE = "aside"  # could not be read: a person must look


@dataclass(slots=True)
class Arrival:
    """One mail on its way through a set."""

    place: Place
    received_at: datetime
    identity: Identity = field(repr=False)
    fate: Fate
    size: int = 0
    fingerprint_version: int = 1
    message: Message | None = field(default=None, repr=False)
    keys: Keys | None = field(default=None, repr=False)
    decision: Decision | None = None
    reason: str = ""  # why it was set aside
    flags: frozenset[str] = field(default=frozenset(), repr=False)  # keywords or categories on it
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Copy:
    """A known mail at a place not known before; ``shelf``: it is to be filed like the first one.

    ``strays``: nothing of ours explains the place; what it means is told after a full look at all folders.
    """

    place: Place
    message_ref: int
    shelf: Shelf | None = None
    strays: bool = False
    retagged: bool = False  # a stray that carries a tag of a meaning which we did not give it


@dataclass(slots=True)
class Recorded:
    """What one or more sets came to."""

    decided: int = 0
    outside: int = 0
    recorded: int = 0
    set_aside: int = 0
    copies: int = 0
    closed: int = 0
    review: int = 0
    by_category: dict[str, int] = field(default_factory=dict)

    def add(self, other: Recorded) -> None:
        for name in ("decided", "outside", "recorded", "set_aside", "copies", "closed", "review"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for category, count in other.by_category.items():
            self.by_category[category] = self.by_category.get(category, 0) + count

    @property
    def total(self) -> int:
        return self.decided + self.outside + self.recorded + self.set_aside


@dataclass(frozen=True, slots=True)
class Set:
    """A set of mails of one folder, ready to be recorded; ``after`` is the folder's state once it is."""

    mailbox: str
    folder: str
    arrivals: Sequence[Arrival]
    inbox: bool = False
    copies: Sequence[Copy] = ()
    gone: Sequence[Place] = ()
    retagged: frozenset[int] = frozenset()  # known messages whose tags of a meaning are not those that we gave them
    whole: Sequence[Place] | None = None  # all that lies in the folder, where the server gave out its ids anew
    after: str | None = None
    resets: int = 0  # how many listings of this folder in a row, this one included, told that its ids are void
    ours: Mapping[Identity, AnyRow] = field(default_factory=dict, repr=False)  # copies of these letters of ours
    sent_folder: str | None = None  # where such copies go
    again: Mapping[Identity, int] = field(default_factory=dict, repr=False)  # recorded before, without effects


def aside(fetched: Fetched, identity: Identity, reason: str) -> Arrival:
    """An arrival that nobody could read."""
    return Arrival(
        place=fetched.place,
        received_at=fetched.received_at,
        identity=identity,
        fate=Fate.ASIDE,
        size=fetched.size,
        fingerprint_version=0,
        reason=reason,
        flags=fetched.flags,
    )


def maybe_ours(new: Sequence[Arrival]) -> dict[str, Arrival]:
    """The mails that may be copies of letters of ours, by their Message-IDs in lower case."""
    return {one.identity[0].lower(): one for one in new if one.fate is Fate.JUDGED and one.message is not None}


def known_as_ours(new: Sequence[Arrival], letters: Sequence[AnyRow]) -> dict[Identity, AnyRow]:
    """The copies of letters of ours that came to our own inbox: the proof that they left.

    A copy says word for word what was sent; a mail of somebody else with that Message-ID is judged like any other.
    """
    met = maybe_ours(new)
    rows = [row for row in letters if parse(row.raw).fingerprint == met[row.message_id].identity[1]]
    for row in rows:
        met[row.message_id].keys = None
        met[row.message_id].fate = Fate.OURS
    return {met[row.message_id].identity: row for row in rows}
