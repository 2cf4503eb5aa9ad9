"""The mail walk: list, fetch, read, judge, and record in sets; nothing is moved here."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from daemon.errors import ConfigError, NoticedError, PermanentError, TransientError, UnreadError
from daemon.jobs import again, recording
from daemon.jobs.again import Judge
from daemon.jobs.arrivals import (
    NOT_HANDED_OVER,
    Arrival,
    Copy,
    Fate,
    Recorded,
    Set,
    aside,
    known_as_ours,
    maybe_ours,
)
from daemon.jobs.clock import Clock
from daemon.jobs.folders import Folders
from daemon.jobs.history import History, chosen
from daemon.jobs.second_look import SecondLook
from daemon.jobs.staff_moves import Staff
from daemon.mailbox import Changes, Fetched, FolderState, Mailbox, Place
from daemon.message.parse import FINGERPRINT_VERSION
from daemon.notices.keys import Keys
from daemon.store import Store, esps, kept, ledger, messages, outbox, places, state, wishes
from daemon.store.esps import Register
from daemon.store.ledger import Ledger
from daemon.store.messages import Identity
from daemon.store.places import Spot
from daemon.store.rows import AnyRow

SET = 100  # mails in one transaction
STRIKES = 3  # dead processes before a mail is set aside, where it is read in the same process
_FETCH_STRIKES = 5  # and before it is not even fetched
_AT_WORK = "intake.at_work"
_log = logging.getLogger("noticed.intake")


@dataclass(frozen=True, slots=True)
class Watch:
    """What is looked at besides the inbox; ``start_from``: older mail in the inbox is recorded as it lies.

    ``full``: these are all folders that matter, so that what is nowhere is gone and what people moved is understood.
    """

    folders: tuple[str, ...] = ()
    junk: str | None = None
    start_from: datetime | None = None
    full: bool = True


class Intake:
    """The walk over any number of mailboxes; used by one thread at a time."""

    def __init__(self, store: Store, judge: Judge, folders: Folders, clock: Clock, *, keep_bodies: bool = True) -> None:
        self._store, self.judge, self.folders, self._clock = store, judge, folders, clock
        self._keep_bodies = keep_bodies
        self._register: tuple[str, Register] | None = None
        self._careful: set[tuple[str, str]] | None = None  # folders walked carefully already, None: no need

    def begin(self, mailbox: str = "") -> None:
        """Note that the walk is at work; if a process died at it, the first set of each folder is taken one by one.

        ``mailbox``: the one that this walk is for, where each has a walk of its own.
        """
        now = self._clock.now()
        with self._store.write() as conn:
            died = state.get(conn, _at_work(mailbox)) is not None
            state.put(conn, _at_work(mailbox), True, now)
        self._careful = set() if died else None

    def end(self, mailbox: str = "") -> None:
        """Note that the walk ended in order."""
        with self._store.write() as conn:
            state.clear(conn, _at_work(mailbox))

    def walk(self, box: Mailbox, watch: Watch, more: Callable[[], bool] = lambda: True) -> Recorded:
        """Record everything that is new in ``box``; stop after the current set once ``more()`` is False.

        Raises TransientError or ConfigError when the mailbox or the database cannot be used; what was recorded stays.
        """
        began, observed = self._marks(box.name)
        box.open()
        done, now = Recorded(), self._clock.now()
        if observed:
            done.add(again.judge_again(self._store, self.judge, self.folders, box, watch.junk, now, more))
        for folder in dict.fromkeys((box.inbox, *watch.folders, *([watch.junk] if watch.junk else []))):
            if folder != box.inbox and not more():
                return done
            self._folder(_Walk(box, folder, watch, began, done), more)
        if watch.full and more():
            second = SecondLook(self._store, self.judge, self.folders, self._reread, self._copy_of)
            second.look(box, self._clock.now(), more)
            Staff(self._store, self.judge, self.folders, self._reread).look(box, self._clock.now(), more)
        return done

    def _reread(self, box: Mailbox, place: Place) -> Arrival | None:
        """Fetch and read a known mail anew, to be judged with its effects; None if it lies there no longer."""
        walk = _Walk(box, place.folder, Watch(), self._clock.now(), Recorded())
        return next(self._arrivals(walk, [place], 0), None)

    def _copy_of(self, box: Mailbox, one: Arrival, ref: int) -> Copy:
        """What a mail is where it lies that turns out to be a known one."""
        with self._store.read() as conn:
            made = wishes.of_messages(conn, [ref]).get(ref, ())
            lay = places.folders_of(conn, box.name, [ref])[ref]
        return self._copy(_Walk(box, one.place.folder, Watch(), self._clock.now(), Recorded()), one, ref, made, lay)

    def _marks(self, mailbox: str) -> tuple[datetime, bool]:
        """When this mailbox was first looked at, and whether mail in it was only observed so far.

        What lay outside the inbox then is recorded as it is.  Raises PermanentError when the mailbox is paused.
        """
        began, observed = f"began.{mailbox}"[:80], recording.observed_key(mailbox)
        pause = state.pause_of(state.mailbox(mailbox))
        with self._store.read() as conn:
            known = state.some(conn, began, observed, pause)
        if pause in known:
            why = known[pause]["reason"]
            raise PermanentError(f"mailbox {mailbox} is paused: {why}. See: noticed resume --mailbox {mailbox}")
        if began in known:
            return datetime.fromisoformat(known[began]), observed in known
        now = self._clock.now()
        with self._store.write() as conn:
            state.put(conn, began, now.isoformat(), now)
        return now, observed in known

    def _folder(self, walk: _Walk, more: Callable[[], bool]) -> None:
        with self._store.read() as conn:
            text, resets = places.seen_of(conn, walk.box.name, walk.folder)
        try:
            changes = walk.box.changes(walk.folder, None if text is None else FolderState(walk.folder, text))
        except PermanentError:
            if walk.is_inbox:
                raise
            return  # not there (yet): it comes with the first mail that is filed into it
        walk = replace(walk, resets=resets)
        if not changes.new:
            if changes.gone or changes.tags or changes.state.text != text or resets:
                self._record(walk, self._batch(walk, changes, ()))
            return
        for start in range(0, len(changes.new), SET):
            if start and not more():
                return
            self._set(walk, changes, changes.new[start : start + SET])

    def _set(self, walk: _Walk, changes: Changes, chunk: Sequence[Place]) -> None:
        """Take one set, whole if possible, one by one after a crash or when the database refuses it."""
        if self._careful is not None and (walk.box.name, walk.folder) not in self._careful:
            self._one_by_one(walk, changes, chunk)
            self._careful.add((walk.box.name, walk.folder))
            return
        try:
            self._take(walk, changes, chunk, chunk[-1])
        except (TransientError, ConfigError):
            raise
        except Exception as error:  # noqa: BLE001 - a refusal or a bug in one mail: found by taking each alone
            ids = {"mailbox": walk.box.name, "count": len(chunk), "error": type(error).__name__}
            _log.warning("set_taken_one_by_one", extra={"ids": ids}, exc_info=error)
            self._one_by_one(walk, changes, chunk)

    def _one_by_one(self, walk: _Walk, changes: Changes, chunk: Sequence[Place]) -> None:
        """Take each mail alone, a strike counted durably before each attempt; the third is its last."""
        walk = replace(walk, counted=True)
        for place in chunk:
            spot = (place.folder, place.uid)
            with self._store.write() as conn:
                before = places.strike(conn, walk.box.name, spot, self._clock.now())
            try:
                self._one(walk, changes, place, before)
            except (TransientError, ConfigError):
                self._take_back(walk.box.name, spot)
                raise

    def _take_back(self, mailbox: str, spot: Spot) -> None:
        """A server that was away is no fault of the mail: the strike does not count."""
        try:
            with self._store.write() as conn:
                places.take_back(conn, mailbox, spot)
        except TransientError:
            _log.warning("strike_not_taken_back", extra={"ids": {"mailbox": mailbox}})

    def _one(self, walk: _Walk, changes: Changes, place: Place, strikes: int) -> None:
        """Take one mail as far as it lets itself be taken: read, else fetched, else only known to lie there."""
        for level in sorted({strikes, max(strikes, STRIKES), max(strikes, _FETCH_STRIKES)}):
            try:
                self._take(walk, changes, [place], place, strikes=level)
                return
            except (TransientError, ConfigError):
                raise
            except Exception:
                if level >= _FETCH_STRIKES:
                    raise

    def _take(self, walk: _Walk, changes: Changes, chunk: Sequence[Place], last: Place, strikes: int = 0) -> None:
        """Fetch, read, judge and record ``chunk`` in one transaction."""
        box = walk.box
        with self._store.read() as conn:
            bound = places.bound(conn, box.name, walk.folder, (place.uid for place in chunk))
        arrivals = list(self._arrivals(walk, [one for one in chunk if one.uid not in bound], strikes))
        new, copies, found, letters = self._sort(walk, arrivals)
        ours = known_as_ours(new, letters)
        for one in new:
            again.decide(self.judge, one, found)
        batch = replace(self._batch(walk, changes, new, last), copies=copies, ours=ours)
        self._record(walk, replace(batch, sent_folder=box.sent_folder() if ours else None), found.ids)

    def _batch(self, walk: _Walk, changes: Changes, new: Sequence[Arrival], last: Place | None = None) -> Set:
        """What is recorded of a listing once it is dealt with up to ``last``; what concerns all of it, at its end."""
        box, ends = walk.box, not changes.new or last == changes.new[-1]
        return Set(
            box.name,
            walk.folder,
            new,
            inbox=walk.is_inbox,
            gone=changes.gone if ends else (),
            retagged=self._retagged(walk, changes) if ends else frozenset(),
            whole=changes.new if changes.reset and ends else None,
            after=changes.state.text if ends else box.state_after(changes, last).text,
            resets=walk.resets + ends if changes.reset else 0,
        )

    def _retagged(self, walk: _Walk, changes: Changes) -> frozenset[int]:
        """The known mails whose tags are not those that we gave them, as far as the listing told."""
        told = {place.uid: tags for place, tags in changes.tags.items()}
        if not told:
            return frozenset()
        with self._store.read() as conn:
            bound = places.bound(conn, walk.box.name, walk.folder, told)
            made = wishes.of_messages(conn, bound.values())
        history = {ref: History.of(made.get(ref, ()), walk.box.name) for ref in bound.values()}
        return frozenset(ref for uid, ref in bound.items() if chosen(told[uid], history[ref], self.folders) is not None)

    def _arrivals(self, walk: _Walk, chunk: Sequence[Place], strikes: int) -> Iterator[Arrival]:
        """Fetch and read; what cannot be read comes as an arrival to be set aside."""
        if strikes >= _FETCH_STRIKES:
            now = self._clock.now()
            for place in chunk:
                yield aside(Fetched(place, b"", now, 0), _of_place(walk.box.name, place), NOT_HANDED_OVER)
        elif chunk:
            for fetched in walk.box.fetch(chunk):
                if fetched.unreadable:  # each has an identity of its own: their bytes say nothing
                    yield aside(fetched, _of_place(walk.box.name, fetched.place), NOT_HANDED_OVER)
                elif strikes >= STRIKES and not self.judge.reads_apart:
                    yield aside(fetched, _of_bytes(fetched), "three_strikes")
                else:
                    yield self._read(walk, fetched)

    def _read(self, walk: _Walk, fetched: Fetched) -> Arrival:
        try:
            message = self.judge.read(fetched)
            fate = walk.fate(fetched)
            return Arrival(
                place=fetched.place,
                received_at=fetched.received_at,
                identity=messages.identity(message.message_id, message.fingerprint),
                fate=fate,
                size=fetched.size,
                fingerprint_version=FINGERPRINT_VERSION,
                message=message,
                flags=fetched.flags,
                keys=None if fate is Fate.RECORDED else self.judge.ask(message),
                body=self._store.cipher.seal(kept.pack(message)) if self._keep_bodies else None,
            )
        except UnreadError:
            return aside(fetched, _of_bytes(fetched), "took_too_long")
        except NoticedError:
            raise
        except Exception as error:  # noqa: BLE001 - one mail that meets a bug must not stop the others
            return self._bug(fetched, error)

    def _bug(self, fetched: Fetched, error: Exception) -> Arrival:
        _log.error("mail_set_aside", extra={"ids": {"error": type(error).__name__}}, exc_info=error)
        return aside(fetched, _of_bytes(fetched), "bug")

    def _sort(
        self, walk: _Walk, arrivals: Sequence[Arrival]
    ) -> tuple[list[Arrival], list[Copy], Ledger, Sequence[AnyRow]]:
        """Tell new mail from known, and ask for what is known about the new, letters of ours with their ids too."""
        with self._store.read() as conn:
            known = messages.known(conn, (one.identity for one in arrivals))
            new = [one for one in arrivals if one.identity not in known]
            found = self._look_up(conn, [one.keys for one in new if one.keys is not None])
            again = [(one, known[one.identity]) for one in arrivals if one.identity in known]
            made = wishes.of_messages(conn, (ref for _, ref in again))
            lay = places.folders_of(conn, walk.box.name, (ref for _, ref in again))
            letters = outbox.by_message_ids(conn, maybe_ours(new))
        return new, [self._copy(walk, one, ref, made.get(ref, ()), lay[ref]) for one, ref in again], found, letters

    def _copy(self, walk: _Walk, one: Arrival, ref: int, made: Sequence[AnyRow], before: frozenset[str]) -> Copy:
        """What a known mail at a new place is: listed anew, a copy to be filed as well, or a stray."""
        here, place = History.of(made, walk.box.name), one.place
        if walk.is_inbox and made and not here.rows:
            return Copy(place, ref, History(made).shelf)  # a copy in another mailbox
        expected = here.expected(walk.box.inbox)
        if place.folder not in expected:
            strays = place.folder not in before or bool(expected)
            choice = chosen(one.flags, here, self.folders) if strays else None
            return Copy(place, ref, strays=strays, retagged=choice is not None and bool(choice.tags))
        return Copy(place, ref, None if here.waits or not walk.is_inbox else here.shelf)

    def _look_up(self, conn: Connection, keys: Sequence[Keys]) -> Ledger:
        """Ask what is known; the register of ESPs is read again only when it changed."""
        if not keys:
            return Ledger()
        version = esps.version(conn)
        if self._register is None or self._register[0] != version:
            self._register = (version, esps.register(conn))
        return ledger.look_up(conn, keys, self._register[1])

    def _record(self, walk: _Walk, batch: Set, numbers: dict[str, int] | None = None) -> None:
        with self._store.write() as conn:
            done = recording.record(conn, batch, self.folders, numbers or {}, self._clock.now())
            if self._careful is not None or walk.counted:
                done_with = [one.place for one in batch.arrivals if one.fate is not Fate.ASIDE]
                places.forgive(conn, batch.mailbox, [(place.folder, place.uid) for place in done_with])
        walk.done.add(done)
        if done.total:
            ids = {"mailbox": batch.mailbox, "count": done.total, "closed": done.closed, "review": done.review}
            _log.info("recorded", extra={"ids": ids})


@dataclass(slots=True)
class _Walk:
    """One folder on one walk."""

    box: Mailbox
    folder: str
    watch: Watch
    began: datetime
    done: Recorded
    resets: int = 0  # of the folder, in a row before this listing
    counted: bool = False  # a strike was counted against each of its mails

    @property
    def is_inbox(self) -> bool:
        return self.folder == self.box.inbox

    def fate(self, fetched: Fetched) -> Fate:
        if self.is_inbox:
            start = self.watch.start_from
            return Fate.RECORDED if start is not None and fetched.received_at < start else Fate.JUDGED
        if fetched.received_at < self.began:
            return Fate.RECORDED
        return Fate.JUNK if self.folder == self.watch.junk else Fate.OUTSIDE


def _at_work(mailbox: str) -> str:
    return f"{_AT_WORK}.{mailbox}"[:80] if mailbox else _AT_WORK


def _of_bytes(fetched: Fetched) -> Identity:
    """The identity of a mail that cannot be read."""
    return "", hashlib.sha256(fetched.raw).hexdigest()


def _of_place(mailbox: str, place: Place) -> Identity:
    """The identity of a mail that cannot even be fetched."""
    return "", hashlib.sha256(f"{mailbox}\0{place.folder}\0{place.uid}".encode()).hexdigest()
