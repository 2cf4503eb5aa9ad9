"""The forecast keeps every promise of the ladders: no rung twice, caps kept, hours kept, and it comes to an end."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.followups.calendar import WorkingTime
from daemon.followups.forecast import Foreseen, forecast
from daemon.followups.planned import Rules
from daemon.followups.standing import Contact, Standing
from daemon.notices.status import Status
from daemon.rulefile.blocks import Member
from daemon.team.roster import by_login, leads, on_shift
from tests.counts import count

START = datetime(2026, 3, 25, 9, tzinfo=UTC)  # the clocks change on the Sunday after, Easter comes a week later
RULES = Rules(working=WorkingTime("Europe/Oslo", holidays=("NO",)))


def silent(number: int, hours: float, esp: int, linked: bool, second: bool) -> Standing:
    contacts = (Contact(f"second@e{esp}.example", "second"),) if second else ()
    return Standing(
        number,
        f"HL-{number}",
        esp,
        f"e{esp}",
        START - timedelta(hours=hours),
        (Status.SENT,),
        address=f"abuse@e{esp}.example",
        survivor_linked=linked,
        contacts=contacts,
    )


NOTICES = st.lists(
    st.tuples(st.floats(0, 2000), st.integers(1, 3), st.booleans(), st.booleans()), min_size=1, max_size=12
).map(lambda found: [silent(number, *one) for number, one in enumerate(found, 1)])


def run(notices: list[Standing], days: int) -> list[Foreseen]:
    return list(forecast(notices, RULES, START, START + timedelta(days=days)))


@settings(max_examples=count(test=60, prove=3_000), deadline=None)
@given(NOTICES)
def test_the_forecast_keeps_slots_hours_and_order(notices: list[Standing]) -> None:
    found = run(notices, 30)
    rungs = Counter((part.notice, part.rung) for one in found for part in one.letter.parts)
    assert set(rungs.values()) <= {1}
    grouped = Counter(
        (one.letter.to, RULES.working.midnight(one.at)) for one in found if not one.letter.survivor_linked
    )
    assert set(grouped.values()) <= {1}
    for one, after in pairwise(found):
        assert one.at <= after.at
    for one in found:
        assert one.letter.survivor_linked or RULES.working.is_working(one.at)
    for to in {one.letter.to for one in found}:
        slots = [one.at for one in found if one.letter.to == to and one.letter.survivor_linked]
        assert all(after - before >= timedelta(hours=11) for before, after in pairwise(slots))


@settings(max_examples=count(test=30, prove=1_000), deadline=None)
@given(NOTICES)
def test_nobody_silent_is_forgotten(notices: list[Standing]) -> None:
    found = run(notices, 60)
    last = {part.notice: one.at for one in found for part in one.letter.parts}
    end = START + timedelta(days=60)
    assert set(last) == {one.id for one in notices}
    assert all(end - at < timedelta(days=14) for at in last.values())


def test_an_answered_notice_is_not_foreseen() -> None:
    one = silent(1, 25, 1, False, False)
    closed = Standing(2, "HL-2", 1, "e1", START, (Status.REMOVED,), address="abuse@e1.example")
    assert {part.notice for found in run([one, closed], 14) for part in found.letter.parts} == {1}


def test_the_roster_knows_days_leads_and_logins() -> None:
    team = {
        "anna": Member("anna", login="an", lead=True, days=frozenset({0, 1})),
        "ben": Member("ben", login="be", days=frozenset({1})),
    }
    assert [one.name for one in on_shift(team, datetime(2026, 11, 16).date())] == ["anna"]
    assert [one.name for one in on_shift(team, datetime(2026, 11, 17).date())] == ["anna", "ben"]
    assert [one.name for one in leads(team)] == ["anna"]
    assert by_login(team, "be") == team["ben"]
    assert by_login(team, "") is None
