"""A letter leaves in working time of its zone, whatever clocks and holidays do; survivor-linked ones do not wait."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.followups.calendar import (
    WorkingTime,
    is_known_country,
    next_send_time,
    parse_days,
    parse_hours,
)
from tests.counts import count

OSLO = WorkingTime("Europe/Oslo", holidays=("NO",))
ZONES = (
    "Europe/Oslo",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Casablanca",
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "leaves"),
    [
        ("2026-11-20T10:00", "2026-11-20T10:00"),  # Friday at eleven
        ("2026-11-20T15:00", "2026-11-23T07:00"),  # Friday at the stroke of four
        ("2026-11-21T10:00", "2026-11-23T07:00"),  # Saturday
        ("2026-11-23T06:59", "2026-11-23T07:00"),  # Monday before eight
        ("2026-05-16T20:00", "2026-05-18T06:00"),  # Constitution Day is a Sunday in 2026
        ("2027-05-14T15:00", "2027-05-18T06:00"),  # Monday 17 May is a holiday
        ("2026-12-24T20:00", "2026-12-28T07:00"),  # Christmas, then a weekend
        ("2026-03-27T15:30", "2026-03-30T06:00"),  # summer time began on the Sunday
        ("2026-10-23T14:30", "2026-10-26T07:00"),  # and ended on this one
    ],
)
def test_a_letter_waits_for_working_time(due: str, leaves: str) -> None:
    assert next_send_time(utc(due), OSLO, survivor_linked=False) == utc(leaves)


def test_a_survivor_linked_letter_leaves_on_a_holiday_night() -> None:
    due = utc("2026-12-25T02:00")
    assert next_send_time(due, OSLO, survivor_linked=True) == due


def test_a_holiday_of_one_part_of_a_country_counts_there_only() -> None:
    epiphany = utc("2027-01-06T10:00")
    assert not WorkingTime("Europe/Berlin", holidays=("DE-BY",)).is_working(epiphany)
    assert WorkingTime("Europe/Berlin", holidays=("DE-BE",)).is_working(epiphany)


@settings(max_examples=count(test=300, prove=20_000), deadline=None)
@given(
    at=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    zone=st.sampled_from(ZONES),
    days=st.sets(st.integers(0, 6), min_size=1),
    begins=st.integers(0, 22),
    length=st.integers(1, 24),
)
def test_the_next_start_is_the_first_moment_of_working_time(
    at: datetime, zone: str, days: set[int], begins: int, length: int
) -> None:
    ends = begins + length
    working = WorkingTime(zone, frozenset(days), time(begins), time(ends) if ends < 24 else time.min, ("NO", "US"))
    moment = at.replace(tzinfo=UTC)
    start = working.next_start(moment)
    assert start >= moment
    assert working.is_working(start)
    assert working.next_start(start) == start
    between = (start - moment) / 7
    if not working.is_working(moment):
        assert not any(working.is_working(moment + step * between) for step in range(7))


def test_the_local_day_has_its_own_length_when_clocks_change() -> None:
    working = WorkingTime("Europe/Oslo")
    spring = datetime(2026, 3, 29, 12, tzinfo=ZoneInfo("Europe/Oslo"))
    assert working.midnight(spring, 1) - working.midnight(spring) == timedelta(hours=23)


def test_days_and_hours_are_read_as_staff_write_them() -> None:
    assert parse_days("mon-fri") == frozenset(range(5))
    assert parse_days("sat-tue, Thursday") == frozenset({5, 6, 0, 1, 3})
    assert parse_hours("08:00-16:00") == (time(8), time(16))
    assert parse_hours("00:00 - 24:00") == (time(0), time.min)
    with pytest.raises(ValueError, match="working day"):
        WorkingTime(days=frozenset())
    with pytest.raises(ValueError, match="after it begins"):
        WorkingTime(begins=time(16), ends=time(8))


def test_known_countries_are_told_from_unknown_ones() -> None:
    assert is_known_country("NO")
    assert is_known_country("DE-BY")
    assert not is_known_country("DE-QQ")
    assert not is_known_country("QQ")
