"""What has been seen of a folder whose server keeps a sync state for us (EWS) or gives links to changes (Graph)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from daemon.mailbox import Changes, FolderState, Place


@dataclass(frozen=True, slots=True)
class Seen:
    """A folder's state: the server's sync state, and how much of the listing since then has been dealt with.

    That is told by a count and a digest: the first ``done`` of the listing, in order, if they are still the same
    messages.  If they are not, all of it is listed again and known by identity; a place is never passed over.
    """

    folder_id: str
    sync: str = ""
    done: int = 0
    digest: str = ""
    rebinding: bool = False

    def text(self) -> str:
        fields: dict[str, object] = {"f": self.folder_id, "s": self.sync}
        fields |= {"n": self.done, "x": self.digest} if self.done else {}
        return json.dumps(fields | ({"r": 1} if self.rebinding else {}), separators=(",", ":"))

    @classmethod
    def read(cls, state: FolderState | None) -> Seen | None:
        """The state that ``text`` wrote; None for a folder never seen.  A text not ours is a lost state."""
        if state is None or not state.text:
            return None
        try:
            found = json.loads(state.text)
            return cls(found["f"], found["s"], found.get("n", 0), found.get("x", ""), bool(found.get("r")))
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls("")  # no folder has this id: everything is listed again and re-bound by identity

    @classmethod
    def since(cls, state: FolderState | None, folder_id: str) -> Seen:
        """Where a listing of ``folder_id`` begins; a state of another folder is worth nothing."""
        known = cls.read(state)
        return known if known is not None and known.folder_id == folder_id else cls.anew(folder_id, known is not None)

    @classmethod
    def anew(cls, folder_id: str, rebinding: bool = True) -> Seen:
        return cls(folder_id, rebinding=rebinding)


class StateLostError(Exception):
    """The server no longer knows our sync state."""


@dataclass(frozen=True, slots=True)
class SyncChanges(Changes):
    """``since`` and ``passed``: the state that the listing began from, and what of it had been dealt with before."""

    since: Seen = Seen("")
    passed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What one listing told: ids in the order of arrival, ids gone, the sync state now; ``quiet``: nothing at all.

    ``tags``: the categories of messages that came or changed.
    """

    new: tuple[str, ...]
    gone: tuple[str, ...]
    sync: str
    quiet: bool
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)


def listed(folder: str, state: FolderState | None, since: Seen, told: Told, *, keep: bool = True) -> SyncChanges:
    """Return the Changes that a listing means; the very state given comes back when nothing happened (if ``keep``)."""
    passed = told.new[: since.done] if _digest(told.new[: since.done]) == since.digest else ()
    new = tuple(Place(folder, one) for one in told.new[len(passed) :])
    quiet = told.quiet and keep and not since.rebinding and not since.done
    after = state if quiet and state is not None else FolderState(folder, Seen(since.folder_id, told.sync).text())
    gone = tuple(Place(folder, one) for one in told.gone)
    told_tags = told.tags if since.sync else {}  # what is listed for the first time is known to nobody
    tags = {Place(folder, one): words for one, words in told_tags.items()}
    return SyncChanges(new, gone, after, since.rebinding, tags, since=since, passed=passed)


def unfinished(changes: Changes, last: Place | None) -> FolderState:
    """The state after dealing with ``changes.new`` up to and including ``last`` (None: none of it).

    What is gone and what is tagged is told again until the whole listing has been dealt with.
    """
    done = changes.new.index(last) + 1 if last is not None else 0
    finished = done == len(changes.new) and (last is not None or not (changes.gone or changes.tags))
    if finished or not isinstance(changes, SyncChanges):
        return changes.state
    dealt = (*changes.passed, *(place.uid for place in changes.new[:done]))
    seen = replace(changes.since, done=len(dealt), digest=_digest(dealt), rebinding=changes.reset)
    return FolderState(changes.state.folder, seen.text())


def _digest(ids: Sequence[str]) -> str:
    return sha256("\n".join(ids).encode()).hexdigest()[:32] if ids else ""
