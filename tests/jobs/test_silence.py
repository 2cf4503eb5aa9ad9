"""ESPs that do not answer: watched by the clock, found unresponsive by a lead, left by the first proven outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from daemon.errors import PermanentError
from daemon.jobs import silence
from daemon.notices.life import Event
from daemon.rulefile import blocks
from daemon.store import journal, register, silences
from tests.jobs.registerhouse import Register

US = "abuse@host.example"
WORDS = "Good morning."


@pytest.fixture
def home(tmp_path: Path) -> Register:
    found = Register(tmp_path)
    found.esp()
    return found


def three(home: Register, days: float = 14) -> None:
    """Three notices, the oldest of this age, and a look at the register."""
    for number in (1, 2, 3):
        home.house.notice(number, age=24 * days)
    home.wait()


def decide(home: Register, act: str, by: str = "lead", esp: str = "host") -> None:
    with home.store.write() as conn:
        getattr(silence, act)(conn, esp, home.now, by)


def answer(home: Register, text: str, **more: str) -> int:
    return home.mail(f"Desk <{US}>", text, subject="Re: [HL-1] Takedown notice", **more)


def entries(home: Register) -> list[tuple[str, str | None]]:
    with home.store.read() as conn:
        return [(row.level, row.left_by) for row in silences.history(conn)]


def test_fourteen_silent_days_make_it_watched(home: Register) -> None:
    three(home, 13.9)
    assert home.state() == ("seen", [])
    home.wait(hours=3)
    assert home.state() == ("seen", ["watch"])
    home.wait(hours=3)
    assert entries(home) == [("watch", None)]


def test_ten_urls_of_one_notice_are_enough_and_two_notices_are_not(home: Register) -> None:
    home.esp("other")
    home.house.notice(1, urls=10, age=24 * 15)
    home.house.notice(2, "other", age=24 * 15)
    home.house.notice(3, "other", age=24 * 15)
    home.wait()
    assert (home.state()[1], home.state("other")[1]) == (["watch"], [])


def test_thirty_days_ask_a_lead_once_and_only_a_lead_finds_it_unresponsive(home: Register) -> None:
    three(home, 29)
    assert home.waits() == []
    home.wait(days=1)
    home.wait(days=1)
    assert home.waits().count("unresponsive_found") == 1
    assert home.state()[1] == ["watch"]
    decide(home, "confirm")
    assert home.state()[1] == ["unresponsive"]
    assert "unresponsive_found" not in home.waits()
    decide(home, "escalate")
    assert home.state()[1] == ["escalated"]


def test_two_whole_ladders_ask_a_lead_as_well(home: Register) -> None:
    three(home, 15)
    with home.store.write() as conn:
        conn.exec_driver_sql("UPDATE notices SET rung = 6 WHERE id = 1")
    home.wait(hours=1)
    assert "unresponsive_found" not in home.waits()
    with home.store.write() as conn:
        conn.exec_driver_sql("UPDATE notices SET rung = 6 WHERE id = 2")
    home.wait(hours=1)
    assert "unresponsive_found" in home.waits()


def test_a_persons_words_end_the_watch(home: Register) -> None:
    three(home)
    answer(home, WORDS)
    home.wait(hours=1)
    assert home.state() == ("seen", [])
    assert entries(home) == [("watch", "answered")]


@pytest.mark.parametrize("head", ["Auto-Submitted: auto-replied\r\n"])
def test_a_receipt_is_no_answer(home: Register, head: str) -> None:
    three(home)
    answer(home, "Thank you for your message. Your ticket number is 4711.", head=head)
    home.wait(hours=1)
    assert home.state()[1] == ["watch"]


def test_what_a_lead_confirmed_is_left_at_the_first_proven_outcome_only(home: Register) -> None:
    three(home, 31)
    home.wait(hours=1)
    decide(home, "confirm")
    answer(home, WORDS)
    answer(home, "We move offices this week.")
    home.wait(hours=1)
    assert home.state()[1] == ["unresponsive"]
    answer(home, "The file was removed.", dmarc="none")
    home.wait(hours=1)
    assert home.state()[1] == ["unresponsive"]
    ref = answer(home, "The file was removed.")
    home.wait(hours=1)
    assert home.state() == ("seen", [])
    with home.store.read() as conn:
        (row,) = silences.history(conn)
        assert (row.left_by, row.left_ref, row.confirmed_by) == ("outcome", ref, "lead")
        assert journal.verify(conn) is None


def test_the_history_stays_when_it_falls_silent_again(home: Register) -> None:
    three(home)
    answer(home, WORDS)
    home.wait(hours=1)
    home.wait(days=15)
    assert entries(home) == [("watch", "answered"), ("watch", None)]


def test_a_watch_ends_when_nothing_is_open_any_more(home: Register) -> None:
    three(home)
    with home.store.write() as conn:
        conn.exec_driver_sql("UPDATE takedowns SET is_open = 0, status = 'withdrawn'")
    home.wait(hours=1)
    assert entries(home) == [("watch", "nothing_open")]


def test_the_thresholds_are_those_of_the_rules_file(home: Register) -> None:
    home.house.desk = replace(home.house.desk, unresponsive=blocks.Unresponsive(1, 1, timedelta(days=2)))
    home.house.notice(1, age=49)
    home.wait()
    assert home.state()[1] == ["watch"]


def test_no_step_is_skipped(home: Register) -> None:
    with pytest.raises(PermanentError, match="not on the register"):
        decide(home, "confirm")
    three(home)
    with pytest.raises(PermanentError, match="only watched"):
        decide(home, "escalate")
    decide(home, "leave")
    assert home.state() == ("seen", [])


def test_a_retired_esp_is_not_watched(home: Register) -> None:
    with home.store.write() as conn:
        register.move(conn, 1, Event.RETIRE, home.now, "anna")
    three(home)
    assert home.state() == ("retired", [])
    assert entries(home) == []
