"""Two ESPs become one: notices, takedowns and statistics follow, no ring can be made, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from daemon.errors import PermanentError
from daemon.jobs import esp_changes
from daemon.notices.table import NewNotice
from daemon.store import Settings, Store, esps, importing, journal, merging, open_store, overview, register, tables
from daemon.store.journal import Entry
from tests.counts import count
from tests.databases import fresh
from tests.jobs.letterhouse import MONDAY
from tests.jobs.registerhouse import BOTH, Register, opened


@pytest.fixture(params=BOTH)
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    with opened(request.param, tmp_path) as found:
        furnish(found)
        yield found


def furnish(found: Register) -> None:
    found.esp("host", ("noc@host.example", "second"))
    found.esp("other")


def merge(home: Register, esp: str = "other", into: str = "host") -> None:
    with home.store.write() as conn:
        number = esp_changes.propose_merge(conn, esp, into, home.now, "anna")
    with home.store.write() as conn:
        esp_changes.confirm(conn, number, home.house.desk, home.now, "bert")


def test_a_merger_takes_two_persons(home: Register) -> None:
    with home.store.write() as conn:
        esp_changes.propose_merge(conn, "other", "host", home.now, "anna")
    with home.store.write() as conn, pytest.raises(PermanentError, match="proposed by you"):
        esp_changes.confirm(conn, 1, home.house.desk, home.now, "anna")
    assert home.state("other") == ("seen", [])


def test_everything_follows(home: Register) -> None:
    home.house.notice(1, "host", urls=2)
    home.house.notice(2, "other", urls=3)
    merge(home)
    with home.store.read() as conn:
        assert register.counts(conn) == {1: register.Counts(2, 5, 5)}
        found = esps.register(conn)
        assert found.by_id[2] is found.by_id[1]
        assert journal.verify(conn) is None
    assert home.knows() == (
        {"abuse@host.example", "noc@host.example", "abuse@other.example"},
        {"host.example", "other.example"},
    )
    home.mail("Desk <abuse@other.example>", "The file was removed.", subject="Re: [HL-2] Takedown notice, all of it")
    with home.store.read() as conn, pytest.raises(PermanentError, match='was merged into "host"'):
        register.find(conn, "other")


def test_a_later_notice_to_the_merged_one_goes_to_the_other(home: Register) -> None:
    merge(home)
    home.house.notice(3, "other")
    with home.store.read() as conn:
        assert register.counts(conn)[1].notices == 1


def test_a_url_that_both_have_open_is_open_once_and_both_notices_have_it(home: Register) -> None:
    first = shared(home.store, 1, "host")
    second = shared(home.store, 2, "other", linked=True)
    with home.store.write() as conn:
        conn.execute(text("UPDATE takedowns SET status = 'refused' WHERE esp_id = 2"))
        gone = conn.execute(text("SELECT id FROM takedowns WHERE esp_id = 2")).scalar_one()
        journal.append(conn, [Entry(home.now, "rules", "what was before", 2, takedown_id=gone)])
    merge(home)
    with home.store.read() as conn:
        rows = conn.execute(text("SELECT esp_id, cycle, is_open, survivor_linked FROM takedowns")).all()
        assert [tuple(row) for row in rows] == [(1, 1, True, True)]
        items = [overview.items_of(conn, one) for one in (first, second)]
        assert [len(one) for one in items] == [1, 1]
        history = overview.history_of(conn, second)
        assert "takedown_joined" in [event.action for event in history]
        assert "what was before" in [event.action for event in history]


def test_cycles_are_numbered_by_time_and_the_open_one_comes_last(home: Register) -> None:
    shared(home.store, 1, "host")
    shared(home.store, 2, "other")
    with home.store.write() as conn:
        conn.execute(text("UPDATE takedowns SET status = 'removed', is_open = false WHERE esp_id = 2"))
    shared(home.store, 3, "other")
    with home.store.write() as conn:
        conn.execute(text("UPDATE takedowns SET status = 'removed', is_open = false WHERE esp_id = 2"))
    merge(home)
    with home.store.read() as conn:
        rows = conn.execute(text("SELECT cycle, is_open FROM takedowns ORDER BY cycle")).all()
    assert [tuple(row) for row in rows] == [(1, False), (2, False), (3, True)]


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([("host", "host")], "cannot be merged into itself"),
        ([("other", "host"), ("host", "other")], 'was merged into "host"'),
        ([("other", "host"), ("other", "host")], 'was merged into "host"'),
    ],
)
def test_no_ring_can_be_made(home: Register, pairs: list[tuple[str, str]], says: str) -> None:
    for pair in pairs[:-1]:
        merge(home, *pair)
    with pytest.raises(PermanentError, match=says):
        merge(home, *pairs[-1])


def test_what_was_merged_into_the_merged_one_follows(home: Register) -> None:
    home.esp("third")
    merge(home, "third", "other")
    merge(home, "other", "host")
    home.house.notice(5, "third")
    with home.store.read() as conn:
        assert register.counts(conn)[1].notices == 1


def test_what_was_under_way_ends_with_it(home: Register) -> None:
    with home.store.write() as conn:
        esp_changes.propose_domain(conn, "other", "other-mail.example", home.now, "anna")
    merge(home)
    assert home.change(1).state == "stopped"
    assert home.state("host") == ("seen", [])


def test_every_table_that_names_an_esp_is_thought_of() -> None:
    """A table of later times that is about an ESP must say what a merger does to it."""
    about = {
        table.name
        for table in tables.metadata.tables.values()
        if any(key.column.table.name == "esps" for key in table.foreign_keys)
    }
    follow = {one.name for one in merging.FOLLOW} | {"takedowns", "tickets", "contacts", "esp_domains"}
    end = {"esp_changes", "onboardings", "silences", "learned"}
    assert about == follow | end | {"esps"}


def shared(store: Store, number: int, esp: str, *, linked: bool = False, url: int = 1) -> int:
    new = NewNotice(
        row=number,
        number=f"HL-{number}",
        esp=esp,
        esp_domain=f"{esp}.example",
        contact=f"abuse@{esp}.example",
        sent_at=MONDAY,
        urls=(f"https://shared.example/{url}",),
        survivor_linked=linked,
    )
    with store.write() as conn:
        return importing.add_notices(conn, [new], importing.Source("import", "t", MONDAY, "esp")).ids[0]


STEPS = st.lists(st.tuples(st.sampled_from(["host", "other"]), st.integers(1, 2), st.booleans()), max_size=8)


@settings(max_examples=count(test=15, prove=500), deadline=None)
@given(STEPS)
def test_whatever_both_have_each_url_is_open_at_most_once_and_every_item_keeps_its_takedown(steps: Any) -> None:
    with fresh("sqlite") as url:
        store = open_store(Settings(url))
        for number, (esp, which, closes) in enumerate(steps):
            shared(store, number, esp, url=which)
            if closes:
                with store.write() as conn:
                    conn.execute(text("UPDATE takedowns SET status = 'removed', is_open = false WHERE id % 2 = 1"))
        with store.write() as conn:
            for key in ("host", "other"):
                esps.ensure(conn, [esps.NewEsp(key, key)], MONDAY, "t")
            ids = esps.ids_of(conn, ["host", "other"])
            closed = conn.execute(text("SELECT count(*) FROM takedowns WHERE NOT is_open")).scalar_one()
            opened = conn.execute(text("SELECT count(DISTINCT url_key) FROM takedowns WHERE is_open")).scalar_one()
            merging.merge(conn, ids["other"], ids["host"], MONDAY, "t")
        with store.read() as conn:
            rows = conn.execute(text("SELECT esp_id, url_key, cycle, is_open FROM takedowns")).all()
            lost = conn.execute(
                text(
                    "SELECT count(*) FROM notice_items i LEFT JOIN takedowns t ON t.id = i.takedown_id WHERE t.id IS NULL"
                )
            ).scalar_one()
            assert lost == 0
            assert {row[0] for row in rows} <= {ids["host"]}
            assert sum(1 for row in rows if not row[3]) == closed
            assert sum(1 for row in rows if row[3]) == opened
            for key in {row[1] for row in rows}:
                mine = sorted((row[2], bool(row[3])) for row in rows if row[1] == key)
                assert [cycle for cycle, _ in mine] == list(range(1, len(mine) + 1))
                assert not any(is_open for _, is_open in mine[:-1])
            assert journal.verify(conn) is None
        store.close()
