"""From a mail's arrival to its committed verdict, beside the server's own notice; what an idle poll costs."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import threading
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy import Engine, event

from bench.figures import Sheet
from bench.mail_in import PASSWORD, Bench, bench_on, client, mailbox, settings
from daemon.app.house import open_house
from daemon.clock import SystemClock
from daemon.config.load import load
from tests.servers.dovecot import BINARY

ARRIVALS = 60
SMALL, LARGE = 1_000, 100_000
POLLS = 200
_LINKS = 30_000  # of one file; file systems have a limit


def run(sheet: Sheet, options: Namespace) -> None:
    if BINARY is None:
        sheet.note("no Dovecot here (Debian: dovecot-imapd): left out")
        return
    options.mails = min(options.mails, 500)
    with bench_on(options) as bench:
        _arrivals(sheet, bench)
        _idle(sheet, bench)


# arrivals


@dataclass
class Listener:
    """A bare client in IDLE: when it is told of each mail is the server's own notice."""

    port: int
    user: str
    told: list[float] = field(default_factory=list)

    def start(self) -> None:
        self._sock = socket.create_connection(("127.0.0.1", self.port))
        self._file = self._sock.makefile("rb")
        self._file.readline()
        for tag, command in (("a", f"LOGIN {self.user} {PASSWORD}"), ("b", "SELECT INBOX")):
            self._sock.sendall(f"{tag} {command}\r\n".encode())
            while not self._file.readline().startswith(tag.encode() + b" "):
                pass
        self._sock.sendall(b"c IDLE\r\n")
        self._file.readline()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError, ValueError):
            while line := self._file.readline():
                if line.rstrip().endswith(b"EXISTS"):
                    self.told.append(time.perf_counter())
                    self._sock.sendall(b"DONE\r\n")
                elif line.startswith(b"c OK"):  # a client acts on the news, and listens again
                    self._sock.sendall(b"c IDLE\r\n")

    def close(self) -> None:
        self._sock.close()


@dataclass
class Asked:
    """What the database was asked in the rounds in which a mail was recorded."""

    statements: list[int] = field(default_factory=list)
    transactions: list[int] = field(default_factory=list)
    _now: list[int] = field(default_factory=lambda: [0, 0])

    def hear(self, engine: Engine) -> None:
        event.listen(engine, "before_cursor_execute", lambda *_: self._count(0))
        event.listen(engine, "begin", lambda *_: self._count(1))

    def _count(self, which: int) -> None:
        self._now[which] += 1

    def begin(self) -> None:
        self._now[:] = [0, 0]

    def keep(self) -> None:
        self.statements.append(self._now[0])
        self.transactions.append(self._now[1])


@contextmanager
def _reader(bench: Bench, user: str, asked: Asked) -> Iterator[list[float]]:
    """The daemon's mail loop in a thread: wait for a hint, read, record; ``recorded`` is when each commit was done."""
    house = open_house(load(settings(bench, bench.server.port, user), {}).settings, SystemClock())
    box, recorded, ended = house.boxes[0], list[float](), threading.Event()
    box.mailbox.open()
    while house.file(box) or house.read(box).total:
        pass
    recorded.clear()
    asked.hear(house.store.engine)

    def loop() -> None:
        while not ended.is_set():
            asked.begin()
            if house.read(box).total:
                recorded.append(time.perf_counter())
                asked.keep()
            box.mailbox.wait(5)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield recorded
    finally:
        ended.set()
        getattr(box.mailbox, "wake")()  # noqa: B009 - not every kind of mailbox has it
        thread.join(20)
        house.close()


def _arrivals(sheet: Sheet, bench: Bench) -> None:
    """Measure the server's own notice, then ours, each alone: two watchers would wake each other."""
    user = bench.fresh()
    files = sorted(path for part in ("cur", "new") for path in (bench.template / part).iterdir())
    raws = [path.read_bytes() for path in files[:ARRIVALS]]
    listener = Listener(bench.server.port, bench.fresh())
    listener.start()
    servers = _delays(bench, listener.user, raws, listener.told)
    listener.close()
    asked = Asked()
    with _reader(bench, user, asked) as recorded:
        ours = _delays(bench, user, raws, recorded)
    sheet.check(f"{len(ours)} of {len(raws)} arrivals recorded", len(ours) == len(raws))
    for name, found in (("arrival to the server's own notice", servers), ("arrival to recorded", ours)):
        sheet.note(name, **{"median ms": _ms(statistics.median(found)), "p99 ms": _ms(_p99(found))})
    counted = {"statements": statistics.median(asked.statements), "transactions": statistics.median(asked.transactions)}
    sheet.note("the database is asked for one arrival, free of noise", **counted)
    later = statistics.median(ours) - statistics.median(servers)
    sheet.mark("recorded after the server's notice, median ms", _ms(later), most=10)
    sheet.mark("recorded after the server's notice, p99 ms", _ms(_p99(ours) - _p99(servers)), most=25)
    for one in (user, listener.user):
        bench.away(one)


def _delays(bench: Bench, user: str, raws: list[bytes], met: list[float]) -> list[float]:
    """Deliver mails one by one; return the seconds until each was ``met``, without those that never were."""
    found = []
    time.sleep(1)
    for number, raw in enumerate(raws):
        before = len(met)
        start = _drop(bench, user, number, raw.replace(b"Message-ID: <", f"Message-ID: <{number}.".encode(), 1))
        while len(met) == before and time.perf_counter() < start + 10:
            time.sleep(0.001)
        if len(met) > before:
            found.append(met[-1] - start)
        time.sleep(0.05 + number % 7 * 0.03)
    return found


def _drop(bench: Bench, user: str, number: int, raw: bytes) -> float:
    """Deliver one mail as a delivery agent does: written aside, then renamed; return when it arrived."""
    folder = bench.server.maildir(user)
    name = f"{int(time.time())}.M{number}P2.box"
    (folder / "tmp" / name).write_bytes(raw)
    os.chown(folder / "tmp" / name, bench.server.uid, bench.server.gid)
    (folder / "tmp" / name).rename(folder / "new" / name)
    return time.perf_counter()


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _p99(found: list[float]) -> float:
    return sorted(found)[min(len(found) - 1, int(len(found) * 0.99))]


# idle polls


def _filled(bench: Bench, count: int) -> str:
    """A user with so many small mails: a few files, linked."""
    user = bench.server.new_user()
    folder = bench.server.maildir(user)
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True)
    raw = b"From: a@a.example\nSubject: one of many\nDate: Mon, 12 Oct 2026 08:00:00 +0000\n\nText.\n"
    first = folder / "tmp" / "first"
    for number in range(count):
        if number % _LINKS == 0:
            first.unlink(missing_ok=True)
            first.write_bytes(raw)
        os.link(first, folder / "cur" / f"{1760000000 + number}.M{number}P1.box,S={len(raw)},W={len(raw) + 5}:2,S")
    first.unlink()
    if bench.server.root:
        subprocess.run(["chown", "-R", f"{bench.server.uid}:{bench.server.gid}", str(folder.parent)], check=True)
    with client(bench.server.port, user) as box:
        box.select_folder("INBOX")
    return user


def _idle(sheet: Sheet, bench: Bench) -> None:
    """Take turns between polls of a small and of a large inbox in which nothing happens."""
    users = {count: _filled(bench, count) for count in (SMALL, LARGE)}
    boxes = {count: mailbox(settings(bench, bench.server.port, user)) for count, user in users.items()}
    states, taken = {}, {count: list[float]() for count in boxes}
    for count, box in boxes.items():
        box.open()
        states[count] = box.changes(box.inbox, None).state
        box.changes(box.inbox, states[count])
    for _ in range(POLLS):
        for count, box in boxes.items():
            start = time.perf_counter()
            found = box.changes(box.inbox, states[count])
            taken[count].append(time.perf_counter() - start)
            assert not found.new
    for count, box in boxes.items():
        sheet.note(f"an idle poll of {count:,} mails", µs=round(statistics.median(taken[count]) * 1e6))
        box.close()
    ratio = statistics.median(taken[LARGE]) / statistics.median(taken[SMALL])
    sheet.mark(f"idle poll, {LARGE:,} : {SMALL:,} mails", ratio, most=1.5)
