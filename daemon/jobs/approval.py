"""What a person decides about a waiting letter: it may go, or it is dropped; the task that asked is closed with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from daemon.errors import PermanentError
from daemon.jobs import first_notices
from daemon.store import outbox, reviews
from daemon.store.rows import AnyRow


def approve(conn: Connection, outbox_id: int, now: datetime, by: str) -> None:
    """Let a held letter go; PermanentError when it does not wait for approval."""
    row = _held(conn, outbox_id)
    if row.kind == "notice":
        first_notices.approve(conn, row, now, by)
    outbox.approve(conn, outbox_id, now, by)
    _close_task(conn, outbox_id, reviews.ACCEPTED, now, by)


def drop(conn: Connection, outbox_id: int, now: datetime, by: str) -> None:
    """Never send a held letter; its rung counts as cancelled, the ladder goes on."""
    _held(conn, outbox_id)
    outbox.mark(conn, outbox_id, outbox.CANCELLED, now, was=outbox.HELD, reason="DROPPED_BY_PERSON", by=by)
    _close_task(conn, outbox_id, reviews.SKIPPED, now, by)


def _held(conn: Connection, outbox_id: int) -> AnyRow:
    row = outbox.get(conn, outbox_id)
    if row is None:
        raise PermanentError(f"there is no letter {outbox_id}; see: noticed letters list")
    if row.state != outbox.HELD:
        raise PermanentError(f"letter {outbox_id} does not wait for approval: it is {row.state}")
    return row


def _close_task(conn: Connection, outbox_id: int, state: str, now: datetime, by: str) -> None:
    for task in reviews.about_letter(conn, outbox_id, "letter_approval"):
        reviews.decide(conn, task, state, now, by)
