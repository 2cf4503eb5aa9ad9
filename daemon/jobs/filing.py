"""Carries out the wishes to file: in large sets, after their commit, and repeated without harm until each is done."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from daemon.errors import PermanentError, TransientError
from daemon.jobs.clock import Clock
from daemon.mailbox import Mailbox, Place
from daemon.store import Store, places, wishes
from daemon.store.places import Spot
from daemon.store.rows import AnyRow, chunks

SET = 500  # mails in one command
_AT_ONCE = 2000  # wishes looked at in one round
_MOST_TRIES = 12
_TAG_TRIES = 8  # before a mail whose tags the mailbox refuses is left without them
_MOST_SEARCHED = 20  # of one set, at the first try
_log = logging.getLogger("noticed.filing")


@dataclass(slots=True)
class Filings:
    """What a round came to.  ``gone``: somebody else had moved them, so they are left alone."""

    filed: int = 0
    tagged: int = 0
    gone: int = 0
    put_off: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class _Wish:
    id: int
    message_ref: int
    message_id: str = field(repr=False)
    folder: str
    tags: frozenset[str]
    attempts: int
    old: frozenset[str] = frozenset()  # tags that it may carry from earlier and must not any more


def file_waiting(
    store: Store, box: Mailbox, clock: Clock, more: Callable[[], bool] = lambda: True, limit: int = _AT_ONCE
) -> Filings:
    """File what waits in ``box``.  Raises TransientError when the mailbox or the database fails; the rest waits."""
    with store.read() as conn:
        rows = wishes.due(conn, box.name, clock.now(), limit)
        made = wishes.of_messages(conn, (row.message_ref for row in rows))
        due = [_wish(row, made[row.message_ref]) for row in rows]
        lying = _lying(places.of_messages(conn, [one.message_ref for one in due]), box.name)
    done = Filings()
    if due:
        box.open()
        _Round(store, box, clock, lying, done).run(due, more)
        ids = {"mailbox": box.name, "filed": done.filed, "gone": done.gone, "put_off": done.put_off}
        _log.info("filed", extra={"ids": ids})
    return done


def _wish(row: AnyRow, made: Iterable[AnyRow]) -> _Wish:
    tags = frozenset(row.tags)
    old = frozenset(word for one in made if one.mailbox == row.mailbox and one.id < row.id for word in one.tags)
    return _Wish(row.id, row.message_ref, row.message_id, row.folder, tags, row.attempts, old - tags)


def _lying(rows: Iterable[AnyRow], mailbox: str) -> dict[int, list[Place]]:
    """message -> where it lies in this mailbox, newest knowledge last."""
    found: defaultdict[int, list[Place]] = defaultdict(list)
    for row in rows:
        if row.mailbox == mailbox:
            found[row.message_ref].append(Place(row.folder, row.uid))
    return found


class _Round:
    def __init__(self, store: Store, box: Mailbox, clock: Clock, lying: dict[int, list[Place]], done: Filings) -> None:
        self.store, self.box, self.clock, self.lying, self.done = store, box, clock, lying, done
        self.bare: set[int] = set()  # wishes whose tags the mailbox refused

    def run(self, due: Sequence[_Wish], more: Callable[[], bool]) -> None:
        groups: defaultdict[str, list[_Wish]] = defaultdict(list)
        for wish in due:
            groups[wish.folder].append(wish)
        for folder, group in groups.items():
            for some in chunks(group, SET):
                if not more():
                    return
                self._set(folder, some)

    def _set(self, folder: str, group: Sequence[_Wish]) -> None:
        """Tag and move one set; whatever refuses is put off, so that it cannot stop the others."""
        try:
            if folder:
                self.box.ensure_folder(folder)
            self._carry_out(folder, group)
        except TransientError:
            raise
        except PermanentError:
            self._put_off(group)

    def _carry_out(self, folder: str, group: Sequence[_Wish]) -> None:
        here: dict[Place, _Wish] = {}
        there: set[int] = set()  # wishes whose mail lies where it is to lie
        for wish in group:
            lying = self.lying.get(wish.message_ref, ())
            here.update(dict.fromkeys((place for place in lying if place.folder == self.box.inbox), wish))
            there.update(wish.id for place in lying if place.folder == folder)
        self._tag({wish: self.lying.get(wish.message_ref, ()) for wish in group})
        if not folder:
            self._finish(group)
            self.done.tagged += len(group)
            return
        waiting = {wish.id for wish in here.values()}
        shelved = [wish for wish in group if wish.id in there - waiting]
        if shelved:
            self._finish(shelved)
        self.done.tagged += len(shelved)
        unplaced = [wish for wish in group if wish.id not in waiting | there]
        vanished = self._move(here, folder) if here else []
        self._search_all(list({wish.id: wish for wish in (*unplaced, *vanished)}.values()), folder)

    def _tag(self, lying: Mapping[_Wish, Sequence[Place]]) -> None:
        """Tag mails where they lie, those with equal tags at once."""
        alike: defaultdict[tuple[frozenset[str], frozenset[str]], dict[Place, _Wish]] = defaultdict(dict)
        for wish, where in lying.items():
            alike[wish.tags, wish.old].update(dict.fromkeys(where, wish))
        for (add, remove), some in alike.items():
            if some and (add or remove):
                refused = self.box.tag(list(some), add, remove)
                self.bare.update(wish.id for place, wish in some.items() if place in refused)

    def _move(self, here: dict[Place, _Wish], folder: str) -> list[_Wish]:
        """Move what lies where we think; return the wishes whose mail was not there.

        New places are recorded as ours and wishes as done in one commit; places where nothing lies are forgotten.
        """
        result = self.box.file(list(here), folder)
        moved: dict[Spot, tuple[str, str | None]] = {
            (place.folder, place.uid): (folder, filed.place.uid if filed.place else None)
            for place, filed in result.items()
            if filed.moved
        }
        vanished = [(place.folder, place.uid) for place, filed in result.items() if filed.vanished]
        ready = {here[place].id: here[place] for place, filed in result.items() if filed.moved}
        now = self.clock.now()
        with self.store.write() as conn:
            places.move(conn, self.box.name, moved, now)
            places.release(conn, self.box.name, vanished)
            self._end(conn, list(ready.values()), now)
        self.done.filed += len(ready)
        return [wish for wish in {wish.id: wish for wish in here.values()}.values() if wish.id not in ready]

    def _search_all(self, lost: Sequence[_Wish], folder: str) -> None:
        """Look for each; so many at once were renumbered, and the next listing tells where they lie."""
        late = [wish for wish in lost if wish.attempts == 0] if len(lost) > _MOST_SEARCHED else []
        if late:
            self._put_off(late)
        for wish in lost:
            if wish not in late:
                self._search(wish, folder)

    def _search(self, wish: _Wish, folder: str) -> None:
        """Find a mail again that is not where we thought, by its identity."""
        if not wish.message_id or wish.message_id.startswith("sha256:"):
            self._put_off([wish])  # the next listing tells where it lies
            return
        found = self.box.find(self.box.inbox, wish.message_id)
        if found:
            self._again(wish, found, folder)
        elif self.box.find(folder, wish.message_id):
            self._finish([wish])  # a power cut came between the move and its record
            self.done.filed += 1
        else:
            self._settle([wish], wishes.GONE)  # a person moved or deleted it: theirs
            self.done.gone += 1

    def _again(self, wish: _Wish, found: Sequence[Place], folder: str) -> None:
        """Move what was found again, but only what the ledger says is this very mail."""
        with self.store.read() as conn:
            bound = places.bound(conn, self.box.name, self.box.inbox, (place.uid for place in found))
        mine = [place for place in found if bound.get(place.uid) == wish.message_ref]
        if not mine:
            self._put_off([wish])  # the next listing binds it, or tells it from another mail with the same Message-ID
            return
        here = dict.fromkeys(mine, wish)
        self._tag({wish: mine})
        if self._move(here, folder):
            self._put_off([wish])

    def _settle(self, group: Sequence[_Wish], state: str) -> None:
        with self.store.write() as conn:
            wishes.settle(conn, [one.id for one in group], state, self.clock.now())

    def _finish(self, group: Sequence[_Wish]) -> None:
        with self.store.write() as conn:
            self._end(conn, group, self.clock.now())

    def _end(self, conn: Connection, group: Sequence[_Wish], now: datetime) -> None:
        """Settle what lies where it is to lie; refused tags are tried again there, and in the end given up."""
        again = [one for one in group if one.id in self.bare and one.attempts + 1 < _TAG_TRIES]
        for one in again:
            wishes.put_off(conn, [one.id], _later(now, one))
        wishes.settle(conn, [one.id for one in group if one.id not in self.bare], wishes.DONE, now)
        bare = [one.id for one in group if one.id in self.bare and one not in again]
        wishes.settle(conn, bare, wishes.UNTAGGED, now)

    def _put_off(self, group: Sequence[_Wish]) -> None:
        """Try again later; after many tries give up and leave the mail where it is."""
        now = self.clock.now()
        with self.store.write() as conn:
            for wish in group:
                if wish.attempts + 1 >= _MOST_TRIES:
                    wishes.settle(conn, [wish.id], wishes.FAILED, now)
                    self.done.failed += 1
                else:
                    wishes.put_off(conn, [wish.id], _later(now, wish))
                    self.done.put_off += 1


def _later(now: datetime, wish: _Wish) -> datetime:
    return now + wishes.back_off(wish.attempts)
