"""Fetches messages by sets: whole up to 1 MB of MIME, of larger ones the headers and the body; never an attachment."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from itertools import takewhile

from daemon.accounts.ews_wire import Answer
from daemon.accounts.ews_xml import Xml, every, first, item_ids, m, shape, t, text_of
from daemon.errors import TransientError
from daemon.mailbox import Fetched, Place
from daemon.mailbox._ews_session import Session
from daemon.mailbox._exchange import NEVER, OWN, SMALL, Facts, time_of
from daemon.mailbox._parts import TEXT_LIMIT, Reading, Unseen
from daemon.mailbox._skeleton import skeleton

SET = 100  # messages in one request
_WHOLE = 1 << 20  # bytes of a message that is read as it is
_AT_ONCE = 8 << 20  # bytes of messages in one answer
VANISHED = frozenset(
    {
        "ErrorItemNotFound",
        "ErrorInvalidIdMalformed",
        "ErrorInvalidId",
        "ErrorInvalidIdEmpty",
        "ErrorInvalidIdNotAnItemAttachmentId",
        "ErrorInvalidIdStoreObjectIdTooLong",
        "ErrorInvalidIdXml",
        "ErrorInvalidIdTooManyAttachmentLevels",
    }
)
_FACTS = ("item:Size", "item:DateTimeReceived", "item:Categories")


def fetch(session: Session, places: Sequence[Place]) -> Iterator[Fetched]:
    """Yield the messages that still exist, in the order asked for."""
    waiting: list[Facts] = []
    for one in _facts(session, places):
        if waiting and (one.size > _WHOLE or sum(other.size for other in waiting) + one.size > _AT_ONCE):
            yield from _whole(session, waiting)
            waiting = []
        if one.size > _WHOLE:
            yield from _large(session, one)
        else:
            waiting.append(one)
    yield from _whole(session, waiting)


def get(session: Session, ids: Sequence[str], *names: str, more: Sequence[Xml] = ()) -> list[Answer]:
    """Ask for each of ``ids``; where the server stopped in the middle of a set, it is asked for the rest."""
    answers: list[Answer] = []
    while len(answers) < len(ids):
        rest = ids[len(answers) :]
        told = session.ask("GetItem", m("GetItem", shape("ItemShape", *names, more=more), item_ids(rest)), len(rest))
        definite = list(takewhile(lambda one: one.code != "ErrorBatchProcessingStopped", told))
        if not definite:
            raise TransientError(f"mailbox {session.name}: the server gives none of {len(rest)} messages")
        answers += definite
    return answers


def categories(item: Xml) -> frozenset[str]:
    return frozenset(one.text or "" for one in every(item, "t:Categories/t:String"))


def item_in(answer: Answer) -> Xml | None:
    return first(answer.message, "m:Items/*")


def _facts(session: Session, places: Sequence[Place]) -> Iterator[Facts]:
    """Ask how large each is, so that no large one is ever sent to us whole."""
    answers = get(session, [place.uid for place in places], *_FACTS)
    for place, answer in zip(places, answers, strict=True):
        item = item_in(answer) if answer.ok else None
        if item is not None:
            size = text_of(item, "t:Size")
            received = time_of(text_of(item, "t:DateTimeReceived"))
            yield Facts(place, int(size) if size.isdigit() else 0, received, categories(item))
        elif answer.code not in VANISHED:
            yield Facts(place, 0, NEVER)


def _whole(session: Session, some: Sequence[Facts]) -> Iterator[Fetched]:
    if not some:
        return
    answers = get(session, [one.place.uid for one in some], more=[t("IncludeMimeContent", "true")])
    for one, answer in zip(some, answers, strict=True):
        item = item_in(answer) if answer.ok else None
        if answer.code in VANISHED:
            continue
        mime = text_of(item, "t:MimeContent") if item is not None else ""
        yield one.fetched(_reading(b64decode(mime))) if mime else one.unreadable()


def _reading(raw: bytes) -> Reading:
    return Reading(raw) if len(raw) <= SMALL else skeleton(iter(raw.splitlines(keepends=True)))


def _large(session: Session, one: Facts) -> Iterator[Fetched]:
    """Read headers and body only.  The mail's own parts are not known then, so it never counts as complete."""
    names = ("item:Attachments", "item:Body", "item:InternetMessageHeaders")
    more = [t("BodyType", "Best"), t("MaximumBodySize", str(TEXT_LIMIT))]
    [answer] = get(session, [one.place.uid], *names, more=more)
    item = item_in(answer) if answer.ok else None
    if item is not None:
        yield one.fetched(Reading(_headers(item) + _body(item), _attachments(item), text_cut=True))
    elif answer.code not in VANISHED:
        yield one.unreadable()


def _headers(item: Xml) -> bytes:
    lines: list[str] = []
    for one in every(item, "t:InternetMessageHeaders/t:InternetMessageHeader"):
        name = one.get("HeaderName")
        if not OWN.match(name):
            lines.append(f"{name}: " + re.sub(r"[\r\n]+[ \t]*", "\r\n ", (one.text or "").strip()))
    return "".join(line + "\r\n" for line in lines).encode("utf-8", "replace")


def _body(item: Xml) -> bytes:
    body = first(item, "t:Body")
    text = (body.text or "") if body is not None else ""
    kind = "html" if body is not None and body.get("BodyType") == "HTML" else "plain"
    head = f"MIME-Version: 1.0\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return head.encode() + re.sub(rb"\r?\n", b"\r\n", text.encode("utf-8", "replace"))[:TEXT_LIMIT]


def _attachments(item: Xml) -> tuple[Unseen, ...]:
    found = []
    for one in every(item, "t:Attachments/*"):
        mail = one.tag.endswith("}ItemAttachment")
        kind = "message/rfc822" if mail else text_of(one, "t:ContentType") or "application/octet-stream"
        size = text_of(one, "t:Size")
        found.append((text_of(one, "t:Name"), kind, int(size) if size.isdigit() else 0))
    return tuple(found)
