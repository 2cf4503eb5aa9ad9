"""What people see and say of clocks: overdue, pauses, answers that we owe, and the letters of the next days."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from daemon.__main__ import main
from daemon.cli import _common
from daemon.digest.sections import overdue as section
from daemon.digest.view import View, Week
from daemon.jobs import followups
from daemon.store import overdue
from tests.jobs.letterhouse import House
from tests.jobs.test_digest_command import home as home
from tests.jobs.test_followups import become

Caps = pytest.CaptureFixture[str]


def told(capsys: Caps, *words: str, code: int = 0) -> str:
    assert main(list(words)) == code
    return capsys.readouterr().out


def test_two_clocks_are_overdue_apart_and_a_question_stops_theirs(home: House, capsys: Caps) -> None:
    home.notice(1, age=30, urls=2)
    home.notice(2, age=60)
    linked, answered = home.notice(3, age=60, linked=True), home.notice(4, age=60)
    become(home, answered, "info_requested")
    followups.tick(home.store, home.desk, home.now)
    with home.store.read() as conn:
        found = overdue.counts(conn, home.now)
        view = View(Week.of(home.now.date()), home.now)
        assert section.ask(conn, view) == found
    assert (found.first_response.count, found.removal.count, found.removal.linked) == (3, 2, 1)
    assert found.ours.count == 1
    text = told(capsys, "status")
    assert "Overdue     3 notices without any answer, 2 URLs not removed (1 survivor-linked); 1 URLs wait for" in text
    assert json.loads(told(capsys, "status", "--json"))["overdue"]["ours"]["count"] == 1
    become(home, linked, "removed")
    with home.store.read() as conn:
        assert overdue.counts(conn, home.now).removal.count == 1


def test_a_notice_shows_where_its_clocks_stand(home: House, capsys: Caps) -> None:
    one = home.notice(1, age=30)
    followups.tick(home.store, home.desk, home.now)
    text = told(capsys, "notices", "show", "HL-1")
    assert "First response  none, OVERDUE since" in text
    assert "Removal         1 open, in time until" in text
    become(home, one, "info_requested")
    followups.tick(home.store, home.desk, home.now)
    text = told(capsys, "notices", "show", "HL-1")
    assert "their clock stands still" in text
    assert "Our answer      they asked us something at" in text
    told(capsys, "notices", "answered", "HL-1")
    followups.tick(home.store, home.desk, home.now + timedelta(minutes=1))
    assert "Removal         1 open, in time until" in told(capsys, "notices", "show", "HL-1")


def test_a_person_pauses_and_resumes_the_reminders_of_a_notice(home: House, capsys: Caps) -> None:
    one = home.notice(1, age=1)
    told(capsys, "notices", "pause", "hl-1", "--for", "2 days", "--reason", "they asked for time")
    assert "by anna: they asked for time" in told(capsys, "notices", "show", "HL-1")
    row = home.row(one)
    assert row.paused_until - home.now > timedelta(hours=47)
    told(capsys, "notices", "resume", "HL-1")
    assert home.row(one).paused_until is None
    assert main(["notices", "pause", "HL-1", "--for", "soon", "--reason", "x"]) == 2
    assert main(["notices", "pause", "HL-1", "HL-9", "--for", "1 day", "--reason", "x"]) == 1
    assert home.row(one).paused_until is None  # all of them or none
    assert "there is no notice HL-9" in capsys.readouterr().err


def test_only_the_team_may_pause(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    home.notice(1)
    monkeypatch.setattr(_common, "login", lambda: "stranger")
    assert main(["notices", "pause", "HL-1", "--for", "1 day", "--reason", "x"]) == 2


def test_simulate_tells_why_and_knows_what_each_esp_did_before(home: House, capsys: Caps) -> None:
    quick = [home.notice(number, age=100) for number in range(1, 13)]
    for one in quick:
        become(home, one, "removed")
    with home.store.write() as conn:
        conn.exec_driver_sql("UPDATE takedowns SET closed_at = datetime(sent_at, '+2 hours')")
    home.notice(20, age=1)
    home.notice(21, esp="other", age=1)
    silent = json.loads(told(capsys, "simulate", "--days", "3", "--json"))
    before = json.loads(told(capsys, "simulate", "--days", "3", "--as-before", "--json"))
    assert {one["to_domain"] for one in silent["letters"]} == {"host.example", "other.example"}
    assert {one["to_domain"] for one in before["letters"]} == {"other.example"}
    assert silent["letters"][0]["why"].startswith("step ")
    assert "if each ESP is as quick as before" in told(capsys, "simulate", "--days", "3", "--as-before")


def test_simulate_begins_with_what_waits_and_what_has_left_today(home: House, capsys: Caps) -> None:
    home.notice(1, age=100, linked=True)
    followups.tick(home.store, home.desk, home.now)
    found = json.loads(told(capsys, "simulate", "--days", "1", "--json"))["letters"]
    assert found[0]["why"] == "queued already"
    assert not any(one["survivor_linked"] for one in found[1:] if one["at"] < str(home.now + timedelta(hours=10)))
