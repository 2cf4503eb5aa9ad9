"""The jobs over one store: what the loops, ``noticed once`` and the demo run, one method a job."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from functools import partial

from sqlalchemy import Connection

from daemon.app import wiring
from daemon.app.apart import Apart
from daemon.config.settings import Mailbox as MailboxConfig
from daemon.config.settings import Settings
from daemon.errors import ConfigError, NoticedError, PermanentError, TransientError
from daemon.health.metrics import Metrics
from daemon.jobs import (
    alerts,
    digest,
    esp_changes,
    esp_register,
    filing,
    followups,
    learning,
    letters,
    onboarding,
    referral,
    reload,
    replying,
    sent,
    silence,
)
from daemon.jobs.clock import Clock
from daemon.jobs.desk import Desk, Ready
from daemon.jobs.folders import Folders
from daemon.jobs.intake import Intake, Watch
from daemon.jobs.outbox import Fuses, Post, Posted, Way
from daemon.jobs.recording import Recorded, observed_key
from daemon.jobs.reload import InForce
from daemon.mailbox import Mailbox
from daemon.store import Store, open_store, outbox, overview, state
from daemon.store.rows import AnyRow
from daemon.team import roster

log = logging.getLogger("noticed.house")
EVERYTHING_EVERY = 300.0  # seconds
SILENCE_EVERY = 3600.0
READ_LATELY = 900.0  # and two rounds more


def _always() -> bool:
    return True


@dataclass(slots=True)
class Box:
    """One mailbox with its walks; used by one thread at a time."""

    config: MailboxConfig
    mailbox: Mailbox
    intake: Intake
    reader: sent.Reader
    live: bool = False  # in the last round
    tried: bool = False  # by this process, with whatever end
    sent_tried: bool = False  # the same of what lies in Sent
    read_at: float | None = None  # by the monotonic clock: when it was last read to its end
    down: bool | None = None  # whether it is noted as one that cannot be read; None: not looked yet
    everything_at: float = 0.0  # by the monotonic clock: when Sent and the watched folders are looked at again

    @property
    def name(self) -> str:
        return self.config.common.name


@dataclass(slots=True)
class House:
    """Everything that runs; made by ``open_house``."""

    settings: Settings
    clock: Clock
    store: Store
    rules: InForce
    metrics: Metrics = field(default_factory=Metrics)
    boxes: list[Box] = field(default_factory=list)
    post: Post | None = None
    apart: Apart = field(default_factory=Apart)

    _desk: tuple[str, Desk] | None = None
    _began_sending: bool = False
    _tend_all_at: float = 0.0  # by the monotonic clock: when the whole register is looked at again
    _prove_at: float = 0.0  # by the monotonic clock: when copies of letters are looked for again
    _keeping: threading.Lock = field(default_factory=threading.Lock)

    def desk(self) -> Desk:
        """What composing letters needs, made anew when the rules change."""
        if self._desk is None or self._desk[0] != self.rules.digest:
            self._desk = (self.rules.digest, wiring.desk(self.settings, self.rules))
        return self._desk[1]

    # mail in

    def read(self, box: Box, more: Callable[[], bool] = _always) -> Recorded:
        """Record what is new in a mailbox.

        The inbox is looked at in every round, so that it stays selected; Sent (first: an answer may follow a notice at
        once) and the watched folders only now and then.
        """
        try:
            done = self._read(box, more)
        except (TransientError, PermanentError, ConfigError):
            self._tell(box, down=True)
            raise
        finally:
            box.tried = box.sent_tried = True
        self._tell(box, down=False)
        return done

    def _tell(self, box: Box, *, down: bool) -> None:
        """Note once, for ``status`` and ``/readyz``, that a mailbox cannot be read, and once that it can again."""
        if box.down == down:
            return
        try:
            with self.store.write() as conn:
                state.set_down(conn, box.name, self.clock.now()) if down else state.set_up(conn, box.name)
        except TransientError:  # the database: told in the next round
            return
        box.down = down

    def _read(self, box: Box, more: Callable[[], bool]) -> Recorded:
        self._follow_rules(box)
        live = self._is_live()
        # once live, what was observed is judged again: for that the junk folder must be known
        everything = self.clock.monotonic() >= box.everything_at or live != box.live
        if everything:
            self._look_at_sent(box, more)
            box.everything_at = self.clock.monotonic() + EVERYTHING_EVERY
        watch = self._watch(box) if everything else self._watch_inbox(box)
        # going live ends the round: what was observed must be judged again before anything newer
        done = box.intake.walk(box.mailbox, watch, lambda: more() and self._is_live() == live)
        box.live = live
        if more():
            box.read_at = self.clock.monotonic()
        for category, count in done.by_category.items():
            self.metrics.messages.labels(category).inc(count)
        self.metrics.mailbox_success.labels(box.name).set(self.clock.now().timestamp())
        return done

    def _look_at_sent(self, box: Box, more: Callable[[], bool]) -> None:
        try:
            done = sent.walk(self.store, box.mailbox, box.reader, self.clock, more)
            if done.taken_up:
                log.warning("letters_taken_up", extra={"ids": {"mailbox": box.name, "count": done.taken_up}})
        except PermanentError as error:  # the inbox is read whatever lies in Sent
            log.exception("sent_unread", extra={"ids": {"mailbox": box.name}}, exc_info=error)
        box.sent_tried = True

    def file(self, box: Box, more: Callable[[], bool] = _always) -> int:
        """Carry out the wishes to file."""
        return filing.file_waiting(self.store, box.mailbox, self.clock, more).filed

    def _is_live(self) -> bool:
        with self.store.read() as conn:
            return state.mode(conn) == "live"

    def _follow_rules(self, box: Box) -> None:
        policy = wiring.policy(self.settings, box.config, self.rules)
        box.intake.judge = wiring.Judge(self.rules.ruleset, policy, self.apart.read)
        box.intake.folders = Folders(self.rules.file.folders)
        box.reader = replace(box.reader, climbed=self.desk().rules.latest_due)

    def _watch_inbox(self, box: Box) -> Watch:
        start = box.config.common.start_from
        return Watch(start_from=datetime.combine(start, time(), UTC) if start else None, full=False)

    def _watch(self, box: Box) -> Watch:
        folders = Folders(self.rules.file.folders).all if box.config.common.watch_folders else ()
        junk = getattr(box.mailbox, "junk_folder", None)
        return replace(self._watch_inbox(box), folders=folders, junk=junk() if junk else None, full=True)

    # time

    def chase(self) -> followups.Report:
        """Queue the letters that are due, once the answers that came before are read and acted on."""
        if self._answers_wait():
            return followups.Report()
        second = self.settings.notice.second_person
        referral.tick(self.store, self.desk(), self.clock.now(), second_person=second)
        replying.tick(self.store, self.desk(), self.clock.now())
        done = followups.tick(self.store, self.desk(), self.clock.now())
        self._finished("followups")
        return done

    def _answers_wait(self) -> bool:
        """Whether answers lie here that no letter heeds yet: of the time before the start, or only observed.

        A mailbox that cannot be read was tried: it keeps nobody waiting.
        """
        if not all(box.tried for box in self.boxes):
            return True
        with self.store.read() as conn:
            return any(state.get(conn, observed_key(box.name)) is not None for box in self.boxes)

    def alert(self) -> int:
        """Queue the alerts about mail of others."""
        file = self.rules.file
        tell = {whose: roster.told(file.team, (one.text for one in route.tell)) for whose, route in file.routes.items()}
        done = alerts.tick(self.store, self.desk(), tell, self.clock.now())
        self._finished("alerts")
        return done

    def tend(self) -> None:
        """Tend the register of ESPs: changes whose waiting time is over, introductions, and now and then the silent."""
        now, desk = self.clock.now(), self.desk()
        if self._answers_wait():
            return
        if self._is_read():  # an objection may lie unread where a mailbox is down
            esp_changes.tick(self.store, desk, now)
        onboarding.tick(self.store, desk, now)
        if self.clock.monotonic() >= self._tend_all_at:
            esp_register.tick(self.store, now)
            silence.tick(self.store, desk, now)
            self._tend_all_at = self.clock.monotonic() + SILENCE_EVERY
        self._finished("register")

    def _is_read(self) -> bool:
        """Whether every mailbox was read to its end a moment ago."""
        at = self.clock.monotonic()
        patience = {box.name: READ_LATELY + 2 * box.config.common.poll_seconds for box in self.boxes}
        return all(box.read_at is not None and at - box.read_at < patience[box.name] for box in self.boxes)

    def learn(self) -> int:
        """Learn anew of each ESP, once a day."""
        done = learning.tick(self.store, self.clock.now())
        self._finished("learning")
        return done

    def digests(self) -> int:
        """Queue the digests that are due."""
        done = digest.tick(self.store, self.desk(), self.rules.file.digests, self.clock.now())
        self._finished("digest")
        return done

    def send(self, more: Callable[[], bool] = _always) -> Posted:
        """Send what is due."""
        if self.post is None:
            return Posted(stopped="NO_WAY_OUT")
        if not all(box.sent_tried for box in self.boxes):  # what waits may have left: see ``jobs/own_letters``
            return Posted(stopped="SENT_UNREAD")
        try:
            self._prove(self.post)
        except NoticedError as error:  # a mailbox that is down must not stop the letters; the proof is tried again
            log.warning("proof_failed", exc_info=error)
        done = self.post.send_due(more)
        self._finished("outbox")
        return done

    def _prove(self, post: Post) -> None:
        """Look in Sent for letters that may have left: a dead process's first, later any whose end nobody knows.

        With connections of its own: a mailbox is used by one thread at a time.
        """
        if self.clock.monotonic() < self._prove_at:
            return
        self._prove_at = self.clock.monotonic() + EVERYTHING_EVERY
        with self.store.read() as conn:
            counts = outbox.counts(conn)
        if not counts.get(outbox.SENDING if not self._began_sending else outbox.UNKNOWN):
            self._began_sending = True
            return
        boxes = [wiring.open_mailbox(box.config) for box in self.boxes]
        try:
            post.prove(boxes) if self._began_sending else post.begin(boxes)
            self._began_sending = True
        finally:
            for box in boxes:
                box.close()

    def compose(self, conn: Connection, row: AnyRow, now: datetime) -> Ready:
        """Compose one letter at the moment it leaves."""
        room = digest.compose if row.kind == "digest" else letters.ready
        return room(conn, row, self.desk(), now)

    def keep(self, *, at_once: bool = False) -> None:
        """Take changed rules, and count what the metrics show; ``at_once``: even a file written a moment ago."""
        with self._keeping:
            path, letters = self.settings.paths.rules, self._letters()
            taken = reload.refresh(self.store, path, letters, self.clock.now(), self.rules, at_once=at_once)
            if taken is not None:
                self.rules = taken
        self.metrics.rules_active.set(reload.is_active(self.settings.paths.rules, self.rules))
        with self.store.read() as conn:
            found = overview.figures(conn, self.clock.now())
        self.metrics.review_queue.set(found["reviews"].get("review", 0))
        self.metrics.review_oldest.set(found["oldest_review_seconds"])
        self.metrics.outbox_queue.set(found["outbox"].get("queued", 0))
        self._finished("housekeeping")

    def _finished(self, job: str) -> None:
        self.metrics.job_success.labels(job).set(self.clock.now().timestamp())

    def _letters(self) -> list[str]:
        return letter_names(self.settings)

    def once(self, more: Callable[[], bool] = _always) -> Recorded:
        """One round of everything; what fails keeps nothing else from its turn, and is raised at the end."""
        done, failed = Recorded(), list[NoticedError]()
        self.keep(at_once=True)
        acts: list[Callable[[], object]] = [partial(self._walk, box, done, more) for box in self.boxes]
        acts += [self.learn, self.alert, self.tend, self.chase, self.digests, partial(self.send, more)]
        for act in acts:
            try:
                act()
            except NoticedError as error:
                failed.append(error)
        if failed:
            raise failed[0] if len(failed) == 1 else _together(failed)
        return done

    def _walk(self, box: Box, done: Recorded, more: Callable[[], bool]) -> None:
        done.add(self.read(box, more))
        self.file(box, more)

    def close(self) -> None:
        for box in self.boxes:
            box.mailbox.close()
        self.apart.close()
        self.store.close()


def _together(failed: list[NoticedError]) -> NoticedError:
    """One error that tells all; it may be tried again only if each of them may."""
    if all(isinstance(one, TransientError) for one in failed):
        return TransientError("; ".join(dict.fromkeys(str(one) for one in failed)))
    return ConfigError(*dict.fromkeys(str(one) for one in failed))


def letter_names(settings: Settings) -> list[str]:
    """The letters that there are templates for."""
    found = wiring.templates(settings).names()
    return sorted({file.removesuffix(".txt.j2") for _, file in found if file.endswith(".txt.j2")})


def open_house(settings: Settings, clock: Clock) -> House:
    """Open the store, check rules and templates, and make the jobs; raises ConfigError with what to mend.

    Mailboxes are not connected yet, so that one that is down keeps nobody from starting.
    """
    store = open_store(wiring.store_settings(settings))
    try:
        rules = reload.start(store, settings.paths.rules, letter_names(settings), clock.now())
        wanted = {step.letter for ladder in rules.file.followups.ladders.values() for step in ladder.steps}
        wanted |= {step.letter for step in rules.file.onboarding.steps}
        wiring.check_templates(settings, frozenset(wanted))
    except BaseException:
        store.close()
        raise
    house = House(settings, clock, store, rules)
    house.boxes = [_box(house, config) for config in settings.mailboxes]
    house.post = _post(house)
    return house


def _box(house: House, config: MailboxConfig) -> Box:
    policy = wiring.policy(house.settings, config, house.rules)
    judge = wiring.Judge(house.rules.ruleset, policy, house.apart.read)
    intake = Intake(house.store, judge, Folders(house.rules.file.folders), house.clock)
    reader = sent.Reader(house.settings.notice.number_format, frozenset(policy.our_domains), policy.secret)
    return Box(config, wiring.open_mailbox(config), intake, reader)


def _post(house: House) -> Post | None:
    settings = house.settings
    ways = {
        config.common.name: Way(mailer, config.send_from, settings.sending.copy_to_us and config.out_kind == "smtp")
        for config in settings.mailboxes
        if (mailer := wiring.open_mailer(config, settings)) is not None
    }
    if not ways:
        return None
    sending = settings.sending
    fuses = Fuses(sending.per_hour, sending.per_address_per_day, sending.dry_run)

    me = f"{socket.gethostname()}:{os.getpid()}"
    return Post(house.store, ways, house.compose, house.clock, fuses, me)


def check_mailboxes(house: House) -> None:
    """Log in everywhere once; raises ConfigError when a login is refused.  What is down is tried again later."""
    problems: list[str] = []
    for box in house.boxes:
        try:
            box.mailbox.open()
        except ConfigError as error:
            problems.extend(error.problems)
        except TransientError as error:
            log.warning("mailbox_unreachable", extra={"ids": {"mailbox": box.name}}, exc_info=error)
    if problems:
        raise ConfigError(*problems)
