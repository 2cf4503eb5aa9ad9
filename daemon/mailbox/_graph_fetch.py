"""Fetches messages: whole up to 1 MB of MIME, of larger ones headers and body; never an attachment by itself."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from daemon.accounts.graph_http import AT_ONCE, Ask, Reply
from daemon.accounts.http import Lost
from daemon.mailbox import Fetched, Place
from daemon.mailbox._exchange import NEVER, OWN, SMALL, Facts, time_of
from daemon.mailbox._graph_session import Session
from daemon.mailbox._parts import TEXT_LIMIT, Reading, Unseen
from daemon.mailbox._skeleton import skeleton
from daemon.mailbox._state import sets

_WHOLE = 750_000  # bytes as Exchange counts them; their MIME has a third more at most, about 1 MB
_SIZE = "Integer 0x0E08"  # PidTagMessageSize
_FACTS = (
    "?$select=parentFolderId,receivedDateTime,categories"
    f"&$expand=singleValueExtendedProperties($filter=id eq '{_SIZE}')".replace(" ", "%20")
)
_LARGE = "?$select=internetMessageHeaders,body"
_NAMES = "/attachments?$select=name,contentType,size"  # without a choice their bytes would come along
_AS_TEXT = 'outlook.body-content-type="text"'
_HEADER = re.compile(rb"[!-9;-~]+:")


def fetch(session: Session, folder: str, places: Sequence[Place]) -> Iterator[Fetched]:
    """Yield the messages that still lie in ``folder``, in the order asked for."""
    folder_id = session.needed(folder)
    for some in sets(places, AT_ONCE):
        facts = list(_facts(session, folder_id, some))
        small = _small(session, [one for one in facts if 0 < one.size <= SMALL])
        for one in facts:
            found = small.get(one.place.uid) or _mime(session, one)
            if found is None:
                found = _large(session, one)
            if found is not None:
                yield found


def _facts(session: Session, folder_id: str, places: Sequence[Place]) -> Iterator[Facts]:
    """Ask how large each is, so that no large one is ever sent to us whole."""
    asks = [session.to("GET", session.message(place.uid, _FACTS)) for place in places]
    for place, reply in zip(places, session.graph.batch(asks, spare=True), strict=True):
        if reply.ok and reply.get("parentFolderId") == folder_id:
            categories = frozenset(str(word) for word in reply.get("categories") or ())
            yield Facts(place, _size(reply), time_of(reply.get("receivedDateTime")), categories)
        elif reply.status == 429:
            raise session.graph.refused(reply, "reading a message")
        elif not reply.ok and not reply.is_gone:
            yield Facts(place, 0, NEVER)


def _size(reply: Reply) -> int:
    for one in reply.get("singleValueExtendedProperties") or ():
        value = str(one.get("value") or "")
        if value.isdigit():
            return int(value)
    return 0


def _small(session: Session, some: Sequence[Facts]) -> dict[str, Fetched]:
    """Read small messages in one call; what does not come well this way is asked for alone."""
    asks = [session.to("GET", session.message(one.place.uid, "/$value")) for one in some]
    found: dict[str, Fetched] = {}
    for one, reply in zip(some, session.graph.batch(asks, spare=True), strict=True):
        raw = _decoded(reply.body) if reply.ok else b""
        if raw:
            found[one.place.uid] = one.fetched(_reading(raw), len(raw))
    return found


def _decoded(body: object) -> bytes:
    """The bytes of a part of a batch that is no JSON: base64, in one of its two alphabets; b"" if it is neither."""
    try:
        raw = b64decode(str(body).replace("-", "+").replace("_", "/"), validate=True)
    except ValueError:
        return b""
    return raw if _HEADER.match(raw) else b""


def _mime(session: Session, one: Facts) -> Fetched | None:
    """Read a message alone; None if it is too large, not there any more, or the server cannot make MIME of it."""
    if not 0 < one.size <= _WHOLE:
        return None
    reply = _spared(session, session.to("GET", session.message(one.place.uid, "/$value")))
    if not reply.ok or not isinstance(reply.body, bytes) or not reply.body:
        return None
    return one.fetched(_reading(reply.body), len(reply.body))


def _spared(session: Session, ask: Ask) -> Reply:
    """Ask for one message.  A server that fails at this one only must not keep us from the others for ever.

    Raises TransientError when the server fails at everything, or throttles us.
    """
    try:
        reply = session.graph.ask(ask, spare=True)
    except Lost:
        reply = Reply(504)
    if reply.status == 429:
        raise session.graph.refused(reply, "reading a message")
    if reply.is_busy:
        session.ask("GET", "mailFolders/inbox?$select=id")
    return reply


def _reading(raw: bytes) -> Reading:
    return Reading(raw) if len(raw) <= SMALL else skeleton(iter(raw.splitlines(keepends=True)))


def _large(session: Session, one: Facts) -> Fetched | None:
    """Read headers and body only.  The mail's own parts are not known then, so it never counts as complete."""
    reply = _spared(session, session.to("GET", session.message(one.place.uid, _LARGE), prefer=_AS_TEXT))
    if reply.is_gone:
        return None
    if not reply.ok:
        return one.unreadable()
    attached = _spared(session, session.to("GET", session.message(one.place.uid, _NAMES)))
    reading = Reading(_headers(reply) + _body(reply.get("body") or {}), _attachments(attached), text_cut=True)
    return one.fetched(reading, one.size)


def _headers(reply: Reply) -> bytes:
    lines: list[str] = []
    for one in reply.get("internetMessageHeaders") or ():
        name, value = str(one.get("name") or ""), str(one.get("value") or "")
        if name and not OWN.match(name):
            lines.append(f"{name}: " + re.sub(r"[\r\n]+[ \t]*", "\r\n ", value.strip()))
    return "".join(line + "\r\n" for line in lines).encode("utf-8", "replace")


def _body(body: Mapping[str, Any]) -> bytes:
    kind = "html" if str(body.get("contentType")).lower() == "html" else "plain"
    head = f"MIME-Version: 1.0\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    text = str(body.get("content") or "").encode("utf-8", "replace")
    return head.encode() + re.sub(rb"\r?\n", b"\r\n", text)[:TEXT_LIMIT]


def _attachments(reply: Reply) -> tuple[Unseen, ...]:
    found = []
    for one in reply.get("value") or ():
        mail = str(one.get("@odata.type")).endswith("itemAttachment")
        kind = "message/rfc822" if mail else str(one.get("contentType") or "application/octet-stream")
        found.append((str(one.get("name") or ""), kind, int(one.get("size") or 0)))
    return tuple(found)
