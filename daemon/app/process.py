"""The unattended process: one thread a mailbox, one for sending, ticks for the rest, a watchdog over all."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from daemon.app import loops
from daemon.app.house import Box, House
from daemon.app.loops import Loop
from daemon.errors import TransientError
from daemon.health import server, watchdog
from daemon.health.watchdog import Rounds
from daemon.rules.uncollected import set_apart
from daemon.store.leader import Leader
from daemon.ticks import Tick, Ticks

log = logging.getLogger("noticed.process")
STOP_SECONDS = 50.0  # to finish the current transactions; systemd waits for 60
_SEND_EVERY, _ALERT_EVERY, _CHASE_EVERY, _DIGEST_EVERY, _KEEP_EVERY = 5.0, 10.0, 60.0, 300.0, 5.0  # seconds
_MAIL_LIMIT, _JOB_LIMIT = 1800.0, 3600.0  # seconds within which a round must end
_STANDBY_LOOK = 2.0


class Process:
    """Runs a house until it is told to stop."""

    def __init__(self, house: House, leader: Leader) -> None:
        self._house, self._leader = house, leader
        self._stop = threading.Event()
        self._rounds = Rounds()
        self._ready = False
        self._threads: list[threading.Thread] = []
        self._ticks: Ticks | None = None

    def run(self) -> int:
        """Work until SIGTERM or SIGINT; returns 0, or 1 when a part of the process died."""
        with self._signals(), ExitStack() as ends:
            if not self._become_leader():
                return 0
            self._serve_health(ends)
            set_apart()  # the rules: a second search among them would hold up the mail for that long
            self._start()
            self._ready = True
            watchdog.notify("READY=1\nSTATUS=reading")
            log.info("started", extra={"ids": {"mailboxes": len(self._house.boxes)}})
            code = self._watch()
            self._end()
            return code

    def stop(self) -> None:
        """Ask every loop to finish its current transaction and end."""
        self._stop.set()
        for box in self._house.boxes:
            wake = getattr(box.mailbox, "wake", None)
            if wake:
                wake()
        if self._house.post is not None:
            self._house.post.wake()

    # starting

    def _become_leader(self) -> bool:
        """Wait as a hot standby until nobody else works on this database; False if told to stop meanwhile."""
        waited = False
        while not self._stop.is_set():
            if self._leader.acquire():
                return True
            if not waited:
                log.info("standby")
                watchdog.notify("READY=1\nSTATUS=standby: another instance is at work")
                waited = True
            watchdog.notify("WATCHDOG=1")
            self._stop.wait(_STANDBY_LOOK)
        return False

    def _start(self) -> None:
        house = self._house
        loops.attempt("housekeeping", house.keep)  # the metrics are true from the first answer on
        for box in house.boxes:
            box.intake.begin(box.name)
        for loop in self._loops():
            arguments = (loop, self._stop, self._rounds, house.clock)
            thread = threading.Thread(target=loops.run, args=arguments, name=loop.name, daemon=True)
            thread.start()
            self._threads.append(thread)
        jobs: dict[str, tuple[Callable[[], object], float]] = {
            "alerts": (house.alert, _ALERT_EVERY),
            "followups": (house.chase, _CHASE_EVERY),
            "register": (house.tend, _CHASE_EVERY),
            "learning": (house.learn, _DIGEST_EVERY),
            "digest": (house.digests, _DIGEST_EVERY),
            "housekeeping": (house.keep, _KEEP_EVERY),
        }
        self._ticks = Ticks({name: Tick(self._ticked(name, act), every) for name, (act, every) in jobs.items()})
        self._ticks.start()

    def _ticked(self, name: str, act: Callable[[], object]) -> Callable[[], None]:
        """The job as the scheduler runs it: its failures stay inside, its end feeds the watchdog."""
        self._rounds.expect(name, _JOB_LIMIT, self._house.clock.monotonic())

        def ticked() -> None:
            loops.attempt(name, lambda: _without_result(act))
            self._rounds.finished(name, self._house.clock.monotonic())

        return ticked

    def _loops(self) -> Iterator[Loop]:
        house = self._house
        for box in house.boxes:
            every = float(box.config.common.poll_seconds)
            yield Loop(f"mailbox.{box.name}", self._mail_round(box), box.mailbox.wait, every, every + _MAIL_LIMIT)
        if house.post is not None:
            yield Loop("outbox", self._send_round, self._stop.wait, _SEND_EVERY, _JOB_LIMIT)

    def _mail_round(self, box: Box) -> Callable[[], None]:
        def mail_round() -> None:
            self._house.read(box, self._more)
            self._house.file(box, self._more)

        return mail_round

    def _send_round(self) -> None:
        self._house.send(self._more)

    def _more(self) -> bool:
        return not self._stop.is_set()

    # watching

    def _watch(self) -> int:
        """Feed the watchdog while every loop ends its rounds in time; 1 when a part died: systemd restarts us."""
        every = min(watchdog.interval() or 10.0, 10.0)
        while not self._stop.wait(every):
            dead = [thread.name for thread in self._threads if not thread.is_alive()]
            if dead or not (self._ticks and self._ticks.is_alive()) or not self._leader.held():
                log.error("part_died", extra={"ids": {"threads": len(dead)}})
                self.stop()
                return 1
            late = self._rounds.late(self._house.clock.monotonic())
            if late:
                log.error("round_too_long", extra={"ids": {"loop": late[0]}})
            else:
                watchdog.notify("WATCHDOG=1")
        return 0

    def _end(self) -> None:
        """Wait for the loops, then let go of everything."""
        watchdog.notify("STOPPING=1")
        end = self._house.clock.monotonic() + STOP_SECONDS
        for thread in self._threads:
            thread.join(max(0.1, end - self._house.clock.monotonic()))
        if self._ticks:
            self._ticks.stop()
        alive = sum(thread.is_alive() for thread in self._threads)
        if not alive:
            for box in self._house.boxes:
                try:
                    box.intake.end(box.name)
                except TransientError:
                    log.warning("end_not_noted")
        self._house.close()
        self._leader.release()
        log.info("stopped", extra={"ids": {"loops_still_busy": alive}})

    # from outside

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT stop; SIGHUP looks at the rules file at once.

        Each acts in a thread: in the middle of the main thread's wait, its locks could not be had a second time.
        """
        for number, act in ((signal.SIGTERM, self.stop), (signal.SIGINT, self.stop), (signal.SIGHUP, self._reload)):
            signal.signal(number, _in_a_thread(act))
        yield

    def _reload(self) -> None:
        loops.attempt("housekeeping", lambda: self._house.keep(at_once=True))

    def _serve_health(self, ends: ExitStack) -> None:
        """The leader answers: a standby on the same machine has the same address in its settings."""
        listen = self._house.settings.health.listen
        if listen:
            ends.callback(server.serve(listen, self._live, self._is_ready, self._house.metrics.text))

    def _live(self) -> tuple[bool, str]:
        late = self._rounds.late(self._house.clock.monotonic())
        return not late, "ok" if not late else "late: " + ", ".join(late)

    def _is_ready(self) -> tuple[bool, str]:
        """Ready while mailboxes are away, too: they are tried again, and a restart would not bring them back."""
        if not self._ready:
            return False, "starting"
        down = sum(box.down is True for box in self._house.boxes)
        return True, f"ready; mailboxes that cannot be read: {down} of {len(self._house.boxes)}" if down else "ready"


def _without_result(act: Callable[[], object]) -> None:
    act()


def _in_a_thread(act: Callable[[], None]) -> Callable[[int, object], None]:
    def handler(_number: int, _frame: object) -> None:
        threading.Thread(target=act, name="signal", daemon=True).start()

    return handler
