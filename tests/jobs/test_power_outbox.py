"""The way out: claimed before the call, marked after it, never sent blindly again, stopped by fuses and answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from daemon.errors import ConfigError, PermanentError, TransientError
from daemon.followups.reasons import NotSent
from daemon.jobs.letters import Withdrawn
from daemon.jobs.outbox import Fuses, Post, Way
from daemon.mailer import Result, Sending
from daemon.store import Store, outbox, reviews, state, tables
from daemon.store.outbox import NewLetter
from tests.jobs.house import House, composed, house, mail
from tests.memory import START, MemoryDraftMailer, MemoryMailer, PowerCut, Server


def queue(store: Store, key: str, to: str = "abuse@esp.example", **values: Any) -> int:
    with store.write() as conn:
        letter = NewLetter("followup", key, f"<{key}@hotline.example>", to, mailbox="main", **values)
        found = outbox.queue(conn, letter, START)
        assert found is not None
        return found


def states(store: Store) -> dict[str, int]:
    with store.read() as conn:
        return outbox.counts(conn)


def next_process(inside: House) -> House:
    inside.power.after = None
    again = House(inside.store, inside.server, inside.clock, inside.power, inside.mailer)
    again.start()
    return again


def test_a_letter_leaves_once_and_is_marked(store: Store) -> None:
    inside = house(store)
    queue(store, "a")
    assert inside.send().sent == 1
    assert inside.send().sent == 0
    assert [one.message_id for one in inside.mailer.left] == ["<a@hotline.example>"]
    assert states(store) == {"sent": 1}


def test_the_same_cause_queues_once(store: Store) -> None:
    queue(store, "a")
    with store.write() as conn:
        assert outbox.queue(conn, NewLetter("followup", "a", "<a@hotline.example>", "x@esp.example"), START) is None
    assert states(store) == {"queued": 1}


def test_a_letter_cut_off_in_the_middle_is_unknown_and_never_sent_again(store: Store) -> None:
    inside = house(store)
    queue(store, "a")
    inside.power.after = 2  # it has left, and nobody has written it down
    with pytest.raises(PowerCut):
        inside.send()
    assert states(store) == {"sending": 1}
    again = next_process(inside)
    again.send()
    assert len(inside.mailer.left) == 1
    assert states(store) == {"unknown": 1}
    assert asked(store) == []


def asked(store: Store) -> list[str]:
    with store.read() as conn:
        return [item.reason for item in reviews.listed(conn)]


def test_a_person_is_asked_once_after_an_hour_of_looking(store: Store) -> None:
    inside = house(store)
    queue(store, "a")
    inside.mailer.answers = [Sending(Result.UNKNOWN)]
    inside.send()
    looks = 0
    for _ in range(30):
        assert asked(store) == []
        inside.clock.advance(minutes=2)
        before = inside.box.commands
        inside.post.prove([inside.box])
        looks += inside.box.commands > before
    assert looks <= 6  # ever more seldom
    for _ in range(20):
        inside.clock.advance(hours=5)
        inside.post.prove([inside.box])
    assert asked(store) == ["letter_unknown"]
    assert len(inside.mailer.left) == 1


@pytest.mark.parametrize("seen_by_the_first", [True, False])
def test_a_copy_in_our_own_inbox_proves_that_it_left_and_lies_in_sent(store: Store, seen_by_the_first: bool) -> None:
    inside = house(store)
    queue(store, "a")
    inside.mailer.answers = [Sending(Result.UNKNOWN)]
    if seen_by_the_first:
        inside.send()
        assert states(store) == {"unknown": 1}
    else:
        inside.power.after = 2
        with pytest.raises(PowerCut):
            inside.send()
    inside.server.folder("Sent")
    inside.server.deliver(inside.mailer.left[0].raw)
    inside.walk()
    inside.file()
    next_process(inside)
    assert states(store) == {"sent": 1}
    assert (inside.server.count("INBOX"), inside.server.count("Sent")) == (0, 1)
    with store.read() as conn:
        assert conn.execute(select(tables.decisions)).all() == []


def test_a_mail_of_somebody_else_with_our_message_id_is_judged_and_proves_nothing(store: Store) -> None:
    inside = house(store)
    queue(store, "a")
    inside.mailer.answers = [Sending(Result.UNKNOWN)]
    inside.send()
    inside.server.deliver(mail("N-1 removed", 1, message_id="<a@hotline.example>"))
    assert inside.walk().decided == 1
    assert states(store) == {"unknown": 1}


def test_a_copy_goes_to_us_only_where_it_is_wanted(store: Store) -> None:
    inside = house(store)
    queue(store, "a")
    with store.read() as conn:
        row = outbox.get(conn, 1)
    for wanted in (False, True):
        to = Way(inside.mailer, "notices@hotline.example", wanted).envelope(row, b"").recipients
        assert ("notices@hotline.example" in to) is wanted


def test_a_copy_in_sent_proves_that_it_left(store: Store) -> None:
    inside = house(store)
    inside.mailer.sent = inside.server
    queue(store, "a")
    inside.power.after = 2
    with pytest.raises(PowerCut):
        inside.send()
    next_process(inside)
    assert states(store) == {"sent": 1}


def test_a_lost_answer_is_unknown_until_the_copy_turns_up(store: Store) -> None:
    inside = house(store)
    queue(store, "a")
    inside.mailer.answers = [Sending(Result.UNKNOWN)]
    assert inside.send().unknown == 1
    inside.clock.advance(days=2)
    assert inside.send().sent == 0
    inside.server.deliver(inside.mailer.left[0].raw, folder="Sent")
    assert inside.post.prove([inside.box]) == 1
    assert states(store) == {"sent": 1}


def test_a_server_that_is_away_leaves_the_letter_queued_and_the_same(store: Store) -> None:
    inside = house(store)
    queue(store, "a")
    inside.mailer.answers = [TransientError("away"), Sending(Result.DEFERRED, "451 4.7.1")]
    assert inside.send().stopped == "NOT_REACHED"
    assert inside.send().sent == 0  # not before its time
    inside.clock.advance(hours=3)
    assert inside.send().put_off == 1
    with store.read() as conn:
        first = outbox.get(conn, 1).raw  # type: ignore[union-attr]
    inside.clock.advance(hours=3)
    assert inside.send().sent == 1
    assert inside.mailer.left[0].raw == first


@pytest.mark.parametrize(
    ("answer", "end"), [(TransientError("away"), "queued"), (Sending(Result.DEFERRED, "451 4.7.1"), "failed")]
)
def test_a_letter_put_off_for_days_fails_but_never_one_that_nobody_could_take(
    store: Store, answer: Any, end: str
) -> None:
    inside = house(store)
    queue(store, "a")
    for _ in range(70):
        inside.mailer.answers = [answer]
        inside.send()
        inside.clock.advance(hours=3)
    assert states(store) == {end: 1}
    assert inside.mailer.left == []


def test_a_refused_letter_fails_and_a_person_is_told(store: Store) -> None:
    inside = house(store)
    queue(store, "a")
    inside.mailer.answers = [Sending(Result.REFUSED, "550 5.1.1")]
    assert inside.send().failed == 1
    assert states(store) == {"failed": 1}
    with store.read() as conn:
        assert [item.reasons for item in reviews.listed(conn)] == [["letter_refused", "outbox:1"]]


def test_a_refused_login_puts_the_letter_back_and_stops(store: Store) -> None:
    inside = house(store)
    queue(store, "a")
    inside.mailer.answers = [ConfigError("the login was refused")]
    with pytest.raises(ConfigError):
        inside.send()
    assert states(store) == {"queued": 1}


def test_a_bug_in_the_way_out_after_the_claim_is_unknown(store: Store) -> None:
    inside = house(store)
    queue(store, "a")
    queue(store, "b")
    inside.mailer.answers = [ValueError("a bug")]
    done = inside.send()
    assert (done.unknown, done.sent) == (1, 1)


def test_one_letter_that_cannot_be_composed_does_not_stop_the_others(store: Store) -> None:
    inside = house(store)
    bad = queue(store, "a")
    queue(store, "b")

    def compose(conn: Any, row: Any, now: Any) -> Any:
        if row.id == bad:
            raise PermanentError("no address")
        return composed(conn, row, now)

    inside.post = Post(store, {"main": Way(inside.mailer, "n@hotline.example")}, compose, inside.clock, Fuses(), "me")
    done = inside.send()
    assert (done.failed, done.sent) == (1, 1)
    assert states(store) == {"failed": 1, "sent": 1}


def test_a_letter_that_is_not_wanted_any_more_is_cancelled_with_the_reason(store: Store) -> None:
    inside = house(store)
    queue(store, "a")

    def compose(_conn: Any, _row: Any, _now: Any) -> Any:
        return Withdrawn(NotSent.CLOSED_SINCE)

    inside.post = Post(store, {"main": Way(inside.mailer, "n@hotline.example")}, compose, inside.clock, Fuses(), "me")
    assert inside.send().cancelled == 1
    assert inside.mailer.left == []
    with store.read() as conn:
        from daemon.store import journal

        assert journal.rows_of(conn, outbox_id=1)[-1]["details"]["reason"] == "CLOSED_SINCE"


def test_nothing_leaves_while_observing_paused_or_in_a_dry_run(store: Store) -> None:
    inside = house(store)
    queue(store, "a")
    with store.write() as conn:
        state.pause(conn, "sending", "a test", START, "anna")
    assert inside.send().stopped == "PAUSED"
    with store.write() as conn:
        state.resume(conn, "sending", START, "anna")
        state.set_mode(conn, "observe", START, "anna")
    assert inside.send().stopped == "OBSERVING"
    with store.write() as conn:
        state.set_mode(conn, "live", START, "anna")
    ways = {"main": Way(inside.mailer, "n@hotline.example")}
    dry = Post(store, ways, composed, inside.clock, Fuses(dry_run=True), "me")
    assert dry.send_due().stopped == "DRY_RUN"
    assert inside.mailer.left == []
    assert states(store) == {"queued": 1}


def test_no_address_gets_more_than_its_cap_in_a_day(store: Store) -> None:
    inside = house(store)
    for number in range(45):
        queue(store, f"k{number}")
    queue(store, "other", to="abuse@other.example")
    done = inside.send()
    assert (done.sent, done.put_off) == (41, 5)
    inside.clock.advance(hours=2)
    assert inside.send().sent == 0
    inside.clock.advance(hours=23)
    assert inside.send().sent == 5


def test_the_fuse_stops_everything_for_the_rest_of_the_hour(store: Store) -> None:
    inside = house(store)
    ways = {"main": Way(inside.mailer, "n@hotline.example")}
    inside.post = Post(store, ways, composed, inside.clock, Fuses(per_hour=3), "me")
    for number in range(5):
        queue(store, f"k{number}", to=f"abuse{number}@esp.example")
    done = inside.send()
    assert (done.sent, done.stopped) == (3, "FUSE")
    inside.clock.advance(minutes=61)
    assert inside.send().sent == 2


def test_a_held_letter_waits_for_its_approval(store: Store) -> None:
    inside = house(store)
    held = queue(store, "a", held=True)
    assert inside.send().sent == 0
    with store.write() as conn:
        assert outbox.approve(conn, held, START, "anna")
    assert inside.send().sent == 1


def test_what_waits_longest_leaves_first_and_survivor_linked_before_all(store: Store) -> None:
    inside = house(store)
    queue(store, "late", due_at=START)
    queue(store, "early", due_at=START - timedelta(days=1))
    queue(store, "urgent", due_at=START, survivor_linked=True)
    inside.send()
    assert [one.message_id.partition("@")[0] for one in inside.mailer.left] == ["<urgent", "<early", "<late"]


def drafting(store: Store) -> tuple[House, MemoryDraftMailer]:
    inside = house(store)
    mailer = MemoryDraftMailer(inside.power)
    again = House(store, inside.server, inside.clock, inside.power, mailer)
    again.start()
    return again, mailer


def test_a_draft_is_known_before_it_is_sent_and_a_second_attempt_sends_that_very_one(store: Store) -> None:
    inside, mailer = drafting(store)
    row = queue(store, "a")
    mailer.answers = [Sending(Result.DEFERRED, "503"), TransientError("no answer"), Sending(Result.SENT, "202")]
    for _ in range(3):
        inside.send()
        with store.read() as conn:
            assert outbox.get(conn, row).context["draft"] == "draft-1"  # type: ignore[union-attr]
        inside.clock.advance(hours=3)
    assert list(mailer.drafts) == ["draft-1"]
    assert [one.draft for one in mailer.left] == ["draft-1"]
    assert states(store) == {"sent": 1}


def cut_before_sending(store: Store, row: int) -> tuple[House, MemoryDraftMailer]:
    """The next process, after the power went between the commit of a draft's id and its sending."""
    inside, mailer = drafting(store)
    inside.power.only, inside.power.after = "before send", 1
    with pytest.raises(PowerCut):
        inside.send()
    inside.power.only = ""
    again = next_process(inside)
    with store.read() as conn:
        assert outbox.get(conn, row).context["draft"] == "draft-1"  # type: ignore[union-attr]
    assert states(store) == {"unknown": 1}
    return again, mailer


def later(inside: House, **by: float) -> None:
    inside.clock.advance(**by)
    inside.post.prove([inside.box])
    inside.send()


def test_a_draft_that_a_dead_process_left_behind_is_found_twice_and_then_sent_itself(store: Store) -> None:
    inside, mailer = cut_before_sending(store, queue(store, "a"))
    later(inside, minutes=1)
    assert (mailer.looks, mailer.left, states(store)) == (1, [], {"unknown": 1})
    later(inside, minutes=1)
    assert [one.draft for one in mailer.left] == ["draft-1"]
    assert (list(mailer.drafts), states(store), asked(store)) == (["draft-1"], {"sent": 1}, [])


def test_a_draft_that_vanishes_between_two_looks_is_never_sent_again(store: Store) -> None:
    inside, mailer = cut_before_sending(store, queue(store, "a"))
    later(inside, minutes=1)
    mailer.gone.add("draft-1")  # the server had accepted it after all
    for _ in range(12):
        later(inside, minutes=10)
    assert (mailer.left, states(store), asked(store)) == ([], {"unknown": 1}, ["letter_unknown"])


def test_seen_once_gone_and_seen_again_is_not_seen_twice(store: Store) -> None:
    inside, mailer = cut_before_sending(store, queue(store, "a"))
    later(inside, minutes=1)
    mailer.gone.add("draft-1")
    later(inside, minutes=1)
    mailer.gone.clear()
    later(inside, minutes=3)
    assert (mailer.left, states(store)) == ([], {"unknown": 1})
    later(inside, minutes=2)
    assert (len(mailer.left), states(store)) == (1, {"sent": 1})


def test_once_a_person_has_been_asked_the_draft_is_theirs(store: Store) -> None:
    inside, mailer = cut_before_sending(store, queue(store, "a"))
    mailer.gone.add("draft-1")
    for _ in range(12):
        later(inside, minutes=10)
    mailer.gone.clear()
    for _ in range(6):
        later(inside, hours=5)
    assert (mailer.left, states(store), asked(store)) == ([], {"unknown": 1}, ["letter_unknown"])


def test_a_draft_whose_end_is_never_told_becomes_a_persons_after_a_few_tries(store: Store) -> None:
    inside, mailer = cut_before_sending(store, queue(store, "a"))

    def send(_envelope: Any) -> Sending:
        return Sending(Result.UNKNOWN)

    mailer.send = send  # type: ignore[method-assign]
    for _ in range(60):
        later(inside, minutes=20)
    assert (states(store), asked(store)) == ({"unknown": 1}, ["letter_unknown"])
    with store.read() as conn:
        assert outbox.get(conn, 1).attempts == 5  # type: ignore[union-attr]


def test_a_way_out_that_cannot_be_asked_leaves_the_letter_to_the_next_look(store: Store) -> None:
    inside, mailer = cut_before_sending(store, queue(store, "a"))
    look_at = mailer.look_at

    def away(_envelope: Any) -> Result:
        raise TransientError("away")

    mailer.look_at = away  # type: ignore[method-assign]
    later(inside, minutes=1)
    mailer.look_at = look_at  # type: ignore[method-assign]
    for _ in range(2):
        later(inside, minutes=3)
    assert (len(mailer.left), states(store)) == (1, {"sent": 1})


def test_a_person_is_asked_though_nobody_looked_for_days(store: Store) -> None:
    inside = house(store)
    queue(store, "a")
    inside.power.after = 2
    with pytest.raises(PowerCut):
        inside.send()
    inside.clock.advance(days=3)
    again = next_process(inside)
    for _ in range(3):
        later(again, hours=12)
    assert asked(store) == ["letter_unknown"]


def test_a_process_that_stops_wakes_every_way_out(store: Store) -> None:
    inside, mailer = drafting(store)
    rung: list[bool] = []
    mailer.wake = lambda: rung.append(True)  # type: ignore[attr-defined]
    inside.post.wake()
    assert rung == [True]


def test_a_letter_that_cannot_become_a_draft_has_not_left(store: Store) -> None:
    inside, mailer = drafting(store)
    queue(store, "a")
    mailer.draft = lambda _envelope: Sending(Result.REFUSED, "400")  # type: ignore[method-assign]
    assert inside.send().failed == 1
    assert mailer.left == []


@pytest.mark.parametrize("kind", [MemoryMailer, MemoryDraftMailer])
def test_the_power_may_go_at_any_crossing_and_no_letter_leaves_twice(
    store: Store, database_url: str, kind: type[MemoryMailer]
) -> None:
    from tests.jobs.house import go_live
    from tests.memory import FakeClock, Power, cut_store

    power = Power()
    cut = cut_store(database_url, power)
    go_live(store)
    server, mailer, clock = Server(), kind(power), FakeClock()
    for number in range(4):
        queue(store, f"k{number}", to=f"a{number}@esp.example")
    for crossing in range(1, 40):
        inside = House(cut, server, clock, power, mailer)
        try:
            inside.start()
            power.after = crossing
            inside.send()
        except PowerCut:
            continue
        finally:
            power.after = None
    left = [one.message_id for one in mailer.left]
    assert len(left) == len(set(left))
    assert sum(states(store).values()) == 4
    assert set(states(store)) <= {"sent", "unknown"}
    cut.close()
