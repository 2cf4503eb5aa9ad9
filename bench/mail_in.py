"""The whole job on Dovecot: fetch, judge, record everything on SQLite (FULL), file; beside what others take."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from imapclient import IMAPClient
from sqlalchemy import event

from bench.figures import Sheet
from bench.house import AUTHSERV, NUMBER, rows, sent_for
from bench.make_mailbox import OUR_ADDRESS, Reply, messages, write_maildir
from bench.peers import rules
from bench.timing import peak_mib
from daemon.app import wiring
from daemon.app.house import open_house
from daemon.clock import SystemClock
from daemon.config.load import load
from daemon.mailbox import Mailbox
from daemon.store import open_store, schema, state
from daemon.store.importing import Source, add_notices
from tests.servers.dovecot import BINARY, Dovecot
from tests.servers.relay import Relay

ROOT = Path(__file__).parents[1]
PASSWORD = "secret"
_EXTRA = """
passdb {
  driver = static
  args = password=secret
}
plugin {
  sieve = file:~/sieve;active=~/active.sieve
}
"""


@dataclass
class Bench:
    """The server, the mailbox that every run starts from, and a folder to work in."""

    server: Dovecot
    template: Path
    home: Path
    rules: str
    replies: list[Reply]

    def fresh(self, most: int | None = None, large: bool = False) -> str:
        """Return a user whose INBOX holds the mailbox, indexed by the server as after ordinary delivery.

        ``most``: only so many of its mails; ``large``: and one with 100 MB attached.
        """
        user = self.server.new_user()
        target = self.server.maildir(user)
        target.mkdir(parents=True)
        for part in ("cur", "new", "tmp"):
            subprocess.run(["cp", "-al", str(self.template / part), str(target / part)], check=True)
        files = sorted(
            (path for part in ("cur", "new") for path in (target / part).iterdir()), key=lambda one: one.name
        )
        for path in files[len(files) if most is None else most :]:
            path.unlink()
        if large:
            (target / "new" / "1800000000.M1P1.box").write_bytes(_with_100_mb())
        if self.server.root:
            subprocess.run(["chown", "-R", f"{self.server.uid}:{self.server.gid}", str(target.parent)], check=True)
        with client(self.server.port, user) as box:
            box.select_folder("INBOX")
        return user

    def away(self, user: str) -> None:
        shutil.rmtree(self.server.maildir(user).parent, ignore_errors=True)


def run(sheet: Sheet, options: Namespace) -> None:
    if BINARY is None:
        sheet.note("no Dovecot here (Debian: dovecot-imapd): left out")
        return
    with bench_on(options) as bench:
        sheet.note(
            f"{options.mails} mails in {_mib(bench.template):.0f} MiB, 2 % large attachments and more small ones"
        )
        _counted(sheet, bench)
        _idle(sheet, bench)
        _arrival(sheet, bench)
        _ratios(sheet, bench, options)
        _flat(sheet, bench)


@contextmanager
def bench_on(options: Namespace) -> Iterator[Bench]:
    home = Path(tempfile.mkdtemp(prefix="nb", dir=os.environ.get("BENCH_STORE", tempfile.gettempdir())))
    server = Dovecot(extra=_EXTRA).start()
    try:
        replies: list[Reply] = []
        write_maildir(server.dir / "template", _kept(options.mails, replies), None)
        yield Bench(server, server.dir / "template", home, options.rules.read_text(encoding="utf-8"), replies)
    finally:
        server.remove()
        shutil.rmtree(home, ignore_errors=True)


def _kept(count: int, replies: list[Reply]) -> Iterator[tuple[Reply, bytes, datetime]]:
    for one in messages(count, 1):
        replies.append(one[0])
        yield one


def _mib(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


def client(port: int, user: str) -> IMAPClient:
    box = IMAPClient("127.0.0.1", port, ssl=False, timeout=300)
    box._imap.debug = 0
    box.login(user, PASSWORD)
    return box


# ours


def settings(bench: Bench, port: int, user: str) -> Path:
    """Write a settings file, make the database, import the notices; return the file."""
    home = Path(tempfile.mkdtemp(dir=bench.home))
    assert "\nfolders:" not in bench.rules
    (home / "rules.yaml").write_text(bench.rules + "\nfolders:\n  review: Noticed/Review\n", encoding="utf-8")
    file = home / "noticed.toml"
    file.write_text(
        _TOML.format(
            port=port, user=user, password=PASSWORD, home=home, address=OUR_ADDRESS, number=NUMBER, serv=AUTHSERV
        )
    )
    wished = load(file, {}).settings
    schema.upgrade(wiring.store_settings(wished))
    store = open_store(wiring.store_settings(wished))
    now = datetime.now(UTC)
    with store.write() as conn:
        add_notices(conn, rows(sent_for(bench.replies).values()), Source("import", "bench", now, "notices"))
        state.set_mode(conn, "live", now, "bench")
    store.close()
    return file


def _drain(file: Path) -> dict[str, float]:
    """Run the drain as a process; return its own figures and the wall clock around it."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "bench.drain", str(file)], check=True, stdout=subprocess.PIPE, cwd=ROOT, timeout=3600
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found | {"wall": time.perf_counter() - start}


# what a backlog repeats; logging in, a first look at the folders and making them happen once
_REPEATED = frozenset({"UID FETCH", "UID STORE", "UID MOVE", "UID COPY", "UID SEARCH", "UID EXPUNGE"})


def _counted(sheet: Sheet, bench: Bench) -> None:
    """Count commands, commits and bytes: free of noise."""
    user = bench.fresh()
    relay = Relay(bench.server.port)
    try:
        found = _drain(settings(bench, relay.port, user))
        commands, down = sum(name in _REPEATED for name in relay.commands), relay.down
        order = relay.commands
    finally:
        relay.close()
    count = len(bench.replies)
    sheet.mark("IMAP commands per mail in backlog", commands / count, most=0.05)
    sheet.mark("commits per mail in backlog", found["commits"] / count, most=1 / 50)
    sheet.mark("KiB read per mail, whatever is attached", down / count / 1024, most=66)
    sheet.note("commands by name", **{name: order.count(name) for name in dict.fromkeys(order)})
    left = _folders(bench, user)
    sheet.check(f"{found['mails']:.0f} of {count} mails recorded", found["mails"] == count and not found["set_aside"])
    sheet.check(
        f"{sum(left.values()) - left.get('INBOX', 0)} mails lie in folders, {left.get('INBOX', 0)} in the inbox",
        sum(left.values()) == count and left.get("INBOX", 0) == 0,
    )
    bench.away(user)


def _folders(bench: Bench, user: str) -> dict[str, int]:
    told = bench.server.doveadm("mailbox", "status", "-u", user, "messages", "*")
    return {name: int(count) for name, count in (line.rsplit(" messages=", 1) for line in told.splitlines())}


def _idle(sheet: Sheet, bench: Bench) -> None:
    """Count what a poll of a mailbox costs in which nothing happened, and what one arrival costs."""
    user = bench.fresh()
    relay = Relay(bench.server.port)
    box = mailbox(settings(bench, relay.port, user))
    try:
        box.open()
        found = box.changes(box.inbox, None)
        box.changes(box.inbox, found.state)
        relay.reset()
        again = box.changes(box.inbox, found.state)
        sheet.check("an idle poll finds nothing", not again.new and not again.gone)
        sheet.mark("commands of an idle poll", len(relay.commands), most=1)
        sheet.mark("bytes of an idle poll's answer", relay.down, most=100)
    finally:
        box.close()
        relay.close()
        bench.away(user)


def _arrival(sheet: Sheet, bench: Bench) -> None:
    """Count what one mail costs that comes to a mailbox at rest, and see that it is recorded before it is moved."""
    user = bench.fresh(most=20)
    relay = Relay(bench.server.port)
    house = open_house(load(settings(bench, relay.port, user), {}).settings, SystemClock())
    box, moves = house.boxes[0], list[int]()  # how many were said at each commit
    event.listen(house.store.engine, "commit", lambda _conn: moves.append(relay.commands.count("UID MOVE")))
    try:
        while house.read(box).total or house.file(box):
            pass
        for number in range(2):  # the first makes the folder that both go to
            relay.reset()
            moves.clear()
            _deliver(bench, user, f"180000000{number}.M1P1.box", _PLAIN % number)
            while not (box.mailbox.wait(5) and house.read(box).total):
                pass
            recorded = list(moves)
            house.file(box)
        words = [word for word in relay.commands if word not in {"IDLE", "DONE"}]
        sheet.mark(f"commands for one arrival ({', '.join(words)})", len(words), most=4)
        sheet.check("what is moved was committed before", bool(recorded) and not any(recorded) and "UID MOVE" in words)
    finally:
        box.mailbox.close()
        house.close()
        relay.close()
        bench.away(user)


def _deliver(bench: Bench, user: str, name: str, raw: bytes) -> None:
    """Put one mail into the inbox as a delivery agent does."""
    folder = bench.server.maildir(user)
    (folder / "tmp" / name).write_bytes(raw)
    if bench.server.root:
        os.chown(folder / "tmp" / name, bench.server.uid, bench.server.gid)
    (folder / "tmp" / name).rename(folder / "new" / name)


_PLAIN = (
    b"From: desk@esp.example\nMessage-ID: <arrival-%d@esp.example>\nSubject: out of office\n"
    b"Auto-Submitted: auto-replied\nDate: Mon, 12 Oct 2026 08:00:00 +0000\n\nI am away.\n"
)


def _with_100_mb() -> bytes:
    head = (
        b"From: desk@esp.example\nMessage-ID: <large@esp.example>\nSubject: one large letter\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nSee the letter.\n'
        b'--b\nContent-Type: application/pdf; name="letter.pdf"\nContent-Transfer-Encoding: base64\n\n'
    )
    return head + (b"QUJD" * 18 + b"\n") * (100_000_000 // 73) + b"--b--\n"


def _flat(sheet: Sheet, bench: Bench) -> None:
    """Memory beyond what the opened house holds: of all mails against a tenth, of 100 MB attached against none."""
    count, few = len(bench.replies), max(50, len(bench.replies) // 10)
    users = {"all": bench.fresh(), "tenth": bench.fresh(few), "large": bench.fresh(few, large=True)}
    found = {name: _drain(settings(bench, bench.server.port, user)) for name, user in users.items()}
    more = {name: one["peak_mib"] - one["opened_mib"] for name, one in found.items()}
    for user in users.values():
        bench.away(user)
    sheet.note("MiB beyond what the opened house holds", **{name: round(value, 1) for name, value in more.items()})
    sheet.mark(f"memory flat: {count} mails against {few}, MiB", more["all"] - more["tenth"], most=8)
    sheet.mark("memory flat: 100 MB attached against none, MiB", more["large"] - more["tenth"], most=4)
    pace = {name: found[name]["mails"] / found[name]["work_s"] for name in ("all", "tenth")}
    sheet.mark(f"own throughput, {count} mails : {few}", pace["all"] / pace["tenth"], least=0.9)


def mailbox(file: Path) -> Mailbox:
    return wiring.open_mailbox(load(file, {}).settings.mailboxes[0])


# the others


def _ratios(sheet: Sheet, bench: Bench, options: Namespace) -> None:
    works = _peers(sheet, bench, options)
    taken: dict[str, list[float]] = {name: [] for name in works}
    memory: dict[str, float] = {}
    for _ in range(max(1, min(options.runs, 3))):
        for name, work in works.items():
            user = bench.fresh()
            seconds, peak = work(user)
            taken[name].append(seconds)
            memory[name] = max(memory.get(name, 0.0), peak)
            bench.away(user)
    count = len(bench.replies)
    median = {name: statistics.median(values) for name, values in taken.items()}
    for name, seconds in median.items():
        sheet.note(
            name, **{"µs per mail": round(seconds / count * 1e6), "per second": round(count / seconds),
                     "peak MiB": round(memory[name])}
        )  # fmt: skip
    ours = median[_OURS]
    wanted = _MARKS_LARGE if count >= 20_000 else _MARKS
    for name, least in wanted.items():
        if name in median:
            sheet.mark(f"throughput : {name}", median[name] / ours, least=least)
    for name in sorted(wanted.keys() - median.keys()):
        sheet.note(f"throughput : {name}", mark=f"≥ {wanted[name]:g}", left_out="not here, or too slow without --peers")
    sheet.note("our whole job : bare fetch", ratio=round(ours / median[_FETCH], 1))


_OURS = "noticed: read, judge, record everything, file"
_FETCH = "bare fetch of the first 64 KiB, by 50"
_MARKS = {"sieve-filter": 1.2, "imapfilter": 4, "naive script": 7}
_MARKS_LARGE = {"sieve-filter": 3.5, "imapfilter": 3.5, "naive script": 25}

Run = Callable[[str], tuple[float, float]]


def _peers(sheet: Sheet, bench: Bench, options: Namespace) -> dict[str, Run]:
    works: dict[str, Run] = {_OURS: lambda user: _ours(sheet, bench, user), _FETCH: lambda user: _fetch(bench, user)}
    if shutil.which("sieve-filter"):
        works["sieve-filter"] = lambda user: _sieve(bench, user)
    if shutil.which("imapfilter"):
        works["imapfilter"] = lambda user: _imapfilter(bench, user)
    if len(bench.replies) < 20_000 or options.peers:
        works["naive script"] = lambda user: _naive(bench, user)
    return works


def _ours(sheet: Sheet, bench: Bench, user: str) -> tuple[float, float]:
    found = _drain(settings(bench, bench.server.port, user))
    names = ("open_s", "read_s", "work_s", "cpu_s", "opened_mib", "peak_mib", "wall")
    sheet.note("a run of ours", **{name: round(found[name], 2) for name in names})
    return found["work_s"], found["peak_mib"]


def _fetch(bench: Bench, user: str) -> tuple[float, float]:
    start = time.perf_counter()
    with client(bench.server.port, user) as box:
        box.select_folder("INBOX")
        uids = box.search("ALL")
        for at in range(0, len(uids), 50):
            box.fetch(uids[at : at + 50], ["BODY.PEEK[]<0.65536>"])
    return time.perf_counter() - start, 0.0


def _sieve(bench: Bench, user: str) -> tuple[float, float]:
    script = bench.server.dir / "rules.sieve"
    script.write_text(rules.sieve(), encoding="utf-8")
    conf = str(bench.server.conf)
    return _process(
        [*bench.server._as_user(), "sieve-filter", "-c", conf, "-e", "-W", "-u", user, str(script), "INBOX"]
    )


def _imapfilter(bench: Bench, user: str) -> tuple[float, float]:
    config = bench.home / "config.lua"
    config.write_text(rules.imapfilter(user, bench.server.port, PASSWORD), encoding="utf-8")
    return _process(["imapfilter", "-c", str(config)])


def _naive(bench: Bench, user: str) -> tuple[float, float]:
    database = str(bench.home / f"{user}.db")
    command = [sys.executable, "-m", "bench.peers.naive", str(bench.server.port), user, PASSWORD, database]
    return _process(command)


def _process(command: list[str]) -> tuple[float, float]:
    """Run a peer; return seconds and peak MiB."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=os.environ | {"HOME": "/tmp"}
    ) as process:
        peak = 0.0
        while process.poll() is None:
            try:
                peak = max(peak, peak_mib(process.pid))
            except OSError:
                pass
            time.sleep(0.01)
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    return time.perf_counter() - start, peak


_TOML = """\
[[mailbox]]
name = "notices"
kind = "imap"
address = "{address}"
host = "127.0.0.1"
port = {port}
tls = "none"
user = "{user}"
password = "{password}"
authserv_id = "{serv}"
received_by = ["{serv}"]

[notice]
number_format = '{number}'

[database]
url = "sqlite:///{home}/noticed.db"

[keys]
message_key = "a key for measurements only, not for use"
"""
