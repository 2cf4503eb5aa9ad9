"""Moves and tags messages by sets, each looked at first: what a person has moved meanwhile is left where it is."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence

from daemon.accounts.graph_http import Ask, Reply
from daemon.accounts.http import Lost
from daemon.mailbox import Filed, Place
from daemon.mailbox._colours import colour
from daemon.mailbox._graph_session import Session
from daemon.mailbox._message_id import id_in

_WHERE = "?$select=parentFolderId"
_UNKNOWN = ""


def move(session: Session, source: str, ids: Sequence[str], folder: str) -> Mapping[str, Filed]:
    """Move ``ids`` from ``source`` to ``folder``; a move whose answer was lost is looked at, never guessed."""
    target, origin = session.ensure_folder(folder), session.folder_id(source)
    ended: dict[str, Filed] = {}
    tried: set[str] = set()
    left, waits = list(ids), session.graph.waits()
    while left:
        lying = _lying(session, left)
        for one in left:
            if lying[one] == target and one in tried:
                ended[one] = Filed(moved=True, place=Place(folder, one))
            elif lying[one] == _UNKNOWN:
                ended[one] = Filed(moved=False)
            elif lying[one] != origin or origin is None:
                ended[one] = Filed(moved=False, vanished=True)
        going = [one for one in left if one not in ended]
        asked = _go(session, going, target, folder, ended)
        tried.update(going)
        left = [one for one in going if one not in ended]
        if left and not waits.again(asked):
            ended.update(dict.fromkeys(left, Filed(moved=False)))
            break
    return ended


def _lying(session: Session, ids: Sequence[str]) -> dict[str, str | None]:
    """The folder in which each message lies now; None: nowhere, _UNKNOWN: the server does not say."""
    replies = session.graph.batch([session.to("GET", session.message(one, _WHERE)) for one in ids])
    return {one: _lies(reply) for one, reply in zip(ids, replies, strict=True)}


def _lies(reply: Reply) -> str | None:
    if reply.is_gone:
        return None
    return str(reply.get("parentFolderId") or _UNKNOWN) if reply.ok else _UNKNOWN


def _go(session: Session, ids: Sequence[str], target: str, folder: str, ended: dict[str, Filed]) -> float | None:
    """Say the moves once and note those that are certain; return how long the server asks us to wait."""
    asks = [session.to("POST", session.message(one, "/move"), {"destinationId": target}) for one in ids]
    try:
        replies = session.graph.batch(asks, once=True)
    except Lost:
        return None  # some may have been carried out: the next look tells
    for one, reply in zip(ids, replies, strict=True):
        if reply.ok:
            ended[one] = Filed(moved=True, place=Place(folder, str(reply.get("id") or one)))
        elif reply.status == 403:
            raise session.graph.refused(reply, "moving messages")
        elif not (reply.is_busy or reply.is_gone):
            ended[one] = Filed(moved=False)
    return max((found for reply in replies if (found := reply.retry_after) is not None), default=None)


def tag(session: Session, ids: Sequence[str], add: frozenset[str], remove: frozenset[str]) -> frozenset[str]:
    """Add and remove categories; those that people have set stay.  Returns the messages that refused it."""
    if add - session.painted:
        paint(session, add)
        session.painted |= add
    now = session.graph.batch([session.to("GET", session.message(one, "?$select=categories")) for one in ids])
    asks: dict[str, Ask] = {}
    refused = {one for one, reply in zip(ids, now, strict=True) if not (reply.ok or reply.is_gone)}
    for one, reply in zip(ids, now, strict=True):
        before = [str(word) for word in reply.get("categories") or ()]
        after = [word for word in before if word not in remove] + sorted(add - set(before))
        if reply.ok and after != before:
            asks[one] = session.to("PATCH", session.message(one), {"categories": after})
    for one, reply in zip(asks, session.graph.batch(list(asks.values())), strict=True):
        if reply.status == 403:
            raise session.graph.refused(reply, "setting categories")
        if not (reply.ok or reply.is_gone):
            refused.add(one)
    return frozenset(refused)


def paint(session: Session, tags: frozenset[str]) -> None:
    """Give our categories their colours in Outlook; those that people have set are never changed.

    Without the permission for it (MailboxSettings.ReadWrite) nothing is coloured.
    """
    found = session.ask("GET", "outlook/masterCategories")
    if not found.ok:
        return
    known = {str(one.get("displayName")).casefold() for one in found.get("value") or ()}
    missing = sorted(tag for tag in tags if tag.casefold() not in known)
    asks = [_category(tag) for tag in missing]
    session.graph.batch([session.to("POST", "outlook/masterCategories", one) for one in asks])


def _category(tag: str) -> dict[str, str]:
    return {"displayName": tag, "color": f"preset{colour(tag)}"}


def stored(session: Session, folder: str, raw: bytes) -> Place:
    """Store a copy of a letter.

    Graph takes MIME only as a draft and may give it a Message-ID of its own: it gets the letter's, and is moved then.
    """
    target = session.ensure_folder(folder)
    made = _must(session, session.graph.ask(session.to("POST", "messages", b64encode(raw)), once=True))
    message = str(made.get("id"))
    own = {"internetMessageId": id_in(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"), "isRead": True}
    _must(session, session.ask("PATCH", session.message(message), own))
    moved = _must(session, session.ask("POST", session.message(message, "/move"), {"destinationId": target}))
    return Place(folder, str(moved.get("id") or message))


def _must(session: Session, reply: Reply) -> Reply:
    if not reply.ok:
        raise session.graph.refused(reply, "storing a copy")
    return reply
