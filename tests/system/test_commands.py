"""The commands, as somebody new tries them: what they say is true, what they decide is done."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from daemon.cli import names, short_help
from tests.servers.pymap import PASSWORD, USER, Pymap
from tests.servers.smtp_sink import SmtpSink
from tests.system.home import NOTICES, Home, Ran
from tests.system.test_bad_input import COLUMNS, GOOD, workbook
from tests.system.test_process import GONE, answer

SECOND = "HLN-2026-000002"
UNCLEAR = "The content has been removed."


@pytest.fixture
def home(place: Path) -> Home:
    return Home(place)


def ok(ran: Ran) -> str:
    assert ran.code == 0, ran.sentences
    return ran.out


def at_work(home: Home, *mails: bytes) -> None:
    """Two notices, live, and these mails read."""
    ok(home.run("notices", "import", "notices.csv"))
    ok(home.run("live", "--yes"))
    for number, raw in enumerate(mails):
        home.deliver(f"m{number}", raw)
    ok(home.run("once"))


def status_of(home: Home, number: str) -> list[str]:
    found: Any = home.run("notices", "show", number, "--json").json()
    return [one["status"] for one in found["takedowns"]]


# notices


def test_an_import_says_what_came_in_and_a_second_one_changes_nothing(home: Home):
    said = ok(home.run("notices", "import", "notices.csv"))
    assert said.startswith("2 notices added, 0 already there; URLs: 3 new takedowns")
    again = home.run("notices", "import", "notices.csv", "--json").json()
    nothing = {"added": 0, "opened": 0, "linked": 0, "reopened": 0, "refused": False, "slips": []}
    assert again == {"rows": 2, "already_there": 2, "proposed_changes": [], **nothing}


def test_a_workbook_is_imported_like_a_csv(home: Home):
    home.write("t.xlsx", workbook(COLUMNS, GOOD))
    assert ok(home.run("notices", "import", "t.xlsx")).startswith("1 notice added")


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", "|")])
def test_any_common_dialect_of_csv_is_read(encoding: str, delimiter: str, home: Home):
    home.write("t.csv", NOTICES.replace("Alpha", "Älpha").replace(",", delimiter).encode(encoding))
    assert ok(home.run("notices", "import", "t.csv")).startswith("2 notices added")
    assert "Älpha" in ok(home.run("notices", "list"))


def test_bad_rows_are_skipped_only_when_somebody_says_so(home: Home):
    home.write("t.csv", NOTICES.replace(SECOND, "X-2"))
    refused = home.run("notices", "import", "t.csv")
    assert refused.code == 1
    assert "Nothing was imported: 1 problem." in refused.err
    taken = home.run("notices", "import", "t.csv", "--skip-bad")
    assert taken.code == 0
    assert "row 3, column notice_id: does not fit" in taken.err
    assert taken.out.startswith("1 notice added")


def test_a_number_that_is_there_with_other_content_is_told_and_not_touched(home: Home):
    ok(home.run("notices", "import", "notices.csv"))
    home.change("notices.csv", "https://b.example/1", "https://b.example/2")
    ran = home.run("notices", "import", "notices.csv")
    assert ran.code == 1
    assert "row 3, column notice_id: is there already with another ESP, contact, time or URLs" in ran.err
    ok(home.run("notices", "import", "notices.csv", "--skip-bad"))
    assert "hxxps://b[.]example/1" in ok(home.run("notices", "show", SECOND))


def test_times_without_a_zone_are_read_in_the_zone_of_the_file(home: Home):
    home.change("notices.csv", "2026-10-12T09:00:00+00:00", "2026-10-12 09:00:00")
    assert home.run("notices", "import", "notices.csv").code == 1
    ok(home.run("notices", "import", "notices.csv", "--zone", "Europe/Oslo", "--skip-bad"))
    assert "2026-10-12 07:00" in ok(home.run("notices", "list", "--esp", "beta"))


def test_notices_are_listed_and_shown_with_urls_that_nobody_can_click(home: Home):
    ok(home.run("notices", "import", "notices.csv"))
    assert ok(home.run("notices", "list", "--esp", "Beta")).count("HLN-") == 1
    assert ok(home.run("notices", "list", "--status", "resolved")) == "No notice fits.\n"
    shown = ok(home.run("notices", "show", SECOND.lower()))
    assert "hxxps://b[.]example/1" in shown
    assert "https://" not in shown + ok(home.run("notices", "show", SECOND, "--json"))
    unknown = home.run("notices", "list", "--esp", "gamma")
    assert (unknown.code, unknown.sentences[0]) == (
        1,
        'noticed: there is no ESP "gamma"; noticed notices list shows the names',
    )


# the queue of a person


def test_an_item_shows_why_it_waits_and_how_to_decide_it(home: Home):
    at_work(home, answer(1, UNCLEAR), answer(2, "Hello."))
    listed = ok(home.run("review", "list"))
    assert "removed 1-2" in listed
    first, second = ok(home.run("review", "show", "1")), ok(home.run("review", "show", "2"))
    assert "noticed review accept 1" in first
    assert "A removal is stated, but not which URLs it is about." in first
    assert "accept" not in second  # nothing is proposed
    assert "https://" not in first


def test_an_accepted_proposal_closes_as_the_persons_own_decision(home: Home):
    at_work(home, answer(1, UNCLEAR))
    assert ok(home.run("review", "accept", "1", "--note", "looked")) == (
        "Item 1 accepted: 2 closed, 0 moved, 0 as they were.\n"
    )
    shown = ok(home.run("notices", "show", "HLN-2026-000001"))
    assert "verified" in shown
    assert "anna" in shown
    again = home.run("review", "accept", "1")
    assert (again.code, again.sentences) == (1, ["noticed: review item 1 is accepted already, by anna"])


def test_a_correction_moves_what_it_names_and_nothing_else(home: Home):
    at_work(home, answer(1, UNCLEAR))
    ok(home.run("review", "correct", "1", "--item", "2=refused"))
    assert status_of(home, "HLN-2026-000001") == ["sent", "refused"]
    assert "corrected by anna" in ok(home.run("review", "list", "--all"))


def test_everything_that_is_open_can_be_corrected_at_once(home: Home):
    at_work(home, answer(1, UNCLEAR), answer(2, UNCLEAR + " Indeed."))
    ok(home.run("review", "correct", "1", "--item", "1=removed"))
    ok(home.run("review", "correct", "2", "--all", "pending"))
    assert status_of(home, "HLN-2026-000001") == ["removed", "in_progress"]


def test_a_wrong_correction_moves_nothing(home: Home):
    at_work(home, answer(1, UNCLEAR))
    for arguments, code, says in (
        (["--item", "9=removed"], 1, "notice HLN-2026-000001 has no item 9"),
        (["--item", "HLN-2026-000009/1=removed"], 1, "there is no notice HLN-2026-000009"),
        (["--item", "1=gone"], 2, "outcomes: removed, already_gone"),
        ([], 2, "say what is right: --item 2=removed, or --all removed"),
    ):
        ran = home.run("review", "correct", "1", *arguments)
        assert (ran.code, says in ran.err) == (code, True), ran.err
    assert status_of(home, "HLN-2026-000001") == ["sent", "sent"]
    assert "open" in ok(home.run("review", "show", "1"))


def test_a_skipped_item_moves_nothing_and_is_gone_from_the_list(home: Home):
    at_work(home, answer(1, UNCLEAR))
    ok(home.run("review", "skip", "1"))
    assert status_of(home, "HLN-2026-000001") == ["sent", "sent"]
    assert ok(home.run("review", "list")) == "Nothing waits for a person.\n"


def test_nothing_can_be_accepted_where_nothing_is_proposed(home: Home):
    at_work(home, answer(1, "Hello."))
    ran = home.run("review", "accept", "1")
    assert ran.code == 1
    assert ran.sentences == ["noticed: item 1 proposes nothing: say what is right with correct, or skip it"]


# brakes, modes


def test_a_pause_of_closing_sends_closings_to_a_person_until_it_ends(home: Home):
    ok(home.run("notices", "import", "notices.csv"))
    ok(home.run("live", "--yes"))
    ok(home.run("pause", "--closing", "--reason", "a strange wave of answers"))
    assert "PAUSED      closing: a strange wave of answers" in ok(home.run("status"))
    home.deliver("m1", answer(1, GONE))
    ok(home.run("once"))
    assert status_of(home, "HLN-2026-000001") == ["sent", "sent"]
    assert ok(home.run("resume", "--closing")) == "Resumed: closing.\n"
    assert ok(home.run("resume", "--closing")) == "Nothing to do: closing was not paused.\n"
    ok(home.run("review", "accept", "1"))
    assert status_of(home, "HLN-2026-000001") == ["removed", "removed"]


def test_a_paused_mailbox_is_not_read_until_the_pause_ends(home: Home):
    ok(home.run("notices", "import", "notices.csv"))
    ok(home.run("live", "--yes"))
    assert home.run("pause", "--mailbox", "nobodys", "--reason", "x").code == 2
    assert home.run("pause", "--closing", "--mailbox", "notices", "--reason", "x").code == 2
    ok(home.run("pause", "--mailbox", "notices", "--reason", "the server is being moved"))
    assert "PAUSED      mailbox.notices: the server is being moved" in ok(home.run("status"))
    home.deliver("m1", answer(1, GONE))
    ran = home.run("once")
    assert (ran.code, "noticed resume --mailbox notices" in ran.err) == (1, True), ran.err
    assert ok(home.run("resume", "--mailbox", "notices")) == "Resumed: notices.\n"
    ok(home.run("once"))
    assert status_of(home, "HLN-2026-000001") == ["removed", "removed"]


def test_going_live_says_what_follows_and_can_be_taken_back(home: Home):
    assert "what was observed: it is judged again" in ok(home.run("live", "--yes"))
    assert "already" in ok(home.run("live", "--yes"))
    assert ok(home.run("live", "--observe")) == "noticed is in observe mode.\n"


# records


def tampered(home: Home, statement: str) -> None:
    """Change the database behind our back, triggers and all."""
    with sqlite3.connect(home.database) as conn:
        names = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        assert names
        for name in names:
            conn.execute(f"DROP TRIGGER {name}")
        assert conn.execute(statement).rowcount == 1
    conn.close()


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE journal SET actor = 'bert' WHERE seq = 3", "row 3: what it says was changed"),
        ("UPDATE journal SET details = '{}' WHERE seq = 4", "row 4: what it says was changed"),
        ("DELETE FROM journal WHERE seq = 3", "row 3: it was removed"),
        ("DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)", "the journal ends before the end"),
    ],
)
def test_a_journal_that_was_tampered_with_is_caught(statement: str, why: str, home: Home):
    at_work(home, answer(1, GONE))
    assert ok(home.run("audit", "verify")) == "The journal is whole: no row was changed, removed or inserted.\n"
    tampered(home, statement)
    ran = home.run("audit", "verify")
    assert ran.code == 1
    assert why in ran.out
    found: Any = home.run("audit", "verify", "--json").json()
    assert found["ok"] is False


def test_the_journal_cannot_be_changed_by_accident(home: Home):
    at_work(home)
    with sqlite3.connect(home.database) as conn, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        conn.execute("UPDATE journal SET actor = 'bert' WHERE seq = 1")
    conn.close()


# settings


def test_the_settings_in_force_are_shown_with_their_origin_and_without_secrets(home: Home):
    home.env["NOTICED_KEYS_BODY_KEY"] = "secret-of-the-bodies"
    home.env["NOTICED_TIME_ZONE"] = "Europe/Paris"
    said = ok(home.run("config", "show"))
    lines = {line.split()[0]: line.split(maxsplit=1)[1] for line in said.splitlines()[2:]}
    assert lines["time.zone"].split() == ['"Europe/Paris"', "environment", "NOTICED_TIME_ZONE"]
    assert lines["keys.message_key"].split() == ["***", "noticed.toml"]
    assert lines["keys.body_key"].split()[0] == "***"
    assert lines["paths.templates"].split() == ["-", "default"]
    assert len(lines) == len(said.splitlines()) - 2  # each once
    both = said + home.run("config", "show", "--json").out
    assert "secret-of" not in both
    assert "a key for the tests" not in both


def test_the_password_in_a_database_url_is_not_shown(home: Home):
    home.change("noticed.toml", f"sqlite:///{home.path}/noticed.db", "postgresql://u:pass%40word@host/noticed")
    said = ok(home.run("config", "show"))
    assert '"postgresql://u:***@host/noticed"' in said
    assert "pass%40word" not in said


def test_a_database_file_stands_beside_the_settings_from_wherever_the_command_is_called(home: Home):
    home.change("noticed.toml", f"sqlite:///{home.path}/noticed.db", "sqlite:///noticed.db")
    home.path = home.path / "Maildir"
    ran = home.bare("--config", str(home.path.parent / "noticed.toml"), "status")
    assert ran.code == 0, ran.sentences


# the first day


@pytest.fixture(scope="module")
def imap() -> Iterator[Pymap]:
    server = Pymap()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def smtp() -> Iterator[SmtpSink]:
    sink = SmtpSink().start()
    yield sink
    sink.stop()


def init(home: Home, imap: Pymap, smtp: SmtpSink, **changed: str) -> Ran:
    """Answer all questions by options."""
    home.write("password", PASSWORD)
    options = {
        "directory": str(home.path / "new"),
        "host": "127.0.0.1",
        "port": str(imap.port),
        "user": USER,
        "password-file": str(home.path / "password"),
        "address": "esp-notifications@hotline.example",
        "authserv-id": "mx.hotline.example",
        "example-number": "HLN-2026-104233",
        "smtp-host": "127.0.0.1",
        "smtp-port": str(smtp.port),
        "zone": "Europe/Oslo",
        "database": "sqlite:///noticed.db",
    }
    options |= {name.replace("_", "-"): value for name, value in changed.items()}
    return home.bare("init", *(part for name, value in options.items() for part in (f"--{name}", value)))


def test_after_init_the_doctor_finds_nothing_wrong(home: Home, imap: Pymap, smtp: SmtpSink):
    assert "observe mode" in ok(init(home, imap, smtp))
    written = home.path / "new/noticed.toml"
    assert PASSWORD not in written.read_text()
    assert (home.path / "new/secrets/message.key").stat().st_mode & 0o077 == 0
    ran = home.bare("--config", str(written), "doctor", "--json")
    found: Any = ran.json()
    assert [one["what"] for one in found if one["how"] != "ok"] == ["survivors' mail"], ran.out  # no team is named yet
    assert (home.path / "new/noticed.db").stat().st_mode & 0o077 == 0
    assert "working_time: {zone: Europe/Oslo," in (home.path / "new/rules.yaml").read_text()
    again = init(home, imap, smtp)
    assert (again.code, "is there already; move it away" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("changed", "code", "says"),
    [
        ({"zone": "Europe/Olso"}, 1, "--zone: that is not a time zone; write one like Europe/Oslo"),
        ({"address": "esp"}, 1, "--address: that is not one e-mail address"),
        ({"database": "nonsense"}, 1, "--database: database.url is no database URL"),
        ({"database": "postgresql://u@127.0.0.1:1/x"}, 3, "the database server did not answer"),
        ({"port": "1"}, 3, "mailbox notices: 127.0.0.1 port 1 cannot be reached"),
        ({"smtp_port": "1"}, 3, "127.0.0.1 port 1 cannot be reached"),
        ({"directory": "/proc/nowhere"}, 1, "this user may not write there; use sudo"),
        ({"user": "nobody"}, 1, "refused the login: check user and password"),
    ],
)
def test_a_wrong_answer_to_init_is_told_and_leaves_nothing_behind(
    changed: dict[str, str], code: int, says: str, home: Home, imap: Pymap, smtp: SmtpSink
):
    ran = init(home, imap, smtp, **changed)
    assert (ran.code, len(ran.sentences)) == (code, 1), ran.err
    assert says in ran.err
    assert not (home.path / "new/noticed.toml").exists()


# the whole


def test_status_counts_what_doctor_and_once_told(home: Home):
    at_work(home, answer(1, GONE), answer(2, "Hello."))
    found: Any = home.run("status", "--json").json()
    assert (found["mode"], found["open"], found["closed"], found["reviews"]) == ("live", 1, 2, {"review": 1})
    done: Any = home.run("once", "--json").json()
    assert done["decided"] == 0
    told: Any = home.run("doctor", "--json").json()
    assert {one["how"] for one in told} <= {"ok", "warning"}


def test_every_command_has_help_that_fits(home: Home):
    listed = ok(home.bare("--help")).partition("Commands:")[2].split("\n")
    assert not [line for line in listed if line.endswith("...")]
    for name in names("daemon.cli"):
        said = ok(home.bare(name, "--help"))
        assert said.startswith("Usage: noticed ")
        assert "``" not in said


def test_the_list_of_commands_says_what_each_says_itself():
    for name in names("daemon.cli"):
        assert short_help(name) == import_module(f"daemon.cli.{name}").command.get_short_help_str(80)


@pytest.mark.parametrize(
    ("command", "without"),
    [
        ("--help", ("sqlalchemy", "daemon.rules.judge", "selectolax")),
        ("status --help", ("daemon.rules.judge", "selectolax")),
    ],
)
def test_a_command_imports_only_what_it_needs(command: str, without: tuple[str, ...]):
    script = "import sys; from daemon.__main__ import main; main(sys.argv[1:]); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script, *command.split()], check=True, capture_output=True, timeout=60)
    assert not set(without) & set(done.stdout.decode().split())


@pytest.mark.parametrize("name", ["status", "notices list", "review list", "letters list", "config show", "simulate"])
def test_what_prints_data_prints_json_too(name: str, home: Home):
    assert home.run(*name.split(), "--json").json() is not None


def test_the_rules_that_are_checked_are_those_of_the_settings(home: Home):
    assert home.run("rules", "check").code == 0
    home.change("rules.yaml", "says:", "syas:")
    found = home.run("rules", "check")
    assert (found.code, found.out.startswith(f"{home.path / 'rules.yaml'}:")) == (1, True)
    assert home.run("rules", "test").code == 1


def test_a_credential_of_the_service_goes_before_a_file_that_only_root_may_read(home: Home):
    home.write("given/keys.message_key", "the key that systemd hands over")
    home.change("noticed.toml", "message_key =", 'message_key_file = "not-readable"\n#')
    assert home.run("status").code == 1
    home.env["CREDENTIALS_DIRECTORY"] = str(home.path / "given")
    shown = ok(home.run("config", "show"))
    assert "given/keys.message_key" in shown
    assert "hands over" not in shown
