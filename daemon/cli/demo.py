"""``noticed demo``: the whole main job on embedded parts, over real IMAP and SMTP, with two weeks in two minutes."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
from imapclient import IMAPClient

from daemon.app import wiring
from daemon.app.house import House, open_house
from daemon.cli._common import as_json, login, print_json, table
from daemon.config.load import load
from daemon.digest.build import build
from daemon.digest.page import page
from daemon.digest.view import owed
from daemon.errors import ConfigError, TransientError
from daemon.health import logs
from daemon.jobs import digest, importing
from daemon.jobs.importing import Import
from daemon.message.parse import parse
from daemon.registry import shipped
from daemon.store import overview, schema, state

DAYS = 14  # after the last answer
STEP = timedelta(hours=4)
_USER, _PASSWORD = "demo", "demo-password"
_START_SECONDS = 20.0
_MARK = ".noticed-demo"  # the folder is ours to clear


class SteppedClock:
    """A clock that stands still until it is put forward."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


@dataclass  # no slots: aiosmtpd looks at every attribute, and Python before 3.11.3 fails on that
class Sink:
    """Takes every letter by SMTP and keeps it in a folder."""

    folder: Path
    taken: int = 0
    subjects: list[str] = field(default_factory=list, repr=False)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.taken += 1
        (self.folder / f"{self.taken:04}.eml").write_bytes(envelope.content)
        return "250 2.0.0 kept"


@click.command(short_help="Show the main job on this machine, in two minutes.")
@click.option(
    "--directory", type=click.Path(path_type=Path, file_okay=False), default=Path("var/demo"), show_default=True
)
@as_json
def command(directory: Path, as_json: bool) -> None:
    """Show the main job: 43 notices, 186 answers, two weeks of reminders, a digest.  Nothing leaves this machine."""
    corpus = shipped("tests/corpus/public")
    if not corpus.is_dir() or find_spec("aiosmtpd") is None or find_spec("pymap") is None:
        raise ConfigError("the demo needs a checkout of noticed with ./dev setup: its mail is not installed")
    home = _fresh(directory)
    logs.configure((home / "log.jsonl").open("w", encoding="utf-8"))
    with _imap(home) as imap_port, _smtp(home) as (smtp_port, _):
        result = _play(home, corpus, imap_port, smtp_port)
    if as_json:
        print_json(result)
    else:
        _tell(result)


def _fresh(directory: Path) -> Path:
    """An empty folder; an old demo's is cleared, anything else is left alone."""
    home = directory.absolute()
    if home.exists() and any(home.iterdir()) and not (home / _MARK).exists():
        raise ConfigError(f"{home}: is not empty and holds no demo; name another folder with --directory")
    shutil.rmtree(home, ignore_errors=True)
    (home / "letters").mkdir(parents=True)
    (home / _MARK).touch()
    return home


@contextmanager
def _imap(home: Path) -> Iterator[int]:
    """A real IMAP server on loopback: pymap, in memory, in a process of its own."""
    port = _free_port()
    command = [
        *(str(Path(sys.executable).with_name("pymap")), "--host", "127.0.0.1", "--port", str(port), "--no-tls"),
        *("dict", "--demo-user", _USER, "--demo-password", _PASSWORD),
    ]
    with (home / "imap-server.log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # noqa: S603 - our own
    try:
        _await_port(port)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


@contextmanager
def _smtp(home: Path) -> Iterator[tuple[int, Sink]]:
    """A real SMTP server on loopback that keeps every letter."""
    from aiosmtpd.controller import Controller

    sink = Sink(home / "letters")
    controller = Controller(sink, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield controller.port, sink
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await_port(port: int) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                connection.settimeout(2)
                if connection.recv(4) == b"* OK":
                    return
        except OSError:
            time.sleep(0.1)
    raise TransientError("the demo's IMAP server did not start")


def _play(home: Path, corpus: Path, imap_port: int, smtp_port: int) -> dict[str, Any]:
    """Set the house up, let the answers arrive on their days, go on for two weeks; return the figures."""
    settings = load(_write_settings(home, imap_port, smtp_port), {}).settings
    schema.upgrade(wiring.store_settings(settings))
    letters = sorted((_date(path), path) for path in (corpus / "notices").glob("*.eml"))
    replies = sorted((_date(path), path) for path in corpus.glob("*.eml"))
    clock = SteppedClock(letters[0][0])
    house = open_house(settings, clock)
    outside = IMAPClient("127.0.0.1", imap_port, ssl=False, timeout=30)
    try:
        _import(house, corpus, clock.now())
        outside.login(_USER, _PASSWORD)
        if not outside.folder_exists("Sent"):
            outside.create_folder("Sent")
        house.boxes[0].intake.begin(house.boxes[0].name)
        end = replies[-1][0] + timedelta(days=DAYS)
        _pass_time(house, clock, end, outside, [("Sent", letters), ("INBOX", replies)])
        house.boxes[0].intake.end(house.boxes[0].name)
        return _figures(house, home, clock.now())
    finally:
        outside.logout()
        house.close()


Coming = tuple[str, list[tuple[datetime, Path]]]  # what is to arrive in which folder


def _pass_time(house: House, clock: SteppedClock, end: datetime, outside: Any, coming: list[Coming]) -> None:
    """Put the clock forward step by step; mail arrives on its day, and the daemon does a round after each step."""
    steps = int((end - clock.now()) / STEP) + 1
    with click.progressbar(
        length=steps, label=f"{(end - clock.now()).days} days of work", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as progress:
        while clock.now() < end:
            clock.at += STEP
            for folder, waiting in coming:
                while waiting and waiting[0][0] <= clock.now():
                    at, path = waiting.pop(0)
                    outside.append(folder, path.read_bytes(), (), at)
            house.once()
            progress.update(1)


def _date(path: Path) -> datetime:
    return parse(path.read_bytes()).date or datetime(2026, 11, 1, tzinfo=UTC)


def _write_settings(home: Path, imap_port: int, smtp_port: int) -> Path:
    rules = shipped("rules.yaml").read_text(encoding="utf-8")
    (home / "rules.yaml").write_text(rules + _team(), encoding="utf-8")
    file = home / "noticed.toml"
    text = _TOML.format(imap_port=imap_port, smtp_port=smtp_port, user=_USER, password=_PASSWORD, home=home)
    file.write_text(text, encoding="utf-8")
    return file


def _team() -> str:
    """Who calls is the lead, gets the digest, and may decide what waits."""
    return _TEAM.format(login=json.dumps(login()))


def _import(house: House, corpus: Path, now: datetime) -> None:
    wish = Import("demo", now, mailbox="notices", number_format=house.settings.notice.number_format)
    outcome = importing.import_file(house.store, corpus / "notices.csv", wish)
    if outcome.refused:
        raise ConfigError(*(str(slip) for slip in outcome.slips))
    with house.store.write() as conn:
        state.set_mode(conn, "live", now, "demo")


def _figures(house: House, home: Path, now: datetime) -> dict[str, Any]:
    with house.store.read() as conn:
        found = overview.figures(conn, now)
        meanings = overview.by_category(conn)
        letters = overview.letters(conn)
    return {
        "notices": found["notices"],
        "takedowns": sum(found["takedowns"].values()),
        "messages_in": sum(found["messages"].values()),
        "filed": found["filed"],
        "set_aside": found["messages"].get("set_aside", 0),
        "closed": found["closed"],
        "review": found["reviews"].get("review", 0),
        "tasks": found["reviews"].get("task", 0),
        "letters_sent": found["outbox"].get("sent", 0),
        "unknown": found["outbox"].get("unknown", 0),
        "meanings": meanings,
        "letters": letters,
        "digest": str(_digest_file(house, home, now)),
        "directory": str(home),
    }


def _digest_file(house: House, home: Path, now: datetime) -> Path:
    """The last digest as a lead sees it."""
    file = home / "digest.html"
    desk = house.desk()
    with house.store.read() as conn:
        view = digest.view_of(conn, owed(None, now, desk.rules.working.zone)[0], desk, now)
        file.write_text(page(build(conn, view), view, desk.templates).html or "", encoding="utf-8")
    return file


def _tell(result: dict[str, Any]) -> None:
    columns = ("mails", "moved", "closed", "review")
    rows = [(name, *(one[key] for key in columns)) for name, one in result["meanings"].items()]
    head = ("What the mail says", "Mails", "URLs moved", "closed", "to a person")
    click.echo(table(head, rows, frozenset({1, 2, 3, 4})))
    letters = [(template, one["sent"], one["waiting"]) for template, one in result["letters"].items()]
    click.echo("\n" + table(("Letter", "Sent", "Waiting"), letters, frozenset({1, 2})))
    click.echo(
        f"\n{result['notices']} notices, {result['takedowns']} URLs: {result['closed']} closed on proof. "
        f"{result['messages_in']} mails in, {result['filed']} filed, {result['set_aside']} set aside, the rest wait "
        f"in the inbox; {result['review']} reviews and {result['tasks']} tasks wait for a person. "
        f"{result['letters_sent']} letters sent, {result['unknown']} unknown.\n"
        f"\nThe weekly digest:  {result['digest']}\nThe letters sent:   {result['directory']}/letters"
        f"\nLook around:        {Path(sys.argv[0])} --config {result['directory']}/noticed.toml review list"
    )


_TEAM = """
team:
  lead: {{address: lead@hotline.example, login: {login}, lead: true}}
digests:
  weekly: {{when: mon 07:00, to: [lead@hotline.example]}}
"""

_TOML = """\
# The settings of the demo.
[[mailbox]]
name = "notices"
kind = "imap"
address = "esp-notifications@hotline.example"
host = "127.0.0.1"
port = {imap_port}
tls = "none"
user = "{user}"
password = "{password}"
authserv_id = "mx.hotline.example"
sent = "Sent"

[smtp]
host = "127.0.0.1"
port = {smtp_port}
tls = "none"

[notice]
number_format = 'HLN-20\\d\\d-\\d{{6}}'

[time]
zone = "Europe/Oslo"

[database]
url = "sqlite:///{home}/noticed.db"

[keys]
message_key = "a key for the demo only, not for use"
"""
