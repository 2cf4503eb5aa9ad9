"""The real command with a mailbox on an Exchange Server: it reads, files, colours and sends there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.ews_server import PASSWORD, USER, EwsServer, ntlm_users
from tests.system.home import Home, Ran
from tests.system.test_commands import ok, status_of
from tests.system.test_process import GONE, answer

FIRST = "HLN-2026-000001"


@pytest.fixture
def server() -> Iterator[EwsServer]:
    server = EwsServer().start()
    yield server
    server.stop()
    assert server.slips == []


@pytest.fixture
def home(place: Path, server: EwsServer) -> Home:
    home = Home(place)
    home.write("secret", PASSWORD)
    login = f'host = "127.0.0.1"\nport = {server.port}\ntls = "none"\nauth = "basic"\nuser = "{USER.replace(chr(92), chr(92) * 2)}"'
    home.change("noticed.toml", 'kind = "maildir"', f'kind = "ews"\n{login}\npassword_file = "secret"')
    home.change("noticed.toml", 'path = "Maildir"\n', "")
    server.store.address = "esp-notifications@hotline.example"
    return home


def lying(server: EwsServer, path: str) -> int:
    return len(server.store.of(server.store.at(path).id))


def test_the_doctor_finds_a_good_exchange_server_good(home: Home) -> None:
    found: Any = home.run("doctor", "--json").json()
    assert [one["what"] for one in found if one["how"] != "ok"] == ["survivors' mail"], found  # no team is named yet
    assert any("Sent found" in one["text"] for one in found)


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ('password_file = "secret"', 'password = "wrong one"', 1, "refused the login: check user and password"),
        ('address = "esp-', 'address = "other-', 1, "not into the mailbox of this address: may the login open it?"),
        ('host = "127.0.0.1"', 'host = "outlook.office365.com"', 1, "EWS is blocked since 1 October 2026"),
        ("port = ", "port = 1 # ", 3, "cannot be reached"),
    ],
)
def test_the_doctor_says_what_is_wrong_with_another(home: Home, old: str, new: str, code: int, says: str) -> None:
    home.change("noticed.toml", old, new)
    ran = home.run("doctor")
    assert ran.code == code, ran.out
    assert says in ran.out + ran.err


def test_an_answer_is_filed_and_coloured_and_a_reminder_leaves_once(home: Home, server: EwsServer) -> None:
    ok(home.run("notices", "import", "notices.csv"))
    ok(home.run("live", "--yes"))
    server.store.add(server.store.at("INBOX").id, answer(1, GONE))
    for _ in range(2):
        ok(home.run("once"))
    assert (lying(server, "INBOX"), lying(server, "Noticed/Removed"), status_of(home, FIRST)) == (0, 1, ["removed"] * 2)
    [filed] = server.store.of(server.store.at("Noticed/Removed").id)
    assert filed.categories == ["$NoticedRemoved"]
    assert not filed.is_read
    assert (len(server.store.outgoing), lying(server, "Gesendete Elemente")) == (1, 1)
    assert (lying(server, "Entwürfe"), lying(server, "Gelöschte Elemente")) == (0, 0)


def init(home: Home, server: EwsServer, **changed: str) -> Ran:
    """Answer all questions by options."""
    home.write("secret", PASSWORD)
    options = {
        "kind": "ews", "directory": str(home.path / "new"), "host": "127.0.0.1", "port": str(server.port), "user": USER,
        "password-file": str(home.path / "secret"), "address": server.store.address, "authserv-id": "mx.hotline.example",
        "example-number": FIRST, "zone": "Europe/Oslo", "database": "sqlite:///noticed.db", **changed,
    }  # fmt: skip
    return home.bare("init", *(part for name, value in options.items() for part in (f"--{name}", value)))


@pytest.fixture
def ntlm(tmp_path: Path, server: EwsServer) -> Iterator[EwsServer]:
    server.auth = "ntlm"
    for _ in ntlm_users(tmp_path):
        yield server


def test_after_init_the_doctor_finds_nothing_wrong(home: Home, ntlm: EwsServer) -> None:
    assert "observe mode" in ok(init(home, ntlm))
    written = home.path / "new/noticed.toml"
    assert PASSWORD not in written.read_text()
    assert "[smtp]" not in written.read_text()
    ran = home.bare("--config", str(written), "doctor", "--json")
    found: Any = ran.json()
    assert [one["what"] for one in found if one["how"] != "ok"] == ["survivors' mail"], ran.out  # no team is named yet


def test_init_logs_in_where_the_server_takes_no_ntlm(home: Home, server: EwsServer) -> None:
    refused = init(home, server)
    assert 'refused the login: check user and password, and auth = "ntlm"' in refused.err
    ok(init(home, server, auth="basic"))
    assert 'auth = "basic"' in (home.path / "new/noticed.toml").read_text()


@pytest.mark.parametrize(
    ("changed", "code", "says"),
    [
        ({"user": "nobody"}, 1, "refused the login: check user and password"),
        ({"host": "outlook.office365.com"}, 1, "EWS is blocked since 1 October 2026 and ends on 1 April 2027"),
        ({"port": "1"}, 3, "cannot be reached"),
        ({"address": "other@hotline.example"}, 1, "not into the mailbox of this address"),
        ({"kind": "esw"}, 2, "'esw' is not one of"),
    ],
)
def test_a_wrong_answer_to_init_is_told_and_leaves_nothing_behind(
    changed: dict[str, str], code: int, says: str, home: Home, ntlm: EwsServer
) -> None:
    ran = init(home, ntlm, **changed)
    assert (ran.code, says in ran.err) == (code, True), ran.err
    assert not (home.path / "new/noticed.toml").exists()
