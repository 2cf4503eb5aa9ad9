"""What is foreseen of introductions and first notices is what leaves, when the clock really runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from daemon.followups.forecast import forecast
from daemon.jobs import approval, esp_changes, expected, first_notices, onboarding
from daemon.jobs.first_notices import Wish
from daemon.rulefile import blocks
from daemon.store import outbox
from tests.jobs.letterhouse import house as letterhouse
from tests.jobs.registerhouse import Register
from tests.jobs.test_first_notices import draft

MONTH = timedelta(days=30)


@pytest.fixture
def home(tmp_path: Path) -> Register:
    return Register(tmp_path)


def introduce(home: Register, *keys: str, approve: bool = True) -> None:
    with home.store.write() as conn:
        for key in keys:
            begun = onboarding.start(conn, key, home.house.desk, home.now, "anna")
            if approve:
                approval.approve(conn, begun.letter, home.now, "anna")


def foreseen(home: Register) -> list[tuple[str, str, str]]:
    """(template, address, day) of the letters of the outbox and those that would follow within a month."""
    desk = home.house.desk
    with home.store.read() as conn:
        rows = outbox.in_state(conn, "queued")
        later = expected.introductions(conn, desk, home.now, home.now + MONTH)
        first = [(row.template, row.to_address, f"{expected.leaves(row, desk, home.now):%m-%d}") for row in rows]
    return sorted([*first, *((one.template, one.to, f"{one.at:%m-%d}") for one in later)])


def left(home: Register) -> list[tuple[str, str, str]]:
    return sorted((row.template, row.to_address, f"{at:%m-%d}") for at, row, _ in home.house.sent)


@pytest.mark.parametrize("passed", [0, 1, 5, 12])
def test_the_reminders_foreseen_are_those_that_leave(home: Register, passed: int) -> None:
    keys = [f"esp{number}" for number in range(4)]
    home.house.desk = replace(home.house.desk, onboarding=blocks.Onboarding(a_day=2))
    for key in keys:
        home.esp(key)
    introduce(home, *keys)
    for _ in range(passed * 24):
        home.wait(hours=1)
    before = left(home)
    told = foreseen(home)
    for _ in range(30 * 24):
        home.wait(hours=1)
    assert sorted([*before, *told]) == left(home)


def test_nothing_follows_an_introduction_that_waits_for_a_person_or_whose_address_is_lost(home: Register) -> None:
    home.esp("held")
    introduce(home, "held", approve=False)
    assert foreseen(home) == []


def test_a_proposed_change_and_a_draft_are_told_to_wait_for_a_person(home: Register) -> None:
    home.esp()
    draft(home.house)
    with home.store.write() as conn:
        esp_changes.propose_contact(conn, "host", "new@host.example", home.now, "anna")
        assert expected.waiting(conn) == expected.Waiting(drafts=1, changes=1)


def test_the_ladder_of_a_first_notice_that_is_queued_begins_when_it_leaves(tmp_path: Path) -> None:
    home = letterhouse(tmp_path)
    home.esp("host", ("abuse@host.example", "primary"))
    home.now += timedelta(hours=9)  # the evening
    one = draft(home)
    with home.store.write() as conn:
        first_notices.send(conn, [one], home.desk, Wish("anna", home.now))
    with home.store.read() as conn:
        found = expected.about_to_begin(conn, home.desk, home.now)
    days = [one.at for one in forecast(found, home.desk.rules, home.now, home.now + timedelta(days=3))]
    assert [f"{at:%d %H:%M}" for at in days] == ["18 07:00", "19 07:00"]
