"""The status machine, by all pairs: closed stays closed, and every status is entered only by what the design names."""

from itertools import combinations_with_replacement, product

import pytest

from daemon.notices.status import CLOSED, NoticeStatus, Outcome, Status
from daemon.notices.takedown import (
    OPEN,
    Event,
    Recurrence,
    event_of,
    may_follow,
    notice_status,
    reopens,
    resolved_of,
    step,
)

S = Status
ANSWERS = {S.INFO_REQUESTED, S.PARTIAL, S.NOT_HOSTED, S.REFUSED, S.REMOVED, S.ALREADY_GONE, S.WITHDRAWN}
FOLLOWS = {  # written out once more, by hand, from the status table
    S.DRAFT: ANSWERS | {S.QUEUED, S.SENT},
    S.QUEUED: ANSWERS | {S.SENT, S.UNDELIVERABLE},
    S.SENT: ANSWERS | {S.ACKNOWLEDGED, S.IN_PROGRESS, S.UNDELIVERABLE, S.UNRESOLVED},
    S.ACKNOWLEDGED: ANSWERS | {S.IN_PROGRESS, S.UNDELIVERABLE, S.UNRESOLVED},
    S.IN_PROGRESS: ANSWERS | {S.UNDELIVERABLE, S.UNRESOLVED},
    S.INFO_REQUESTED: ANSWERS | {S.ACKNOWLEDGED, S.IN_PROGRESS, S.UNDELIVERABLE, S.UNRESOLVED},
    S.PARTIAL: ANSWERS | {S.UNRESOLVED},
    S.NOT_HOSTED: ANSWERS | {S.UNRESOLVED},
    S.REFUSED: ANSWERS | {S.UNRESOLVED},
    S.UNDELIVERABLE: ANSWERS | {S.SENT, S.UNRESOLVED},
    S.REMOVED: set(),
    S.ALREADY_GONE: set(),
    S.WITHDRAWN: set(),
    S.UNRESOLVED: set(),
}


@pytest.mark.parametrize(("current", "following"), list(product(Status, Status)))
def test_only_the_transitions_of_the_design_exist(current: Status, following: Status) -> None:
    assert may_follow(current, following) == (following in FOLLOWS[current] - {current})


@pytest.mark.parametrize(("current", "event"), list(product(sorted(CLOSED), Event)))
def test_a_closed_takedown_never_changes(current: Status, event: Event) -> None:
    assert step(current, event) is None


@pytest.mark.parametrize("current", sorted(Status))
def test_a_receipt_counts_only_while_nothing_was_heard(current: Status) -> None:
    expected = S.ACKNOWLEDGED if current is S.SENT else None
    assert step(current, Event.ACKNOWLEDGED) is expected


@pytest.mark.parametrize("current", sorted(Status))
def test_a_promise_takes_back_nothing_that_weighs_more(current: Status) -> None:
    expected = S.IN_PROGRESS if current in {S.SENT, S.ACKNOWLEDGED, S.INFO_REQUESTED} else None
    assert step(current, Event.PENDING) is expected


@pytest.mark.parametrize(("current", "outcome"), list(product(sorted(OPEN), Outcome)))
def test_an_outcome_moves_an_open_takedown_or_nothing(current: Status, outcome: Outcome) -> None:
    event = event_of(outcome)
    moved = step(current, event) if event else None
    if outcome in {Outcome.REMOVED, Outcome.ALREADY_GONE}:
        assert moved is S(outcome.value)
    elif outcome is Outcome.NO_CHANGE:
        assert moved is None


def test_only_a_recurrence_opens_the_next_cycle_and_never_of_an_open_takedown() -> None:
    for current, recurrence in product(Status, Recurrence):
        if not current.is_closed:
            assert not reopens(current, recurrence)
    assert all(reopens(S.REMOVED, recurrence) for recurrence in Recurrence)
    assert not reopens(S.WITHDRAWN, Recurrence.RETRACTION)
    assert reopens(S.WITHDRAWN, Recurrence.NEW_REPORT)


def _derived(statuses: tuple[Status, ...]) -> NoticeStatus:
    """The design's sentence, word by word."""
    closed = [status for status in statuses if status in CLOSED]
    still = [status for status in statuses if status not in CLOSED]
    if not still:
        if S.UNRESOLVED in closed:
            return NoticeStatus.UNRESOLVED
        return NoticeStatus.WITHDRAWN if set(closed) == {S.WITHDRAWN} else NoticeStatus.RESOLVED
    if all(status is S.UNDELIVERABLE for status in still):
        return NoticeStatus.UNDELIVERABLE
    if closed:
        return NoticeStatus.PARTLY_RESOLVED
    if S.DRAFT in still:
        return NoticeStatus.DRAFT
    if S.QUEUED in still:
        return NoticeStatus.QUEUED
    return NoticeStatus.SENT if all(status is S.SENT for status in still) else NoticeStatus.OPEN


def test_the_notice_status_follows_from_its_takedowns_alone() -> None:
    for size in (1, 2, 3):
        for statuses in combinations_with_replacement(Status, size):
            assert notice_status(statuses) is _derived(statuses)
            assert notice_status(reversed(statuses)) is _derived(statuses)


def test_a_notice_is_resolved_only_when_nothing_of_it_is_open() -> None:
    done = {NoticeStatus.RESOLVED, NoticeStatus.UNRESOLVED, NoticeStatus.WITHDRAWN}
    for statuses in combinations_with_replacement(Status, 3):
        assert (notice_status(statuses) in done) == all(status.is_closed for status in statuses)


def test_a_partly_resolved_notice_says_how_much() -> None:
    assert resolved_of([S.REMOVED, S.SENT, S.ALREADY_GONE]) == (2, 3)
    assert notice_status([]) is NoticeStatus.DRAFT
