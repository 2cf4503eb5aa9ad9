"""Letters are grouped and capped, never doubled, never sent for what is closed; every silence has its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from daemon.followups.calendar import WorkingTime
from daemon.followups.ladder import NORMAL, SURVIVOR, Target
from daemon.followups.plan import plan, reasons
from daemon.followups.planned import Caps, Letter, Plan, Rules, Traffic
from daemon.followups.reasons import NotSent
from daemon.followups.standing import Contact, Standing, next_due
from daemon.notices.status import Status
from tests.counts import count

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
RULES = Rules(working=WorkingTime("Europe/Oslo", holidays=("NO",)), leads=("lead@hotline.example",))
ALL = (
    Contact("abuse@host.example"),
    Contact("boss@host.example", "second"),
    Contact("abuse@transit.example", "upstream"),
    Contact("report@police.example", "authority"),
)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def notice(number: int = 1, /, *, age: float = 25, at: datetime = MONDAY, **more: object) -> Standing:
    """A notice sent ``age`` hours before ``at``, with one open takedown."""
    usual = Standing(
        number,
        f"HL-{number}",
        1,
        "host",
        at - hours(age),
        (Status.SENT,),
        address="abuse@host.example",
        contacts=ALL,
    )
    return replace(usual, **more)  # type: ignore[arg-type]


def only(found: Plan) -> Letter:
    assert len(found.letters) == 1
    return found.letters[0]


def why(*due: Standing, now: datetime = MONDAY, traffic: dict[str, Traffic] | None = None) -> list[NotSent]:
    found = plan(due, RULES, now, traffic or {})
    assert {moved.notice for moved in found.moved} == {one.id for one in due}
    return [reason for _, reason in reasons(found)]


def test_all_that_is_due_at_an_address_goes_in_one_letter_oldest_first() -> None:
    found = plan(
        [notice(1, age=30), notice(2, age=80, rung=2, address="ABUSE@host.example", contacts=()), notice(3, age=26)],
        RULES,
        MONDAY,
        {},
    )
    letters = {letter.to.lower(): [part.notice for part in letter.parts] for letter in found.letters}
    assert letters == {"abuse@host.example": [2, 1, 3]}


def test_a_survivor_linked_letter_is_its_own_and_comes_first() -> None:
    found = plan([notice(1, age=200, rung=5), notice(2, age=13, survivor_linked=True)], RULES, MONDAY, {})
    assert [(letter.survivor_linked, letter.template) for letter in found.letters] == [
        (True, "reminder-1"),
        # nothing is due for the other
    ]
    found = plan([notice(1, age=50), notice(2, age=13, survivor_linked=True)], RULES, MONDAY, {})
    assert [letter.survivor_linked for letter in found.letters] == [True, False]


def test_only_the_latest_due_rung_leaves() -> None:
    found = plan([notice(1, age=73)], RULES, MONDAY, {})
    assert only(found).template == "second-contact"
    assert only(found).to == "boss@host.example"
    assert list(found.moved[0].overtaken) == [1, 2]
    assert found.moved[0].rung == 3
    assert found.moved[0].next_due_at == MONDAY - hours(73) + hours(96)


def test_a_letter_to_a_third_party_waits_for_approval() -> None:
    upstream = plan([notice(1, age=97, rung=3)], RULES, MONDAY, {})
    assert (only(upstream).to, only(upstream).held) == ("abuse@transit.example", True)
    assert upstream.moved[0].why is NotSent.NEEDS_APPROVAL
    authority = plan([notice(1, age=14 * 24 + 1, rung=5)], RULES, MONDAY, {})
    assert (only(authority).target, only(authority).held) == (Target.AUTHORITY, True)
    assert not only(plan([notice(1, age=73, rung=2)], RULES, MONDAY, {})).held


def test_third_parties_see_the_notices_of_one_esp_only() -> None:
    pair = [notice(1, age=97, rung=3), notice(2, age=97, rung=3, esp_id=2, esp="other")]
    found = plan(pair, RULES, MONDAY, {})
    assert [(letter.held, [part.notice for part in letter.parts]) for letter in found.letters] == [
        (True, [1]),
        (True, [2]),
    ]


def test_a_step_without_a_known_addressee_reminds_the_contact_and_tells_a_person() -> None:
    found = plan([notice(1, age=97, rung=3, contacts=())], RULES, MONDAY, {})
    assert (only(found).to, only(found).template, only(found).held) == ("abuse@host.example", "repeat", False)
    assert found.moved[0].missing is Target.UPSTREAM


def test_every_silence_has_its_reason() -> None:
    later = MONDAY + hours(5)
    assert why(notice(age=23)) == [NotSent.NOTHING_DUE]
    assert why(notice(started_at=None)) == [NotSent.NOT_YET_SENT]
    assert why(notice(statuses=(Status.REMOVED, Status.WITHDRAWN))) == [NotSent.CLOSED_SINCE]
    assert why(notice(paused_until=later, pause_by="anna")) == [NotSent.PAUSED_BY_PERSON]
    assert why(notice(paused_until=later, pause_by="rule:be-patient")) == [NotSent.PAUSED_BY_RULE]
    assert why(notice(statuses=(Status.REFUSED, Status.REMOVED))) == [NotSent.ANSWERED]
    assert why(notice(statuses=(Status.INFO_REQUESTED, Status.REFUSED))) == [NotSent.OUR_TURN]
    assert why(notice(statuses=(Status.UNDELIVERABLE,))) == [NotSent.ADDRESS_BOUNCED]
    assert why(notice(hold_reason="review")) == [NotSent.ON_HOLD]
    assert why(notice(waits=True)) == [NotSent.LETTER_WAITS]
    assert why(notice(contacts=(Contact("abuse@host.example", health="hard"),))) == [NotSent.ADDRESS_BOUNCED]
    assert why(notice(address="", contacts=())) == [NotSent.NO_CONTACT]
    assert why(notice(at=MONDAY - hours(48)), now=MONDAY - hours(48)) == [NotSent.OUTSIDE_HOURS]
    to = "abuse@host.example"
    assert why(notice(), traffic={to: Traffic(grouped=1)}) == [NotSent.ALREADY_TODAY]
    assert why(notice(), traffic={to: Traffic(waits=True)}) == [NotSent.LETTER_WAITS]
    assert why(notice(), traffic={to: Traffic(automatic=40)}) == [NotSent.CAP_REACHED]
    survivor = notice(age=13, survivor_linked=True)
    assert why(survivor, traffic={to: Traffic(last_survivor=MONDAY - hours(10))}) == [NotSent.SLOT_TAKEN]
    assert why(survivor, traffic={to: Traffic(last_survivor=MONDAY - hours(11))}) == []


def test_a_pause_that_is_over_holds_nothing_back() -> None:
    assert why(notice(paused_until=MONDAY)) == []


def test_another_first_contact_is_used_when_the_notices_own_address_bounced() -> None:
    contacts = (Contact("abuse@host.example", health="hard"), Contact("new@host.example"))
    assert only(plan([notice(contacts=contacts)], RULES, MONDAY, {})).to == "new@host.example"


def test_items_beyond_one_letter_wait_for_the_next_day() -> None:
    many = [notice(number, age=30, statuses=(Status.SENT,) * 200) for number in range(1, 5)]
    found = plan(many, RULES, MONDAY, {})
    assert [part.notice for part in only(found).parts] == [1, 2]
    assert [reason for _, reason in reasons(found)] == [NotSent.CAP_REACHED] * 2
    assert {moved.next_due_at for moved in found.moved if moved.why} == {datetime(2026, 11, 17, 7, tzinfo=UTC)}


def test_old_notices_do_not_keep_newer_ones_out_for_ever() -> None:
    world = World(MONDAY, {n: notice(n, age=500 - n, rung=5, contacts=()) for n in range(1, 13)})
    world.rules = replace(world.rules, caps=Caps(items=1))
    for number in world.notices:
        world.settle(number)
    while world.now < MONDAY + timedelta(days=100):
        world.now += hours(1)
        world.tick()
    letters = Counter(part.notice for _, letter in world.sent for part in letter.parts)
    assert set(letters) == set(world.notices)
    assert max(letters.values()) - min(letters.values()) <= 2


def test_a_notice_larger_than_any_letter_still_gets_one() -> None:
    assert only(plan([notice(statuses=(Status.SENT,) * 900)], RULES, MONDAY, {})).parts[0].items == 900


def test_closed_and_answered_items_are_not_chased() -> None:
    mixed = notice(statuses=(Status.SENT, Status.REMOVED, Status.REFUSED, Status.PARTIAL, Status.INFO_REQUESTED))
    assert only(plan([mixed], RULES, MONDAY, {})).parts[0].items == 2


def test_one_refused_item_does_not_silence_the_others_of_its_notice() -> None:
    mixed = notice(statuses=(Status.SENT, Status.REFUSED), hold_reason="refused")
    assert only(plan([mixed], RULES, MONDAY, {})).parts[0].items == 1
    assert why(replace(mixed, hold_reason="closing_waits")) == [NotSent.ON_HOLD]
    assert why(replace(mixed, statuses=(Status.REFUSED,))) == [NotSent.ANSWERED]


def test_the_same_parts_give_the_same_key() -> None:
    first, again = (only(plan([notice(1), notice(2)], RULES, MONDAY + hours(at), {})) for at in (0, 1))
    other = only(plan([notice(1, age=49), notice(2)], RULES, MONDAY, {}))
    assert first.key == again.key != other.key


@dataclass
class World:
    """A small house: notices, the letters that left, and a clock that may jump."""

    now: datetime
    notices: dict[int, Standing]
    due: dict[int, datetime | None] = field(default_factory=dict)
    sent: list[tuple[datetime, Letter]] = field(default_factory=list)
    rungs: Counter[tuple[int, int, int]] = field(default_factory=Counter)
    rules: Rules = field(default_factory=lambda: replace(RULES, caps=Caps(items=4)))

    def settle(self, number: int) -> None:
        one = self.notices[number]
        self.due[number] = next_due(one, self.rules.ladder(one), self.rules.working)

    def tick(self) -> None:
        chosen = [self.notices[n] for n, at in self.due.items() if at and at <= self.now]
        found = plan(chosen, self.rules, self.now, self.traffic())
        assert sorted(moved.notice for moved in found.moved) == sorted(one.id for one in chosen)
        for letter in found.letters:
            self.check(letter)
            self.sent.append((self.now, letter))
        for moved in found.moved:
            assert moved.next_due_at is None or moved.next_due_at > self.now  # a tick never spins
            self.notices[moved.notice] = replace(self.notices[moved.notice], rung=moved.rung)
            self.due[moved.notice] = moved.next_due_at

    def check(self, letter: Letter) -> None:
        working = self.rules.working
        assert letter.survivor_linked or working.is_working(self.now)
        for part in letter.parts:
            one = self.notices[part.notice]
            assert one.chased
            assert not one.paused_until or one.paused_until <= self.now
            self.rungs[part.notice, part.cycle, part.rung] += 1
            assert self.rungs[part.notice, part.cycle, part.rung] == 1  # never two letters for one rung

    def traffic(self) -> dict[str, Traffic]:
        book: dict[str, Traffic] = {}
        today, tomorrow = self.rules.working.midnight(self.now), self.rules.working.midnight(self.now, 1)
        for at, letter in self.sent:
            one = book.get(letter.slot, Traffic())
            if today <= at < tomorrow:
                one = replace(one, automatic=one.automatic + 1, grouped=one.grouped + (not letter.survivor_linked))
            if letter.survivor_linked:
                one = replace(one, last_survivor=at)
            book[letter.slot] = one
        return book

    def change(self, number: int, **more: object) -> None:
        self.notices[number] = replace(self.notices[number], **more)  # type: ignore[arg-type]
        self.settle(number)


def answers() -> st.SearchStrategy[tuple[str, int, object]]:
    """Everything that may happen between two ticks: (what, notice, how)."""
    number = st.integers(1, 5)
    return st.one_of(
        st.tuples(st.just("wait"), number, st.integers(1, 60 * 60)),  # minutes
        st.tuples(st.just("down"), number, st.integers(1, 8)),  # weeks
        st.tuples(st.just("back"), number, st.integers(1, 72)),  # the clock goes back, hours
        st.tuples(st.just("status"), number, st.sampled_from(list(Status)[2:])),
        st.tuples(st.just("pause"), number, st.integers(1, 96)),
        st.tuples(st.just("bounce"), number, st.sampled_from(["hard", "ok"])),
        st.tuples(st.just("reopen"), number, st.none()),
    )


def happen(world: World, what: str, number: int, how: object) -> None:
    one = world.notices[number]
    if what in ("wait", "down", "back"):
        step = {"wait": timedelta(minutes=1), "down": timedelta(weeks=1), "back": -timedelta(hours=1)}[what]
        world.now += int(str(how)) * step
    elif what == "status" and not (one.statuses[0].is_closed):
        world.change(number, statuses=(Status(str(how)),))
    elif what == "pause":
        world.change(number, paused_until=world.now + hours(int(str(how))), pause_by="anna")
    elif what == "bounce":
        world.change(number, contacts=(Contact(one.address, health=str(how)), *ALL[1:]))
    elif what == "reopen" and one.statuses[0].is_closed:
        world.change(number, statuses=(Status.SENT,), cycle=one.cycle + 1, rung=0, started_at=world.now)


@settings(max_examples=count(test=150, prove=10_000), deadline=None)
@given(
    story=st.lists(answers(), max_size=60),
    ages=st.lists(st.integers(0, 400), min_size=5, max_size=5),
    linked=st.sets(st.integers(1, 5)),
)
@example(story=[("reopen", 1, None), ("wait", 1, 240)], ages=[0, 0, 0, 92, 96], linked=set())
def test_whatever_happens_no_rung_leaves_twice_and_nothing_leaves_for_what_is_closed(
    story: Iterable[tuple[str, int, object]], ages: list[int], linked: set[int]
) -> None:
    world = World(MONDAY, {n: notice(n, age=ages[n - 1], survivor_linked=n in linked) for n in range(1, 6)})
    for number in world.notices:
        world.settle(number)
    for what, number, how in story:
        happen(world, what, number, how)
        before = len(world.sent)
        world.tick()
        world.tick()  # a second tick at once finds nothing new
        assert all(at == world.now for at, _ in world.sent[before:])
    check_caps(world, forward="back" not in {what for what, _, _ in story})


def check_caps(world: World, *, forward: bool) -> None:
    """One grouped letter per slot and day, survivor-linked ones 11 hours apart (while the clock ran forward)."""
    days = Counter(
        (letter.slot, world.rules.working.midnight(at)) for at, letter in world.sent if not letter.survivor_linked
    )
    assert all(number == 1 for number in days.values())
    assert all(sum(part.items for part in letter.parts) <= 4 for _, letter in world.sent)
    for slot in {letter.slot for _, letter in world.sent}:
        slots = sorted(at for at, letter in world.sent if letter.survivor_linked and letter.slot == slot)
        assert not forward or all(right - left >= hours(11) for left, right in pairwise(slots))


def test_after_weeks_of_downtime_one_letter_leaves_not_one_per_rung() -> None:
    for linked, ladder in ((False, NORMAL), (True, SURVIVOR)):
        world = World(MONDAY, {1: notice(1, age=0, survivor_linked=linked, contacts=())})
        world.settle(1)
        world.now += timedelta(weeks=5)
        world.tick()
        world.tick()
        assert len(world.sent) == 1
        assert world.notices[1].rung == ladder.latest_due(MONDAY, world.now)


def test_a_silent_notice_is_chased_rung_by_rung_for_ever() -> None:
    world = World(MONDAY, {1: notice(1, age=0)})
    world.settle(1)
    while world.now < MONDAY + timedelta(days=120):
        world.now += hours(1)
        world.tick()
    rungs = [letter.parts[0].rung for _, letter in world.sent]
    assert rungs == list(range(1, rungs[-1] + 1))
    assert rungs[-1] == NORMAL.latest_due(MONDAY, world.now)


def test_two_mailboxes_that_write_to_one_address_take_turns() -> None:
    busy = {n: notice(n, age=900 + 24 * n, contacts=(), mailbox="a") for n in range(1, 9)}  # something is due each day
    world = World(MONDAY, {**busy, 9: notice(9, age=500, contacts=(), mailbox="b")})
    for number in world.notices:
        world.settle(number)
    while world.now < MONDAY + timedelta(days=40):
        world.now += hours(1)
        world.tick()
    assert sum(letter.mailbox == "b" for _, letter in world.sent) >= 4


def test_a_letter_that_is_held_takes_no_slot_of_its_address() -> None:
    transit = notice(1, age=97, rung=3)
    own = notice(2, esp_id=2, esp="transit", address="abuse@transit.example", contacts=())
    found = plan([transit, own], RULES, MONDAY, {})
    assert sorted((letter.target, letter.held) for letter in found.letters) == [
        (Target.CONTACT, False),
        (Target.UPSTREAM, True),
    ]
