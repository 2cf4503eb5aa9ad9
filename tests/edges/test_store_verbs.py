"""Switches, rules in force, digests, reviews, clocks, retention: each verb does its one thing, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from daemon.followups.planned import Moved
from daemon.notices.takedown import Event
from daemon.store import (
    Store,
    clocks,
    digests,
    journal,
    messages,
    notices,
    outbox,
    places,
    reviews,
    rule_versions,
    state,
    tables,
)
from daemon.store.messages import NewMessage
from daemon.store.outbox import NewLetter
from daemon.store.places import Bound
from daemon.store.reviews import NewReview
from tests.jobs.house import import_notices, notice
from tests.memory import START


def test_it_observes_until_somebody_says_live(store: Store) -> None:
    with store.write() as conn:
        assert state.mode(conn) == "observe"
        state.set_mode(conn, "live", START, "anna")
        state.set_mode(conn, "live", START, "anna")
        assert state.mode(conn) == "live"
        assert [(row["actor"], row["old"], row["new"]) for row in journal.rows_of(conn)] == [
            ("anna", "observe", "live")
        ]


def test_a_pause_has_a_reason_and_an_end(store: Store) -> None:
    with store.write() as conn:
        assert state.paused(conn, "sending") is None
        state.pause(conn, "sending", "a template is wrong", START, "anna")
        assert state.paused(conn, "sending") == "a template is wrong"
        assert state.paused(conn, "closing") is None
        assert state.resume(conn, "sending", START, "anna")
        assert not state.resume(conn, "sending", START, "anna")
        assert all("template" not in str(dict(row)) for row in journal.rows_of(conn))


def test_one_version_of_the_rules_is_active(store: Store) -> None:
    with store.write() as conn:
        assert rule_versions.active(conn) is None
        first, second = (rule_versions.store(conn, text, START) for text in ("a: 1", "a: 2"))
        assert rule_versions.store(conn, "a: 1", START) == first
        for digest in (first, second, second, first):
            rule_versions.activate(conn, digest, START, "anna")
        found = rule_versions.active(conn)
        assert found is not None
        assert (found.sha256, found.text) == (first, "a: 1")
        assert len(rule_versions.listed(conn)) == 2
        assert len(journal.rows_of(conn)) == 3


def test_a_digest_is_made_once_for_a_week_and_a_person(store: Store) -> None:
    with store.write() as conn:
        assert digests.take(conn, "2026-W47", "Lead@hotline.example", START)
        assert not digests.take(conn, "2026-W47", "lead@hotline.example", START)
        assert digests.take(conn, "2026-W48", "lead@hotline.example", START)
        letter = outbox.queue(
            conn, NewLetter("digest", "d1", "<d1@x.example>", "lead@hotline.example", raw=b"x"), START
        )
        assert letter is not None
        digests.tie(conn, "2026-W47", "lead@hotline.example", letter)
        found = digests.get(conn, "2026-W47", "LEAD@hotline.example")
        assert found is not None
        assert found.outbox_id == letter


def test_an_item_is_decided_by_one_person(store: Store) -> None:
    with store.write() as conn:
        item = reviews.add(conn, NewReview("mixed"), START)
        assert reviews.counts(conn) == {"review": 1}
        reviews.assign(conn, item, "anna")
        assert reviews.decide(conn, item, "accepted", START, "anna")
        assert not reviews.decide(conn, item, "skipped", START, "berit")
        found = reviews.get(conn, item)
        assert found is not None
        assert (found.state, found.decided_by) == ("accepted", "anna")
        assert reviews.counts(conn) == {}


def test_the_clocks_of_a_notice_start_when_it_is_sent(store: Store) -> None:
    import_notices(store, [notice(1, sent_at=None)])
    with store.write() as conn:
        assert clocks.due(conn, START) == []
        notices.advance(conn, [1], Event.APPROVED, START, "anna")
        assert notices.counts(conn) == {"queued": 1}
        notices.advance(conn, [1], Event.SENT, START, "daemon")
        notices.advance(conn, [1], Event.SENT, START + timedelta(days=1), "daemon")
        [one] = clocks.due(conn, START)
        assert one.started_at == START
        assert [item.sent_at for item in notices.items_of(conn, 1)] == [START, START]
        assert notices.takedown_counts(conn) == {"sent": 2}
        assert journal.verify(conn) is None


def test_a_tick_looks_only_at_what_is_due(store: Store) -> None:
    import_notices(store, [notice(number) for number in range(1, 6)])
    with store.write() as conn:
        clocks.move_on(conn, [Moved(number, 1, 1, START + timedelta(days=number)) for number in range(1, 6)])
        assert [one.id for one in clocks.due(conn, START + timedelta(days=2))] == [1, 2]
        clocks.pause(conn, 1, START + timedelta(days=9), "anna", "agreed", START)
        assert [one.id for one in clocks.due(conn, START + timedelta(days=2))] == [2]
        conn.execute(update(tables.notices).where(tables.notices.c.id == 2).values(survivor_linked=True))
        clocks.look_again(conn, [5], START)
        assert [one.id for one in clocks.due(conn, START + timedelta(days=3), limit=2)] == [2, 5]


def test_a_notice_with_a_letter_in_the_outbox_waits(store: Store) -> None:
    import_notices(store, [notice(1)])
    with store.write() as conn:
        letter = outbox.queue(conn, NewLetter("followup", "k", "<k@x.example>", "abuse@esp.example"), START)
        row = {
            "notice_id": 1,
            "cycle": 1,
            "rung": 1,
            "outbox_id": letter,
            "outcome": "QUEUED",
            "reason": "",
            "at": START,
        }
        outbox.add_rungs(conn, [row, row])
        assert clocks.standings(conn, [1])[0].waits
        assert clocks.waiting_slots(conn) == {"abuse@esp.example": {False}}
        assert outbox.claim(conn, 1, b"raw", "s", START, "me")
        outbox.mark(conn, 1, "sent", START)
        assert not clocks.standings(conn, [1])[0].waits
        found = clocks.followups_between(conn, START, START + timedelta(days=1), ["abuse@esp.example"])
        assert found == {"abuse@esp.example": (1, None)}
        assert [(one.rung, one.outcome) for one in outbox.rungs_of(conn, 1)] == [(1, "SENT")]


def test_text_older_than_its_retention_is_dropped_and_the_rest_stays(store: Store) -> None:
    with store.write() as conn:
        old, new = (
            NewMessage((f"<{n}@x.example>", "f"), "main", START + timedelta(days=n), "decided", body=b"x")
            for n in (0, 9)
        )
        messages.record(conn, [old, new], START)
        assert messages.purge_bodies(conn, START + timedelta(days=5)) == 1
        assert messages.purge_bodies(conn, START + timedelta(days=5)) == 0
        assert messages.counts(conn) == {"decided": 2}


def test_a_place_holds_one_message_and_can_be_let_go(store: Store) -> None:
    with store.write() as conn:
        found = messages.record(
            conn, [NewMessage((f"<{n}@x.example>", "f"), "main", START, "decided") for n in (1, 2)], START
        )
        first, second = sorted(found.values())
        places.bind(conn, [Bound(first, "main", "INBOX", "1:1"), Bound(first, "main", "INBOX", "1:2")], START)
        places.bind(conn, [Bound(second, "main", "INBOX", "1:2")], START)
        assert places.bound(conn, "main", "INBOX", ["1:1", "1:2", "1:3"]) == {"1:1": first, "1:2": second}
        places.move(conn, "main", {("INBOX", "1:1"): ("Done", "7:1"), ("INBOX", "1:2"): ("Done", None)}, START)
        assert places.bound(conn, "main", "INBOX", ["1:1", "1:2"]) == {}
        assert places.bound(conn, "main", "Done", ["7:1"]) == {"7:1": first}
        places.release(conn, "main", [("Done", "7:1")])
        assert places.of_messages(conn, [first, second]) == []


@pytest.mark.parametrize("spot", [("INBOX", "1:1"), ("Ablage/Ä", "x" * 200)])
def test_strikes_are_counted_until_they_are_forgiven(store: Store, spot: tuple[str, str]) -> None:
    with store.write() as conn:
        assert [places.strike(conn, "main", spot, START) for _ in range(3)] == [0, 1, 2]
        places.forgive(conn, "main", [spot])
        assert places.strike(conn, "main", spot, START) == 0
