"""The digest's figures: time to removal with the open URLs counted in, and which weeks are owed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.digest.blocks import Cell, Table, bar, columns, hours, row
from daemon.digest.page import plain_table
from daemon.digest.view import View, Week, ended, owed
from daemon.followups.survival import curve
from tests.counts import count

OSLO = "Europe/Oslo"


def test_the_curve_is_that_of_kaplan_and_meier() -> None:
    # Freireich et al. 1963, 6-mercaptopurine arm: the textbook's example (weeks of remission, + is censored)
    events = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
    censored = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
    buckets = [(at, True, n) for at, n in events.items()] + [(at, False, 1) for at in censored]
    found = curve(buckets)
    shares = {at: round(up, 3) for at, up in found.steps}
    assert shares == {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert (found.removed, found.open, found.total) == (9, 12, 21)
    assert found.quantile(0.5) == 24
    assert found.quantile(0.9) is None


def test_open_urls_make_the_median_later_never_earlier() -> None:
    closed = [(10, True, 5), (20, True, 4)]
    assert curve(closed).quantile(0.5) == 11
    assert curve([*closed, (30, False, 4)]).quantile(0.5) == 21
    assert curve([*closed, (30, False, 20)]).quantile(0.5) is None


def test_the_share_within_a_day_counts_what_took_less_than_24_hours() -> None:
    found = curve([(0, True, 1), (23, True, 1), (24, True, 1), (100, True, 1)])
    assert [found.within(at) for at in (1, 24, 25)] == pytest.approx([0.25, 0.5, 0.75])


@settings(max_examples=count(test=200, prove=20_000), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.booleans(), st.integers(1, 9)), max_size=30))
def test_the_curve_never_rises_and_ends_where_all_is_gone(buckets: list[tuple[int, bool, int]]) -> None:
    found = curve(buckets)
    ups = [1.0, *(up for _, up in found.steps)]
    assert all(0 <= right <= left for left, right in pairwise(ups))
    assert found.total == sum(number for _, _, number in buckets)
    if not found.open and found.total:
        assert ups[-1] == pytest.approx(0)


def test_a_week_ends_where_its_readers_live() -> None:
    week = Week(2026, 43)  # summer time ends on its last day
    assert week.begins(OSLO) == datetime(2026, 10, 18, 22, tzinfo=UTC)
    assert week.later(1).begins(OSLO) == datetime(2026, 10, 25, 23, tzinfo=UTC)
    assert ended(datetime(2026, 10, 25, 22, 59, tzinfo=UTC), OSLO) == Week(2026, 42)
    assert ended(datetime(2026, 10, 25, 23, 0, tzinfo=UTC), OSLO) == Week(2026, 43)


def test_weeks_go_over_the_turn_of_the_year() -> None:
    assert Week(2026, 53).later(1) == Week(2027, 1)
    assert str(Week(2027, 1)) == "2027-W01"
    assert Week.parse("2026-W53").monday == date(2026, 12, 28)


def test_weeks_missed_are_owed_oldest_first_and_a_newcomer_gets_the_last_only() -> None:
    now = datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert owed(None, now, OSLO) == [Week(2026, 47)]
    assert owed(Week(2026, 47), now, OSLO) == []
    assert owed(Week(2026, 44), now, OSLO) == [Week(2026, 45), Week(2026, 46), Week(2026, 47)]
    assert len(owed(Week(2020, 1), now, OSLO)) == 8


def test_a_late_digest_covers_its_own_week() -> None:
    late = View(Week(2026, 45), datetime(2026, 11, 23, 6, tzinfo=UTC), OSLO)
    assert late.until == Week(2026, 46).begins(OSLO)
    running = View(Week(2026, 48), datetime(2026, 11, 25, 6, tzinfo=UTC), OSLO)
    assert running.until == running.now
    assert len(late.week_starts(8)) == 10


def test_bars_are_pixels_and_say_their_figure() -> None:
    assert bar(0, 10) == Cell("0", 0)
    assert bar(1, 10_000) == Cell("1", 2)
    assert bar(10_000, 10_000) == Cell("10,000", 160)


def test_a_table_reads_as_text() -> None:
    table = Table("c", columns("Name", ">Number", "Bar"), (row("a", 1_000, bar(2, 4)), row("bb", 2, bar(4, 4))))
    assert plain_table(table).splitlines() == [
        "Name  Number  Bar",
        "----  ------  ----------------------------",
        "a      1,000        2 ##########",
        "bb         2        4 ####################",
    ]


def test_durations_are_said_as_people_say_them() -> None:
    said = [hours(number) for number in (None, 0.5, 1, 71, 72, 24 * 30)]
    assert said == ["not yet", "under 1 h", "1 h", "71 h", "3.0 days", "30.0 days"]
    assert hours(timedelta(days=3).total_seconds() / 3600) == "3.0 days"
