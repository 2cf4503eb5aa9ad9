"""First notices that noticed sends itself: asked for by a person, held for a second one if the settings say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from daemon.errors import PermanentError
from daemon.followups.addressee import addressee
from daemon.followups.ladder import Target
from daemon.followups.reasons import NotSent
from daemon.jobs.desk import Desk
from daemon.jobs.letters import Facts, load, manners, xarf_of
from daemon.notices.esp import LetterMarks
from daemon.notices.status import Status
from daemon.notices.takedown import Event
from daemon.store import notices, outbox, reviews
from daemon.store.outbox import CANCELLED, FAILED, NewLetter
from daemon.store.reviews import NewReview

APPROVAL = "letter_approval"
_NEVER_LEFT = frozenset({CANCELLED, FAILED})
_NEEDS_WORK = frozenset({Status.DRAFT, Status.QUEUED, Status.UNDELIVERABLE})


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked: by whom, when, and whether a second person must agree."""

    by: str
    now: datetime
    second_person: bool = False


@dataclass(frozen=True, slots=True)
class Queued:
    """What becomes of one notice: its letter's number (0: none yet, or a dry run) and when it may leave, or why not."""

    number: str
    esp: str
    to: str = field(default="", repr=False)
    items: int = 0
    due_at: datetime | None = None
    outbox_id: int = 0
    why_not: NotSent | None = None


def send(conn: Connection, ids: Sequence[int], desk: Desk, wish: Wish) -> list[Queued]:
    """Queue the letters of notices that have not been sent, in the caller's transaction; once for each notice."""
    facts = load(conn, set(ids))
    return [_send(conn, found, desk, wish) for found in look(conn, ids, desk, wish, facts)]


def look(conn: Connection, ids: Iterable[int], desk: Desk, wish: Wish, facts: Facts | None = None) -> list[Queued]:
    """Say what ``send`` would do, and do nothing."""
    facts = load(conn, set(ids)) if facts is None else facts
    return [_looked(conn, facts, one, desk, wish) for one in ids if one in facts.rows]


def ids_of(conn: Connection, numbers: Sequence[str]) -> list[int]:
    """The rows of notices by their numbers; PermanentError names the ones that there are none of."""
    known = {number.upper(): row for number, row in notices.ids_of(conn, numbers).items()}
    missing = [number for number in numbers if number.upper() not in known]
    if missing:
        raise PermanentError(f"there is no notice {', '.join(missing[:5])}; see: noticed notices list --status draft")
    return list(dict.fromkeys(known[number.upper()] for number in numbers))


def approve(conn: Connection, row: Any, now: datetime, by: str) -> None:
    """What follows when a held first notice may go; PermanentError for the person who asked for it."""
    if row.context.get("asked_by") == by:
        raise PermanentError(f"letter {row.id} was asked for by {by}: a second person approves it")
    notices.advance(conn, row.context["notices"], Event.APPROVED, now, by)


def _looked(conn: Connection, facts: Facts, notice_id: int, desk: Desk, wish: Wish) -> Queued:
    row = facts.rows[notice_id]
    to = addressee(facts.standings[notice_id], Target.CONTACT) or ""
    why = _why_not(conn, row, facts.items[notice_id], to)
    if why is None and not facts.marks.get(row.esp_id, LetterMarks()).by_mail:
        why = NotSent.OTHER_CHANNEL
    working = desk.rules.working
    due = wish.now if row.survivor_linked or working.is_working(wish.now) else working.next_start(wish.now)
    if why is None:
        _try_reports(row, desk, facts, wish)
    return Queued(row.number, row.esp_name, to, len(facts.items[notice_id]), None if why else due, why_not=why)


def _try_reports(row: Any, desk: Desk, facts: Facts, wish: Wish) -> None:
    """Make the reports that would go along, so that a slip is told to the person who asks and not to the outbox."""
    as_letter = _AsLetter(row.esp_id, row.mailbox, "", {"notices": [row.id]})
    try:
        xarf_of(as_letter, desk, facts, wish.now)
    except PermanentError as slip:
        raise PermanentError(f"notice {row.number}: {slip}; mend the column xarf") from None


@dataclass(frozen=True, slots=True)
class _AsLetter:
    """What of a letter's row decides which reports go along."""

    esp_id: int
    mailbox: str
    message_id: str
    context: dict[str, Any]


def _why_not(conn: Connection, row: Any, items: Sequence[Any], to: str) -> NotSent | None:
    """Why a notice is not sent: it has been, a letter of it waits or may have left, or there is nobody to write to."""
    if row.sent_at is not None or not any(Status(one.status) in _NEEDS_WORK for one in items):
        return NotSent.NOTHING_DUE
    if any(letter.state not in _NEVER_LEFT for letter in _letters(conn, row.id)):
        return NotSent.LETTER_WAITS
    return None if to else NotSent.NO_CONTACT


def _letters(conn: Connection, notice_id: int) -> list[Any]:
    return [letter for letter in outbox.of_notice(conn, notice_id) if letter.kind == "notice"]


def _send(conn: Connection, found: Queued, desk: Desk, wish: Wish) -> Queued:
    row = notices.get(conn, found.number)
    if found.why_not or row is None:
        return found
    before = len(_letters(conn, row.id))
    key = f"notice-{row.number}-{row.cycle}" + (f"-{before}" if before else "")
    mailbox = row.mailbox or desk.usual
    new = NewLetter(
        kind="notice",
        key=key,
        message_id=desk.message_id(key, mailbox),
        to_address=found.to,
        template="notice",
        mailbox=mailbox,
        esp_id=row.esp_id,
        context={
            "notices": [row.id],
            "asked_by": wish.by,
            **manners(conn, [(row.esp_id, found.to)])[row.esp_id, found.to],
        },
        survivor_linked=row.survivor_linked,
        due_at=found.due_at,
        held=wish.second_person,
    )
    outbox_id = outbox.queue(conn, new, wish.now, wish.by)
    notices.address(conn, row.id, found.to)
    if outbox_id is None:
        return Queued(found.number, found.esp, found.to, found.items, why_not=NotSent.LETTER_WAITS)
    if wish.second_person:
        which = (APPROVAL, f"outbox:{outbox_id}")
        reviews.add(conn, NewReview(APPROVAL, "task", None, row.id, row.esp_id, outbox_id, which), wish.now)
    else:
        notices.advance(conn, [row.id], Event.APPROVED, wish.now, wish.by)
    return Queued(found.number, found.esp, found.to, found.items, found.due_at, outbox_id)
