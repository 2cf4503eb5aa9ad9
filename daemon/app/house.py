"""The jobs over one store: what the loops, ``noticed once`` and the demo run, one method a job."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time

from sqlalchemy import Connection

from daemon.app import wiring
from daemon.config.settings import Mailbox as MailboxConfig
from daemon.config.settings import Settings
from daemon.errors import ConfigError
from daemon.health.metrics import Metrics
from daemon.jobs import digest, filing, followups, letters, reload, sent
from daemon.jobs.clock import Clock
from daemon.jobs.desk import Composed, Desk, Withdrawn
from daemon.jobs.folders import Folders
from daemon.jobs.intake import Intake, Watch
from daemon.jobs.outbox import Fuses, Post, Posted, Way
from daemon.jobs.recording import Recorded
from daemon.jobs.reload import InForce
from daemon.mailbox import Mailbox
from daemon.render import check
from daemon.store import Store, open_store, overview
from daemon.store.rows import AnyRow

log = logging.getLogger("noticed.house")
EVERYTHING_EVERY = 300.0  # seconds


def _always() -> bool:
    return True


@dataclass(slots=True)
class Box:
    """One mailbox with its walks; used by one thread at a time."""

    config: MailboxConfig
    mailbox: Mailbox
    intake: Intake
    reader: sent.Reader
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

    _desk: tuple[str, Desk] | None = None

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
        self._follow_rules(box)
        everything = self.clock.monotonic() >= box.everything_at
        if everything:
            sent.walk(self.store, box.mailbox, box.reader, self.clock, more)
            box.everything_at = self.clock.monotonic() + EVERYTHING_EVERY
        done = box.intake.walk(box.mailbox, self._watch(box) if everything else self._watch_inbox(box), more)
        for category, count in done.by_category.items():
            self.metrics.messages.labels(category).inc(count)
        self.metrics.mailbox_success.labels(box.name).set(self.clock.now().timestamp())
        return done

    def file(self, box: Box, more: Callable[[], bool] = _always) -> int:
        """Carry out the wishes to file."""
        return filing.file_waiting(self.store, box.mailbox, self.clock, more).filed

    def _follow_rules(self, box: Box) -> None:
        policy = wiring.policy(self.settings, box.config, self.rules)
        box.intake.judge = wiring.Judge(self.rules.ruleset, policy)
        box.intake.folders = Folders(self.rules.file.folders)

    def _watch_inbox(self, box: Box) -> Watch:
        start = box.config.common.start_from
        return Watch(start_from=datetime.combine(start, time(), UTC) if start else None)

    def _watch(self, box: Box) -> Watch:
        folders = Folders(self.rules.file.folders).all if box.config.common.watch_folders else ()
        junk = getattr(box.mailbox, "junk_folder", None)
        return replace(self._watch_inbox(box), folders=folders, junk=junk() if junk else None)

    # time

    def chase(self) -> followups.Report:
        """Queue the letters that are due."""
        done = followups.tick(self.store, self.desk(), self.clock.now())
        self._finished("followups")
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
        done = self.post.send_due(more)
        self._finished("outbox")
        return done

    def compose(self, conn: Connection, row: AnyRow, now: datetime) -> Composed | Withdrawn:
        """Compose one letter at the moment it leaves."""
        room = digest.compose if row.kind == "digest" else letters.compose
        return room(conn, row, self.desk(), now)

    def keep(self) -> None:
        """Take changed rules, and count what the metrics show."""
        taken = reload.refresh(self.store, self.settings.paths.rules, self._letters(), self.clock.now(), self.rules)
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
        """One round of everything."""
        self.keep()
        done = Recorded()
        for box in self.boxes:
            done.add(self.read(box, more))
            self.file(box, more)
        self.chase()
        self.digests()
        self.send(more)
        return done

    def close(self) -> None:
        for box in self.boxes:
            box.mailbox.close()
        self.store.close()


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
        check.check(wiring.templates(settings), frozenset(wanted))
    except BaseException:
        store.close()
        raise
    house = House(settings, clock, store, rules)
    house.boxes = [_box(house, config) for config in settings.mailboxes]
    house.post = _post(house)
    return house


def _box(house: House, config: MailboxConfig) -> Box:
    policy = wiring.policy(house.settings, config, house.rules)
    judge = wiring.Judge(house.rules.ruleset, policy)
    intake = Intake(house.store, judge, Folders(house.rules.file.folders), house.clock)
    reader = sent.Reader(house.settings.notice.number_format, frozenset(policy.our_domains))
    return Box(config, wiring.open_mailbox(config), intake, reader)


def _post(house: House) -> Post | None:
    settings = house.settings
    ways = {
        config.common.name: Way(mailer, config.send_from)
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
    """Log in everywhere once; raises ConfigError when a login is refused."""
    problems: list[str] = []
    for box in house.boxes:
        try:
            box.mailbox.open()
        except ConfigError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(*problems)
