"""What is due leaves once, in one commit with its moved-on date; what does not leave says why in the journal."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from daemon.decide.effects import Action, Change
from daemon.followups import plan as plan_module
from daemon.followups.ladder import PRESETS, Ladders
from daemon.followups.planned import Moved
from daemon.jobs import followups
from daemon.jobs.letters import compose, ready
from daemon.jobs.outbox import Fuses, Post, Way
from daemon.mailer import Result, Sending
from daemon.notices.status import Evidence
from daemon.notices.takedown import Event
from daemon.store import clocks, esps, journal, moves, notices, outbox, reviews, standing, state
from tests.jobs.letterhouse import MONDAY, House, house
from tests.memory import FakeClock, MemoryMailer, Power
from tests.postgres import server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    if request.param == "sqlite":
        found = house(tmp_path)
        yield found
        found.store.close()
        return
    url = server().url()
    found = house(url)
    yield found
    found.store.close()
    server().drop(url)


def become(home: House, notice_id: int, status: str, position: int = 1) -> None:
    """Let an ESP's answer move one takedown."""
    with home.store.write() as conn:
        number, items = next(iter(standing.load(conn, [notice_id]).items.items()))
        one = items[position - 1]
        change = Change(
            Action.STATUS,
            notice=number,
            takedown=one.takedown,
            position=position,
            old=one.status.value,
            new=status,
            evidence=Evidence.VERIFIED,
        )
        moves.carry_out(conn, [change], [notice_id], moves.Because(home.now, "anna"))


def test_a_due_reminder_leaves_once_and_the_notice_moves_on(home: House) -> None:
    one = home.notice(1)
    assert home.tick().letters == 1
    assert home.tick().letters == 0
    (_, row, letter) = home.sent[0]
    assert (row.template, row.to_address) == ("reminder-1", "abuse@host.example")
    assert letter.subject == "[HL-1] Reminder: 1 URL still open"
    assert home.rungs(one) == [(1, "SENT", "")]
    assert home.row(one).rung == 1
    assert home.row(one).next_due_at == home.now + timedelta(hours=23)


def test_the_letter_answers_the_notice_and_names_its_open_items(home: House) -> None:
    one = home.notice(1, urls=3)
    become(home, one, "removed", position=2)
    home.tick()
    back = email.message_from_bytes(home.sent[0][2].raw, policy=email.policy.default)
    assert back["in-reply-to"] == "<hl-1@hotline.example>"
    assert back["from"] == "Hotline <notices@hotline.example>"
    assert back["message-id"] == home.sent[0][1].message_id
    part = back.get_body(("plain",))
    assert part is not None
    text = part.get_content()
    assert "  1. hxxps://host[.]example/1/1" in text
    assert "  3. hxxps://host[.]example/1/3" in text
    assert "/1/2" not in text


def test_the_next_letter_names_the_one_before(home: House) -> None:
    home.notice(1)
    home.tick()
    home.tick(hours=24)
    first, second = (email.message_from_bytes(letter.raw) for _, _, letter in home.sent)
    assert second["References"].split() == ["<hl-1@hotline.example>", first["Message-ID"]]
    assert "reminder 2)" in home.sent[1][2].body


def test_all_notices_of_an_address_share_one_letter(home: House) -> None:
    ids = [home.notice(n, age=24 + n, urls=2) for n in range(1, 6)]
    report = home.tick()
    assert (report.letters, report.looked_at) == (1, 5)
    assert home.sent[0][1].context["notices"] == ids[::-1]
    back = email.message_from_bytes(home.sent[0][2].raw)
    assert back["In-Reply-To"] == "<hl-5@hotline.example>"
    home.notice(9, age=26)
    assert home.tick(hours=1).letters == 0
    assert home.reasons() == ["ALREADY_TODAY"]
    assert home.tick(hours=24).letters == 1


def test_a_letter_is_written_in_the_esps_language(home: House) -> None:
    home.esp("host", ("abuse@host.example", "primary"), language="de")
    home.notice(1)
    home.tick()
    assert home.sent[0][2].subject == "[HL-1] Erinnerung: 1 URL noch offen"


@pytest.mark.parametrize("status", ["removed", "refused", "info_requested", "not_hosted", "withdrawn"])
def test_an_answer_stops_the_letter_that_has_not_left(home: House, status: str) -> None:
    one = home.notice(1)
    followups.tick(home.store, home.desk, home.now)
    become(home, one, status)
    home.post()
    assert home.sent == []
    assert home.rungs(one)[0][:2] == (1, "CANCELLED")
    assert home.tick(hours=24).letters == 0
    assert home.row(one).next_due_at is None


def test_what_was_answered_is_left_out_of_a_letter_that_still_goes(home: House) -> None:
    first, second = home.notice(1, age=30), home.notice(2)
    followups.tick(home.store, home.desk, home.now)
    become(home, first, "removed")
    home.post()
    letter = home.sent[0][2]
    assert "HL-1" not in letter.body
    assert "HL-2" in letter.body
    assert [notice for notice, _ in letter.dropped] == [first]
    assert home.row(second).rung == 1


def test_an_address_that_bounced_since_gets_no_letter(home: House) -> None:
    home.esp("host", ("abuse@host.example", "primary"))
    home.notice(1)
    followups.tick(home.store, home.desk, home.now)
    with home.store.write() as conn:
        esps.set_health(conn, "abuse@host.example", "hard", 0, journal.Entry(home.now, "daemon", "contact"))
    home.post()
    assert [found.why.value for found in home.withdrawn] == ["ADDRESS_BOUNCED"]


def test_a_pause_by_a_person_is_kept_and_ends_by_itself(home: House) -> None:
    one = home.notice(1)
    with home.store.write() as conn:
        clocks.pause(conn, one, home.now + timedelta(hours=23), "anna", "asked for a day", home.now)
    assert home.tick(hours=1).letters == 0
    home.look(one)
    home.tick(hours=1)
    assert home.reasons() == ["PAUSED_BY_PERSON"]
    home.tick(hours=21)
    assert [row.template for _, row, _ in home.sent] == ["reminder-2"]  # the first was overtaken meanwhile
    assert home.rungs(one) == [(1, "SKIPPED", "OVERTAKEN"), (2, "SENT", "")]


def test_weeks_of_downtime_send_one_letter(home: House) -> None:
    one = home.notice(1, age=10 * 7 * 24)
    home.tick()
    assert len(home.sent) == 1
    outcomes = [outcome for _, outcome, _ in home.rungs(one)]
    assert outcomes.count("SENT") == 1
    assert set(outcomes[:-1]) == {"SKIPPED"}


def test_a_letter_to_a_third_party_waits_for_a_person(home: House) -> None:
    home.esp("host", ("abuse@host.example", "primary"), ("abuse@transit.example", "upstream"))
    one = home.notice(1, age=97)
    report = home.tick()
    assert (report.letters, report.held, len(home.sent)) == (1, 1, 0)
    with home.store.write() as conn:
        (row,) = outbox.in_state(conn, "held")
        (task,) = reviews.listed(conn, kind="task")
        assert (row.to_address, row.template, task.reason) == ("abuse@transit.example", "escalation", "letter_approval")
        assert task.reasons == ["letter_approval", f"outbox:{row.id}"]
        assert outbox.approve(conn, row.id, home.now, "anna")
    home.post()
    assert home.sent[0][2].subject.startswith("[HL-1] Host does not answer: 1 URL open for up to 4 days")
    assert "References" not in email.message_from_bytes(home.sent[0][2].raw)
    assert home.rungs(one)[-1][:2] == (4, "SENT")


def test_a_step_without_addressee_reminds_the_contact_and_asks_a_person(home: House) -> None:
    home.notice(1, age=97)
    home.tick()
    assert [(row.template, row.to_address) for _, row, _ in home.sent] == [("repeat", "abuse@host.example")]
    with home.store.read() as conn:
        assert [row.reason for row in reviews.listed(conn, kind="task")] == ["contact_missing"]


def test_the_lead_is_told_and_asked_once_for_all_notices_of_an_esp(home: House) -> None:
    for number in (1, 2):
        home.notice(number, age=7 * 24 + 1)
    home.tick()
    assert [(row.template, row.to_address) for _, row, _ in home.sent] == [("lead", "lead@hotline.example")]
    with home.store.read() as conn:
        assert [row.reason for row in reviews.listed(conn, kind="task")] == ["lead_decides"]


def test_nothing_leaves_in_observe_mode_or_behind_the_brake(home: House) -> None:
    one = home.notice(1)
    with home.store.write() as conn:
        state.set_mode(conn, "observe", home.now, "anna")
    assert home.tick().letters == 0
    with home.store.write() as conn:
        state.set_mode(conn, "live", home.now, "anna")
        state.pause(conn, "sending", "test", home.now, "anna")
    assert home.tick().letters == 0
    assert home.row(one).rung == 0
    with home.store.write() as conn:
        state.resume(conn, "sending", home.now, "anna")
    assert home.tick().letters == 1


def test_a_restart_between_plan_and_post_sends_nothing_twice(home: House) -> None:
    home.notice(1)
    for _ in range(3):
        followups.tick(home.store, home.desk, home.now)
    home.post()
    home.post()
    assert len(home.sent) == 1


def test_a_lost_commit_plans_the_same_letter_again(home: House) -> None:
    home.notice(1)
    with home.store.read() as conn:
        found = clocks.due(conn, home.now)
        done = plan_module.plan(found, home.desk.rules, home.now, {})
    with home.store.write() as conn, conn.begin_nested() as cut:
        followups.write(conn, done, found, home.desk, home.now)
        cut.rollback()
    home.tick()
    assert len(home.sent) == 1


def test_one_broken_notice_does_not_stop_the_others(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = home.notice(1), home.notice(2, esp="other")
    whole = followups.plan

    def broken(due, *rest):  # type: ignore[no-untyped-def]
        assert all(one.id != bad for one in due), "a bug"
        return whole(due, *rest)

    monkeypatch.setattr(followups, "plan", broken)
    report = home.tick()
    assert (report.set_aside, report.letters) == (1, 1)
    assert home.row(good).rung == 1
    assert home.row(bad).next_due_at == home.now + timedelta(days=1)
    with home.store.read() as conn:
        assert [row.reason for row in reviews.listed(conn, kind="alert")] == ["ladder_failed"]


def test_the_journal_tells_every_rung_and_still_verifies(home: House) -> None:
    one = home.notice(1, age=80)
    home.tick()
    with home.store.read() as conn:
        rows = journal.rows_of(conn, notice_id=one)
        skipped = [row["details"] for row in rows if row["action"] == "rungs_skipped"]
        assert skipped == [{"from": 1, "to": 2, "cycle": 1}]
        assert journal.verify(conn) is None


def test_the_same_letter_composed_twice_is_the_same_bytes(home: House) -> None:
    home.notice(1)
    followups.tick(home.store, home.desk, home.now)
    with home.store.write() as conn:
        (row,) = outbox.due(conn, home.now)
        assert compose(conn, row, home.desk, home.now) == compose(conn, row, home.desk, home.now)


def test_a_notice_that_forgot_its_rung_is_not_reminded_of_it_again(home: House) -> None:
    one = home.notice(1)
    home.tick()
    home.notice(2, age=24)
    with home.store.write() as conn:
        clocks.move_on(conn, [Moved(one, 1, 0, home.now)])
    home.tick(hours=22)
    assert [row.context["notices"] for _, row, _ in home.sent] == [[one], [one + 1]]


def test_the_slots_of_survivor_linked_letters_hold_over_midnight(home: House) -> None:
    home.now = MONDAY + timedelta(hours=12, minutes=30)  # half past ten in the evening in Oslo
    home.notice(1, age=13, linked=True)
    home.notice(2, age=9, linked=True)
    assert home.tick().letters == 1
    assert home.tick(hours=4).letters == 0
    assert home.reasons() == ["SLOT_TAKEN"]
    assert home.tick(hours=7).letters == 1


def test_two_robots_exchange_one_letter_per_slot(home: House) -> None:
    """Whatever answers automatically at once, a week brings one letter a day at most, and no loop."""
    home.esp("host", ("abuse@host.example", "primary"), ("second@host.example", "second"))
    for number in range(1, 8):
        home.notice(number, age=number)
    for _ in range(7 * 24):
        before = len(home.sent)
        home.tick(hours=1)
        for _, row, _ in home.sent[before:]:
            for notice in row.context["notices"]:
                home.look(notice)  # an automatic answer arrived: every notice is looked at again
    days = [(row.to_address, at.date()) for at, row, _ in home.sent]
    assert len(days) == len(set(days))
    assert len(days) <= 3 * 5


def test_what_a_person_reads_of_a_notice_is_never_a_live_address(home: House) -> None:
    home.desk = replace(home.desk, plain_urls=True)
    home.notice(1)
    home.tick()
    assert "https://" not in home.sent[0][2].body


def test_a_letter_that_could_not_leave_in_its_hours_waits_for_the_next_morning(home: House) -> None:
    home.notice(1)
    followups.tick(home.store, home.desk, home.now)  # ten o'clock; then the mail server is away until the evening
    home.now += timedelta(hours=9)
    home.post()
    assert home.sent == []
    assert home.reasons() == ["OUTSIDE_HOURS"]
    home.notice(2, age=30)
    home.tick(hours=14)
    assert [at.hour for at, _, _ in home.sent] == [8]  # UTC
    assert home.tick(hours=1).letters == 0  # the other notice waits: the address has had its letter of the day


def test_a_letter_to_a_third_party_silences_nobody_else_at_that_address(home: House) -> None:
    home.esp("host", ("abuse@host.example", "primary"), ("abuse@other.example", "upstream"))
    home.notice(1, age=97)
    home.tick()
    home.notice(2, esp="other")
    home.tick(hours=1)
    assert [row.context["notices"] for _, row, _ in home.sent] == [[2]]


def test_a_second_attempt_no_longer_speaks_of_what_was_answered_since(home: House) -> None:
    first, second = home.notice(1, age=30), home.notice(2)
    mailer = MemoryMailer(Power())
    mailer.answers = [Sending(Result.DEFERRED, "451 4.7.1"), Sending(Result.DEFERRED, "451 4.7.1")]
    clock = FakeClock(home.now)
    post = Post(
        home.store,
        {"esp": Way(mailer, "notices@hotline.example")},
        lambda conn, row, now: ready(conn, row, home.desk, now),
        clock,
        Fuses(),
        "me",
    )
    followups.tick(home.store, home.desk, home.now)
    assert post.send_due().put_off == 1
    clock.advance(minutes=30)
    become(home, first, "removed")
    assert post.send_due().put_off == 1
    clock.advance(minutes=30)
    assert post.send_due().sent == 1
    part = email.message_from_bytes(mailer.left[0].raw, policy=email.policy.default).get_body(("plain",))
    assert part is not None
    assert "host[.]example/1/1" not in part.get_content()
    assert "host[.]example/2/1" in part.get_content()
    assert [home.rungs(one)[0][1] for one in (first, second)] == ["CANCELLED", "SENT"]


def test_a_second_attempt_whose_notices_are_all_closed_is_none(home: House) -> None:
    one = home.notice(1)
    mailer = MemoryMailer(Power())
    mailer.answers = [Sending(Result.DEFERRED, "451 4.7.1")]
    clock = FakeClock(home.now)
    ways = {"esp": Way(mailer, "notices@hotline.example")}
    post = Post(home.store, ways, lambda conn, row, now: ready(conn, row, home.desk, now), clock, Fuses(), "me")
    followups.tick(home.store, home.desk, home.now)
    post.send_due()
    become(home, one, "removed")
    clock.advance(hours=2)
    assert post.send_due().cancelled == 1
    assert mailer.left == []


def test_a_clock_that_jumped_ahead_and_came_back_silences_nobody(home: House) -> None:
    one = home.notice(1)
    home.tick()
    home.tick(days=5 * 364)
    assert home.row(one).rung > 200
    home.now = MONDAY + timedelta(hours=1)
    home.tick(hours=24)
    home.tick(hours=24)
    assert [row.template for _, row, _ in home.sent] == ["reminder-1", "repeat", "reminder-2", "repeat"]
    left = [rung for rung, outcome, _ in home.rungs(one) if outcome == "SENT"]
    assert len(left) == len(set(left)) == 4
    with home.store.read() as conn:
        assert [row["action"] for row in journal.rows_of(conn)].count("clock_went_back") == 1


def test_a_changed_ladder_is_heeded_at_once(home: House) -> None:
    one = home.notice(1, age=1)
    home.tick()
    assert home.row(one).next_due_at > home.now + timedelta(hours=20)
    quick = Ladders({"normal": PRESETS["eu-tco"]})
    home.desk = replace(home.desk, rules=replace(home.desk.rules, ladders=quick))
    assert home.tick(minutes=1).letters == 1
    assert home.tick(minutes=1).looked_at == 0


def test_the_time_in_which_they_wait_for_us_is_not_counted_against_them(home: House) -> None:
    one = home.notice(1, age=20)
    become(home, one, "info_requested")
    home.now += timedelta(hours=72)
    home.tick()
    assert home.sent == []
    with home.store.write() as conn:
        notices.advance(conn, [one], Event.ANSWERED, home.now, "anna")
    home.tick()
    assert home.sent == []  # 20 hours of theirs have gone, not 92
    assert home.row(one).answer_by == MONDAY + timedelta(hours=4 + 72)
    assert home.row(one).remove_by == MONDAY + timedelta(hours=28 + 72)
    home.tick(hours=4)
    assert [row.template for _, row, _ in home.sent] == ["reminder-1"]


def test_a_ladder_that_had_nobody_to_write_to_goes_on_when_somebody_is_found(home: House) -> None:
    home.esp("host", ("abuse@host.example", "primary"))
    home.notice(1)
    for health in ("hard", "ok"):
        with home.store.write() as conn:
            esps.set_health(conn, "abuse@host.example", health, 0, journal.Entry(home.now, "anna", "contact"))
        home.tick(hours=1)
    assert home.reasons() == ["ADDRESS_BOUNCED"]
    assert len(home.sent) == 1
    home.notice(2, esp="other")
    with home.store.write() as conn:
        esps.set_health(conn, "abuse@other.example", "hard", 0, journal.Entry(home.now, "anna", "contact"))
    home.tick(hours=1)
    home.esp("other", ("desk@other.example", "primary"))
    home.tick(hours=1)
    assert home.sent[-1][1].to_address == "desk@other.example"
