"""The real command with a mailbox in Exchange Online: it signs in, reads, files, colours and sends there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.certificates import Authority
from tests.servers.graph_server import ADDRESS, GraphServer
from tests.servers.sign_in import CLIENT, SECRET, TENANT, SignIn
from tests.system.home import Home, Ran
from tests.system.test_commands import ok, status_of
from tests.system.test_process import GONE, answer

FIRST = "HLN-2026-000001"
OAUTH = """
[mailbox.oauth]
provider = "microsoft"
tenant = "{tenant}"
client_id = "{client}"
client_secret_file = "secret"
login = "{login}"
ca_file = "{ca_file}"
"""


@pytest.fixture
def sign_in(tmp_path: Path) -> Iterator[SignIn]:
    server = SignIn(Authority(tmp_path))
    yield server
    server.stop()


@pytest.fixture
def server(sign_in: SignIn) -> Iterator[GraphServer]:
    server = GraphServer()
    server.tokens = sign_in.tokens
    yield server
    server.stop()


@pytest.fixture
def home(place: Path, server: GraphServer, sign_in: SignIn) -> Home:
    home = Home(place)
    home.write("secret", SECRET)
    home.change("noticed.toml", 'kind = "maildir"', f'kind = "graph"\nurl = "{server.url}"')
    home.change("noticed.toml", "esp-notifications@hotline.example", ADDRESS)
    home.change("noticed.toml", 'path = "Maildir"\n', "")
    ca_file = sign_in.authority.ca_file
    table = OAUTH.format(tenant=TENANT, client=CLIENT, login=sign_in.url, ca_file=ca_file)
    home.change("noticed.toml", "\n[notice]", f"{table}\n[notice]")
    return home


def lying(server: GraphServer, path: str) -> int:
    return len(server.store.of(server.store.at(path).id))


def test_the_doctor_finds_a_good_mailbox_good(home: Home) -> None:
    found: Any = home.run("doctor", "--json").json()
    assert [one["what"] for one in found if one["how"] != "ok"] == ["survivors' mail"], found  # no team is named yet
    assert any("Sent found" in one["text"] for one in found)


def test_the_live_doctor_sends_a_mail_to_itself_and_files_it(home: Home, server: GraphServer) -> None:
    found: Any = home.run("doctor", "--live", "--json").json()
    steps = [one for one in found if one["what"] == "self-probe of notices"]
    assert [one["how"] for one in steps] == ["ok"] * 6, steps
    assert (lying(server, "INBOX"), lying(server, "Gesendete Elemente"), lying(server, "Noticed/Self-probe")) == (
        0,
        0,
        2,
    )
    server.strike("/send$", 400, code="ErrorSendAsDenied")
    ran = home.run("doctor", "--live")
    assert ran.code == 1
    assert "did not leave" in ran.out


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ('client_secret_file = "secret"', 'client_secret = "wrong one"', 1, "check client_id and client_secret"),
        (f'address = "{ADDRESS}"', 'address = "other@hotline.example"', 1, "no mailbox of this address"),
        (f'tenant = "{TENANT}"', 'tenant = "other.example"', 1, "check tenant"),
        ("ca_file = ", "# ca_file = ", 1, "the certificate is not trusted"),
        ('url = "http://127.0.0.1', 'url = "http://127.0.0.1:1" # ', 3, "cannot be reached"),
        ('login = "https://127.0.0.1', 'login = "https://127.0.0.1:1" # ', 3, "cannot be reached"),
        ('login = "https://127.0.0.1', 'login = "http://login.example" # ', 1, 'must begin with "https://"'),
        ('provider = "microsoft"', 'provider = "google"', 1, "oauth"),
        ('kind = "graph"', 'kind = "graf"', 1, 'did you mean "graph"'),
    ],
)
def test_the_doctor_says_what_is_wrong_with_another(home: Home, old: str, new: str, code: int, says: str) -> None:
    home.change("noticed.toml", old, new)
    ran = home.run("doctor")
    assert ran.code == code, ran.out + ran.err
    assert says in ran.out + ran.err
    assert not any(word in ran.out + ran.err for word in (SECRET, "wrong one"))


def test_an_answer_is_filed_and_coloured_and_a_reminder_leaves_once(home: Home, server: GraphServer) -> None:
    ok(home.run("notices", "import", "notices.csv"))
    ok(home.run("live", "--yes"))
    server.store.add(server.store.at("INBOX").id, answer(1, GONE))
    for _ in range(2):
        ok(home.run("once"))
    assert (lying(server, "INBOX"), lying(server, "Noticed/Removed"), status_of(home, FIRST)) == (0, 1, ["removed"] * 2)
    [filed] = server.store.of(server.store.at("Noticed/Removed").id)
    assert (filed.categories, filed.is_read) == (["$NoticedRemoved"], False)
    assert server.store.master["$NoticedRemoved"] == "preset4"
    assert (len(server.left), lying(server, "Gesendete Elemente")) == (1, 1)
    assert (lying(server, "Entwürfe"), lying(server, "Gelöschte Elemente")) == (0, 0)


def test_what_staff_move_in_outlook_is_understood_though_ids_stay_the_same(home: Home, server: GraphServer) -> None:
    ok(home.run("notices", "import", "notices.csv"))
    ok(home.run("live", "--yes"))
    server.store.add(server.store.at("INBOX").id, answer(1, GONE))
    ok(home.run("once"))
    [item] = server.store.of(server.store.at("Noticed/Removed").id)
    server.store.move(item, server.store.at("INBOX").id)  # judge it again
    for _ in range(2):
        ok(home.run("once"))
    assert (lying(server, "INBOX"), lying(server, "Noticed/Removed")) == (0, 1)
    server.store.move(item, server.store.at("Noticed/Refused").id)  # a decision, which wins
    for _ in range(2):
        ok(home.run("once"))
    assert (lying(server, "Noticed/Removed"), lying(server, "Noticed/Refused")) == (0, 1)
    item.categories = ["$NoticedMoreInfoNeeded", "Holiday"]  # so is a category of ours; theirs mean nothing to us
    server.store.changed(item)
    for _ in range(3):
        ok(home.run("once"))
    assert (lying(server, "Noticed/Refused"), sorted(item.categories)) == (1, ["$NoticedMoreInfoNeeded", "Holiday"])
    rows = sqlite3.connect(home.database).execute("select action, new from journal order by id").fetchall()
    assert sum(action == "moved_by_staff" and new == "refused" for action, new in rows) == 1, rows
    assert sum(action == "tagged_by_staff" and new == "more_info_needed" for action, new in rows) == 1, rows
    assert sum(action == "status" for action, _ in rows) == 2  # no effect ran twice


def init(home: Home, server: GraphServer, sign_in: SignIn, **changed: str) -> Ran:
    """Answer all questions by options."""
    options = {
        "kind": "graph", "directory": str(home.path / "new"), "tenant": TENANT, "client-id": CLIENT,
        "password-file": str(home.path / "secret"), "address": ADDRESS, "authserv-id": "mx.hotline.example",
        "login-url": sign_in.url, "graph-url": server.url, "ca-file": sign_in.authority.ca_file,
        "example-number": FIRST, "zone": "Europe/Oslo", "database": "sqlite:///noticed.db", **changed,
    }  # fmt: skip
    return home.bare("init", *(part for name, value in options.items() for part in (f"--{name}", value)))


def test_after_init_the_doctor_finds_nothing_wrong(home: Home, server: GraphServer, sign_in: SignIn) -> None:
    assert "observe mode" in ok(init(home, server, sign_in))
    written = home.path / "new/noticed.toml"
    assert SECRET not in written.read_text()
    assert "[smtp]" not in written.read_text()
    ran = home.bare("--config", str(written), "doctor", "--json")
    found: Any = ran.json()
    assert [one["what"] for one in found if one["how"] != "ok"] == ["survivors' mail"], ran.out  # no team is named yet


@pytest.mark.parametrize(
    ("changed", "code", "says"),
    [
        ({"tenant": "not a tenant"}, 1, "tenant: is missing or no directory"),
        ({"client-id": "app-2"}, 1, "check client_id and client_secret"),
        ({"address": "other@hotline.example"}, 1, "no mailbox of this address"),
        ({"graph-url": "http://127.0.0.1:1"}, 3, "cannot be reached"),
    ],
)
def test_a_wrong_answer_to_init_is_told_and_leaves_nothing_behind(
    changed: dict[str, str], code: int, says: str, home: Home, server: GraphServer, sign_in: SignIn
) -> None:
    ran = init(home, server, sign_in, **changed)
    assert (ran.code, says in ran.err) == (code, True), ran.err
    assert not (home.path / "new/noticed.toml").exists()
