"""What is wrong is said in one sentence that a tired person can act on, with the right exit code; nothing is lost."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from tests.postgres import server as postgres
from tests.servers.ports import free_port
from tests.servers.pymap import PASSWORD, USER, Pymap
from tests.servers.smtp_sink import PASSWORD as SMTP_PASSWORD
from tests.servers.smtp_sink import USER as SMTP_USER
from tests.servers.smtp_sink import SmtpSink
from tests.system.home import COMMAND, NOTICES, REPO, RULES, SETTINGS, Home, Ran

TOML = "noticed.toml"
KEY = 'message_key = "a key for the tests only, not for use"'
CANARY = "canary-7731"  # stands in what must never be repeated
Change = Callable[[Home], object]
LONGEST = 260  # characters of a sentence, places left out


@dataclass(frozen=True)
class Case:
    """``says``: words of the sentence; ``code``: the exit code; ``more``: how many other sentences may follow."""

    name: str
    change: Change
    command: str
    code: int
    says: str
    more: int = 0


def nothing(_home: Home) -> None:
    """All is as it should be."""


def swap(old: str, new: str, file: str = TOML) -> Change:
    return lambda home: home.change(file, old, new)


def table(text: str) -> Change:
    """Settings with one more table."""
    return swap("[keys]", text + "\n[keys]")


def path(name: str) -> Callable[[Home], Path]:
    return lambda home: home.path / name


def gone(name: str) -> Change:
    return lambda home: (home.path / name).unlink()


def folder(name: str) -> Change:
    def change(home: Home) -> None:
        (home.path / name).unlink(missing_ok=True)
        (home.path / name).mkdir()

    return change


def forbidden(name: str, mode: int = 0) -> Change:
    """As a user who may not touch ``name``, and is not root."""

    def change(home: Home) -> None:
        home.plain_user = True
        for one in (home.path, *home.path.rglob("*")):
            one.chmod(0o777)
        (home.path / name).chmod(mode)

    return change


def both(*changes: Change) -> Change:
    return lambda home: [change(home) for change in changes]


def revision(name: str) -> Change:
    def change(home: Home) -> None:
        with sqlite3.connect(home.database) as conn:
            conn.execute("UPDATE alembic_version SET version_num = ?", (name,))
        conn.close()

    return change


def url(text: str) -> Change:
    return lambda home: home.change(TOML, f"sqlite:///{home.path}/noticed.db", text)


def template(text: str, name: str = "reminder-1") -> Change:
    def change(home: Home) -> None:
        home.write(f"templates/en/{name}.txt.j2", text)
        home.change(TOML, "[keys]", '[paths]\ntemplates = "templates"\n\n[keys]')

    return change


def user(name: str) -> Change:
    return lambda home: home.env.update(USER=name)


def with_rules_in_force(change: Change) -> Change:
    """``change`` comes after a first good round."""

    def changed(home: Home) -> None:
        assert home.run("once").code == 0
        change(home)

    return changed


def full_disk(home: Home) -> None:
    home.largest = 150_000
    rows = "".join(
        f"HLN-2026-{n:06},Gamma,abuse@gamma.example,2026-10-12T08:00:00Z,https://c.example/{n}\n" for n in range(2000)
    )
    home.write("notices.csv", NOTICES.partition("\n")[0] + "\n" + rows)


TWO_SMTP = '[mailbox.smtp]\nhost = "127.0.0.1"\nport = 25\ntls = "none"\n'
ANOTHER = '\n[[mailbox]]\nname = "notices"\nkind = "maildir"\naddress = "b@hotline.example"\npath = "x"\n'

EWS = 'kind = "ews"\nhost = "mail.hotline.example"\nuser = "u"\npassword = "p"\n'


def ews(old: str = "", new: str = "") -> Change:
    """A mailbox on an Exchange Server, with one slip."""
    return swap('kind = "maildir"\n', EWS.replace(old, new) if old else EWS)


NO_PATH = swap('path = "Maildir"\n', "")

SETTINGS_CASES = [
    Case("no-file", gone(TOML), "status", 1, "there is no settings file; make one with: noticed init"),
    Case("a-folder", folder(TOML), "status", 1, "is a folder; name the settings file in it"),
    Case("may-not-be-read", forbidden(TOML), "status", 1, "cannot be read; may this user read it?"),
    Case("not-toml", swap("[notice]", "[notice"), "status", 1, "is not valid TOML: Expected ']'"),
    Case("not-utf8", lambda h: h.write(TOML, b"# \xe9\n"), "status", 1, "is not UTF-8 text; save it as UTF-8"),
    Case("empty", lambda h: h.write(TOML, ""), "status", 1, "at least one [[mailbox]] is needed", 3),
    Case("unknown-table", swap("[notice]", "[notices]"), "status", 1, 'notices: is not a setting; did you mean "notice"?', 1),
    Case("unknown-key", swap("zone =", "zoen ="), "status", 1, 'time.zoen: is not a setting; did you mean "zone"?'),
    Case("unknown-mailbox-key", swap("authserv_id", "authserv"), "status", 1, 'did you mean "authserv_id"?', 1),
    Case("wrong-kind", swap('"maildir"', '"imapp"'), "status", 1, 'imap, maildir; did you mean "imap"?'),
    Case("no-kind", swap('kind = "maildir"\n', ""), "status", 1, "kind: is missing; it must be one of ews, "),
    Case("one-bracket", swap("[[mailbox]]", "[mailbox]"), "status", 1, "(with two pairs of brackets)"),
    Case("two-alike", lambda h: h.write(TOML, (h.path / TOML).read_text() + ANOTHER), "status", 1, "two mailboxes have this name", 1),
    Case("wrong-type", swap('path = "Maildir"', "path = 3"), "status", 1, "path: must be a path in quotes, not 3"),
    Case("no-number-format", swap("number_format", "# number_format"), "status", 1, "notice.number_format: is missing"),
    Case("bad-number-format", swap("HLN-20", "HLN-(20"), "status", 1, "number_format: is not a regular expression"),
    Case("bad-zone", swap("Europe/Oslo", "Europe/Olso"), "status", 1, "is not a time zone; write one like Europe/Oslo"),
    Case("no-key", swap(KEY, ""), "status", 1, 'message_key_file = "the file that holds it"'),
    Case("short-key", swap(KEY, f'message_key = "{CANARY}"'), "status", 1, "is too short; it needs at least 16"),
    Case("no-key-file", swap(KEY, 'message_key_file = "gone"'), "status", 1, "cannot be read: does it exist"),
    Case("empty-key-file", both(lambda h: h.write("k", ""), swap(KEY, 'message_key_file = "k"')), "status", 1, "k is empty"),
    Case("bad-date", swap("authserv_id", 'start_from = "then"\nauthserv_id'), "status", 1, "a date like 2026-11-01, not 'then'"),
    Case("zero", swap("poll_seconds = 1", "poll_seconds = 0"), "status", 1, "poll_seconds: must be above zero, not 0"),
    Case("negative", table("[sending]\nper_hour = -1\n"), "status", 1, "sending.per_hour: must be above zero, not -1"),
    Case("no-address", swap("esp-notifications@", ""), "status", 1, "address: is not an e-mail address"),
    Case("no-authserv-id", swap('authserv_id = "mx.hotline.example"', ""), "status", 1, "puts in Authentication-Results"),
    Case("several", both(swap("Europe/Oslo", "X/Y"), swap(KEY, 'message_key = "x"'), swap("zone =", "zon = 1\nzone =")), "status", 1, 'did you mean "zone"?', 2),
    Case("environment", lambda h: h.env.update(NOTICED_MAILBOX_NOTICES_POLL_SECONDS="soon"), "status", 1, "environment NOTICED_MAILBOX_NOTICES_POLL_SECONDS: mailbox.notices.poll_seconds: must be a whole number, not 'soon'"),
    Case("secret-of-wrong-type", swap(KEY, "message_key = 7731"), "status", 1, "keys.message_key: must be a text in quotes"),
    Case("health-elsewhere", table('[health]\nlisten = "0.0.0.0:9464"\n'), "run", 78, '(this machine only) or "unix:'),
    Case("health-port", table('[health]\nlisten = "127.0.0.1:99999"\n'), "run", 78, "health.listen: 127.0.0.1:99999 cannot be used"),
    Case("health-folder", table('[health]\nlisten = "unix:/nonexistent/h"\n'), "run", 78, "a folder that is there and may be written?"),
    Case("exchange-online", both(ews("mail.hotline.example", "outlook.office365.com"), NO_PATH), "run", 78, 'EWS is blocked since 1 October 2026 and ends on 1 April 2027: write kind = "graph"'),
    Case("ews-no-user", both(ews('user = "u"\n', ""), NO_PATH), "status", 1, 'mailbox.notices.user: is missing; auth = "ntlm" needs it'),
    Case("ews-no-host", both(ews('host = "mail.hotline.example"\n', ""), NO_PATH), "status", 1, "mailbox.notices.host: is missing; it needs a text in quotes"),
    Case("ews-odd-auth", both(ews('user = "u"', 'user = "u"\nauth = "nltm"'), NO_PATH), "status", 1, 'mailbox.notices.auth: must be one of "ntlm", "basic", "oauth", not \'nltm\''),
    Case("ews-no-tokens", both(ews('user = "u"\npassword = "p"\n', 'auth = "oauth"\n'), NO_PATH), "status", 1, 'mailbox.notices.oauth: is missing; auth = "oauth" needs an oauth table'),
    Case("run-no-file", gone(TOML), "run", 78, "make one with: noticed init"),
    Case("run-bad-zone", swap("Europe/Oslo", "Europe/Olso"), "run", 78, "is not a time zone"),
]  # fmt: skip

STORE_CASES = [
    Case("no-url", url("nonsense"), "status", 1, "database.url is no database URL: write sqlite:"),
    Case("other-database", url("mysql://host/noticed"), "status", 1, "a database that noticed does not know: write sqlite:"),
    Case("no-tables", gone("noticed.db"), "status", 1, "the database has no tables yet: run 'noticed db upgrade'"),
    Case("newer", revision("9999"), "status", 1, "newer than this program knows: install the newer noticed"),
    Case("run-newer", revision("9999"), "run", 78, "newer than this program knows"),
    Case("run-no-tables", gone("noticed.db"), "run", 78, "run 'noticed db upgrade'"),
    Case("no-folder", swap("noticed.db", "gone/noticed.db"), "status", 1, "gone/noticed.db: the database file cannot be opened: does its folder exist"),
    Case("a-folder", folder("noticed.db"), "status", 1, "cannot be opened"),
    Case("not-sqlite", lambda h: h.database.write_bytes(b"no database" * 999), "status", 1, "is not an SQLite database"),
    Case("read-only-file", forbidden("noticed.db", 0o444), "status", 1, "cannot be written by this user"),
    Case("read-only-folder", forbidden(".", 0o555), "status", 1, "noticed.db: the database file cannot be written"),
    Case("unreadable", forbidden("noticed.db"), "status", 1, "cannot be opened"),
    Case("run-read-only", forbidden("noticed.db", 0o444), "run", 78, "cannot be written by this user"),
    Case("no-lock-file", both(lambda h: h.write("noticed.db.leader", ""), forbidden("noticed.db.leader")), "run", 78, "the lock file beside the database cannot be written"),
    Case("server-down", url("postgresql://u:secret@127.0.0.1:1/noticed"), "status", 3, "database.url: 127.0.0.1, database noticed: the database server did not answer"),
    Case("server-unknown", url("postgresql://u@db.invalid/noticed"), "status", 3, "db.invalid, database noticed: the database server did not answer"),
    Case("run-server-down", url("postgresql://u:secret@127.0.0.1:1/noticed"), "run", 3, "is it running, and can this machine reach it?"),
    Case("full-disk", full_disk, "notices import notices.csv", 3, "the disk of the database"),
]  # fmt: skip

RULES_CASES = [
    Case("missing", gone("rules.yaml"), "run", 78, "there is no rules file; copy the one that noticed ships"),
    Case("not-utf8", lambda h: h.write("rules.yaml", RULES.encode() + b"# \xe9"), "run", 78, "is not UTF-8 text"),
    Case("unreadable", forbidden("rules.yaml"), "run", 78, "rules.yaml: cannot be read; may this user read it?"),
    Case("empty", lambda h: h.write("rules.yaml", ""), "run", 78, "the first in line 1: The file is empty."),
    Case("not-yaml", swap("rules:\n", "rules: [\n", "rules.yaml"), "run", 78, "the first in line 8: A bracket is opened"),
    Case("slip", swap("says:", "syas:", "rules.yaml"), "run", 78, '1 problem, the first in line 9: "syas" is not a key'),
    Case("failing-example", swap("The content has been removed.", "Nothing here.", "rules.yaml"), "run", 78, "does not catch this example"),
    Case("once", swap("says:", "syas:", "rules.yaml"), "once", 1, 'line 9: "syas" is not a key'),
    Case("decide", swap("says:", "syas:", "rules.yaml"), "pause --sending --reason x", 1, 'line 9: "syas" is not a key'),
    Case("no-templates", table('[paths]\ntemplates = "gone"\n'), "run", 78, "paths.templates: "),
    Case("template-syntax", template("Subject: x\n{% if %}"), "run", 78, "templates/en/reminder-1.txt.j2, line 2: Expected an expression"),
    Case("template-unknown-name", template("Subject: x\n{{ nonsense }}"), "run", 78, "'nonsense' is undefined; it may use: esp,"),
    Case("template-escape", template("Subject: x\n{{ ''.__class__.__mro__ }}"), "run", 78, "it does what templates may not do"),
    Case("template-no-subject", template("hello"), "run", 78, 'the first line must read "Subject: ..."'),
    Case("template-once", template("Subject: x\n{{ nonsense }}"), "once", 1, "'nonsense' is undefined"),
]  # fmt: skip

PEOPLE_CASES = [
    Case("unknown-item", nothing, "review show 99", 1, "there is no review item 99; see: noticed review list"),
    Case("unknown-item-accepted", nothing, "review accept 99", 1, "there is no review item 99"),
    Case("unknown-item-corrected", nothing, "review correct 99 --item 1=removed", 1, "there is no review item 99"),
    Case("unknown-person", user("bert"), "review accept 99", 2, 'add "login: bert" to a person under "team:"'),
    Case("unknown-person-pauses", user("bert"), "pause --sending --reason x", 2, "only the team may decide"),
    Case("unknown-person-live", user("bert"), "live --yes", 2, "only the team may decide"),
    Case("nobody-to-ask", nothing, "live", 2, "nobody is here to be asked; say: noticed live --yes"),
    Case("unknown-notice", nothing, "notices show HLN-2026-999999", 1, "there is no notice HLN-2026-999999"),
    Case("no-such-command", nothing, "stauts", 2, 'There is no command "stauts". Did you mean "status"?'),
    Case("no-such-subcommand", nothing, "review acept 1", 2, "Did you mean 'accept'?"),
    Case("no-such-option", nothing, "status --jsn", 2, "Did you mean '--json'?"),
    Case("no-number", nothing, "review accept one", 2, "'one' is not a valid integer"),
    Case("nothing-to-pause", nothing, "pause --reason x", 2, "say what to pause: --sending, --closing or --mailbox NAME"),
    Case("no-reason", nothing, "pause --sending", 2, "Missing option '--reason'"),
    Case("no-such-zone", nothing, "notices import notices.csv --zone Europe/Olso", 2, "is not a time zone"),
    Case("no-such-mailbox", nothing, "notices import notices.csv --mailbox main", 2, "known: notices"),
]  # fmt: skip

MAILDIR_CASES = [
    Case("no-maildir", lambda h: shutil.rmtree(h.path / "Maildir"), "run", 78, "mailbox notices: its directory is no Maildir"),
    Case("no-maildir-once", lambda h: shutil.rmtree(h.path / "Maildir"), "once", 1, "is no Maildir (cur, new and tmp are missing)"),
    Case("unreadable", forbidden("Maildir"), "once", 1, "mailbox notices: "),
]  # fmt: skip


def rows(home: Home, how: str = "mode=ro") -> dict[str, int] | None:
    """How many rows each table holds; None if it is no database."""
    try:
        with sqlite3.connect(f"file:{home.database}?{how}", uri=True) as conn:
            names = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}
    except sqlite3.Error:
        return None


def sentences(home: Home, ran: Ran) -> list[str]:
    """What was said, with our own folder's long name taken out; usage help counts as one sentence."""
    usage = ("Usage: ", "Try ")
    return [line.replace(str(home.path), "") for line in ran.sentences if not line.startswith(usage)]


def judge(case: Case, home: Home, ran: Ran) -> None:
    said = sentences(home, ran)
    assert ran.code == case.code, said
    assert any(case.says in one for one in said), said
    assert len(said) <= 1 + case.more, said
    assert all(len(one) <= LONGEST for one in said), said
    whole = ran.out + ran.err
    assert "Traceback" not in whole
    assert '"event": "bug"' not in whole
    assert "secret" not in whole.replace("secrets", "")
    assert CANARY not in whole


def prepared(place: Path, case: Case) -> Home:
    home = Home(place)
    home.deliver("m1", b"From: a@b.example\nSubject: x\nMessage-ID: <1@b.example>\n\nhello\n")
    case.change(home)
    return home


CASES = {
    "settings": SETTINGS_CASES,
    "database": STORE_CASES,
    "rules": RULES_CASES,
    "person": PEOPLE_CASES,
    "maildir": MAILDIR_CASES,
}
ALL = [pytest.param(case, id=f"{group}-{case.name}") for group, cases in CASES.items() for case in cases]


@pytest.mark.parametrize("case", ALL)
def test_bad_input_ends_in_one_clear_sentence_and_loses_nothing(case: Case, place: Path):
    home = prepared(place, case)
    before = rows(home, "immutable=1")  # leaves no files behind
    ran = home.run(*case.command.split())
    judge(case, home, ran)
    after = rows(home)
    assert before is None or after is None or {**before, **after} == {**after, **before, **_may_grow(before, after)}
    mails = list((home.path / "Maildir").rglob("*m1*")) if (home.path / "Maildir").exists() else None
    assert mails is None or len(mails) == 1 or case.name == "unreadable"


def _may_grow(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """Only what the daemon notes about itself: rules taken, a person told, the journal of both."""
    return {name: after[name] for name in ("journal", "reviews", "settings_state", "rule_versions") if name in before}


# mail servers


@pytest.fixture(scope="module")
def imap() -> Iterator[Pymap]:
    server = Pymap()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def smtp() -> Iterator[SmtpSink]:
    sink = SmtpSink(login=True).start()
    yield sink
    sink.stop()


@dataclass(frozen=True)
class Account:
    """How the settings name the mail servers; ports 0 are filled with the real ones."""

    host: str = "127.0.0.1"
    port: int = 0
    tls: str = "none"
    password: str = PASSWORD
    more: str = ""
    smtp_port: int = -1  # none
    smtp_password: str = SMTP_PASSWORD
    smtp_user: str = SMTP_USER


def connected(home: Home, account: Account, imap: Pymap, smtp: SmtpSink) -> None:
    ports = {0: imap.port, -2: smtp.port, -3: free_port()}
    port = ports.get(account.port, account.port)
    text = f'host = "{account.host}"\nport = {port}\ntls = "{account.tls}"\nuser = "{USER}"\n'
    home.change(TOML, 'kind = "maildir"', 'kind = "imap"')
    home.change(TOML, 'path = "Maildir"\n', f'{text}password = "{account.password}"\n{account.more}\n')
    if account.smtp_port != -1:
        way = f'host = "127.0.0.1"\nport = {ports.get(account.smtp_port, account.smtp_port)}\ntls = "none"\n'
        login = f'user = "{account.smtp_user}"\npassword = "{account.smtp_password}"\n'
        home.change(TOML, "[keys]", f"[smtp]\n{way}{login}\n[keys]")


WRONG = Account(password="secret but wrong")
MAIL_CASES = [
    ("wrong-password", WRONG, "once", 1, "mailbox notices: 127.0.0.1 refused the login: check user and password"),
    ("run-wrong-password", WRONG, "run", 78, "refused the login: check user and password"),
    ("server-down", Account(port=-3), "once", 3, "cannot be reached"),
    ("host-unknown", Account(host="imap.invalid", tls="implicit"), "once", 3, "mailbox notices: imap.invalid port"),
    ("in-the-clear", Account(host="192.0.2.1"), "once", 1, 'tls = "none" is only allowed on this machine'),
    ("run-in-the-clear", Account(host="192.0.2.1"), "run", 78, "use implicit or starttls"),
    ("no-tls-there", Account(tls="implicit"), "once", 1, 'does not speak TLS as configured: is it tls = "starttls"?'),
    ("no-starttls-there", Account(tls="starttls"), "once", 1, "does not offer STARTTLS"),
    ("not-imap", Account(port=-2), "once", 3, "or is no IMAP server"),
    ("port-too-high", Account(port=99999), "once", 1, "port: must be a port from 1 to 65535, not 99999"),
    ("tls-word", Account(tls="ssl"), "once", 1, 'must be one of "implicit", "starttls", "none", not \'ssl\''),
    ("ca-file", Account(tls="implicit", more='ca_file = "gone"'), "once", 1, "(ca_file) cannot be read"),
    ("no-inbox", Account(more='inbox = "Nowhere"'), "once", 1, "Nowhere"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "account", "command", "code", "says"), MAIL_CASES, ids=[one[0] for one in MAIL_CASES])
def test_a_mail_server_that_does_not_take_us_is_told_in_one_sentence(
    name: str, account: Account, command: str, code: int, says: str, place: Path, imap: Pymap, smtp: SmtpSink
):
    case = Case(name, lambda home: connected(home, account, imap, smtp), command, code, says)
    home = prepared(place, case)
    judge(case, home, home.run(command))


DOCTOR_CASES = [
    ("all-well", Account(smtp_port=-2), 0, "ok       sending from notices: the server answers and takes the login"),
    ("wrong-password", WRONG, 1, "PROBLEM  mailbox notices: 127.0.0.1 refused the login: check user and password"),
    ("server-down", Account(port=-3), 3, "DOWN     mailbox notices: 127.0.0.1 port"),
    ("no-inbox", Account(more='inbox = "Nowhere"'), 1, "Nowhere"),
    ("smtp-wrong-password", Account(smtp_port=-2, smtp_password="secret but wrong"), 1, "refused the login: check user"),
    ("smtp-down", Account(smtp_port=-3), 3, "cannot be reached: are name and port right"),
    ("smtp-is-imap", Account(smtp_port=0), 3, "is no SMTP server: is the port right?"),
    ("smtp-no-login", Account(smtp_port=-2, smtp_user=""), 0, "the server answers; no login is set for it"),
    ("no-sent", Account(more='sent = "Nowhere"'), 1, 'PROBLEM  mailbox notices: the folder "Nowhere" cannot be opened'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "account", "code", "says"), DOCTOR_CASES, ids=[one[0] for one in DOCTOR_CASES])
def test_doctor_tells_each_server_by_its_line(
    name: str, account: Account, code: int, says: str, place: Path, imap: Pymap, smtp: SmtpSink
):
    home = Home(place)
    connected(home, account, imap, smtp)
    ran = home.run("doctor")
    assert ran.code == code, ran.out
    assert says in ran.out
    assert "secret" not in ran.out + ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (swap("says:", "syas:", "rules.yaml"), 'PROBLEM  rules: '),
        (template("Subject: x\n{{ nonsense }}"), "PROBLEM  templates: templates/en/reminder-1.txt.j2, line 2"),
        (gone("noticed.db"), "PROBLEM  database: the database has no tables yet: run 'noticed db upgrade'"),
        (lambda h: shutil.rmtree(h.path / "Maildir"), "PROBLEM  mailbox notices: its directory is no Maildir"),
    ],
    ids=["rules", "template", "schema", "maildir"],
)  # fmt: skip
def test_doctor_goes_on_after_a_problem_and_tells_the_rest(change: Change, says: str, place: Path):
    home = Home(place)
    change(home)
    ran = home.run("doctor")
    assert ran.code == 1
    assert says in ran.out
    assert "disk: " in ran.out


# PostgreSQL


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("old", "new", "command", "code", "says"),
    [
        ("/t", "/nope", "status", 1, "check user, password and the name of the database"),
        ("/t", "/nope", "run", 78, "check user, password and the name of the database"),
        ("postgres:", "ghost:", "status", 1, "check user, password and the name of the database"),
        ("", "", "status", 1, "the database has no tables yet: run 'noticed db upgrade'"),
    ],
    ids=["no-database", "run-no-database", "no-user", "no-tables"],
)
def test_a_postgresql_that_refuses_is_told_apart_from_one_that_is_down(
    old: str, new: str, command: str, code: int, says: str, place: Path
):
    home = Home(place)
    fresh = postgres().url(empty=True)
    url(fresh.replace(old, new, 1).replace("/nope", "/nope"))(home)
    ran = home.run(command)
    postgres().drop(fresh)
    assert ran.code == code, ran.sentences
    assert says in ran.err
    assert "Traceback" not in ran.err


# tables of notices

HEAD, FIRST, SECOND = NOTICES.splitlines(keepends=True)
WIDE = "HLN-2026-000003,Alpha,abuse@alpha.example,2026-10-12T08:00:00Z,https://a.example/3,more,more\n"


def workbook(*lines: tuple[object, ...]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet()
    for number, line in enumerate(lines):
        sheet.write_row(number, 0, line)
    book.close()
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as one:
        one.writestr("a.txt", "x")
    return out.getvalue()


COLUMNS = tuple(HEAD.strip().split(","))
GOOD = ("HLN-2026-000001", "Alpha", "abuse@alpha.example", "2026-10-12T08:00:00Z", "https://a.example/1")
NO_TABLE = "is neither CSV nor XLSX; save it as one of these"
NOT_OPENED = "looks like XLSX but cannot be opened; save it anew, without a password"

TABLES: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "is empty; its first row must name the columns"),
    "blank-lines": ("\n\n\n", "is empty; its first row must name the columns"),
    "header-only": (HEAD, "holds nothing below its first row, which must name the columns"),
    "no-header": (FIRST + SECOND, "row 1: does not name the columns; these are needed: notice_id, esp, contact_email, urls"),
    "wrong-delimiter": (NOTICES.replace(",", "#"), "row 1: does not name the columns"),
    "column-missing": (NOTICES.replace("contact_email", "contact_mail"), 'column contact_email: is missing; is "contact_mail" meant?'),
    "column-twice": (NOTICES.replace("esp,", "esp,esp,", 1), 'the column "esp" stands twice in the first row'),
    "column-twice-by-meaning": (NOTICES.replace("urls", "links", 1).replace("esp,", "url,esp,", 1), 'means the same as "url"; call the right one urls'),
    "binary": (bytes(range(256)) * 20, NO_TABLE),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), NO_TABLE),
    "pdf": (b"%PDF-1.4\n%\xe2\xe3\n1 0 obj", "row 1: does not name the columns"),
    "json": ('[{"notice_id": "HLN-2026-000001"}]', "holds nothing below its first row, which must name the columns"),
    "old-excel-or-encrypted": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "is an old .xls or has a password; save it as .xlsx"),
    "zip": (archive(), NOT_OPENED),
    "cut-xlsx": (workbook(COLUMNS, GOOD)[:2000], NOT_OPENED),
    "garbage-xlsx": (b"PK\x03\x04" + b"x" * 500, NOT_OPENED),
    "empty-xlsx": (workbook(), "the first sheet is empty; its first row must name the columns"),
    "xlsx-no-header": (workbook(GOOD, GOOD), "row 1: does not name the columns"),
    "open-quote": (HEAD + FIRST.replace("Alpha", '"Alpha') + SECOND, "is not valid CSV (unexpected end of data); is a quote missing?"),
    "stray-quote": (HEAD + FIRST.replace("Alpha", '"Al"pha'), "line 2 is not valid CSV"),
    "huge-cell": (HEAD + FIRST.strip() + "x" * 17_000_000, "is not valid CSV (field larger than field limit"),
    "wide-row": (HEAD + FIRST + SECOND + WIDE, "row 4: has 7 cells, but 5 columns; put cells with a ',' in quotes"),
    "narrow-row": (HEAD + FIRST + "HLN-2026-000003,Alpha\n", "row 3, column urls: is empty"),
    "bad-number": (NOTICES.replace("HLN-2026-000001", "X-1"), "row 2, column notice_id: does not fit number_format"),
    "bad-address": (NOTICES.replace("abuse@beta.example", "nobody"), "row 3, column contact_email: is not one e-mail address"),
    "bad-time": (NOTICES.replace("2026-10-12T09:00:00+00:00", "12/10/26"), "row 3, column sent_at: is not a time like"),
    "no-time-zone": (NOTICES.replace("09:00:00+00:00", "09:00:00"), "has no time zone; add it (+00:00) or name the zone"),
    "future": (NOTICES.replace("2026-10-12T09", "2226-10-12T09"), "row 3, column sent_at: lies in the future"),
    "not-a-url": (NOTICES.replace("https://b.example/1", "b.example"), "row 3, column urls: 1 of 1 is not a URL"),
    "two-esps": (NOTICES + FIRST.replace("Alpha", "Beta"), "row 4, column notice_id: this number stands in row 2 with another ESP"),
    "excel-date-no-zone": (workbook(COLUMNS, (*GOOD[:3], datetime(2026, 10, 12, 8), GOOD[4])), "has no time zone"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "says"), TABLES.values(), ids=TABLES)
def test_a_table_that_is_wrong_is_told_by_row_and_imports_nothing(content: str | bytes, says: str, place: Path):
    home = Home(place)
    home.write("table.dat", content)
    ran = home.run("notices", "import", "table.dat")
    assert ran.code == 1
    assert says in ran.err, ran.err
    assert "Traceback" not in ran.err
    assert '"event": "bug"' not in ran.err
    assert (rows(home) or {})["notices"] == 0


@pytest.mark.parametrize(
    ("file", "change", "says"),
    [
        ("gone.csv", nothing, "gone.csv: there is no such file"),
        ("Maildir", nothing, "Maildir: cannot be read; is it a file, and may this user read it?"),
        ("notices.csv", forbidden("notices.csv"), "notices.csv: cannot be read; is it a file, and may this user read it?"),
    ],
    ids=["missing", "folder", "unreadable"],
)  # fmt: skip
def test_a_table_that_cannot_be_read_is_told(file: str, change: Change, says: str, place: Path):
    case = Case(file, change, f"notices import {file}", 1, says)
    home = prepared(place, case)
    judge(case, home, home.run(*case.command.split()))


# the command itself


def test_the_installed_command_says_the_same_as_the_module(place: Path):
    """Everything else here runs in processes forked from one that has imported everything."""
    home = Home(place)
    home.change(TOML, "Europe/Oslo", "Europe/Olso")
    said = []
    for command in (COMMAND, [str(REPO / ".venv/bin/noticed")]):
        if command is not COMMAND and not os.access(command[0], os.X_OK):
            continue
        done = subprocess.run(
            [*command, *home.arguments("run")],
            cwd=REPO, env=home.environment, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 78
        said.append(done.stderr)
    assert set(said) == {home.run("run").err}
    assert SETTINGS.count("Europe/Oslo") == 1
