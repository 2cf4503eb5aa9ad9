"""The process: ready, reading, reloading, standing by, taking over, ending; and it says so to those who watch it."""

from __future__ import annotations

import re
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from daemon.app.house import House, open_house
from daemon.clock import SystemClock
from daemon.config.load import load
from tests.postgres import server as postgres
from tests.servers.dovecot import PASSWORD as DOVECOT_PASSWORD
from tests.servers.dovecot import Dovecot
from tests.servers.imap_account import OtherProgram
from tests.servers.ports import free_port
from tests.servers.pymap import PASSWORD, USER, Pymap
from tests.servers.relay import Relay
from tests.servers.smtp_sink import SmtpSink
from tests.system.home import NOTICES, Home
from tests.system.process import Daemon, get, until

pytestmark = pytest.mark.system
TOML = "noticed.toml"
NUMBER = "HLN-2026-000001"


GONE = "https://a.example/1 has been removed.\r\nhttps://a.example/2 has been removed."


def answer(number: int, words: str = GONE, notice: str = NUMBER) -> bytes:
    """An authenticated answer of the ESP Alpha."""
    return (
        "Authentication-Results: mx.hotline.example; spf=pass smtp.mailfrom=alpha.example;"
        " dkim=pass header.d=alpha.example; dmarc=pass header.from=alpha.example\r\n"
        "From: Alpha <abuse@alpha.example>\r\nTo: esp-notifications@hotline.example\r\n"
        f"Subject: Re: [{notice}] notice\r\nMessage-ID: <{number}@alpha.example>\r\n"
        "Date: Mon, 12 Oct 2026 10:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        f"{words}\r\n"
    ).encode()


def imap(home: Home, port: int, user: str = USER, password: str = PASSWORD) -> None:
    """The home's mailbox is an IMAP account on this machine, looked at every second."""
    secret = home.write("password", password)
    home.change(TOML, 'kind = "maildir"', 'kind = "imap"')
    login = f'user = "{user}"\npassword_file = "{secret}"\nconnect_seconds = 2\n'
    home.change(TOML, 'path = "Maildir"\n', f'host = "127.0.0.1"\nport = {port}\ntls = "none"\n{login}')


def sending(home: Home, port: int) -> None:
    home.change(TOML, "[keys]", f'[smtp]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\n\n[keys]')


def health(home: Home, listen: str = "") -> str:
    listen = listen or f"127.0.0.1:{free_port()}"
    home.change(TOML, "[keys]", f'[health]\nlisten = "{listen}"\n\n[keys]')
    return listen


def ask(home: Home, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{home.database}?mode=ro", uri=True, timeout=20) as conn:
        return conn.execute(query).fetchall()


def count(home: Home, table: str) -> int:
    return int(str(ask(home, f"SELECT count(*) FROM {table}")[0][0]))


def statuses(home: Home) -> list[str]:
    return [str(row[0]) for row in ask(home, "SELECT status FROM takedowns ORDER BY id")]


def live(home: Home) -> None:
    assert home.run("live", "--yes").code == 0


@pytest.fixture(scope="module")
def server() -> Iterator[Pymap]:
    found = Pymap()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def sink() -> Iterator[SmtpSink]:
    found = SmtpSink().start()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    found = Dovecot().start()
    yield found
    found.remove()


Start = Callable[..., Daemon]


@pytest.fixture
def home(place: Path) -> Home:
    return Home(place)


@pytest.fixture
def start(home: Home) -> Iterator[Start]:
    """Starts daemons that are certainly gone after the test."""
    running: list[Daemon] = []

    def begin(name: str = "daemon", watchdog_seconds: float | None = None, *, forked: bool = True) -> Daemon:
        running.append(Daemon(home, name, watchdog_seconds, forked=forked))
        return running[-1]

    yield begin
    for one in running:
        if one.process.poll() is None:
            one.kill()


@pytest.mark.dovecot
def test_the_daemon_reads_judges_files_sends_and_ends_in_order(
    home: Home, start: Start, dovecot: Dovecot, sink: SmtpSink
):
    """The whole main job by the real command, on Dovecot and an SMTP server."""
    user = dovecot.new_user()
    account = OtherProgram(dovecot.port, user, DOVECOT_PASSWORD)
    imap(home, dovecot.port, user, DOVECOT_PASSWORD)
    sending(home, sink.port)
    home.change(
        "rules.yaml", "team:\n", "followups:\n  normal:\n    steps: [{after: 24 h, letter: reminder-1}]\nteam:\n"
    )
    home.run("notices", "import", "notices.csv")
    live(home)
    account.deliver(answer(1))
    daemon = start(watchdog_seconds=1, forked=False).ready()
    until(lambda: account.message_ids("Noticed/Removed") == ["<1@alpha.example>"])
    assert account.message_ids("INBOX") == []
    account.deliver(answer(2, "Thank you for the information.", "HLN-2026-000002"))
    until(lambda: count(home, "messages") == 2)
    until(lambda: daemon.heard("WATCHDOG=1"))
    assert daemon.stop() == 0
    assert daemon.told[0] == "READY=1"
    assert statuses(home)[:2] == ["removed", "removed"]
    assert ask(home, "SELECT key FROM settings_state WHERE key LIKE 'intake.at_work%'") == []
    assert home.run("audit", "verify").code == 0
    assert daemon.events("stopped")[0]["loops_still_busy"] == 0
    assert not re.search("example|hxxp|http", daemon.log)


def test_a_changed_rules_file_is_taken_and_a_broken_one_is_told_once(home: Home, start: Start):
    daemon = start().ready()
    good = (home.path / "rules.yaml").read_text()
    home.write("rules.yaml", good.replace("has been removed]", "has been removed, was deleted]"))
    daemon.signal(signal.SIGHUP)
    until(lambda: len(daemon.events("rules_active")) == 2)
    home.write("rules.yaml", good.replace("says:", "syas:"))
    for _ in range(2):
        daemon.signal(signal.SIGHUP)
        until(lambda: daemon.events("rules_file_broken"))
    assert ask(home, "SELECT kind, reason, state FROM reviews") == [("alert", "rules_file_broken", "open")]
    assert count(home, "rule_versions") == 2
    home.write("rules.yaml", good)
    daemon.signal(signal.SIGHUP)
    until(lambda: len(daemon.events("rules_active")) == 3)
    assert daemon.stop() == 0
    assert len(daemon.events("rules_file_broken")) == 1


def test_with_broken_rules_it_starts_with_the_last_good_ones(home: Home, start: Start):
    assert home.run("once").code == 0
    home.change("rules.yaml", "says:", "syas:")
    daemon = start().ready()
    home.deliver("m1", answer(1))
    until(lambda: count(home, "messages") == 1)
    assert daemon.stop() == 0
    assert home.run("pause", "--sending", "--reason", "the rules are broken").code == 0


def test_a_second_instance_waits_and_takes_over_when_the_first_is_killed(home: Home, start: Start):
    listen = health(home)
    first = start("first").ready()
    second = start("second").ready()
    assert not second.events("started")
    assert second.events("standby")
    assert get(listen, "/readyz") == (200, "ready\n")
    first.kill()
    until(lambda: second.events("started"))
    assert get(listen, "/readyz") == (200, "ready\n")
    home.deliver("m1", answer(1))
    until(lambda: count(home, "messages") == 1)
    assert second.stop() == 0


def test_a_standby_that_is_told_to_stop_ends_at_once(home: Home, start: Start):
    start("first").ready()
    assert start("second").ready().stop() == 0


def queue_a_letter(home: Home) -> None:
    """A reminder is due: the notice is old, and the ladder has a step."""
    steps = "followups:\n  normal:\n    steps: [{after: 24 h, letter: reminder-1}]\n"
    home.change("rules.yaml", "team:\n", f"{steps}team:\n")
    assert home.run("notices", "import", "notices.csv").code == 0
    live(home)


def test_a_mailbox_that_is_down_stops_neither_start_nor_sending(home: Home, start: Start, sink: SmtpSink):
    before = len(sink.letters)
    imap(home, free_port())
    sending(home, sink.port)
    queue_a_letter(home)
    home.run("once")  # queues what is due
    daemon = start().ready()
    until(lambda: len(sink.letters) > before)
    assert daemon.events("mailbox_unreachable")
    assert daemon.stop() == 0


def test_a_way_out_that_is_down_does_not_stop_reading(home: Home, start: Start, server: Pymap):
    imap(home, server.port)
    sending(home, free_port())
    queue_a_letter(home)
    before = count(home, "messages")
    daemon = start().ready()
    OtherProgram(server.port, USER, PASSWORD).deliver(answer(int(time.monotonic() * 1000)))
    until(lambda: count(home, "messages") > before)
    assert daemon.stop() == 0
    assert ask(home, "SELECT count(*) FROM outbox WHERE state = 'sent'") == [(0,)]


def test_a_line_that_breaks_is_made_again(home: Home, start: Start, server: Pymap):
    relay = Relay(server.port)
    imap(home, relay.port)
    daemon = start().ready()
    until(lambda: relay.connections >= 1)
    before = count(home, "messages")
    relay.cut()
    OtherProgram(server.port, USER, PASSWORD).deliver(answer(int(time.monotonic() * 1000)))
    until(lambda: count(home, "messages") > before)
    assert daemon.stop() == 0
    relay.close()


def test_health_answers_without_names_and_addresses(home: Home, start: Start):
    listen = health(home, f"unix:{home.path}/health")
    home.run("notices", "import", "notices.csv")
    daemon = start().ready()
    assert get(listen, "/livez") == (200, "ok\n")
    assert get(listen, "/readyz") == (200, "ready\n")
    assert get(listen, "/etc/passwd")[0] == 404
    home.deliver("m1", answer(1))
    until(lambda: 'noticed_messages_total{kind="removed"} 1.0' in get(listen, "/metrics")[1])
    until(lambda: "noticed_rules_file_is_active 1.0" in get(listen, "/metrics")[1])
    text = get(listen, "/metrics")[1]
    assert not re.search(r"@|hotline|alpha|example|HLN", text)
    assert daemon.stop() == 0
    with suppress(ConnectionRefusedError, FileNotFoundError):
        get(listen, "/livez")
        pytest.fail("somebody still answers")


def test_a_port_in_use_is_told_and_the_daemon_does_not_start(home: Home, start: Start, sink: SmtpSink):
    health(home, f"127.0.0.1:{sink.port}")
    daemon = start()
    assert daemon.end() == 78
    assert f"health.listen: 127.0.0.1:{sink.port} is taken by another program" in daemon.log


def test_the_socket_of_a_dead_daemon_is_taken_over(home: Home, start: Start):
    listen = health(home, f"unix:{home.path}/health")
    start("first").ready().kill()
    daemon = start("second").ready()
    assert get(listen, "/readyz")[0] == 200
    assert daemon.stop() == 0


def test_observing_changes_nothing_and_going_live_acts_on_what_was_observed(home: Home, start: Start):
    queue_a_letter(home)
    assert home.run("live", "--observe").code == 0
    home.deliver("m1", answer(1))
    daemon = start().ready()
    until(lambda: count(home, "messages") == 1)
    assert ask(home, "SELECT state FROM messages") == [("recorded",)]
    assert set(statuses(home)) == {"sent"}
    assert count(home, "wishes") == count(home, "outbox") == count(home, "reviews") == 0
    assert list((home.path / "Maildir/cur").iterdir()) or list((home.path / "Maildir/new").iterdir())
    live(home)
    until(lambda: statuses(home)[:2] == ["removed", "removed"])
    until(lambda: list((home.path / "Maildir/.Noticed.Removed").rglob("*m1*")))
    assert daemon.stop() == 0
    assert ask(home, "SELECT state FROM messages") == [("decided",)]


def house_of(home: Home) -> House:
    return open_house(load(home.path / TOML, home.environment).settings, SystemClock())


def test_after_a_start_no_letter_is_queued_before_the_answers_that_came_are_read(home: Home):
    queue_a_letter(home)
    home.deliver("m1", answer(1))
    with closing(house_of(home)) as house:
        house.chase()
        assert count(home, "outbox") == 0
        house.once()
    assert count(home, "outbox") == 1  # to the ESP that is silent


def test_after_going_live_no_letter_is_queued_before_what_was_observed_is_acted_on(home: Home):
    queue_a_letter(home)
    assert home.run("live", "--observe").code == 0
    home.deliver("m1", answer(1))
    with closing(house_of(home)) as house:
        house.once()
        live(home)
        house.chase()
        assert count(home, "outbox") == 0
        house.once()
    assert count(home, "outbox") == 1  # to the ESP that is silent


def test_two_mailboxes_each_know_how_they_ended(home: Home, start: Start):
    other = '[[mailbox]]\nname = "second"\nkind = "maildir"\naddress = "second@hotline.example"\n'
    home.write(TOML, (home.path / TOML).read_text() + other + 'path = "Second"\nauthserv_id = "@none"\n')
    for part in ("cur", "new", "tmp"):
        (home.path / "Second" / part).mkdir(parents=True)
    daemon = start().ready()
    assert {key for (key,) in ask(home, "SELECT key FROM settings_state WHERE key LIKE 'intake.at_work%'")} == {
        "intake.at_work.notices",
        "intake.at_work.second",
    }
    assert daemon.stop() == 0
    assert ask(home, "SELECT key FROM settings_state WHERE key LIKE 'intake.at_work%'") == []
    home.deliver("m1", answer(1))
    assert home.run("once").code == 0
    assert count(home, "strikes") == 0
    assert NOTICES.count(NUMBER) == 1


def test_one_mailbox_that_is_down_keeps_nothing_else_from_its_turn(home: Home):
    imap(home, free_port())
    other = '[[mailbox]]\nname = "second"\nkind = "maildir"\naddress = "second@hotline.example"\n'
    home.write(TOML, (home.path / TOML).read_text() + other + 'path = "Maildir"\nauthserv_id = "@none"\n')
    home.deliver("m1", answer(1))
    ran = home.run("once")
    assert ran.code == 3
    assert count(home, "messages") == 1
    assert ask(home, "SELECT key FROM settings_state WHERE key LIKE 'intake.at_work%'") == []


def test_status_and_readyz_tell_of_a_mailbox_that_cannot_be_read_until_it_can(home: Home, start: Start, server: Pymap):
    listen = health(home, f"unix:{home.path}/health")
    before = (home.path / TOML).read_text()
    imap(home, free_port())
    daemon = start().ready()
    until(lambda: get(listen, "/readyz") == (200, "ready; mailboxes that cannot be read: 1 of 1\n"))
    assert "DOWN        notices: cannot be read for " in home.run("status").out
    assert list(home.run("status", "--json").json()["down"]) == ["notices"]
    assert daemon.stop() == 0
    home.write(TOML, before)
    imap(home, server.port)
    daemon = start("next").ready()
    until(lambda: "DOWN" not in home.run("status").out)
    assert get(listen, "/readyz") == (200, "ready\n")
    assert daemon.stop() == 0


@pytest.mark.postgres
def test_on_postgresql_the_standby_takes_over_as_well(home: Home, start: Start):
    database = postgres().url()
    home.change(TOML, f"sqlite:///{home.path}/noticed.db", database)
    first = start("first").ready()
    second = start("second").ready()
    assert second.events("standby")
    first.kill()
    until(lambda: second.events("started"))
    home.deliver("m1", answer(1))
    until(lambda: second.events("recorded"))
    assert second.stop() == 0
    assert home.run("audit", "verify").code == 0
    postgres().drop(database)
