"""Finds messages by their Message-ID in an index of our own: a server's filter need not look at every message."""

from __future__ import annotations

from hashlib import blake2b

from daemon.mailbox import Place
from daemon.mailbox._graph_list import rows
from daemon.mailbox._graph_session import Index, Session
from daemon.mailbox._message_id import same_id
from daemon.mailbox._sync import StateLostError


def find(session: Session, folder: str, message_id: str) -> tuple[Place, ...]:
    folder_id = session.needed(folder)
    if not message_id.strip().strip("<>").strip():
        return ()
    found = sorted(_index(session, folder_id).ids_of.get(_digest(message_id), ()))
    replies = session.graph.batch(
        [session.to("GET", session.message(one, "?$select=internetMessageId,parentFolderId")) for one in found]
    )
    return tuple(
        Place(folder, one)
        for one, reply in zip(found, replies, strict=True)
        if reply.get("parentFolderId") == folder_id and same_id(str(reply.get("internetMessageId")), message_id)
    )


def _digest(message_id: str) -> bytes:
    return blake2b(message_id.strip().strip("<>").strip().encode("utf-8", "replace"), digest_size=8).digest()


def _index(session: Session, folder_id: str) -> Index:
    """The folder's index, brought up to date by one question; made anew when the server forgot our link."""
    index = session.indexes.setdefault(folder_id, Index())
    try:
        _follow(session, folder_id, index)
    except StateLostError:
        index = session.indexes[folder_id] = Index()
        _follow(session, folder_id, index)
    return index


def _follow(session: Session, folder_id: str, index: Index) -> None:
    link = ""
    for row, newest in rows(session, folder_id, index.link, "internetMessageId"):
        link = newest or link
        if "id" in row:
            _forget(index, str(row["id"]))
            if "@removed" not in row:
                digest = _digest(str(row.get("internetMessageId") or ""))
                index.digest_of[str(row["id"])] = digest
                index.ids_of.setdefault(digest, set()).add(str(row["id"]))
    index.link = link or index.link


def _forget(index: Index, one: str) -> None:
    digest = index.digest_of.pop(one, None)
    if digest is not None:
        index.ids_of[digest].discard(one)
        if not index.ids_of[digest]:
            del index.ids_of[digest]
