"""What people do with mail in their own mail program: a mail put into another folder is a decision, and it wins.

A move is understood only after a full look at every watched folder, so that a copy, a renumbered folder or our own
filing is never taken for one.  Back in the inbox: judged again.  In a folder with a meaning: decided so.  Elsewhere,
or gone: left alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from daemon.errors import PermanentError
from daemon.jobs import again, recording
from daemon.jobs import review as review_job
from daemon.jobs.again import Judge
from daemon.jobs.arrivals import Arrival, Set
from daemon.jobs.folders import Folders, Shelf
from daemon.mailbox import Mailbox, Place
from daemon.notices.status import Category
from daemon.store import Store, journal, ledger, messages, places, reviews, state, strays, wishes
from daemon.store.journal import Entry
from daemon.store.rows import AnyRow
from daemon.store.wishes import NewWish

ACTOR = "mailbox"  # who moved a mail is not known: never a second person
_PASSES = 2  # full looks that find a mail nowhere before it counts as gone
_REFILES = 2  # times that a mail comes back to the inbox and is filed again
_AT_ONCE = 200
_log = logging.getLogger("noticed.staff_moves")


@dataclass(frozen=True, slots=True)
class History:
    """Where a message is to lie in one mailbox, by all that was wished and met so far."""

    rows: Sequence[AnyRow] = ()

    @property
    def last(self) -> AnyRow | None:
        return self.rows[-1] if self.rows else None

    @property
    def waits(self) -> bool:
        return any(one.state == wishes.OPEN for one in self.rows)

    @property
    def returns(self) -> int:
        """How often people put it back into the inbox."""
        return sum(one.state == wishes.THEIRS and not one.folder for one in self.rows)

    @property
    def shelf(self) -> Shelf | None:
        return Shelf(self.last.folder, tuple(self.last.tags)) if self.last is not None else None

    def expected(self, inbox: str) -> frozenset[str]:
        """The folders in which it may lie without anybody having moved it; empty: nothing is known."""
        last = self.last
        if last is None or last.state == wishes.GONE:
            return frozenset()
        if last.state == wishes.OPEN:
            return frozenset({inbox, last.folder or inbox})
        return frozenset({inbox if last.state == wishes.FAILED else last.folder or inbox})


@dataclass(frozen=True, slots=True)
class Staff:
    """Understands the strays of a mailbox; ``read`` fetches and reads a mail where it lies now, if it still does."""

    store: Store
    judge: Judge
    folders: Folders
    read: Callable[[Mailbox, Place], Arrival | None]

    def look(self, box: Mailbox, now: datetime, more: Callable[[], bool] = lambda: True) -> None:
        """Settle what is understood after a full look at ``box``; the rest waits for the next one."""
        after = 0
        while more():
            with self.store.read() as conn:
                waiting = strays.waiting(conn, box.name, after, _AT_ONCE)
                if not waiting:
                    return
                seen = _Seen.of(conn, box, waiting, live=state.mode(conn) == "live")
            after = max(waiting)
            self._prove_copies(box, seen)
            self._settle(box, seen, now)

    def _prove_copies(self, box: Mailbox, seen: _Seen) -> None:
        """Tell copies from what came back: the first one must still lie where the ledger, which may be behind, says."""
        for ref in tuple(seen.copies):
            shelf, message_id = seen.history[ref].shelf, seen.mails[ref].message_id
            if shelf is None or not message_id or _lies(box, shelf.folder, message_id):
                continue
            seen.copies.remove(ref)
            seen.plain.remove(ref)
            seen.moved[ref] = box.inbox

    def _settle(self, box: Mailbox, seen: _Seen, now: datetime) -> None:
        """Write the plain cases of some messages in one transaction, each decision in its own."""
        with self.store.write() as conn:
            strays.settle(conn, box.name, seen.plain)
            strays.missed(conn, box.name, seen.missing)
            wishes.make(conn, [seen.wish(ref) for ref in seen.copies], now)
            for ref in seen.gone:
                self._leave(conn, box, ref, "", now)
        for ref, folder in seen.moved.items():
            category = self.folders.category(folder, seen.category(ref))
            if folder == box.inbox:
                self._back(box, seen, ref, now)
            elif category is None:
                with self.store.write() as conn:
                    self._leave(conn, box, ref, folder, now)
            else:
                with self.store.write() as conn:
                    self._decide(conn, box, ref, folder, category, now)

    def _leave(self, conn: Connection, box: Mailbox, ref: int, folder: str, now: datetime) -> None:
        """Hands off: it is theirs, wherever it lies now ("": nowhere that we look)."""
        if folder:
            wishes.note_theirs(conn, box.name, ref, folder, now)
        _note(conn, ref, "left_to_staff", "elsewhere" if folder else "gone", now)
        strays.settle(conn, box.name, [ref])
        _log.info("staff_move", extra={"ids": {"came_to": "left"}})

    def _decide(self, conn: Connection, box: Mailbox, ref: int, folder: str, category: Category, now: datetime) -> None:
        """A person's decision: exactly what was proposed if the folder says so, else the category and a question."""
        wishes.note_theirs(conn, box.name, ref, folder, now)
        waiting = [one for one in reviews.of_message(conn, ref) if one.state == reviews.OPEN and one.kind == "review"]
        agreed = next((one for one in waiting if self.folders.agrees(folder, review_job.gist(one))), None)
        if agreed is not None:
            review_job.accept(conn, agreed.id, now, ACTOR, folders=self.folders)
        else:
            self._correct(conn, ref, category, waiting, now)
        strays.settle(conn, box.name, [ref])
        _log.info("staff_move", extra={"ids": {"came_to": "decided"}})

    def _correct(
        self, conn: Connection, ref: int, category: Category, waiting: Sequence[AnyRow], now: datetime
    ) -> None:
        """Set the category; what follows for the URLs is asked, never guessed."""
        mail = messages.get(conn, ref)
        assert mail is not None
        last = next(reversed(messages.decisions_of(conn, ref)), None)
        details = {"from": mail.category, "rule": last.rule if last is not None else ""}
        _note(conn, ref, "moved_by_staff", category.value, now, details)
        if category.value != mail.category:
            messages.set_category(conn, ref, category.value)
        for one in waiting:
            reviews.decide(conn, one.id, reviews.OBSOLETE, now, ACTOR)
        if mail.notice_id is not None and (waiting or category.value != mail.category):
            item = reviews.NewReview("moved_by_staff", message_ref=ref, notice_id=mail.notice_id, esp_id=mail.esp_id)
            reviews.add(conn, item, now, ACTOR)

    def _back(self, box: Mailbox, seen: _Seen, ref: int, now: datetime) -> None:
        """Back in the inbox: judge it again with the rules of today, unless it came back too often."""
        if seen.history[ref].returns >= _REFILES:
            with self.store.write() as conn:
                wishes.note_theirs(conn, box.name, ref, "", now)
                self._leave(conn, box, ref, "", now)
            return
        place = next(one for one in seen.lying[ref] if one.folder == box.inbox)
        arrival = self.read(box, place)
        if arrival is None:
            return  # moved on meanwhile: the next look tells
        with self.store.read() as conn:
            found = ledger.look_up(conn, [arrival.keys] if arrival.keys is not None else [])
        again.decide(self.judge, arrival, found)
        if arrival.decision is not None:  # its bounces are counted already
            arrival.decision = replace(arrival.decision, bounced=())
        batch = Set(box.name, box.inbox, [arrival], inbox=True, again={arrival.identity: ref})
        with self.store.write() as conn:
            for one in reviews.of_message(conn, ref):
                reviews.decide(conn, one.id, reviews.OBSOLETE, now, ACTOR)
            wishes.note_theirs(conn, box.name, ref, "", now)
            _note(conn, ref, "moved_back", "", now)
            recording.record(conn, batch, self.folders, found.ids, now)
            strays.settle(conn, box.name, [ref])
        _log.info("staff_move", extra={"ids": {"came_to": "returned"}})


def _lies(box: Mailbox, folder: str, message_id: str) -> bool:
    try:
        return bool(box.find(folder, message_id))
    except PermanentError:
        return False  # the folder is gone


def _note(
    conn: Connection, ref: int, action: str, new: str, now: datetime, details: dict[str, str] | None = None
) -> None:
    journal.append(conn, [Entry(now, ACTOR, action, message_ref=ref, new=new or None, details=details)])


@dataclass(slots=True)
class _Seen:
    """Strays after a full look, by what they turned out to be."""

    box: str
    history: dict[int, History]
    lying: dict[int, list[Place]]
    mails: dict[int, AnyRow]
    plain: list[int] = field(default_factory=list)  # nobody moved them
    missing: list[int] = field(default_factory=list)  # nowhere, for the first time
    gone: list[int] = field(default_factory=list)  # nowhere, and not for the first time
    copies: list[int] = field(default_factory=list)  # a second copy in the inbox, to be filed like the first
    moved: dict[int, str] = field(default_factory=dict)  # message -> the folder that a person chose

    @classmethod
    def of(cls, conn: Connection, box: Mailbox, waiting: dict[int, int], *, live: bool) -> _Seen:
        made = wishes.of_messages(conn, waiting)
        here = {ref: [one for one in made.get(ref, ()) if one.mailbox == box.name] for ref in waiting}
        history = {ref: History(rows) for ref, rows in here.items()}
        seen = cls(box.name, history, {ref: [] for ref in waiting}, messages.get_many(conn, waiting))
        for row in places.of_messages(conn, waiting):
            if row.mailbox == box.name:
                seen.lying[row.message_ref].append(Place(row.folder, row.uid))
        for ref, passes in waiting.items():
            if live:
                seen._sort(box.inbox, ref, passes)
            else:
                seen.plain.append(ref)
        return seen

    def _sort(self, inbox: str, ref: int, passes: int) -> None:
        history, folders = self.history[ref], [place.folder for place in self.lying[ref]]
        expected = history.expected(inbox)
        if not folders:
            self._nowhere(ref, passes)
        elif not expected.intersection(folders) and (expected or len(set(folders)) == 1):
            self.moved[ref] = folders[-1]
        else:
            self.plain.append(ref)
            if expected and inbox in folders and inbox not in expected:
                self.copies.append(ref)

    def _nowhere(self, ref: int, passes: int) -> None:
        last = self.history[ref].last
        if self.history[ref].waits:
            self.plain.append(ref)  # the filing looks for it, and then it is settled there
        elif passes + 1 < _PASSES:
            self.missing.append(ref)
        elif last is None or last.state == wishes.GONE:
            self.plain.append(ref)
        else:
            self.gone.append(ref)

    def wish(self, ref: int) -> NewWish:
        shelf = self.history[ref].shelf
        assert shelf is not None
        return NewWish(self.box, ref, shelf.folder, shelf.tags)

    def category(self, ref: int) -> Category:
        return Category(self.mails[ref].category)
