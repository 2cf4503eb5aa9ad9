"""The life of an ESP: what may follow what, by all pairs, and what no order of events can bring about."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.errors import PermanentError
from daemon.notices.esp import EspState
from daemon.notices.life import BESIDE, ENDED, LINE, SILENT, Event, Life, may, step
from tests.counts import count

S = EspState
AHEAD = {S.SEEN, S.RESEARCHING, S.INTRODUCED, S.CHASING}
FOLLOWS = {  # written out once more, by hand, from the design
    S.SEEN: {S.RESEARCHING, S.INTRODUCED, S.CONTACT_CONFIRMED, S.NO_CONTACT, S.MERGED, S.RETIRED},
    S.RESEARCHING: {S.INTRODUCED, S.CONTACT_CONFIRMED, S.NO_CONTACT, S.MERGED, S.RETIRED},
    S.INTRODUCED: {S.CHASING, S.CONTACT_CONFIRMED, S.DECLINED, S.NO_CONTACT, S.MERGED, S.RETIRED},
    S.CHASING: {S.CHASING, S.CONTACT_CONFIRMED, S.DECLINED, S.NO_CONTACT, S.MERGED, S.RETIRED},
    S.CONTACT_CONFIRMED: {S.CHANNEL_AGREED, S.DECLINED, S.MERGED, S.RETIRED},
    S.CHANNEL_AGREED: {S.ACTIVE, S.DECLINED, S.MERGED, S.RETIRED},
    S.ACTIVE: {S.DECLINED, S.MERGED, S.RETIRED},
    S.DECLINED: {S.RESEARCHING, S.INTRODUCED, S.CONTACT_CONFIRMED, S.MERGED, S.RETIRED},
    S.NO_CONTACT: {S.RESEARCHING, S.INTRODUCED, S.CONTACT_CONFIRMED, S.MERGED, S.RETIRED},
    S.MERGED: set(),
    S.RETIRED: {S.RESEARCHING, S.MERGED},
}
BESIDES = [
    frozenset(),
    frozenset({S.WATCH}),
    frozenset({S.UNRESPONSIVE, S.CONTACT_SUSPENDED}),
    frozenset({S.ESCALATED}),
]


@pytest.mark.parametrize("line", sorted(LINE))
def test_only_the_steps_of_the_design_exist(line: EspState) -> None:
    found = {step(Life(line), event).line for event in Event if may(Life(line), event)}
    moved = {step(Life(line), event).line for event in Event if may(Life(line), event) and not _is_beside(event)}
    assert moved == FOLLOWS[line]
    assert found <= FOLLOWS[line] | {line}


def _is_beside(event: Event) -> bool:
    return event in {
        Event.SUSPEND, Event.RESTORE, Event.PROPOSE_CHANGE, Event.END_CHANGE, Event.WATCH, Event.FIND_UNRESPONSIVE,
        Event.ESCALATE, Event.ANSWER,
    }  # fmt: skip


@pytest.mark.parametrize(("event", "beside"), list(product(Event, BESIDES)))
def test_what_may_not_happen_is_refused_in_one_sentence(event: Event, beside: frozenset[EspState]) -> None:
    for line in LINE:
        now = Life(line, beside if line not in ENDED else frozenset())
        if not may(now, event):
            with pytest.raises(PermanentError) as caught:
                step(now, event)
            assert str(caught.value).startswith("an ESP that is ")
            assert "_" not in str(caught.value)
            assert len(str(caught.value)) < 160


@pytest.mark.parametrize(
    ("before", "event", "after"),
    [
        (set(), Event.WATCH, {S.WATCH}),
        ({S.WATCH}, Event.FIND_UNRESPONSIVE, {S.UNRESPONSIVE}),
        ({S.UNRESPONSIVE}, Event.ESCALATE, {S.ESCALATED}),
        ({S.ESCALATED, S.CONTACT_SUSPENDED}, Event.ANSWER, {S.CONTACT_SUSPENDED}),
    ],
)
def test_silence_is_climbed_step_by_step_and_left_at_once(
    before: set[EspState], event: Event, after: set[EspState]
) -> None:
    assert step(Life(S.ACTIVE, frozenset(before)), event) == Life(S.ACTIVE, frozenset(after))


@pytest.mark.parametrize(
    ("before", "event"),
    [
        (set(), Event.FIND_UNRESPONSIVE),
        (set(), Event.ESCALATE),
        ({S.WATCH}, Event.ESCALATE),
        ({S.WATCH}, Event.WATCH),
        ({S.UNRESPONSIVE}, Event.WATCH),
        ({S.ESCALATED}, Event.FIND_UNRESPONSIVE),
        (set(), Event.ANSWER),
        (set(), Event.RESTORE),
        (set(), Event.END_CHANGE),
    ],
)
def test_no_step_of_silence_is_skipped_and_nothing_ends_that_never_began(before: set[EspState], event: Event) -> None:
    assert not may(Life(S.ACTIVE, frozenset(before)), event)


@settings(max_examples=count(test=300, prove=50_000), deadline=None)
@given(st.lists(st.sampled_from(list(Event)), max_size=40))
def test_any_order_of_events_leaves_a_life_that_makes_sense(events: list[Event]) -> None:
    now = Life()
    for event in events:
        if not may(now, event):
            continue
        was, now = now, step(now, event)
        assert now.line in LINE
        assert now.beside <= BESIDE
        assert len(now.beside & SILENT) <= 1
        assert not (now.line in ENDED and now.beside)
        assert now.shown in now.beside | {now.line}
        assert was.line is not S.MERGED, "nothing undoes a merger"
        assert was.line is not S.RETIRED or event in {Event.REVIVE, Event.MERGE}
        assert now.line is not S.ACTIVE or was.line in {S.ACTIVE, S.CHANNEL_AGREED}
        assert now.line is was.line or now.line in FOLLOWS[was.line]
