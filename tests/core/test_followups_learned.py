"""What is learned of an ESP moves its first reminder within the bounds that staff set, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.followups import learned
from daemon.followups.forecast import forecast
from daemon.followups.ladder import NORMAL, PRESETS, Ladder, Ladders, Step
from daemon.followups.learned import Learned, Pace, Trust, form, forms, pace
from daemon.followups.planned import Rules
from daemon.followups.standing import Contact, Standing
from daemon.notices.status import Status
from daemon.rulefile.load import load

HOUR = timedelta(hours=1)
START = datetime(2026, 11, 16, 9, tzinfo=UTC)


def test_median_and_p80_count_what_still_waits() -> None:
    assert pace([(hour, True, 1) for hour in range(10)]) == Pace(10, 0, 5, 8)
    assert pace([*((hour, True, 1) for hour in range(10)), (100, False, 10)]) == Pace(10, 10, 10, None)


def test_few_answers_teach_nothing() -> None:
    assert pace([(1, True, learned.LEAST - 1), (500, False, 3)]) == Pace(learned.LEAST - 1, 3)
    assert Learned(removal=pace([(1, True, 9)])).usual is None
    assert Learned(removal=pace([(1, True, 10)])).usual == 2 * HOUR
    assert Trust(9, 0).share is None
    assert Trust(9, 1).share == 0.9


@pytest.mark.parametrize(
    ("tickets", "expected"),
    [
        (["ABC-12345"] * 5, ("AAA-99999",)),
        (["abc-12345"] * 4, ()),  # too few
        (["ABC-12345"] * 5 + ["77/x"] * 5, ()),  # too mixed
        (["1234"] * 9, ()),  # any small number
        (["1234567"] * 5 + ["AB-1234"] * 5, ("9999999", "AA-9999")),
    ],
)
def test_the_form_of_ticket_numbers_is_learned_where_most_have_it(
    tickets: list[str], expected: tuple[str, ...]
) -> None:
    assert forms(tickets) == expected
    assert all(form(one) == one for one in expected)


def test_what_is_stored_is_read_as_it_was() -> None:
    found = Learned(Pace(12, 1, 3, 9), Pace(20, 4, 5, None), ("a", "b"), ("AA-9999",), Trust(3, 2))
    assert learned.of_plain(found.plain()) == found
    assert len(learned.lines(found)) == 5


hours = st.integers(1, 400).map(lambda count: count * HOUR)


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    times = sorted(draw(st.sets(st.integers(1, 300), min_size=2, max_size=6)))
    steps = tuple(Step(at * HOUR, "reminder-1") for at in times)
    earliest = draw(st.none() | st.integers(1, times[0]).map(lambda at: at * HOUR))
    latest = draw(st.none() | st.integers(times[0], times[1] - 1).map(lambda at: at * HOUR))
    return Ladder("normal", steps, 24 * HOUR, earliest=earliest, latest=latest)


def standing(usual: timedelta | None, linked: bool = False) -> Standing:
    return Standing(
        id=1, number="N-1", esp_id=1, esp="esp", started_at=START, statuses=(Status.SENT,), usual=usual,
        survivor_linked=linked, contacts=(Contact("abuse@esp.example"),), address="abuse@esp.example",
    )  # fmt: skip


@given(ladders(), hours)
def test_only_the_first_step_moves_and_only_within_the_bounds(ladder: Ladder, usual: timedelta) -> None:
    moved = ladder.at_pace(usual)
    earliest, latest = ladder.bounds
    assert earliest <= moved.steps[0].after <= latest
    assert moved.steps[1:] == ladder.steps[1:]
    assert (moved.repeat, moved.first_response, moved.removal) == (
        ladder.repeat,
        ladder.first_response or ladder.steps[0].after,
        ladder.removal or ladder.steps[0].after,
    )
    if earliest <= usual <= latest:
        assert moved.steps[0].after == usual


@given(ladders(), hours, st.booleans())
def test_a_survivor_linked_ladder_is_never_later_whatever_is_learned(
    ladder: Ladder, usual: timedelta, named: bool
) -> None:
    own = {"survivor-linked": ladder} if named else {}
    rules = Rules(Ladders({**PRESETS, **own}))
    usually = rules.ladder(standing(None, linked=True))
    assert rules.ladder(standing(usual, linked=True)).is_never_later(usually)


@given(ladders(), hours)
def test_the_plan_and_the_forecast_climb_the_same_ladder(ladder: Ladder, usual: timedelta) -> None:
    rules = Rules(Ladders({"normal": ladder}))
    notice = standing(usual)
    due = rules.next_due(notice)
    assert due is not None
    first = next(iter(forecast([notice], rules, START, due + timedelta(days=40))))
    assert abs(first.at - due) < timedelta(minutes=1)


def test_a_ladder_without_bounds_is_not_moved() -> None:
    assert NORMAL.at_pace(400 * HOUR).steps == NORMAL.steps
    assert all(one.at_pace(HOUR).steps == one.steps for one in PRESETS.values())


BOUNDS = """
version: 1
rules: {{a: {{means: removed, says: [has been removed], examples: [It has been removed.]}}}}
followups:
  normal:
    steps: [{{after: 24 h, letter: reminder-1}}, {{after: 48 h, letter: reminder-2}}]
    {line}
"""


@pytest.mark.parametrize(
    ("line", "good"),
    [
        ("earliest: 12 h", True),
        ("latest: 47 h", True),
        ("earliest: 30 h", False),
        ("latest: 48 h", False),
        ("latest: 20 h", False),
    ],
)
def test_bounds_that_cannot_hold_are_told(line: str, good: bool) -> None:
    problems = [one.code for one in load(BOUNDS.format(line=line)).problems]
    assert problems == ([] if good else ["R226"])
