"""Judges again what was only observed, once the mode is live; what it meets in the inbox is filed then."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from daemon.decide.decision import Decision
from daemon.errors import NoticedError
from daemon.jobs import recording
from daemon.jobs.arrivals import Arrival, Fate, Recorded, Set, known_as_ours, maybe_ours
from daemon.jobs.folders import Folders
from daemon.mailbox import Fetched, Mailbox, Place
from daemon.message.message import Message
from daemon.notices.keys import Keys
from daemon.notices.match import Known
from daemon.store import Store, kept, ledger, messages, outbox, places, reviews, state
from daemon.store.ledger import Ledger
from daemon.store.rows import AnyRow

SET = 50
_log = logging.getLogger("noticed.intake")


class Judge(Protocol):
    """What the mail walk asks of reading and judging; pure functions behind it.

    ``reads_apart``: mails are read in a child process, so that reading one cannot end this one.
    """

    @property
    def reads_apart(self) -> bool: ...

    def read(self, fetched: Fetched) -> Message: ...
    def ask(self, message: Message) -> Keys: ...
    def decide(self, message: Message, known: Known) -> Decision: ...


def judge_again(
    store: Store,
    judge: Judge,
    folders: Folders,
    box: Mailbox,
    junk: str | None,
    now: datetime,
    more: Callable[[], bool] = lambda: True,
) -> Recorded:
    """Judge what was observed in ``box`` in sets, with its effects now; nothing to do costs one question."""
    done = Recorded()
    key = recording.observed_key(box.name)
    while more():
        with store.read() as conn:
            if state.get(conn, key) is None or state.mode(conn) != "live":
                return done
            rows = messages.observed(conn, box.name, SET)
            lying = {
                row.message_ref: Place(row.folder, row.uid) for row in places.of_messages(conn, [r.id for r in rows])
            }
        if not rows:
            with store.write() as conn:
                state.clear(conn, key)
            return done
        done.add(_set(store, judge, folders, box, junk, rows, lying, now))
    return done


def _set(
    store: Store,
    judge: Judge,
    folders: Folders,
    box: Mailbox,
    junk: str | None,
    rows: Sequence[AnyRow],
    lying: Mapping[int, Place],
    now: datetime,
) -> Recorded:
    arrivals = [_arrival(store, judge, row, lying.get(row.id), box.inbox, junk) for row in rows]
    with store.read() as conn:
        found = ledger.look_up(conn, [one.keys for one in arrivals if one.keys is not None])
    for one in arrivals:
        decide(judge, one, found)
    known = {one.identity: row.id for one, row in zip(arrivals, rows, strict=True)}
    batch = Set(box.name, box.inbox, arrivals, inbox=True, again=known)
    with store.write() as conn:
        return recording.record(conn, batch, folders, found.ids, now)


def _arrival(store: Store, judge: Judge, row: AnyRow, place: Place | None, inbox: str, junk: str | None) -> Arrival:
    arrival = Arrival(
        place=place or Place("", f"message:{row.id}"),
        received_at=row.received_at,
        identity=(row.message_id, row.fingerprint),
        fate=_fate(place, inbox, junk),
        size=row.size,
    )
    try:
        arrival.message = kept.unpack(store.cipher.open(row.body_enc))
        arrival.keys = judge.ask(arrival.message)
    except Exception as error:  # noqa: BLE001 - one mail that meets a bug must not stop the others
        give_up(arrival, error)
    return arrival


def _fate(place: Place | None, inbox: str, junk: str | None) -> Fate:
    if place is not None and place.folder == inbox:
        return Fate.JUDGED
    return Fate.JUNK if place is not None and place.folder == junk else Fate.OUTSIDE


@dataclass(frozen=True, slots=True)
class Anew:
    """Judges one known mail where it lies now, for ``by``."""

    store: Store
    judge: Judge
    folders: Folders
    by: str

    def judge_one(
        self,
        box: Mailbox,
        ref: int,
        arrival: Arrival,
        first: Callable[[Connection], None],
        now: datetime,
        *,
        counted: bool,
    ) -> None:
        """Judge it with all effects; what was asked about it is void.  ``first`` is done in the same commit.

        ``counted``: its bounces are counted already.
        """
        with self.store.read() as conn:
            ours = known_as_ours([arrival], outbox.by_message_ids(conn, maybe_ours([arrival])))
            found = ledger.look_up(conn, [arrival.keys] if arrival.keys is not None else [])
        if not ours:
            decide(self.judge, arrival, found)
        if counted and arrival.decision is not None:
            arrival.decision = replace(arrival.decision, bounced=())
        folder = arrival.place.folder
        batch = Set(box.name, folder, [arrival], inbox=folder == box.inbox, again={arrival.identity: ref}, ours=ours)
        batch = replace(batch, sent_folder=box.sent_folder() if ours else None)
        with self.store.write() as conn:
            for one in reviews.of_message(conn, ref):
                reviews.decide(conn, one.id, reviews.OBSOLETE, now, self.by)
            first(conn)
            recording.record(conn, batch, self.folders, found.ids, now)


def decide(judge: Judge, one: Arrival, found: Ledger) -> None:
    """Judge one mail; a ticket learned from it serves the next."""
    if one.message is None or one.keys is None:
        return
    try:
        one.decision = judge.decide(one.message, found.known(one.keys))
    except NoticedError:
        raise
    except Exception as error:  # noqa: BLE001 - one mail that meets a bug must not stop the others
        give_up(one, error)
        return
    strong = [matched for matched in one.decision.matched if matched.is_strong]
    if one.decision.ticket and len(strong) == 1:
        found.learn(strong[0].number, one.decision.ticket)


def give_up(one: Arrival, error: Exception) -> None:
    """Set a mail aside that meets a bug."""
    _log.error("mail_set_aside", extra={"ids": {"error": type(error).__name__}}, exc_info=error)
    one.fate, one.reason = Fate.ASIDE, "bug"
