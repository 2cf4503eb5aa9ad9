"""A letter to a third party goes when a person lets it, and never when they drop it; the task closes with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from daemon.errors import PermanentError
from daemon.jobs import approval, followups
from daemon.store import journal, outbox, reviews
from tests.jobs.letterhouse import House, house
from tests.jobs.test_followups import become


@pytest.fixture
def home(tmp_path: Path) -> House:
    found = house(tmp_path)
    found.esp("host", ("abuse@host.example", "primary"), ("abuse@transit.example", "upstream"))
    return found


def held(home: House) -> int:
    home.tick()
    with home.store.read() as conn:
        (row,) = outbox.in_state(conn, "held")
    return int(row.id)


def test_an_approved_letter_leaves_in_the_name_of_who_approved_it(home: House) -> None:
    one = home.notice(1, age=97)
    number = held(home)
    with home.store.write() as conn:
        approval.approve(conn, number, home.now, "anna")
    home.post()
    assert [row.to_address for _, row, _ in home.sent] == ["abuse@transit.example"]
    assert home.rungs(one)[-1] == (4, "SENT", "")
    with home.store.read() as conn:
        assert [row.state for row in reviews.listed(conn, None, "task")] == ["accepted"]
        assert outbox.get(conn, number).approved_by == "anna"  # type: ignore[union-attr]
        assert [row["actor"] for row in journal.rows_of(conn, outbox_id=number) if row["new"] == "queued"] == ["anna"]


def test_a_dropped_letter_never_leaves_and_the_ladder_goes_on(home: House) -> None:
    one = home.notice(1, age=97)
    number = held(home)
    with home.store.write() as conn:
        approval.drop(conn, number, home.now, "anna")
    home.post()
    assert home.sent == []
    assert home.rungs(one)[-1] == (4, "CANCELLED", "DROPPED_BY_PERSON")
    home.tick(days=3)
    assert [row.template for _, row, _ in home.sent] == ["lead"]


def test_a_letter_approved_too_late_says_nothing_of_what_is_closed(home: House) -> None:
    one = home.notice(1, age=97)
    number = held(home)
    become(home, one, "removed")
    with home.store.write() as conn:
        approval.approve(conn, number, home.now, "anna")
    home.post()
    assert home.sent == []
    assert [found.why.value for found in home.withdrawn] == ["CLOSED_SINCE"]


def test_only_a_letter_that_waits_can_be_decided(home: House) -> None:
    home.notice(1, age=25)
    home.tick()
    with home.store.write() as conn:
        with pytest.raises(PermanentError, match="there is no letter 99"):
            approval.approve(conn, 99, home.now, "anna")
        with pytest.raises(PermanentError, match="letter 1 does not wait for approval: it is sent"):
            approval.drop(conn, 1, home.now, "anna")


def test_a_letter_that_nobody_approves_does_not_silence_the_ladder(home: House) -> None:
    one = home.notice(1, age=97)
    held(home)
    home.tick(days=3, hours=1)
    assert [row.template for _, row, _ in home.sent] == ["lead"]
    assert home.row(one).rung == 5


def test_a_letter_approved_at_night_leaves_in_the_morning(home: House) -> None:
    home.notice(1, age=97)
    number = held(home)
    home.now += timedelta(hours=12)
    with home.store.write() as conn:
        approval.approve(conn, number, home.now, "anna")
    home.post()
    assert home.sent == []
    home.now += timedelta(hours=11)
    home.post()
    assert [row.template for _, row, _ in home.sent] == ["escalation"]


def test_a_letter_of_unknown_fate_beside_one_that_nobody_approves_does_not_silence_the_ladder(home: House) -> None:
    one = home.notice(1, age=25)
    followups.tick(home.store, home.desk, home.now)
    with home.store.write() as conn:
        (row,) = outbox.in_state(conn, "queued")
        assert outbox.claim(conn, row.id, b"raw", "s", home.now, "test")
        outbox.mark(conn, row.id, outbox.UNKNOWN, home.now)
    home.tick(days=3, hours=1)
    with home.store.read() as conn:
        assert len(outbox.in_state(conn, "held")) == 1
    home.tick(days=4)
    assert [row.template for _, row, _ in home.sent] == ["lead"]
    assert home.row(one).rung == 5


def approved(home: House) -> None:
    with home.store.write() as conn:
        for row in outbox.in_state(conn, "held"):
            approval.approve(conn, row.id, home.now, "anna")


def test_what_is_asked_of_a_provider_about_others_does_not_silence_what_it_is_to_do_itself(home: House) -> None:
    home.esp("other", ("abuse@other.example", "primary"), ("abuse@transit.example", "upstream"))
    home.notice(1, age=97)
    home.notice(2, "other", age=97)
    home.notice(3, "transit", age=22)
    home.tick()
    approved(home)
    home.tick(hours=3)
    assert [(row.template, row.to_address) for _, row, _ in home.sent] == [
        ("escalation", "abuse@transit.example"),
        ("escalation", "abuse@transit.example"),
        ("reminder-1", "abuse@transit.example"),
    ]


@pytest.mark.parametrize(("linked", "why"), [(False, "ALREADY_TODAY"), (True, "SLOT_TAKEN")])
def test_a_third_party_is_asked_about_one_esp_once_a_day(home: House, linked: bool, why: str) -> None:
    home.notice(1, age=49 if linked else 97, linked=linked)
    home.notice(2, age=47 if linked else 95, linked=linked)
    for hours in (0, 2):
        home.tick(hours=hours)
        approved(home)
        home.post()
        assert len([row for _, row, _ in home.sent if row.to_address == "abuse@transit.example"]) == 1
    assert why in home.reasons()
