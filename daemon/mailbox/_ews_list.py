"""Lists what came to a folder and what went, by the server's own sync state (SyncFolderItems)."""

from __future__ import annotations

from collections.abc import Iterable

from daemon.accounts.ews_xml import Xml, every, first, folder_ref, m, shape, text_of
from daemon.errors import TransientError
from daemon.mailbox import Changes, FolderState
from daemon.mailbox._ews_fetch import categories
from daemon.mailbox._ews_session import Session
from daemon.mailbox._sync import Seen, StateLostError, Told, listed

_PAGE = 512  # changes in one answer: the most that Exchange gives
_MOST_PAGES = 20_000
_LOST = frozenset({"ErrorInvalidSyncStateData", "ErrorSyncFolderNotFound", "ErrorInvalidIdMalformed"})


def changes(session: Session, folder: str, state: FolderState | None) -> Changes:
    found_id = session.folder_id(folder)
    if found_id is None:
        raise session.missing(folder)
    since = Seen.since(state, found_id)
    try:
        rows, sync = _since(session, since)
    except StateLostError:
        since = Seen.anew(found_id)
        rows, sync = _since(session, since)
    return listed(folder, state, since, Told(rows.ordered(), tuple(rows.gone), sync, rows.quiet, rows.tags))


class _Rows:
    """What the pages of one listing told, as it stands at their end."""

    def __init__(self) -> None:
        self.new: dict[str, str] = {}  # id -> when it came
        self.gone: dict[str, None] = {}
        self.tags: dict[str, frozenset[str]] = {}
        self.quiet = True

    def add(self, kind: str, item: Xml | None, item_id: str) -> None:
        self.quiet = False
        if item is not None:
            self.tags[item_id] = categories(item)
        if kind == "Create":
            self.new[item_id] = text_of(item, "t:DateTimeReceived")
            self.gone.pop(item_id, None)
        elif kind == "Delete":
            self.tags.pop(item_id, None)
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
    request = m("SyncFolderItems", shape("ItemShape", "item:DateTimeReceived", "item:Categories"))
    request.append(m("SyncFolderId", folder_ref(folder_id, "")))
    if sync:
        request.append(m("SyncState", sync))
    request.append(m("MaxChangesReturned", str(_PAGE)))
    [answer] = session.ask("SyncFolderItems", request)
    if answer.code in _LOST and sync:
        raise StateLostError
    if not answer.ok:
        raise session.refused("to list a folder", answer.code)
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
