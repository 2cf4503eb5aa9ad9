"""Notices come in: each number once, each URL tied to its one open takedown, a closed one opened anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from daemon.decide.effects import Action, Change
from daemon.message.urls import canonical
from daemon.notices.status import Evidence, Outcome, Status
from daemon.store import Store, clocks, importing, journal, notices, tables
from daemon.store.importing import Imported, Source
from daemon.store.moves import Because, carry_out
from daemon.store.rows import url_key
from tests.counts import count
from tests.jobs.house import import_notices, notice
from tests.memory import START


def imported(store: Store, *new: Any, **source: Any) -> Imported:
    with store.write() as conn:
        return importing.add_notices(
            conn, new, Source("import", "anna", source.get("now", START), "main", canonical=canonical)
        )


def items(store: Store, number: str) -> list[Any]:
    with store.read() as conn:
        row = notices.get(conn, number)
        assert row is not None
        return list(notices.items_of(conn, row.id))


def close(store: Store, number: str, *positions: int) -> None:
    with store.write() as conn:
        row = notices.get(conn, number)
        assert row is not None
        changes = [
            Change(
                Action.STATUS,
                notice=row.number,
                takedown=item.id,
                position=item.position,
                old=item.status,
                new=Status.REMOVED.value,
                outcome=Outcome.REMOVED,
                evidence=Evidence.VERIFIED,
                closes=True,
            )
            for item in notices.items_of(conn, row.id)
            if item.position in positions
        ]
        carry_out(conn, changes, [row.id], Because(START, "anna"))


def test_a_sent_notice_is_there_with_its_items_and_its_clock(store: Store) -> None:
    done = imported(store, notice(1, urls=3))
    assert (done.added, done.opened, done.linked, done.already_there) == (1, 3, 0, 0)
    assert [(one.position, one.status, one.cycle) for one in items(store, "n-1")] == [
        (1, "sent", 1),
        (2, "sent", 1),
        (3, "sent", 1),
    ]
    with store.read() as conn:
        row = notices.get(conn, "N-1")
        assert row is not None
        assert (row.status, row.clock_from, row.next_due_at) == (
            "sent",
            START - timedelta(hours=2),
            START - timedelta(hours=2),
        )
        assert journal.verify(conn) is None
        assert [one.number for one in clocks.due(conn, START)] == ["N-1"]


def test_importing_again_changes_nothing_and_says_so(store: Store) -> None:
    imported(store, notice(1), notice(2))
    with store.read() as conn:
        before = len(journal.rows_of(conn))
    done = imported(store, notice(1), notice(2), notice(1))
    assert (done.added, done.already_there, done.differing) == (0, 3, [])
    with store.read() as conn:
        assert len(journal.rows_of(conn)) == before


@pytest.mark.parametrize(
    "change",
    [
        {"contact": "other@esp.example"},
        {"urls": ("https://n1.example/9",)},
        {"priority": 1},
        {"survivor_linked": True},
        {"sent_at": START},
    ],
)
def test_a_number_with_other_content_is_told_and_left_alone(store: Store, change: dict[str, Any]) -> None:
    imported(store, notice(1))
    done = imported(store, replace(notice(1), row=7, **change))
    assert (done.added, done.already_there, done.differing) == (0, 0, [(7, "N-1")])
    assert [one.status for one in items(store, "N-1")] == ["sent", "sent"]


def test_a_number_twice_in_one_file_with_other_content_is_told(store: Store) -> None:
    done = imported(store, notice(1), replace(notice(1), row=2, priority=1))
    assert (done.added, done.differing) == (1, [(2, "N-1")])


def test_a_second_notice_for_an_open_url_is_tied_to_its_takedown(store: Store) -> None:
    imported(store, notice(1))
    second = replace(
        notice(2), urls=("HTTPS://N1.example/1#part", "https://n2.example/1"), survivor_linked=True, priority=1
    )
    done = imported(store, second)
    assert (done.opened, done.linked, done.reopened) == (1, 1, 0)
    first, again = items(store, "N-1")[0], items(store, "N-2")[0]
    assert first.id == again.id
    assert (again.survivor_linked, again.priority) == (True, 1)


def test_one_takedown_closed_moves_every_notice_that_shares_it(store: Store) -> None:
    imported(store, notice(1, urls=1), replace(notice(2, urls=1), urls=("https://n1.example/1",)))
    close(store, "N-1", 1)
    with store.read() as conn:
        found = [notices.get(conn, number) for number in ("N-1", "N-2")]
        assert [row.status for row in found if row] == ["resolved", "resolved"]
        assert [row.next_due_at for row in found if row] == [None, None]


def test_a_closed_url_reported_again_opens_the_next_cycle(store: Store) -> None:
    imported(store, notice(1))
    close(store, "N-1", 1)
    done = imported(store, replace(notice(2), urls=("https://n1.example/1",)))
    assert (done.opened, done.reopened) == (1, 1)
    assert [(one.cycle, one.status) for one in items(store, "N-2")] == [(2, "sent")]
    assert items(store, "N-1")[0].status == "removed"
    with store.read() as conn:
        assert [row["old"] for row in journal.rows_of(conn) if row["action"] == "reopened"] == ["removed"]
        assert len(notices.find_url(conn, url_key(canonical("https://n1.example/1")))) == 2


def test_a_draft_becomes_sent_when_a_sent_notice_names_its_url(store: Store) -> None:
    imported(store, notice(1, urls=1, sent_at=None))
    assert items(store, "N-1")[0].status == "draft"
    imported(store, replace(notice(2, urls=1), urls=("https://n1.example/1",)))
    assert items(store, "N-1")[0].status == "sent"


def test_a_closed_takedown_is_never_touched_again(store: Store) -> None:
    imported(store, notice(1))
    close(store, "N-1", 1)
    with store.read() as conn:
        before = conn.execute(select(tables.takedowns)).all()
    close(store, "N-1", 1)
    imported(store, notice(1))
    with store.read() as conn:
        assert conn.execute(select(tables.takedowns)).all() == before


def test_two_open_takedowns_of_one_url_cannot_be(store: Store) -> None:
    from daemon.errors import PermanentError

    imported(store, notice(1, urls=1))
    with store.write() as conn:
        conn.execute(update(tables.takedowns).values(is_open=False))
    imported(store, replace(notice(2, urls=1), urls=("https://n1.example/1",)))
    with pytest.raises(PermanentError), store.write() as conn:
        conn.execute(update(tables.takedowns).values(is_open=True))


def test_odd_text_is_taken_by_every_database(store: Store) -> None:
    long = "https://n1.example/" + "x" * 6000
    odd = replace(
        notice(1),
        subject="nul \x00 and \udcff",
        urls=(long, "https://n1.example/\x00\udcff"),
        message_id="<" + "m" * 3000 + "@x.example>",
    )
    assert imported(store, odd).added == 1
    assert items(store, "N-1")[0].url_as_written == long


def test_an_error_rolls_the_whole_import_back(store: Store) -> None:
    def fail() -> None:
        with store.write() as conn:
            importing.add_notices(conn, [notice(n) for n in range(1, 50)], Source("import", "anna", START))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.read() as conn:
        assert notices.counts(conn) == {}


def test_many_notices_come_in_whole_sets(store: Store) -> None:
    number = count(2500, 20_000)
    told: list[int] = []
    with store.write() as conn:
        new = [notice(n, urls=4) for n in range(1, number + 1)]
        done = importing.add_notices(conn, new, Source("import", "anna", START, "main"), told.append)
    assert (done.added, done.opened, sum(told)) == (number, number * 4, number)
    assert import_notices(store, [notice(number)]).added == 0
