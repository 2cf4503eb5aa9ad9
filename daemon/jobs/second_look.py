"""Looks again at mail that a server could not hand over: what it hands over later is judged like any other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from daemon.errors import PermanentError, TransientError
from daemon.jobs import recording
from daemon.jobs.again import Anew, Judge
from daemon.jobs.arrivals import NOT_HANDED_OVER, Arrival, Copy, Fate, Set
from daemon.jobs.folders import Folders
from daemon.jobs.history import History
from daemon.mailbox import Mailbox, Place
from daemon.store import Store, journal, messages, places, reviews, state, wishes
from daemon.store.journal import Entry
from daemon.store.messages import NewMessage

_MOST_STRIKES = 4  # looks at one mail, and processes that died at it; then it stays with the person who was asked
_AT_ONCE = 20
_log = logging.getLogger("noticed.intake")


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Takes up what can be read now.

    ``read`` fetches and reads a mail where it lies, if it still does; ``copy`` tells what a known one is there.
    """

    store: Store
    judge: Judge
    folders: Folders
    read: Callable[[Mailbox, Place], Arrival | None]
    copy: Callable[[Mailbox, Arrival, int], Copy]

    def look(self, box: Mailbox, now: datetime, more: Callable[[], bool] = lambda: True) -> None:
        """Try each mail once more; raises TransientError when the mailbox or the database fails."""
        with self.store.read() as conn:
            lying = waiting(conn, box) if state.mode(conn) == "live" else {}
        for ref, place in lying.items():
            if not more():
                return
            arrival = self._read(box, place, now)
            if arrival is not None and arrival.fate is not Fate.ASIDE:
                self._take_up(box, ref, arrival, now)

    def _read(self, box: Mailbox, place: Place, now: datetime) -> Arrival | None:
        """Fetch and read; counted before the attempt, which may end the process."""
        spot = (place.folder, place.uid)
        with self.store.write() as conn:
            places.strike(conn, box.name, spot, now)
        try:
            return self.read(box, place)
        except PermanentError:
            return None
        except TransientError:  # a server that is away is no fault of the mail
            with self.store.write() as conn:
                places.take_back(conn, box.name, spot)
            raise

    def _take_up(self, box: Mailbox, ref: int, arrival: Arrival, now: datetime) -> None:
        with self.store.read() as conn:
            known = messages.known(conn, [arrival.identity]).get(arrival.identity)
        if known is not None:
            self._take_copy(box, ref, self.copy(box, arrival, known), now)
            return

        def now_known(conn: Connection) -> None:
            sender = arrival.message.from_ if arrival.message else None
            found = NewMessage(
                identity=arrival.identity,
                mailbox=box.name,
                received_at=arrival.received_at,
                state=messages.SET_ASIDE,
                fingerprint_version=arrival.fingerprint_version,
                from_domain=sender.domain if sender else "",
                size=arrival.size,
                body=arrival.body,
            )
            messages.read_at_last(conn, ref, found)
            journal.append(conn, [Entry(now, "daemon", "read_at_last", message_ref=ref)])
            places.forgive(conn, box.name, [(arrival.place.folder, arrival.place.uid)])

        Anew(self.store, self.judge, self.folders, "daemon").judge_one(box, ref, arrival, now_known, now, counted=False)
        _log.info("read_at_last", extra={"ids": {"mailbox": box.name}})

    def _take_copy(self, box: Mailbox, ref: int, copy: Copy, now: datetime) -> None:
        """It is a mail that was known: under a new number, or there twice; nobody need be asked about it."""
        place = copy.place
        batch = Set(box.name, place.folder, (), inbox=place.folder == box.inbox, copies=(copy,))
        with self.store.write() as conn:
            for one in reviews.of_message(conn, ref):
                reviews.decide(conn, one.id, reviews.OBSOLETE, now, "daemon")
            messages.is_a_copy(conn, ref)
            journal.append(conn, [Entry(now, "daemon", "is_copy", message_ref=ref, details={"of": copy.message_ref})])
            places.forgive(conn, box.name, [(place.folder, place.uid)])
            recording.record(conn, batch, self.folders, {}, now)


def waiting(conn: Connection, box: Mailbox) -> dict[int, Place]:
    """message -> where it lies in the inbox, of those asked about, tagged so, and not looked at too often.

    Elsewhere (suspected spam, folders of staff) it stays with the person.
    """
    mailbox = box.name
    asked = {row.message_ref for row in reviews.with_reason(conn, NOT_HANDED_OVER) if row.message_ref is not None}
    lying = {
        row.message_ref: Place(row.folder, row.uid)
        for row in places.of_messages(conn, asked)
        if (row.mailbox, row.folder) == (mailbox, box.inbox)
    }
    looks = places.strikes_of(conn, mailbox, ((place.folder, place.uid) for place in lying.values()))
    filing = {ref for ref, made in wishes.of_messages(conn, lying).items() if History(made).waits}
    again = [
        ref for ref, at in lying.items() if looks.get((at.folder, at.uid), 0) < _MOST_STRIKES and ref not in filing
    ]
    return {ref: lying[ref] for ref in sorted(again)[:_AT_ONCE]}
