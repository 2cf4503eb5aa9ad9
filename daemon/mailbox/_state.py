"""What has been seen of a folder, as a value: its validity, the last UID dealt with, the UIDs that lay there."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from daemon.mailbox import Changes, FolderState, Place

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Uids:
    """A set of UIDs as ascending, separate ranges; its text is an IMAP sequence set (``1:20,25``)."""

    ranges: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, uids: Iterable[int]) -> Uids:
        ranges: list[tuple[int, int]] = []
        for uid in sorted(uids):
            if ranges and uid <= ranges[-1][1] + 1:
                ranges[-1] = (ranges[-1][0], max(uid, ranges[-1][1]))
            else:
                ranges.append((uid, uid))
        return cls(tuple(ranges))

    @classmethod
    def parse(cls, text: str) -> Uids:
        pairs = (part.partition(":") for part in text.split(",") if part)
        return cls(tuple((int(low), int(high or low)) for low, _, high in pairs))

    def __str__(self) -> str:
        return ",".join(str(low) if low == high else f"{low}:{high}" for low, high in self.ranges)

    def __len__(self) -> int:
        return sum(high - low + 1 for low, high in self.ranges)

    def __contains__(self, uid: int) -> bool:
        found = bisect_right(self.ranges, (uid, 1 << 62)) - 1
        return found >= 0 and uid <= self.ranges[found][1]

    def __iter__(self) -> Iterator[int]:
        for low, high in self.ranges:
            yield from range(low, high + 1)

    def union(self, uids: Iterable[int]) -> Uids:
        return self.merged(Uids.of(uids))

    def merged(self, other: Uids) -> Uids:
        """Return the union without naming single UIDs, so that large folders cost their ranges only."""
        result: list[tuple[int, int]] = []
        for low, high in sorted((*self.ranges, *other.ranges)):
            if result and low <= result[-1][1] + 1:
                result[-1] = (result[-1][0], max(high, result[-1][1]))
            else:
                result.append((low, high))
        return Uids(tuple(result))

    def minus(self, other: Uids) -> Uids:
        result: list[tuple[int, int]] = []
        cuts = iter(other.ranges)
        cut = next(cuts, None)
        for low, high in self.ranges:
            while cut and cut[1] < low:
                cut = next(cuts, None)
            while cut and cut[0] <= high:
                if low < cut[0]:
                    result.append((low, cut[0] - 1))
                low = cut[1] + 1
                if cut[1] > high:
                    break
                cut = next(cuts, None)
            if low <= high:
                result.append((low, high))
        return Uids(tuple(result))


@dataclass(frozen=True, slots=True)
class Seen:
    """A folder's state: ``last`` is the highest UID dealt with, ``known`` what lay there and was dealt with.

    ``next_uid`` and ``modseq`` are the server's own marks when we looked (0: not told); equal marks mean that nothing
    happened.  ``before`` is the MODSEQ that this listing began from: changed flags are told again from there until all
    of it has been dealt with.  ``rebinding`` is True until the listing after a change of validity has been dealt with.
    """

    validity: int
    last: int = 0
    known: Uids = Uids()
    next_uid: int = 0
    modseq: int = 0
    rebinding: bool = False
    before: int = 0

    def text(self) -> str:
        fields = {"v": self.validity, "u": self.last, "k": str(self.known), "x": self.next_uid, "m": self.modseq}
        more = ({"b": self.before} if self.before else {}) | ({"r": 1} if self.rebinding else {})
        return json.dumps({**fields, **more}, separators=(",", ":"))

    @classmethod
    def read(cls, state: FolderState | None) -> Seen | None:
        """Return the state that ``text`` wrote; None for a folder never seen.  A text not ours is a lost state."""
        if state is None or not state.text:
            return None
        try:
            found = json.loads(state.text)
            known = Uids.parse(found["k"])
            marks = (found.get("x", 0), found.get("m", 0), bool(found.get("r")), found.get("b", 0))
            return cls(found["v"], found["u"], known, *marks)
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls(validity=-1)  # matches no folder: everything is listed again and re-bound by identity


def place(folder: str, validity: int, uid: int) -> Place:
    return Place(folder, f"{validity}:{uid}")


def uid_of(where: Place) -> tuple[int, int]:
    """Return (validity, UID) of a place; (-1, -1), which matches nothing, if the text is not ours."""
    validity, _, uid = where.uid.partition(":")
    return (int(validity), int(uid)) if validity.isdigit() and uid.isdigit() else (-1, -1)


def listing(
    folder: str,
    since: Seen | None,
    now: Seen,
    new: Iterable[int],
    gone: Iterable[int],
    before: FolderState | None,
    tags: Mapping[int, frozenset[str]] | None = None,
) -> Changes:
    """Return the Changes between ``since`` and ``now``; the very state given comes back when nothing happened.

    ``tags``: what the messages now carry whose flags have changed; None if none have.
    """
    reset = since is not None and (since.validity != now.validity or since.rebinding)
    places = tuple(place(folder, now.validity, uid) for uid in new)
    lost = tuple(place(folder, now.validity, uid) for uid in gone)
    same = before is not None and not places and not lost and not reset and since is not None and tags is None
    state = before if same and before is not None else FolderState(folder, now.text())
    told = {place(folder, now.validity, uid): words for uid, words in (tags or {}).items()}
    return Changes(places, lost, state, reset, told)


def unfinished(changes: Changes, last: Place | None) -> FolderState:
    """Return the state after dealing with ``changes.new`` up to and including ``last`` (None: none of it).

    What is gone and what is tagged is told again until the whole listing has been dealt with.
    """
    done = changes.new.index(last) + 1 if last is not None else 0
    seen = Seen.read(changes.state)
    if seen is None or (done == len(changes.new) and (last is not None or not (changes.gone or changes.tags))):
        return changes.state
    open_uids = [uid_of(where)[1] for where in changes.new[done:]]
    gone = [uid_of(where)[1] for where in changes.gone]
    known = seen.known.minus(Uids.of(open_uids)).union(gone)
    last_uid = min(open_uids, default=seen.last + 1) - 1
    state = replace(seen, last=last_uid, known=known, next_uid=0, modseq=seen.before, before=0, rebinding=changes.reset)
    return FolderState(changes.state.folder, state.text())


def sets(some: Sequence[T], size: int) -> Iterator[list[T]]:
    """Yield ``some`` in lists of at most ``size``."""
    for start in range(0, len(some), size):
        yield list(some[start : start + size])
