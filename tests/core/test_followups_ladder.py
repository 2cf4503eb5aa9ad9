"""Only the latest due rung counts, hours are elapsed hours, and the last step repeats for ever."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.followups.calendar import WorkingTime
from daemon.followups.ladder import NORMAL, PRESETS, SURVIVOR, Agreement, Ladder, Ladders, Step, Target
from daemon.followups.planned import Rules
from daemon.followups.standing import Standing
from daemon.notices.status import Status
from daemon.rulefile import table
from tests.counts import count

START = datetime(2026, 3, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "rung"),
    [
        (0, 0),
        (23.9, 0),
        (24, 1),
        (47, 1),
        (48, 2),
        (72, 3),
        (96, 4),
        (168, 5),
        (335, 5),
        (336, 6),
        (503, 6),
        (504, 7),
        (336 + 168 * 50, 56),
    ],
)
def test_the_normal_ladder_climbs_as_designed(hours: float, rung: int) -> None:
    assert NORMAL.latest_due(START, START + timedelta(hours=hours)) == rung


@pytest.mark.parametrize(("hours", "rung"), [(12, 1), (24, 2), (36, 3), (48, 4), (60, 5), (168, 6), (192, 7), (216, 8)])
def test_the_survivor_linked_ladder_climbs_as_designed(hours: float, rung: int) -> None:
    assert SURVIVOR.latest_due(START, START + timedelta(hours=hours)) == rung


def test_hours_are_elapsed_ones_when_the_clocks_change_between() -> None:
    zone = ZoneInfo("Europe/Oslo")
    before = datetime(2026, 3, 28, 12, tzinfo=zone)  # the night to 29 March has 23 hours
    assert NORMAL.due_at(1, before) == datetime(2026, 3, 29, 13, tzinfo=zone)
    assert NORMAL.latest_due(before, datetime(2026, 3, 29, 12, 30, tzinfo=zone)) == 0


@settings(max_examples=count(test=200, prove=20_000), deadline=None)
@given(
    gaps=st.lists(st.integers(1, 200), min_size=1, max_size=7),
    repeat=st.integers(1, 400),
    rung=st.integers(1, 60),
    slack=st.integers(0, 3599),
)
def test_a_rung_is_the_latest_from_its_hour_until_the_next(gaps: list[int], repeat: int, rung: int, slack: int) -> None:
    steps = tuple(Step(timedelta(hours=sum(gaps[: n + 1])), "reminder-1") for n in range(len(gaps)))
    ladder = Ladder("any", steps, timedelta(hours=repeat))
    due = ladder.due_at(rung, START)
    assert ladder.latest_due(START, due) == rung
    assert ladder.latest_due(START, due - timedelta(seconds=1)) == rung - 1
    assert ladder.latest_due(START, due + timedelta(seconds=slack)) == rung
    assert ladder.due_at(rung + 1, START) > due
    assert ladder.step(rung).letter


def test_a_ladder_that_cannot_be_climbed_is_refused() -> None:
    hour = timedelta(hours=1)
    for steps, repeat in (((), hour), ((Step(hour, "a"), Step(hour, "b")), hour), ((Step(hour, "a"),), timedelta(0))):
        with pytest.raises(ValueError, match="ladder bad"):
            Ladder("bad", steps, repeat)


def test_patience_agreed_with_an_esp_never_slows_a_survivor_linked_notice() -> None:
    ladders = Ladders(for_esp={"slow": Agreement(add=timedelta(hours=12))}, for_kind={"cdn": Agreement("nl-covenant")})
    assert ladders.choose("slow", "host", 2, False).steps[0].after == timedelta(hours=36)
    assert ladders.choose("slow", "host", 2, True) == SURVIVOR
    assert ladders.choose("other", "cdn", 2, False).name == "nl-covenant"
    assert ladders.choose("other", "host", 1, False) == NORMAL


def test_law_clocks_send_the_first_letter_when_the_laws_time_is_over() -> None:
    first = {name: ladder.steps[0].after for name, ladder in PRESETS.items()}
    assert first["eu-tco"] == timedelta(hours=1)
    assert first["nl-covenant"] == first["australia"] == timedelta(hours=24)
    assert first["take-it-down"] == timedelta(hours=48)


def test_only_letters_to_third_parties_need_approval() -> None:
    third = {target for target in Target if target.is_third_party}
    assert third == {Target.UPSTREAM, Target.REGISTRAR, Target.PARTNER, Target.AUTHORITY}


def test_an_agreement_with_an_esp_goes_before_that_with_its_kind_and_priority_counts_where_none_names_a_ladder() -> (
    None
):
    high = Ladder("high", (Step(timedelta(hours=6), "reminder-1"),), timedelta(days=1))
    ladders = Ladders(
        {**PRESETS, "high": high},
        for_esp={"slow": Agreement(add=timedelta(hours=12)), "strict": Agreement("take-it-down")},
        for_kind={"cdn": Agreement("nl-covenant", timedelta(hours=1))},
    )
    assert ladders.choose("slow", "host", 1, False).steps[0].after == timedelta(hours=18)
    assert ladders.choose("slow", "cdn", 1, False) == PRESETS["nl-covenant"].later(timedelta(hours=12))
    assert ladders.choose("strict", "cdn", 1, False) == PRESETS["take-it-down"].later(timedelta(hours=1))


def test_a_law_that_is_quicker_hurries_a_survivor_linked_notice_and_a_slower_one_does_not() -> None:
    ladders = Ladders(for_esp={"eu": Agreement("eu-tco"), "us": Agreement("take-it-down")})
    assert ladders.choose("eu", "host", 2, True).name == "eu-tco"
    assert ladders.choose("us", "host", 2, True) == SURVIVOR


@pytest.mark.parametrize(
    ("ladder", "response", "removal"),
    [("normal", 24, 48), ("survivor-linked", 12, 24), ("eu-tco", 1, 1), ("take-it-down", 48, 48)],
)
def test_two_clocks_run_out_apart(ladder: str, response: int, removal: int) -> None:
    rules = Rules(Ladders(for_esp={"e": Agreement(ladder)}))
    found = rules.patience(Standing(1, "N", 1, "e", START, (Status.SENT,), survivor_linked=ladder == "survivor-linked"))
    assert found.answer_by == START + timedelta(hours=response)
    assert found.remove_by == START + timedelta(hours=removal)


def test_a_deadline_on_a_holiday_of_the_esp_moves_to_its_next_working_hour() -> None:
    tokyo = WorkingTime("", holidays=("JP",))
    rules = Rules(Ladders(for_esp={"e": Agreement("nl-covenant", working=tokyo)}))
    friday = datetime(2026, 5, 1, 5, tzinfo=UTC)  # the afternoon in Tokyo; Golden Week holds until Wednesday
    one = Standing(1, "N", 1, "e", friday, (Status.SENT,), zone="Asia/Tokyo")
    thursday = datetime(2026, 5, 6, 23, tzinfo=UTC)  # eight in the morning there
    assert rules.theirs(one) == replace(tokyo, zone="Asia/Tokyo")
    assert rules.latest_due(one, thursday - timedelta(minutes=1)) == 0
    assert rules.latest_due(one, thursday) == 4
    assert rules.patience(one).remove_by == thursday
    assert rules.next_due(replace(one, rung=3)) == datetime(2026, 5, 7, 8, tzinfo=UTC)  # our own zone is UTC
    linked = replace(one, survivor_linked=True)
    assert rules.latest_due(linked, thursday) == SURVIVOR.latest_due(friday, thursday)


def test_the_names_that_the_checker_knows_are_the_shipped_ladders() -> None:
    assert set(table.PRESETS) == set(PRESETS)
