"""Sends what is queued: claimed with its bytes before the call, marked with its end after, never sent blindly again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from daemon.errors import ConfigError, NoticedError, TransientError
from daemon.jobs import proof
from daemon.jobs.clock import Clock
from daemon.jobs.letters import Composed, Later, Ready, Withdrawn
from daemon.mailbox import Mailbox
from daemon.mailer import Envelope, Mailer, Result, Sending
from daemon.store import Store, notices, outbox, reviews, state
from daemon.store.outbox import CANCELLED, FAILED, QUEUED, UNKNOWN
from daemon.store.rows import AnyRow

_BATCH = 100
_MOST_TRIES = 60  # about five days
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_log = logging.getLogger("noticed.outbox")

Compose = Callable[[Connection, AnyRow, datetime], Ready]


@dataclass(frozen=True, slots=True)
class Way:
    """How the letters of one mailbox leave: ``sender`` is the envelope's (RFC 5321), where bounces go.

    ``copy``: each letter goes to the sender as well, as a proof that it left and for the eyes of the staff.
    """

    mailer: Mailer
    sender: str = field(repr=False)
    copy: bool = False

    def envelope(self, row: AnyRow, raw: bytes) -> Envelope:
        """The finished letter with those it goes to."""
        copied = self.copy and row.kind not in {"digest", "alert"}
        to = (row.to_address, self.sender) if copied else (row.to_address,)
        return Envelope(row.message_id, self.sender, to, raw, row.context.get("draft", ""))


@dataclass(frozen=True, slots=True)
class Fuses:
    """How many letters may leave at most; counts within one hour, or one day of 24 hours."""

    per_hour: int = 400
    per_address_per_day: int = 40
    dry_run: bool = False


@dataclass(slots=True)
class Posted:
    """What a round came to; ``stopped`` says why nothing (more) left: OBSERVING, PAUSED, DRY_RUN, FUSE, NOT_REACHED."""

    sent: int = 0
    unknown: int = 0
    failed: int = 0
    cancelled: int = 0
    put_off: int = 0
    stopped: str = ""

    @property
    def is_stopped(self) -> bool:
        return bool(self.stopped)

    def add(self, other: Posted) -> None:
        for name in ("sent", "unknown", "failed", "cancelled", "put_off"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.stopped = other.stopped or self.stopped


@dataclass(slots=True)
class _Ended:
    """How the last attempt ended, to be written together with the next claim."""

    row: AnyRow
    sending: Sending
    reached: bool = True  # the server answered at all

    @property
    def is_hopeless(self) -> bool:
        """Refused for good, or put off for days; a digest is tried until it leaves."""
        worn_out = self.reached and self.row.attempts + 1 >= _MOST_TRIES and self.row.kind != "digest"
        return self.sending.result is Result.REFUSED or (self.sending.result is Result.DEFERRED and worn_out)


class Post:
    """The way out.  ``ways``: mailbox name -> Way, the first is the usual one; ``me`` names this process in claims."""

    def __init__(
        self, store: Store, ways: Mapping[str, Way], compose: Compose, clock: Clock, fuses: Fuses, me: str
    ) -> None:
        self._store, self._ways, self._compose = store, ways, compose
        self._clock, self._fuses, self._me = clock, fuses, me
        self._usual = next(iter(ways.values()))
        self._ended: _Ended | None = None  # the letter whose end is not written yet

    def begin(self, boxes: Iterable[Mailbox] = ()) -> int:
        """Deal with what a dead process was sending: proven by a copy in Sent, else unknown.

        To be called by the leader before its first round; returns how many stay unknown.
        """
        with self._store.read() as conn:
            left = outbox.left_sending(conn)
        known = {box.name: box for box in boxes}
        for row in left:
            proven = proof.is_in_sent(known.get(row.mailbox), row)
            with self._store.write() as conn:
                if proven:
                    proof.left(conn, row, self._clock.now(), "found_in_sent")
                else:
                    proof.lost(conn, row, self._clock.now(), "process_died")
        with self._store.read() as conn:
            return outbox.counts(conn).get(UNKNOWN, 0)

    def prove(self, boxes: Iterable[Mailbox]) -> int:
        """Look again for the copies of unknown letters; return how many are proven to have left."""
        return proof.look(self._store, boxes, self._clock.now(), self._look_at)

    def _look_at(self, row: AnyRow) -> Result:
        """Where a letter is whose draft we know; a server that cannot be asked tells nothing."""
        way = self._ways.get(row.mailbox, self._usual)
        look_at: Callable[[Envelope], Result] | None = getattr(way.mailer, "look_at", None)
        if look_at is None or not row.context.get("draft") or row.raw is None:
            return Result.UNKNOWN
        try:
            return look_at(way.envelope(row, row.raw))
        except NoticedError:
            return Result.UNKNOWN

    def wake(self) -> None:
        """End every wait for a busy server at once, so that the process can stop; may be called from any thread."""
        for way in self._ways.values():
            wake: Callable[[], None] | None = getattr(way.mailer, "wake", None)
            if wake is not None:
                wake()

    def send_due(self, more: Callable[[], bool] = lambda: True) -> Posted:
        """Send what is due.  Raises ConfigError (a login refused) or TransientError (the database)."""
        done = Posted()
        try:
            self._rounds(done, more)
        finally:
            self._finish(done)
        if done.sent or done.unknown or done.failed:
            ids = {"sent": done.sent, "unknown": done.unknown, "failed": done.failed}
            _log.info("posted", extra={"ids": ids})
        return done

    def _rounds(self, done: Posted, more: Callable[[], bool]) -> None:
        while more():
            with self._store.read() as conn:
                done.stopped = self._stopped(conn)
                rows = outbox.due(conn, self._clock.now(), _BATCH)
            if done.is_stopped or not rows:
                return
            for row in rows:
                self._one(row, done)
                if done.stopped or not more():
                    return

    def _stopped(self, conn: Connection) -> str:
        return state.why_nothing_leaves(conn) or ("DRY_RUN" if self._fuses.dry_run else "")

    def _one(self, row: AnyRow, done: Posted) -> None:
        """Write the end of the letter before and the claim of this one in one commit; then send."""
        found = Posted()
        try:
            with self._store.write() as conn:
                self._mark(conn, found)
                raw = self._claim(conn, row, found)
        except TransientError:
            raise
        except Exception as error:  # noqa: BLE001 - one letter that cannot be composed must not stop the others
            self._refuse(row, error, done)
            return
        self._ended = None
        done.add(found)
        if raw is not None:
            self._ended = self._send(row, raw, done)

    def _claim(self, conn: Connection, row: AnyRow, done: Posted) -> bytes | None:
        """Claim ``row`` with the bytes that will leave; None if it shall not leave now."""
        now = self._clock.now()
        done.stopped = self._stopped(conn) or self._fuse(conn, now)
        if done.is_stopped:
            return None
        if outbox.left_count(conn, now - _DAY, now + _DAY, row.to_address) >= self._fuses.per_address_per_day:
            outbox.put_off(conn, row.id, now + _HOUR)
            done.put_off += 1
            return None
        if row.raw is not None and row.kind != "followup":
            return row.raw if outbox.claim(conn, row.id, row.raw, row.subject, now, self._me) else None
        composed = self._compose(conn, row, now)
        if isinstance(composed, Later):
            outbox.put_off(conn, row.id, composed.until, composed.why.value, now)
            done.put_off += 1
            return None
        if isinstance(composed, Withdrawn):
            outbox.mark(conn, row.id, CANCELLED, now, was=QUEUED, reason=composed.why.value)
            done.cancelled += 1
            return None
        return self._claim_composed(conn, row, composed, now)

    def _fuse(self, conn: Connection, now: datetime) -> str:
        return "FUSE" if outbox.left_count(conn, now - _HOUR, now + _HOUR) >= self._fuses.per_hour else ""

    def _claim_composed(self, conn: Connection, row: AnyRow, composed: Composed, now: datetime) -> bytes | None:
        """A second attempt is the same mail, unless it would speak of what was answered since the first.

        A draft that lies on a server leaves as it is: only that one cannot leave twice.
        """
        dropped = [(notice, why.value) for notice, why in composed.dropped]
        anew = row.raw is not None and bool(outbox.speaks_of(conn, row.id) & {notice for notice, _ in dropped})
        if row.raw is not None and (not anew or row.context.get("draft")):
            composed, anew = replace(composed, raw=row.raw, subject=row.subject), False
        if not outbox.claim(conn, row.id, composed.raw, composed.subject, now, self._me, anew=anew):
            return None  # somebody was faster
        outbox.drop(conn, row.id, dropped, now)
        if row.kind == "notice":
            for notice_id in row.context.get("notices", ()):
                notices.set_letter(
                    conn,
                    notice_id,
                    message_id=row.message_id,
                    subject=composed.subject,
                    body=composed.body,
                    mailbox=row.mailbox,
                )
        return composed.raw

    def _send(self, row: AnyRow, raw: bytes, done: Posted) -> _Ended:
        way = self._ways.get(row.mailbox, self._usual)
        envelope = way.envelope(row, raw)
        try:
            ready = self._drafted(way.mailer, row, envelope)
            return _Ended(row, ready if isinstance(ready, Sending) else way.mailer.send(ready))
        except TransientError as error:
            done.stopped = "NOT_REACHED"
            return _Ended(row, Sending(Result.DEFERRED, retry_after=error.retry_after), reached=False)
        except ConfigError:
            self._ended = _Ended(row, Sending(Result.DEFERRED), reached=False)
            raise
        except Exception as error:  # noqa: BLE001 - a bug after the claim: nobody can say whether it left
            _log.error("send_failed", extra={"ids": {"outbox": row.id, "error": type(error).__name__}}, exc_info=error)
            return _Ended(row, Sending(Result.UNKNOWN))

    def _drafted(self, mailer: Mailer, row: AnyRow, envelope: Envelope) -> Envelope | Sending:
        """Where letters leave as drafts: make the draft, and commit its id before it is sent."""
        make: Callable[[Envelope], str | Sending] | None = getattr(mailer, "draft", None)
        if make is None or envelope.draft:
            return envelope
        made = make(envelope)
        if isinstance(made, Sending):
            return made
        with self._store.write() as conn:
            outbox.keep_draft(conn, row.id, made)
        return replace(envelope, draft=made)

    def _finish(self, done: Posted) -> None:
        """Write the end of the last letter, which no other claim has carried along."""
        if self._ended is not None:
            with self._store.write() as conn:
                self._mark(conn, done)
            self._ended = None

    def _mark(self, conn: Connection, done: Posted) -> None:
        if self._ended is None:
            return
        row, sending, now = self._ended.row, self._ended.sending, self._clock.now()
        if sending.result is Result.SENT:
            proof.left(conn, row, now, reply=sending.reply)
            done.sent += 1
        elif sending.result is Result.UNKNOWN:
            proof.lost(conn, row, now, "answer_lost", sending)
            done.unknown += 1
        elif self._ended.is_hopeless:
            if outbox.mark(conn, row.id, FAILED, now, reply=sending.reply, reason="refused"):
                reviews.add(conn, proof.about("letter_refused", "task", row), now)
            done.failed += 1
        else:
            until = now + timedelta(seconds=sending.retry_after or _back_off(row.attempts))
            outbox.mark(conn, row.id, QUEUED, now, reply=sending.reply, reason="deferred", next_try_at=until)
            done.put_off += 1

    def _refuse(self, row: AnyRow, error: Exception, done: Posted) -> None:
        """A letter that cannot be composed: a broken template may be mended, anything else fails and is shown."""
        self._finish(done)
        now = self._clock.now()
        _log.error("letter_not_composed", extra={"ids": {"outbox": row.id, "error": type(error).__name__}})
        with self._store.write() as conn:
            if isinstance(error, ConfigError):
                outbox.put_off(conn, row.id, now + _HOUR)
                done.put_off += 1
            elif outbox.mark(conn, row.id, FAILED, now, was=QUEUED, reason="cannot_be_composed"):
                reviews.add(conn, proof.about("letter_broken", "alert", row), now)
                done.failed += 1


def _back_off(attempts: int) -> float:
    """Seconds to wait after so many attempts: a minute, doubling, at most two hours."""
    return float(min(60 * 2 ** min(attempts, 8), 7200))
