"""A year of chasing, checked from outside: what left and what the journal says, against the model's own history.

Nothing here asks the room that plans: hours, holidays, ladders and slots are written down once more, by hand.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, func, select

from daemon.store import Settings, journal, open_store, schema
from daemon.store.tables import journal as journal_table
from daemon.store.tables import notices, outbox, rungs
from tests.counts import PROVE, count
from tests.jobs import year as model
from tests.jobs.year import CHASED, CLOSED, HOUR, Left, Truth, Year, letters_by
from tests.postgres import server

OSLO = ZoneInfo("Europe/Oslo")
FREE = {  # public holidays of Norway in 2026
    date(2026, month, day)
    for month, day in (
        *((1, 1), (4, 2), (4, 3), (4, 5), (4, 6), (5, 1), (5, 14), (5, 17), (5, 24), (5, 25), (12, 25), (12, 26)),
        *((13 - 12, 1),),
    )
}
NORMAL, SURVIVOR = (24, 48, 72, 96, 168, 336, 168), (12, 24, 36, 48, 60, 168, 24)  # the last is the repeat
LAW, PLATFORM = (1, 12, 24, 36, 48, 168, 24), (48, 72, 96, 120, 168, 336, 168)
MONDAYS_AFTER_THE_CLOCKS_CHANGED = (date(2026, 3, 30), date(2026, 10, 26))
AWKWARD = (*model.DOWN, model.STOPPED)
DAY = timedelta(days=1)


def hours_of(one: Truth) -> tuple[int, ...]:
    """The ladder of a notice: six steps, then the repeat."""
    if one.esp.number == 5:
        return LAW
    if one.linked:
        return SURVIVOR
    if one.esp.number == 3:
        return (*(hour + 12 for hour in NORMAL[:6]), NORMAL[6])
    return PLATFORM if one.esp.kind == "platform" else NORMAL


def due_at(one: Truth, rung: int) -> datetime:
    hours = hours_of(one)
    beyond = max(rung - 6, 0)
    return one.sent_at + one.stood + (hours[min(rung, 6) - 1] + beyond * hours[6]) * HOUR


def in_office(at: datetime) -> bool:
    local = at.astimezone(OSLO)
    return local.weekday() < 5 and 8 <= local.hour < 16 and local.date() not in FREE


def near_a_skew(at: datetime) -> bool:
    return any(begin - 14 * HOUR <= at <= end + 14 * HOUR for begin, end in (model.AHEAD, model.BEHIND))


# -- what left


def check_letters(year: Year) -> None:
    """No letter twice, none outside allowed hours, above a cap, to a dead address, or about what is not chased."""
    assert len({one.message_id for one in year.left}) == len(year.left)  # nothing left twice
    for one in year.left:
        assert one.linked or in_office(one.at), one
        assert 0 < len(one.named) <= 500, one
        for number, item in one.named:
            truth = year.truth[number]
            items, paused_until, _ = truth.at(one.at)
            assert items[item - 1] in CHASED, (one, truth)
            assert paused_until is None or paused_until <= one.at or near_a_skew(one.at), (one, truth)
            assert not truth.esp.bounced_at(one.at) or one.to != truth.esp.address, (one, truth)
            assert one.linked == truth.linked
        if one.about is not None:
            assert {year.truth[number].esp.number for number, _ in one.named} == {one.about}, one
    for some in letters_by(year.left, lambda one: one.to).values():
        assert all(right.at - left.at >= DAY for left, right in zip(some, some[40:], strict=False))
    for some in letters_by(year.left, lambda one: (one.to, one.about)).values():
        check_slots(some)


def check_slots(some: list[Left]) -> None:
    """To one address, or to one third party about one ESP: one letter a day, and survivor-linked ones half a day apart."""
    days = Counter(one.at.astimezone(OSLO).date() for one in some if not one.linked)
    assert all(number == 1 for number in days.values()), some
    slots = [one.at for one in some if one.linked]
    for left, right in pairwise(slots):
        assert right - left >= 11 * HOUR or near_a_skew(right), some


def check_mornings(year: Year) -> None:
    """On the Mondays after the clocks changed the first letters leave at eight, not at seven or nine."""
    normal = [one.at.astimezone(OSLO) for one in year.left if not one.linked]
    for day in MONDAYS_AFTER_THE_CLOCKS_CHANGED:
        left = sorted(at for at in normal if at.date() == day)
        if len(left) >= 10:  # some of these waited for the morning
            assert (left[0].hour, left[0].minute) in {(8, 0), (8, 15)}
    assert all(one.linked for one in year.left if one.at.astimezone(OSLO).date() in FREE)


# -- what is on record


def check_rungs(year: Year) -> None:
    """Each rung once and none left out, none early, each with the letter that carries it or the reason why none does."""
    letters = {one.outbox: {number for number, _ in one.named} for one in year.left}
    carried: defaultdict[int, set[int]] = defaultdict(set)
    with year.store.read() as conn:
        last = {row.id: row.rung for row in conn.execute(select(notices.c.id, notices.c.rung))}
        states = {row.id: row.state for row in conn.execute(select(outbox.c.id, outbox.c.state))}
        queued = {row.id: row.created_at for row in conn.execute(select(outbox.c.id, outbox.c.created_at))}
        found: defaultdict[int, list[int]] = defaultdict(list)
        dealt: dict[int, tuple[datetime, datetime]] = {}
        for row in conn.execute(select(rungs).order_by(rungs.c.notice_id, rungs.c.rung)):
            one = year.by_row[row.notice_id]
            found[row.notice_id].append(row.rung)
            dealt[row.notice_id] = (queued.get(row.outbox_id, row.at), row.at)  # when it was queued, when it ended
            assert row.at >= due_at(one, row.rung) - one.stood - 2 * HOUR * near_a_skew(row.at), (row, one)
            if row.outcome == "SENT":
                assert one.number in letters[row.outbox_id], row
                carried[row.outbox_id].add(one.number)
            elif row.outcome == "QUEUED":
                assert states[row.outbox_id] in {"queued", "held", "unknown"}, row
                carried[row.outbox_id].add(one.number)
            else:
                assert row.reason in _WHY[row.outcome], row
    gaps = [(one, year.by_row[one]) for one, have in found.items() if have != list(range(1, len(have) + 1))]
    # a clock that came back forgets the last rung of that time; its row keeps it from leaving again
    behind = [
        (last[one], have, year.by_row[one])
        for one, have in found.items()
        if last[one] != len(have) and not any(map(near_a_skew, dealt[one]))
    ]
    unknown = [(outbox_id, named) for outbox_id, named in letters.items() if not named <= carried[outbox_id]]
    assert (gaps[:5], behind[:5], unknown[:5]) == ([], [], [])
    assert Counter(states.values())["sent"] + Counter(states.values())["unknown"] == len(year.left)


_WHY = {
    "SKIPPED": {"OVERTAKEN"},
    "CANCELLED": {
        *("CLOSED_SINCE", "PAUSED_BY_PERSON", "PAUSED_BY_RULE", "ANSWERED", "OUR_TURN", "ADDRESS_BOUNCED"),
        "DROPPED_BY_PERSON",
    },
}


def check_reasons(year: Year) -> None:
    """Whatever was due and did not leave says why, and it was so."""
    slots, days = slots_and_days(year.left)
    shown = (journal_table.c.at, journal_table.c.new, journal_table.c.notice_id)
    query = select(*shown).where(journal_table.c.action == "not_sent", journal_table.c.notice_id.is_not(None))
    with year.store.read() as conn:
        for row in conn.execute(query):
            year.told[row.new] += 1
            one = year.by_row[row.notice_id]
            items, paused_until, by = one.at(row.at)
            still_open = set(items) - CLOSED
            nothing_chased = not still_open & CHASED
            because = {
                "CLOSED_SINCE": not still_open,
                "PAUSED_BY_PERSON": bool(paused_until and paused_until > row.at and by == "anna"),
                "PAUSED_BY_RULE": bool(paused_until and paused_until > row.at and by == "rule"),
                "OUR_TURN": nothing_chased and "info_requested" in still_open,
                "ANSWERED": nothing_chased and bool(still_open & {"refused", "not_hosted"}),
                "ADDRESS_BOUNCED": one.esp.bounced_at(row.at) or "undeliverable" in still_open,
                "OUTSIDE_HOURS": not one.linked and not in_office(row.at),
                "ALREADY_TODAY": not one.linked and _wrote_today(days, one, row.at),
                "SLOT_TAKEN": one.linked and _wrote_within(slots, one, row.at, 11 * HOUR),
                "CAP_REACHED": True,  # items of a letter: counted below
                "LETTER_WAITS": True,
                "NEEDS_APPROVAL": True,
            }
            assert because[row.new] or near_a_skew(row.at), (row, one)


Slot = tuple[str, int | None]


def slots_and_days(left: list[Left]) -> tuple[dict[Slot, list[datetime]], set[tuple[Slot, date]]]:
    """When survivor-linked letters left in each slot, and on which days the others did."""
    slots: defaultdict[Slot, list[datetime]] = defaultdict(list)
    for one in left:
        if one.linked:
            slots[one.to, one.about].append(one.at)
    return slots, {((one.to, one.about), one.at.astimezone(OSLO).date()) for one in left if not one.linked}


def _wrote_today(days: set[tuple[Slot, date]], one: Truth, at: datetime) -> bool:
    day = at.astimezone(OSLO).date()
    return any((slot, day) in days for slot in _slots(one))


def _wrote_within(slots: dict[Slot, list[datetime]], one: Truth, at: datetime, span: timedelta) -> bool:
    found = (slots.get(slot, []) for slot in _slots(one))
    return any(bisect_right(some, at - span) < bisect_left(some, at + span) for some in found)


def _slots(one: Truth) -> list[Slot]:
    own = (one.esp.address, f"second@e{one.esp.number}.example", model.LEAD)
    return [*((to, None) for to in own), *((to, one.esp.number) for to in _OTHERS)]


_OTHERS = ("desk@authority.example", "abuse@e0.example", *(f"abuse@transit{n}.example" for n in range(7)))


# -- what did not leave


def check_nobody_is_forgotten(year: Year) -> None:
    """At any audit: a rung that was due long enough ago, while the ESP had something to do, has been dealt with."""
    year.audits += 1
    with year.store.read() as conn:
        last = {row.id: row.rung for row in conn.execute(select(notices.c.id, notices.c.rung))}
    for one in year.truth.values():
        since = _chased_since(one, year.now)
        if since is None:
            continue
        slack = _slack(one)
        rung = last[one.row] + 1
        start = max(due_at(one, rung), since)
        for begin, end in AWKWARD:
            if begin - slack <= start < end:
                start = end
        assert year.now - start < slack, (rung, one, year.now)


def _slack(one: Truth) -> timedelta:
    """How long a rung may be put off: Easter lasts five days, and a third party's letter may never be approved."""
    if one.linked:
        return 40 * HOUR
    return timedelta(days=7 if one.esp.number == 5 else 14)


def _chased_since(one: Truth, now: datetime) -> datetime | None:
    """Since when the ESP has had something to do, None if it has not."""
    if one.esp.bounced:
        return None
    since = None
    for at, (items, paused_until, _) in reversed(list(zip(one.times, one.past, strict=True))):
        if not CHASED & set(items):
            break
        since = max(at, paused_until or at) if since is None or (paused_until and paused_until > since) else at
        if paused_until and paused_until > at:
            since = max(since, paused_until)
            break
    return since and max([since, *one.esp.turns[-1:]])  # nothing leaves while its mailbox bounces


def check_clocks(year: Year) -> None:
    """The two clocks of every notice whose ESP has something to do stand where the ladder puts them."""
    with year.store.read() as conn:
        for row in conn.execute(select(notices)):
            one = year.by_row[row.id]
            if not CHASED & set(one.items) or year.now - one.times[-1] < HOUR:
                continue
            hours = hours_of(one)
            removal = {NORMAL: 48, SURVIVOR: 24}.get(hours, 60 if one.esp.number == 3 else hours[0])
            began = one.sent_at + one.stood
            assert row.answer_by == began + hours[0] * HOUR, one
            assert row.remove_by == began + removal * HOUR, one


# -- the year


_MANY = 10_000  # notices of which something happens in every quarter of an hour


Tell = Callable[[Year], None]


def live(
    url: str,
    notices_count: int,
    esp_count: int,
    days: int = 365,
    say: Tell = lambda _year: None,
    audit: Tell = check_nobody_is_forgotten,
) -> Year:
    """Run the year over a fresh database with the schema in it, auditing each month and telling each week."""
    store = open_store(Settings(url))
    if store.is_sqlite:  # a year of commits: what happens at a cut is another test's promise
        store.engine.dispose()
        event.listen(store.engine, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous = OFF"))
    chance = random.Random(20260101)
    year = Year(store, chance, notices_count, esp_count, days, each_step=notices_count >= _MANY, say=say)
    year.settle()
    year.run(audit)
    return year


def check_chain(year: Year) -> None:
    """The journal's chain holds from its first row to its last."""
    with year.store.read() as conn:
        assert journal.verify(conn) is None


PROMISES = (
    check_letters,
    check_mornings,
    check_rungs,
    check_reasons,
    check_clocks,
    check_nobody_is_forgotten,
    check_chain,
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        found = f"sqlite:///{tmp_path / 'noticed.db'}"
        schema.upgrade(Settings(found))
        yield found
        return
    found = server().url()
    yield found
    server().drop(found)


def test_a_year_of_chasing_misses_nobody_and_doubles_nothing(url: str) -> None:
    whole = url.startswith("sqlite")  # on PostgreSQL a smaller year: the statements are the same
    year = live(url, count(test=120, prove=90_000 if whole else 2_000), count(test=8, prove=2_000 if whole else 100))
    try:
        for promise in PROMISES:
            promise(year)
        assert len(year.left) > 150
        assert year.audits >= 12
        assert year.told["ALREADY_TODAY"]
        assert year.told["approved"] or not PROVE  # few ESPs of the small run have an upstream
    finally:
        year.store.close()


def figures(year: Year) -> Iterator[str]:
    """What the year came to, a line each."""
    yield f"{len(year.truth):,} notices of {sum(len(one.items) for one in year.truth.values()):,} URLs, {len(year.esps):,} ESPs"
    linked = sum(1 for one in year.left if one.linked)
    named = sum(len(one.named) for one in year.left)
    yield f"{len(year.left):,} letters left ({linked:,} survivor-linked) to {len({one.to for one in year.left}):,} addresses"
    yield f"{named:,} items named in them, {max(len(one.named) for one in year.left):,} in the largest"
    with year.store.read() as conn:
        outcomes = conn.execute(select(rungs.c.outcome, func.count()).group_by(rungs.c.outcome))
        yield "rungs dealt with: " + ", ".join(f"{row[0]} {row[1]:,}" for row in sorted(outcomes.all()))
        states = conn.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
        yield "letters of the outbox: " + ", ".join(f"{row[0]} {row[1]:,}" for row in sorted(states.all()))
        yield f"journal rows, chain walked: {conn.execute(select(func.count()).select_from(journal_table)).scalar_one():,}"
    normal = [one.at.astimezone(OSLO) for one in year.left if not one.linked]
    yield f"hours of grouped letters (Oslo): {sorted(Counter(at.hour for at in normal).items())}"
    yield f"weekdays of grouped letters (Monday 0): {sorted(Counter(at.weekday() for at in normal).items())}"
    for day in MONDAYS_AFTER_THE_CLOCKS_CHANGED:
        left = sorted(at for at in normal if at.date() == day)
        yield (
            f"{day}, the clocks had changed: {len(left)} grouped letters, the first at {left[0]:%H:%M %z}"
            if left
            else f"{day}: none"
        )
    holidays = Counter(one.at.astimezone(OSLO).date() in FREE for one in year.left if one.linked)
    yield f"letters on public holidays: {holidays[True]} survivor-linked, {sum(at.date() in FREE for at in normal)} others"
    busiest = Counter((one.to, one.at.astimezone(OSLO).date()) for one in year.left).most_common(1)[0][1]
    yield f"most letters to one address on one day: {busiest}; audits that nobody is forgotten: {year.audits}"
    yield "not sent, with the reason, and persons' decisions: " + ", ".join(
        f"{why} {number:,}" for why, number in year.told.most_common()
    )


def holds(promise: Tell, year: Year) -> bool:
    """Whether a promise holds; says so."""
    try:
        promise(year)
    except AssertionError as error:
        print(f"{year.now:%Y-%m-%d}: DOES NOT HOLD: {promise.__doc__} {str(error)[:2000]}", flush=True)
        return False
    print(f"{year.now:%Y-%m-%d}: holds: {promise.__doc__}", flush=True)
    return True


def main(notices_count: int, esp_count: int, days: int = 365) -> int:
    """``python -m tests.jobs.test_year NOTICES ESPS [DAYS]``: one run with figures, over SQLite in a temporary folder."""
    began, found = time.process_time(), []

    def say(year: Year) -> None:
        spent = time.process_time() - began
        print(
            f"{year.now:%Y-%m-%d}: {len(year.truth):,} notices, {len(year.left):,} letters, {spent:.0f} s", flush=True
        )

    def audit(year: Year) -> None:
        found.append(holds(check_nobody_is_forgotten, year))

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/noticed.db"
        schema.upgrade(Settings(url))
        year = live(url, notices_count, esp_count, days, say, audit)
        ran = time.process_time()
        found += [holds(promise, year) for promise in PROMISES]
        checked = time.process_time()
        for line in figures(year):
            print(line)
        print(f"CPU: run {ran - began:.0f} s, check {checked - ran:.0f} s")
        year.store.close()
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
