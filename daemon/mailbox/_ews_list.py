"""Lists what came to a folder and what went, by the server's own sync state (SyncFolderItems)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from daemon.accounts.ews_xml import Xml, every, first, folder_ref, m, shape, text_of
from daemon.errors import PermanentError, TransientError
from daemon.mailbox import Changes, FolderState, Place
from daemon.mailbox._ews_session import Session

_PAGE = 512  # changes in one answer: the most that Exchange gives
_MOST_PAGES = 20_000
_LOST = frozenset({"ErrorInvalidSyncStateData", "ErrorSyncFolderNotFound", "ErrorInvalidIdMalformed"})


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


@dataclass(frozen=True, slots=True)
class EwsChanges(Changes):
    """``since`` and ``passed``: the state that the listing began from, and what of it had been dealt with before."""

    since: Seen = Seen("")
    passed: tuple[str, ...] = ()


class _StateLostError(Exception):
    """The server no longer knows our sync state."""


def changes(session: Session, folder: str, state: FolderState | None) -> Changes:
    found_id = session.folder_id(folder)
    if found_id is None:
        raise PermanentError(f'mailbox {session.name}: the folder "{folder}" cannot be opened or does not exist')
    known = Seen.read(state)
    since = known if known is not None and known.folder_id == found_id else Seen(found_id, rebinding=known is not None)
    try:
        rows, sync = _since(session, since)
    except _StateLostError:
        since = Seen(found_id, rebinding=True)
        rows, sync = _since(session, since)
    ordered, gone = rows.ordered(), tuple(Place(folder, one) for one in rows.gone)
    passed = ordered[: since.done] if _digest(ordered[: since.done]) == since.digest else ()
    new = tuple(Place(folder, one) for one in ordered[len(passed) :])
    quiet = rows.quiet and state is not None and not since.rebinding and not since.done
    after = state if quiet and state is not None else FolderState(folder, Seen(found_id, sync).text())
    return EwsChanges(new, gone, after, since.rebinding, since=since, passed=passed)


def unfinished(changes: Changes, last: Place | None) -> FolderState:
    """The state after dealing with ``changes.new`` up to and including ``last`` (None: none of it).

    What is gone is told again until the whole listing has been dealt with.
    """
    done = changes.new.index(last) + 1 if last is not None else 0
    finished = done == len(changes.new) and (last is not None or not changes.gone)
    if finished or not isinstance(changes, EwsChanges):
        return changes.state
    dealt = (*changes.passed, *(place.uid for place in changes.new[:done]))
    seen = replace(changes.since, done=len(dealt), digest=_digest(dealt), rebinding=changes.reset)
    return FolderState(changes.state.folder, seen.text())


def _digest(ids: Sequence[str]) -> str:
    return sha256("\n".join(ids).encode()).hexdigest()[:32] if ids else ""


class _Rows:
    """What the pages of one listing told, as it stands at their end."""

    def __init__(self) -> None:
        self.new: dict[str, str] = {}  # id -> when it came
        self.gone: dict[str, None] = {}
        self.quiet = True

    def add(self, kind: str, item: Xml | None, item_id: str) -> None:
        self.quiet = False
        if kind == "Create":
            self.new[item_id] = text_of(item, "t:DateTimeReceived")
            self.gone.pop(item_id, None)
        elif kind == "Delete":
            self.gone.update({} if self.new.pop(item_id, None) is not None else {item_id: None})

    def ordered(self) -> tuple[str, ...]:
        """In the order of arrival, whatever the order of the server; the same set always gives the same order."""
        return tuple(sorted(self.new, key=lambda one: (self.new[one], one)))


def _since(session: Session, since: Seen) -> tuple[_Rows, str]:
    """Return what happened since a state, and the state now."""
    rows, sync = _Rows(), since.sync
    for _ in range(_MOST_PAGES):
        before = sync
        told, sync, last = _page(session, since.folder_id, sync)
        for kind, item, item_id in told:
            rows.add(kind, item, item_id)
        if last:
            return rows, sync
        if sync == before:
            break
    raise TransientError(f"mailbox {session.name}: a listing does not come to an end")


def _page(session: Session, folder_id: str, sync: str) -> tuple[list[tuple[str, Xml | None, str]], str, bool]:
    request = m("SyncFolderItems", shape("ItemShape", "item:DateTimeReceived"))
    request.append(m("SyncFolderId", folder_ref(folder_id, "")))
    if sync:
        request.append(m("SyncState", sync))
    request.append(m("MaxChangesReturned", str(_PAGE)))
    [answer] = session.ask("SyncFolderItems", request)
    if answer.code in _LOST and sync:
        raise _StateLostError
    if not answer.ok:
        raise PermanentError(f"mailbox {session.name}: a folder cannot be listed ({answer.code})")
    rows = list(_rows(every(answer.message, "m:Changes/*")))
    last = text_of(answer.message, "m:IncludesLastItemInRange") in ("true", "1")
    return rows, text_of(answer.message, "m:SyncState"), last


def _rows(told: Iterable[Xml]) -> Iterable[tuple[str, Xml | None, str]]:
    for one in told:
        kind = one.tag.rpartition("}")[2]
        item = one[0] if kind in ("Create", "Update") else None
        found = first(one if item is None else item, "t:ItemId")
        if found is not None:
            yield kind, item, found.get("Id")
