"""Letters of ours that lie in Sent, yet not as sent in the ledger: it was restored from an older backup.

Each is taken up as sent, with the rungs that it climbed, so that nothing which it said is said again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from daemon.followups.standing import Standing
from daemon.jobs import proof
from daemon.store import clocks, journal, notices, outbox
from daemon.store.journal import Entry
from daemon.store.outbox import HELD, QUEUED, NewLetter
from daemon.store.rows import AnyRow

Climbed = Callable[[Standing, datetime], int]  # the highest rung of a notice that was due at a time, 0: none
_KINDS = {"notice": "notice", "followup": "followup", "still": "followup", "answer": "answer", "digest": "digest"}


def none_climbed(_standing: Standing, _at: datetime) -> int:
    """Where nobody is chased."""
    return 0


@dataclass(frozen=True, slots=True)
class Own:
    """A letter in Sent whose Message-ID we made; ``key`` is the one it had in the outbox."""

    key: str
    message_id: str = field(repr=False)
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    numbers: frozenset[str]  # of the notices that it names
    sent_at: datetime
    raw: bytes | None = field(default=None, repr=False)

    @property
    def kind(self) -> str:
        """The kind of letter; "" for one whose key hangs on numbers that a restored ledger may give out anew."""
        return _KINDS.get(self.key.split("-", 1)[0], "")


def take_up(conn: Connection, found: Iterable[Own], mailbox: str, climbed: Climbed, now: datetime) -> int:
    """Make the ledger say of each that it left; return for how many it did not say so."""
    mine = {one.message_id: replace(one, sent_at=min(one.sent_at, now)) for one in found if one.kind}
    known = {row.message_id: row for row in outbox.by_message_ids(conn, mine, claimed=False)}
    done = 0
    for one in mine.values():
        row = known.get(one.message_id)
        if row is None:
            done += _adopt(conn, one, mailbox, climbed, now)
        elif row.state in (HELD, QUEUED):
            _has_left(conn, row, one)
            done += 1
    return done


def _has_left(conn: Connection, row: AnyRow, one: Own) -> None:
    """A letter that waits to leave, and has left."""
    proof.left(conn, row, one.sent_at, "found_in_sent", was=row.state)
    _keep(conn, one, row.kind, row.context.get("notices", ()), row.mailbox)


def _adopt(conn: Connection, one: Own, mailbox: str, climbed: Climbed, now: datetime) -> bool:
    """A letter of which the ledger knows nothing."""
    ids = sorted(notices.ids_of(conn, one.numbers).values())
    about = clocks.standings(conn, ids)
    letter = NewLetter(
        kind=one.kind,
        key=one.key,
        message_id=one.message_id,
        to_address=one.to,
        mailbox=mailbox,
        esp_id=about[0].esp_id if about else None,
        subject=one.subject,
        context={"notices": ids},
        survivor_linked=any(standing.survivor_linked for standing in about),
        raw=one.raw,
    )
    outbox_id = outbox.adopt(conn, letter, one.sent_at, now)
    if outbox_id is None:
        return False
    proof.moved_on(conn, one.kind, ids, one.sent_at)
    _keep(conn, one, one.kind, ids, mailbox)
    if one.key.startswith("followup-"):
        rungs = ((standing, climbed(standing, one.sent_at)) for standing in about)
        rows = [_rung(standing, rung, outbox_id, one.sent_at) for standing, rung in rungs if rung]
        outbox.add_rungs(conn, rows)
    return True


def _keep(conn: Connection, one: Own, kind: str, ids: Sequence[int], mailbox: str) -> None:
    for notice_id in ids:
        if kind == "notice":
            letter = {"message_id": one.message_id, "subject": one.subject, "body": one.text}
            notices.set_letter(conn, notice_id, **letter, mailbox=mailbox)
        journal.append(conn, [Entry(one.sent_at, "daemon", "letter_found", notice_id=notice_id)])


def _rung(standing: Standing, rung: int, outbox_id: int, at: datetime) -> dict[str, object]:
    mine = {"notice_id": standing.id, "cycle": standing.cycle, "rung": rung}
    return {**mine, "outbox_id": outbox_id, "outcome": "SENT", "reason": "found_in_sent", "at": at}
