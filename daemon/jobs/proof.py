"""Whether a letter has left when nobody said so: its copy is looked for, and after an hour a person is asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from daemon.errors import PermanentError
from daemon.mailbox import Mailbox
from daemon.mailer import Result, Sending
from daemon.notices.takedown import Event
from daemon.store import Store, notices, outbox, reviews
from daemon.store.outbox import SENDING, SENT, UNKNOWN
from daemon.store.reviews import NewReview
from daemon.store.rows import AnyRow

_FIRST, _TELL, _LONGEST = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def left(
    conn: Connection, row: AnyRow, now: datetime, reason: str = "", *, was: str = SENDING, reply: str = ""
) -> None:
    """Mark a letter as sent; a first notice starts the clocks of its takedowns."""
    if outbox.mark(conn, row.id, SENT, now, was=was, reply=reply, reason=reason) and row.kind == "notice":
        notices.advance(conn, row.context.get("notices", ()), Event.SENT, now, "daemon")


def lost(conn: Connection, row: AnyRow, now: datetime, reason: str, sending: Sending | None = None) -> None:
    """Mark a letter as unknown; its copy is looked for before a person is asked."""
    reply = (sending or Sending(Result.UNKNOWN)).reply
    outbox.mark(conn, row.id, UNKNOWN, now, reply=reply, reason=reason, next_try_at=now + _FIRST)


def look(store: Store, boxes: Iterable[Mailbox], now: datetime) -> int:
    """Look for the copies of unknown letters; return how many are proven to have left."""
    known = {box.name: box for box in boxes}
    with store.read() as conn:
        rows = outbox.unproven(conn, now)
    proven = 0
    for row in rows:
        found = is_in_sent(known.get(row.mailbox), row)
        proven += found
        with store.write() as conn:
            if found:
                left(conn, row, now, "found_in_sent", was=UNKNOWN)
            else:
                _again(conn, row, now)
    return proven


def _again(conn: Connection, row: AnyRow, now: datetime) -> None:
    """Look later, at twice the age; the look at which the letter is an hour old asks a person."""
    since = row.claimed_at or now
    age = max((row.next_try_at or now) - since, _FIRST)
    if _TELL <= age < 2 * _TELL:
        reviews.add(conn, NewReview("letter_unknown", "task", esp_id=row.esp_id, outbox_id=row.id), now)
    outbox.look_later(conn, row.id, since + age + min(age, _LONGEST))


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
