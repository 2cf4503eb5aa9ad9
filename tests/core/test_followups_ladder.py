"""Only the latest due rung counts, hours are elapsed hours, and the last step repeats for ever."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.followups.ladder import NORMAL, PRESETS, SURVIVOR, Agreement, Ladder, Ladders, Step, Target
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
