"""Whether a letter has left when nobody said so: its copy and its draft are looked for, then a person is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from daemon.errors import PermanentError
from daemon.mailbox import Mailbox
from daemon.mailer import Result, Sending
from daemon.notices.takedown import Event
from daemon.store import Store, notices, outbox, reviews
from daemon.store.outbox import QUEUED, SENDING, SENT, UNKNOWN
from daemon.store.reviews import NewReview
from daemon.store.rows import AnyRow

_FIRST, _TELL, _LONGEST = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_MOST_TRIES = 5  # of one draft whose end stays unknown; then it is a person's


def left(
    conn: Connection, row: AnyRow, now: datetime, reason: str = "", *, was: str = SENDING, reply: str = ""
) -> None:
    """Mark a letter as sent; a first notice starts the clocks of its takedowns, an answer lets them go on."""
    if outbox.mark(conn, row.id, SENT, now, was=was, reply=reply, reason=reason):
        moved_on(conn, row.kind, row.context.get("notices", ()), now)


def moved_on(conn: Connection, kind: str, about: Sequence[int], now: datetime) -> None:
    """What it means for notices that a letter about them left."""
    if kind in _MOVES:
        notices.advance(conn, about, _MOVES[kind], now, "daemon")


_MOVES = {"notice": Event.SENT, "answer": Event.ANSWERED}


def lost(conn: Connection, row: AnyRow, now: datetime, reason: str, sending: Sending | None = None) -> None:
    """Mark a letter as unknown; its copy is looked for before a person is asked."""
    reply = (sending or Sending(Result.UNKNOWN)).reply
    outbox.mark(conn, row.id, UNKNOWN, now, reply=reply, reason=reason, next_try_at=now + _FIRST)


def look(store: Store, boxes: Iterable[Mailbox], now: datetime, look_at: Callable[[AnyRow], Result]) -> int:
    """Look for the copies of unknown letters; return how many are proven to have left.

    ``look_at`` tells where a letter is that left, or was to leave, as a draft; see ``Drafting``.
    """
    known = {box.name: box for box in boxes}
    with store.read() as conn:
        rows = outbox.unproven(conn, now)
    proven = 0
    for row in rows:
        found = Result.SENT if is_in_sent(known.get(row.mailbox), row) else look_at(row)
        proven += found is Result.SENT
        with store.write() as conn:
            if found is Result.SENT:
                left(conn, row, now, "found_in_sent", was=UNKNOWN)
            elif found is Result.DEFERRED and not row.context.get("asked") and row.attempts < _MOST_TRIES:
                _lies_there(conn, row, now)
            else:
                _again(conn, row, now)
    return proven


def _lies_there(conn: Connection, row: AnyRow, now: datetime) -> None:
    """Its draft is still a draft.  Found so twice, it was not sent, and that very draft may be sent after all.

    Once is not enough: a server may send a moment later what it said no to.
    """
    if row.context.get("draft_seen"):
        outbox.look_later(conn, row, now, draft_seen=False)
        outbox.mark(conn, row.id, QUEUED, now, was=UNKNOWN, reason="draft_still_there")
    else:
        outbox.look_later(conn, row, now + _FIRST, draft_seen=True)


def _again(conn: Connection, row: AnyRow, now: datetime) -> None:
    """Look later, at twice the age; the first look at which the letter is an hour old asks a person, once."""
    age = max(now - (row.claimed_at or now), _FIRST)
    asks = age >= _TELL and not row.context.get("asked")
    if asks:
        reviews.add(conn, about("letter_unknown", "task", row), now)
    notes = {"asked": True} if asks else {}
    outbox.look_later(conn, row, now + min(age, _LONGEST), draft_seen=False, **notes)


def about(reason: str, kind: str, row: AnyRow) -> NewReview:
    """What asks a person about a letter, and says which one it is."""
    return NewReview(reason, kind, esp_id=row.esp_id, outbox_id=row.id, reasons=(reason, f"outbox:{row.id}"))


def is_in_sent(box: Mailbox | None, row: AnyRow) -> bool:
    """Tell whether a copy of the letter lies in Sent."""
    if box is None:
        return False
    box.open()
    folder = box.sent_folder()
    try:
        return folder is not None and bool(box.find(folder, row.message_id))
    except PermanentError:
        return False
