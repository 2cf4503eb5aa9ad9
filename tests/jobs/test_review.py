"""A person's decision wins, is theirs in the journal, moves exactly what it names, and lets the ladder go on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from daemon.errors import PermanentError
from daemon.jobs import review
from daemon.jobs.review import Decided, ItemKey
from daemon.notices import takedown
from daemon.notices.status import Outcome, Status
from daemon.store import Settings, Store, journal, notices, open_store, reviews, tables
from daemon.store.reviews import NewReview
from tests.counts import count
from tests.databases import fresh
from tests.jobs.house import House, house, import_notices, mail, notice
from tests.memory import START

OUTCOMES = [one for one in Outcome if one is not Outcome.NO_CHANGE]


def unclear(store: Store, subject: str = "N-1 removed unclear", urls: int = 2) -> House:
    """A mail about N-1 that a person must see."""
    import_notices(store, [notice(1, urls)])
    inside = house(store)
    inside.server.deliver(mail(subject, 1))
    inside.walk()
    return inside


def row(conn: Connection, number: str = "N-1") -> Any:
    found = notices.get(conn, number)
    assert found is not None
    return found


def statuses(store: Store, number: str = "N-1") -> list[str]:
    with store.read() as conn:
        return [item.status for item in notices.items_of(conn, row(conn, number).id)]


def correct(store: Store, wanted: dict[ItemKey, Outcome], item: int = 1) -> Decided:
    with store.write() as conn:
        return review.correct(conn, item, wanted, START, "anna", "looked")


def events(store: Store, action: str) -> list[Any]:
    with store.read() as conn:
        return [one for one in journal.rows_of(conn, notice_id=row(conn).id) if one["action"] == action]


def test_an_accepted_proposal_is_carried_out_as_the_persons_own(store: Store) -> None:
    unclear(store)
    assert statuses(store) == ["sent", "sent"]
    with store.write() as conn:
        done = review.accept(conn, 1, START, "anna", "looked")
    assert done == Decided(1, "accepted", closed=2)
    assert statuses(store) == ["removed", "removed"]
    with store.read() as conn:
        item = reviews.get(conn, 1)
        assert item is not None
        assert (item.state, item.decided_by, item.note) == ("accepted", "anna", "looked")
        assert row(conn).status == "resolved"
        assert row(conn).next_due_at is None
        assert journal.verify(conn) is None
    assert {(one["actor"], one["details"]["evidence"]) for one in events(store, "status")} == {("anna", "verified")}


def test_a_correction_moves_only_what_it_names(store: Store) -> None:
    unclear(store)
    assert correct(store, {("N-1", 2): Outcome.REFUSED}) == Decided(1, "corrected", moved=1)
    assert statuses(store) == ["sent", "refused"]


def test_numbers_are_known_however_they_are_written(store: Store) -> None:
    unclear(store)
    correct(store, {("n-1", 1): Outcome.REMOVED})
    assert statuses(store) == ["removed", "sent"]


def test_a_correction_may_name_another_notice(store: Store) -> None:
    unclear(store)
    import_notices(store, [notice(2)])
    correct(store, {("N-2", 1): Outcome.REMOVED})
    assert statuses(store) == ["sent", "sent"]
    assert statuses(store, "N-2") == ["removed", "sent"]


def test_a_skipped_item_moves_nothing(store: Store) -> None:
    unclear(store)
    with store.write() as conn:
        assert review.skip(conn, 1, START, "anna") == Decided(1, "skipped")
    assert statuses(store) == ["sent", "sent"]


@pytest.mark.parametrize("decide", ["accept", "correct", "skip"])
def test_an_item_is_decided_once(decide: str, store: Store) -> None:
    unclear(store)
    correct(store, {("N-1", 1): Outcome.REMOVED})
    more = [{("N-1", 2): Outcome.REMOVED}] if decide == "correct" else []
    with store.write() as conn, pytest.raises(PermanentError, match="is corrected already, by anna"):
        getattr(review, decide)(conn, 1, *more, START, "bert")
    assert statuses(store) == ["removed", "sent"]


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({("N-1", 9): Outcome.REMOVED}, "notice N-1 has no item 9"),
        ({("N-1", 1): Outcome.REMOVED, ("N-9", 1): Outcome.REMOVED}, "there is no notice N-9"),
    ],
)
def test_a_decision_that_names_what_is_not_there_moves_nothing_at_all(
    wanted: dict[ItemKey, Outcome], says: str, store: Store
) -> None:
    unclear(store)
    with pytest.raises(PermanentError, match=says):
        correct(store, wanted)
    assert statuses(store) == ["sent", "sent"]
    with store.read() as conn:
        assert reviews.counts(conn) == {"review": 1}


def test_an_unknown_item_is_told(store: Store) -> None:
    with store.write() as conn, pytest.raises(PermanentError, match="there is no review item 7"):
        review.skip(conn, 7, START, "anna")


def test_where_nothing_is_proposed_nothing_can_be_accepted(store: Store) -> None:
    unclear(store, "N-1 unclear")
    with store.write() as conn, pytest.raises(PermanentError, match="proposes nothing"):
        review.accept(conn, 1, START, "anna")
    with store.read() as conn:
        assert reviews.counts(conn) == {"review": 1}


def test_a_task_or_alert_is_accepted_as_done(store: Store) -> None:
    house(store)
    with store.write() as conn:
        reviews.add(conn, NewReview("rules_file_broken", kind="alert"), START)
        assert review.accept(conn, 1, START, "anna").state == "accepted"


def closed_once(store: Store) -> House:
    """Item 1 is closed by a mail; a second mail waits for a person and proposes to close both."""
    inside = unclear(store)
    inside.server.deliver(mail("N-1 removed 1", 2))
    inside.walk()
    assert statuses(store) == ["removed", "sent"]
    return inside


def test_what_is_closed_stays_closed_whatever_a_person_says_of_the_mail(store: Store) -> None:
    closed_once(store)
    done = correct(store, {("N-1", 1): Outcome.REFUSED, ("N-1", 2): Outcome.REMOVED})
    assert (done.closed, done.moved, done.unchanged) == (1, 0, 1)
    assert statuses(store) == ["removed", "removed"]


def test_a_persons_decision_lets_a_waiting_ladder_go_on(store: Store) -> None:
    unclear(store)
    with store.write() as conn:
        conn.exec_driver_sql("UPDATE notices SET hold_reason = 'mixed', next_due_at = NULL")
        review.skip(conn, 1, START, "anna")
    with store.read() as conn:
        assert row(conn).hold_reason is None
        assert row(conn).next_due_at == START


def test_a_stand_that_a_person_confirms_keeps_the_ladder_waiting(store: Store) -> None:
    unclear(store)
    with store.write() as conn:
        conn.exec_driver_sql("UPDATE notices SET hold_reason = 'refused'")
    correct(store, {("N-1", 1): Outcome.REFUSED})
    with store.read() as conn:
        assert row(conn).hold_reason == "refused"


def test_a_contact_that_does_not_work_is_not_mended_by_a_decision_about_a_mail(store: Store) -> None:
    unclear(store)
    with store.write() as conn:
        conn.exec_driver_sql("UPDATE notices SET hold_reason = 'undeliverable'")
        review.skip(conn, 1, START, "anna")
    with store.read() as conn:
        assert row(conn).hold_reason == "undeliverable"


def test_of_two_persons_at_once_one_decides(store: Store) -> None:
    unclear(store)
    ready, ends = threading.Barrier(2), list[str]()

    def decide(by: str) -> None:
        ready.wait()
        try:
            with store.write() as conn:
                ends.append(review.accept(conn, 1, START, by).state)
        except PermanentError:
            ends.append("refused")

    both = [threading.Thread(target=decide, args=(by,)) for by in ("anna", "bert")]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert sorted(ends) == ["accepted", "refused"]
    assert len(events(store, "status")) == 2


def stores() -> Iterator[Store]:
    with fresh("sqlite") as url:
        store = open_store(Settings(url))
        yield store
        store.close()


@settings(max_examples=count(test=15, prove=300), deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(OUTCOMES)), max_size=3), st.sampled_from(list(OUTCOMES)))
def test_any_decision_follows_the_status_machine_and_the_chain_holds(
    wanted: list[tuple[int, Outcome]], before: Outcome
) -> None:
    for store in stores():
        inside = unclear(store, urls=3)
        inside.server.deliver(mail(f"N-1 {before.value} 1", 2))
        inside.walk()
        old = [Status(one) for one in statuses(store)]
        correct(store, {("N-1", position): outcome for position, outcome in wanted})
        expected = list(old)
        for position, outcome in dict(wanted).items():
            event = takedown.event_of(outcome)
            assert event is not None
            expected[position - 1] = takedown.step(old[position - 1], event) or old[position - 1]
        assert statuses(store) == expected
        with store.read() as conn:
            assert journal.verify(conn) is None
            assert row(conn).status == takedown.notice_status(expected).value


@pytest.mark.parametrize("decide", ["accept", "skip"])
def test_a_decided_mail_leaves_the_inbox(store: Store, decide: str) -> None:
    inside = unclear(store)
    inside.file()
    assert len(inside.server.folder("INBOX").messages) == 1
    with store.write() as conn:
        getattr(review, decide)(conn, 1, START, "anna")
    inside.file()
    assert not inside.server.folder("INBOX").messages


def test_mail_of_others_is_accepted_by_whoever_answers_it_and_stays_in_its_folder(store: Store) -> None:
    inside = unclear(store)
    with store.write() as conn:
        conn.execute(tables.reviews.update().values(reason="survivor", reasons=["survivor"], proposal=[]))
        done = review.accept(conn, 1, START, "anna")
    assert done == Decided(1, "accepted")
    assert statuses(store) == ["sent", "sent"]
    inside.file()
    assert inside.server.count("Noticed/Survivors and families") == 1


def test_a_survivors_mail_stands_first_in_the_queue(store: Store) -> None:
    with store.write() as conn:
        for reason in ("mixed", "press", "survivor"):
            reviews.add(conn, NewReview(reason), START)
        assert [row.reason for row in reviews.listed(conn)] == ["survivor", "mixed", "press"]
