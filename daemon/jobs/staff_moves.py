"""What people do with mail in their own mail program: a folder or a tag that they choose is a decision, and it wins.

Both are understood only after a full look at every watched folder, so that a copy, a renumbered folder or our own
filing and tagging is never taken for theirs.  Back in the inbox: judged again.  In a folder or with a tag of a meaning:
decided so.  Elsewhere, gone, or without our tags: left alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from daemon.errors import PermanentError
from daemon.jobs import review as review_job
from daemon.jobs.again import Anew, Judge
from daemon.jobs.arrivals import Arrival
from daemon.jobs.folders import Folders, tag
from daemon.jobs.history import Choice, chosen
from daemon.jobs.seen import Seen
from daemon.mailbox import Mailbox, Place
from daemon.notices.status import Category
from daemon.store import Store, journal, messages, reviews, state, strays, wishes
from daemon.store.journal import Entry
from daemon.store.rows import AnyRow
from daemon.store.wishes import NewWish

ACTOR = "mailbox"  # who moved a mail is not known: never a second person
_REFILES = 2  # times that a mail comes back to the inbox and is filed again
_AT_ONCE = 200
_log = logging.getLogger("noticed.staff_moves")


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
                seen = Seen.of(conn, box, waiting, live=state.mode(conn) == "live")
            after = max(waiting)
            self._prove_copies(box, seen)
            self._look_at_tags(box, seen)
            self._settle(box, seen, now)

    def _prove_copies(self, box: Mailbox, seen: Seen) -> None:
        """Tell copies from what came back: the first one must still lie where the ledger, which may be behind, says."""
        for ref in tuple(seen.copies):
            shelf, message_id = seen.history[ref].shelf, seen.mails[ref].message_id
            if shelf is None or not message_id or _lies(box, shelf.folder, message_id):
                continue
            seen.copies.remove(ref)
            seen.plain.remove(ref)
            seen.moved[ref] = box.inbox

    def _look_at_tags(self, box: Mailbox, seen: Seen) -> None:
        """Ask what lies now on mails whose tags changed: the listing may be older than our own tagging."""
        for ref in seen.retagged:
            flags = [one.flags for one in box.fetch(seen.lying[ref]) if not one.unreadable]
            if flags:
                seen.choose(ref, chosen(frozenset().union(*flags), seen.history[ref], self.folders))

    def _settle(self, box: Mailbox, seen: Seen, now: datetime) -> None:
        """Write the plain cases of some messages in one transaction, each decision in its own."""
        with self.store.write() as conn:
            strays.settle(conn, box.name, seen.plain)
            strays.missed(conn, box.name, seen.missing)
            wishes.make(conn, [seen.wish(ref) for ref in seen.copies], now)
            for ref in seen.gone:
                self._leave(conn, box, ref, "", now)
        for ref, choice in seen.chosen.items():
            with self.store.write() as conn:
                self._take_tags(conn, box, seen, ref, choice, now)
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
        """A person chose a folder; see ``_carry_out``."""
        wishes.note_theirs(conn, box.name, ref, folder, now)
        said = _Said(category, "moved_by_staff", lambda gist: self.folders.agrees(folder, gist))
        self._carry_out(conn, ref, said, now)
        strays.settle(conn, box.name, [ref])
        _log.info("staff_move", extra={"ids": {"came_to": "decided"}})

    def _take_tags(self, conn: Connection, box: Mailbox, seen: Seen, ref: int, choice: Choice, now: datetime) -> None:
        """A person chose a tag; several at once, or none, only end our own interest in what the mail is tagged as."""
        where = seen.where(ref)
        if choice.category is None:
            folder = "" if where == box.inbox else where
            wishes.note_tagged(conn, NewWish(box.name, ref, folder, tuple(sorted(choice.tags))), now)
            _note(conn, ref, "left_to_staff", "tagged" if choice.tags else "untagged", now)
        else:
            agree = self.folders.category(where, choice.category) in {None, choice.category}
            said = _Said(choice.category, "tagged_by_staff", lambda gist: agree and gist is choice.category)
            self._carry_out(conn, ref, said, now)
            wishes.drop(conn, box.name, ref, now)
            wishes.make(conn, [NewWish(box.name, ref, *self._shelf(seen, ref, where, choice.category))], now)
        strays.settle(conn, box.name, [ref])
        _log.info("staff_tag", extra={"ids": {"came_to": "decided" if choice.category else "left"}})

    def _shelf(self, seen: Seen, ref: int, where: str, category: Category) -> tuple[str, tuple[str, ...]]:
        """Out of the inbox to where its new meaning goes, unless it is not ours to move; elsewhere it stays."""
        if where != seen.inbox:
            return where, (tag(category.value),)
        ours = seen.mails[ref].state in {messages.DECIDED, messages.SET_ASIDE}
        shelf = self.folders.decided(category)
        return shelf.folder if ours and seen.history[ref].returns <= _REFILES else "", shelf.tags

    def _carry_out(self, conn: Connection, ref: int, said: _Said, now: datetime) -> None:
        """A person's decision: exactly what was proposed if it says the same, else the category and a question."""
        waiting = [one for one in reviews.of_message(conn, ref) if one.state == reviews.OPEN and one.kind == "review"]
        agreed = next((one for one in waiting if said.agrees(review_job.gist(one))), None)
        if agreed is not None:
            review_job.accept(conn, agreed.id, now, ACTOR, folders=self.folders)
        else:
            self._correct(conn, ref, said, waiting, now)

    def _correct(self, conn: Connection, ref: int, said: _Said, waiting: Sequence[AnyRow], now: datetime) -> None:
        """Set the category; what follows for the URLs is asked, never guessed."""
        mail, category = messages.get(conn, ref), said.category
        assert mail is not None
        last = next(reversed(messages.decisions_of(conn, ref)), None)
        details = {"from": mail.category, "rule": last.rule if last is not None else ""}
        _note(conn, ref, said.how, category.value, now, details)
        if category.value != mail.category:
            messages.set_category(conn, ref, category.value)
        for one in waiting:
            reviews.decide(conn, one.id, reviews.OBSOLETE, now, ACTOR)
        if mail.notice_id is not None and (waiting or category.value != mail.category):
            item = reviews.NewReview(said.how, message_ref=ref, notice_id=mail.notice_id, esp_id=mail.esp_id)
            reviews.add(conn, item, now, ACTOR)

    def _back(self, box: Mailbox, seen: Seen, ref: int, now: datetime) -> None:
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

        def taken_up(conn: Connection) -> None:
            wishes.note_theirs(conn, box.name, ref, "", now)
            _note(conn, ref, "moved_back", "", now)
            strays.settle(conn, box.name, [ref])

        Anew(self.store, self.judge, self.folders, ACTOR).judge_one(box, ref, arrival, taken_up, now, counted=True)
        _log.info("staff_move", extra={"ids": {"came_to": "returned"}})


@dataclass(frozen=True, slots=True)
class _Said:
    """What a person said a mail means; ``how`` is the word for it in the journal and in the queue."""

    category: Category
    how: str
    agrees: Callable[[Category | None], bool]  # with what an open review item comes to


def _lies(box: Mailbox, folder: str, message_id: str) -> bool:
    try:
        return bool(box.find(folder, message_id))
    except PermanentError:
        return False  # the folder is gone


def _note(
    conn: Connection, ref: int, action: str, new: str, now: datetime, details: dict[str, str] | None = None
) -> None:
    journal.append(conn, [Entry(now, ACTOR, action, message_ref=ref, new=new or None, details=details)])
