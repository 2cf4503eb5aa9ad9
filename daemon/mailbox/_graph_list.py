"""Lists what came to a folder and what went, by Graph's delta query; never with a filter, which ends at 5,000."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from time import monotonic
from typing import Any
from urllib.parse import quote

from daemon.errors import TransientError
from daemon.mailbox import Changes, FolderState
from daemon.mailbox._graph_session import Link, Session
from daemon.mailbox._sync import Seen, StateLostError, Told, listed

_PAGE = "odata.maxpagesize=500"
_AN_HOUR = 3600.0  # after which a newer link is stored, because a server forgets old ones


def changes(session: Session, folder: str, state: FolderState | None) -> Changes:
    since = Seen.since(state, session.needed(folder))
    try:
        told = _told(session, since)
    except StateLostError:
        session.links.pop(since.folder_id, None)
        since = Seen.anew(since.folder_id)
        told = _told(session, since)
    return listed(folder, state, since, told, keep=_keep(session, since, told))


def rows(session: Session, folder_id: str, link: str, select: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield what changed since ``link`` ("": all), each row with the newest link ("" until the last page).

    The last of all is ({}, link).  Raises StateLostError for a link that the server no longer knows.
    """
    if link and not session.graph.is_ours(link):
        raise StateLostError  # of another cloud, from before the settings were changed
    start = link or f"{session.graph.root}/mailFolders/{quote(folder_id, safe='')}/messages/delta?$select={select}"
    for reply in session.graph.pages(start, _PAGE):
        if link and (reply.lost_state or reply.status == 400):
            raise StateLostError
        if reply.lost_state:
            raise TransientError(f"mailbox {session.name}: a listing was lost on its way")
        if not reply.ok:
            raise session.graph.refused(reply, "listing a folder")
        yield from ((row, "") for row in reply.get("value") or () if isinstance(row, dict))
        if reply.get("@odata.deltaLink"):
            yield {}, str(reply.get("@odata.deltaLink"))


def _told(session: Session, since: Seen) -> Told:
    kept = session.links.get(since.folder_id)
    start = kept.newest if kept is not None and since.sync and kept.stored == since.sync else since.sync
    new: dict[str, str] = {}  # id -> when it came
    gone: dict[str, None] = {}
    tags: dict[str, frozenset[str]] = {}
    end, quiet = "", True
    for row, link in rows(session, since.folder_id, start, "receivedDateTime,categories"):
        end = link or end
        if "id" in row:
            quiet = False
            _note(row, new, gone, tags)
    return Told(tuple(sorted(new, key=lambda one: new[one])), tuple(gone), end, quiet, tags)


def _note(row: Mapping[str, Any], new: dict[str, str], gone: dict[str, None], tags: dict[str, frozenset[str]]) -> None:
    """The last word on a message counts: one answer may speak of it several times."""
    one = str(row["id"])
    if "@removed" in row:
        new.pop(one, None)
        tags.pop(one, None)
        gone[one] = None
    else:
        new[one] = str(row.get("receivedDateTime") or new.get(one, ""))
        gone.pop(one, None)
        if "categories" in row:
            tags[one] = frozenset(str(word) for word in row["categories"] or ())


def _keep(session: Session, since: Seen, told: Told) -> bool:
    """Remember the newest link while nothing happens; False when it is time to store it."""
    before = session.links.get(since.folder_id)
    same = before is not None and before.stored == since.sync
    began = before.since if before is not None and same else monotonic()
    if not told.quiet or monotonic() - began > _AN_HOUR:
        session.links.pop(since.folder_id, None)
        return False
    session.links[since.folder_id] = Link(since.sync, told.sync, began)
    return True
