"""Waiting before another try: as long as asked, never longer than a call may wait, and ended from another thread."""

from __future__ import annotations

import pytest

from daemon.accounts.patience import Bell, Patience, Waits, backoff, retry_after


class Slept(Bell):
    """Notes how long it was to sleep, and does not."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def sleep(self, seconds: float) -> bool:
        self.seconds.append(seconds)
        return super().sleep(0)


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("120", None, 120.0),
        (" 0 ", None, 0.0),
        ("Fri, 27 Nov 2026 10:01:30 GMT", "Fri, 27 Nov 2026 10:00:00 GMT", 90.0),
        ("Fri, 27 Nov 2026 09:00:00 GMT", "Fri, 27 Nov 2026 10:00:00 GMT", 0.0),
        ("Fri, 27 Nov 2026 10:01:30 GMT", None, None),
        ("soon", "Fri, 27 Nov 2026 10:00:00 GMT", None),
        ("-5", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_a_retry_after_is_understood_as_seconds_or_as_a_date(
    value: str | None, date: str | None, seconds: float | None
) -> None:
    assert retry_after(value, date) == seconds


def test_what_the_other_side_asks_for_is_waited_for() -> None:
    bell = Slept()
    assert Waits(Patience(), bell).again(17.0)
    assert bell.seconds == [17.0]


def test_nobody_waits_longer_than_a_call_may_and_nobody_tries_earlier_than_asked() -> None:
    bell = Slept()
    assert not Waits(Patience(longest=60), bell).again(61.0)
    waits = Waits(Patience(total=100), bell)
    assert waits.again(60.0)
    assert not waits.again(60.0)
    assert bell.seconds == [60.0]


def test_a_call_is_tried_so_often_only() -> None:
    waits = Waits(Patience(tries=3), Slept())
    assert [waits.again() for _ in range(4)] == [True, True, False, False]


def test_without_a_word_of_the_other_side_waits_grow_up_to_a_limit() -> None:
    for failures in range(40):
        assert 0 <= backoff(failures, 1.0, 30.0) <= min(30.0, 2.0**failures)
    assert max(backoff(9, 1.0, 30.0) for _ in range(200)) > 15


def test_a_wait_is_ended_from_another_thread_and_so_is_the_call() -> None:
    bell = Bell()
    bell.ring()
    assert not Waits(Patience(longest=300, total=300), bell).again(300.0)
    assert bell.sleep(300)  # it goes on ringing until somebody heard it
    assert bell.hush()
    assert not bell.sleep(0)
