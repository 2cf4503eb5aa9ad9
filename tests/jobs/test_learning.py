"""Each ESP is learned once a day from the records: its pace, receipts, tickets, trust; it closes nothing and can be off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from daemon.followups.ladder import NORMAL, Ladders
from daemon.jobs import learning
from daemon.store import clocks, esps, register, reviews, state
from daemon.store import learning as records
from daemon.store.reviews import NewReview
from daemon.store.tables import messages, notices, takedowns, tickets
from tests.jobs.letterhouse import DESK, House, house
from tests.jobs.test_followups import become
from tests.postgres import server

HOUR = timedelta(hours=1)
BOUNDED = replace(NORMAL, earliest=12 * HOUR, latest=40 * HOUR)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    url = None if request.param == "sqlite" else server().url()
    found = house(tmp_path if url is None else url)
    found.desk = replace(DESK, rules=replace(DESK.rules, ladders=Ladders({"normal": BOUNDED})))
    found.esp("host", ("abuse@host.example", "primary"))
    yield found
    found.store.close()
    if url is not None:
        server().drop(url)


def removals(home: House, count: int, hours: float, first: int = 1) -> None:
    """So many notices of one URL that were answered after an hour and removed after ``hours``."""
    now = home.now
    for number in range(first, first + count):
        notice = home.notice(number, age=hours + 100)
        home.now = now - timedelta(hours=100)
        become(home, notice, "removed")
        home.now = now
        with home.store.write() as conn:
            sent = now - timedelta(hours=hours + 100)
            conn.execute(update(notices).where(notices.c.id == notice).values(first_response_at=sent + HOUR))


def learn(home: House) -> Any:
    learning.tick(home.store, home.now)
    with home.store.read() as conn:
        found = records.of_esp(conn, esps.ids_of(conn, ["host"])["host"])
    return found[0] if found else None


def first_reminder(home: House, notice: int) -> timedelta:
    with home.store.read() as conn:
        one = clocks.standings(conn, [notice])[0]
    return home.desk.rules.ladder(one).steps[0].after


def switch(home: House, on: bool) -> None:
    with home.store.write() as conn:
        register.set_value(conn, esps.ids_of(conn, ["host"])["host"], "learning", on, home.now, "anna")


@pytest.mark.parametrize(("hours", "reminded"), [(2.5, 12), (30.5, 31), (90.5, 40)])
def test_the_first_reminder_follows_the_removals_within_the_bounds(home: House, hours: float, reminded: int) -> None:
    removals(home, 12, hours)
    waiting = home.notice(99, age=1)
    assert first_reminder(home, waiting) == 24 * HOUR
    found = learn(home)
    assert (found.removal.happened, found.removal.p80, found.answer.p80) == (12, int(hours) + 1, 2)
    assert first_reminder(home, waiting) == reminded * HOUR


def test_a_survivor_linked_notice_is_not_slowed(home: House) -> None:
    removals(home, 12, 90.5)
    learn(home)
    linked = home.notice(99, age=1, linked=True)
    assert first_reminder(home, linked) == 12 * HOUR


def test_a_silent_esp_earns_no_patience(home: House) -> None:
    removals(home, 12, 30.5)
    for number in range(50, 70):
        home.notice(number, age=400)
    assert learn(home).removal.p80 is None
    assert first_reminder(home, home.notice(99, age=1)) == 24 * HOUR


def test_what_is_switched_off_is_shown_and_not_used(home: House) -> None:
    removals(home, 12, 30.5)
    learn(home)
    waiting = home.notice(99, age=1)
    switch(home, on=False)
    assert first_reminder(home, waiting) == 24 * HOUR
    with home.store.read() as conn:
        row = register.find(conn, "host")
        text = "\n".join(learning.said(conn, row, home.desk.rules))
        assert learning.plain(conn, row)["used"] is False
    assert "switched off" in text
    assert "four of five within 31 h (12 removed, 1 waiting)" not in text
    assert "four of five within 31 h (12 removed, 0 waiting)" in text
    switch(home, on=True)
    assert first_reminder(home, waiting) == 31 * HOUR


def test_it_is_learned_once_a_day_and_the_ladders_are_looked_at_again(home: House) -> None:
    removals(home, 12, 30.5)
    waiting = home.notice(99, age=1)
    home.tick()
    due = home.row(waiting).next_due_at
    assert learning.tick(home.store, home.now) == 1
    assert home.row(waiting).next_due_at == home.now
    home.tick()
    assert home.row(waiting).next_due_at > due
    removals(home, 60, 2.5, first=200)
    assert learning.tick(home.store, home.now + timedelta(hours=23)) == 0
    assert learning.tick(home.store, home.now + timedelta(hours=24)) == 1


def test_the_time_of_a_url_that_was_passed_on_ends_there(home: House) -> None:
    removals(home, 12, 300.5)
    with home.store.write() as conn:
        conn.execute(update(takedowns).values(referred_at=takedowns.c.sent_at))
    assert (learn(home).removal.happened, learn(home).removal.waiting) == (0, 12)


def test_tickets_and_trust_are_learned(home: House) -> None:
    notice = home.notice(1)
    with home.store.write() as conn:
        esp_id = esps.ids_of(conn, ["host"])["host"]
        rows = [{"esp_id": esp_id, "ticket": f"AB-{4000 + n}", "notice_id": notice} for n in range(6)]
        conn.execute(insert(tickets), rows)
        mail = received(conn, home, "other", "", 1)[0]
        for number in range(12):
            item = reviews.add(conn, NewReview("mixed", "review", mail, notice, esp_id), home.now)
            reviews.decide(conn, item, "corrected" if number < 3 else "accepted", home.now, "anna")
        item = reviews.add(conn, NewReview("press", "review", mail, notice, esp_id), home.now)
        reviews.decide(conn, item, "accepted", home.now, "anna")  # mail of others says nothing of the ESP
    found = learn(home)
    assert (found.tickets, found.trust.share) == (("AA-9999",), 0.75)
    with home.store.read() as conn:
        assert esps.register(conn).esps[0].ticket_forms == ("AA-9999",)


def received(conn: Any, home: House, category: str, wording: str, count: int, name: str = "m") -> list[int]:
    values = {"mailbox": "esp", "received_at": home.now, "recorded_at": home.now, "state": "decided"}
    values |= {"from_domain": "host.example", "category": category, "wording": wording}
    rows = [{**values, "message_id": f"{name}{category}{n}", "fingerprint": "f"} for n in range(count)]
    return [conn.execute(insert(messages).values(row).returning(messages.c.id)).scalar_one() for row in rows]


def known_receipts(home: House) -> frozenset[str]:
    learn(home)
    with home.store.write() as conn:
        state.clear(conn, "learning.at")
        return next(esp.receipts for esp in esps.register(conn).esps if esp.key == "host")


def test_a_wording_is_a_receipt_after_five_and_never_if_it_once_said_more(home: House) -> None:
    with home.store.write() as conn:
        received(conn, home, "acknowledged", "a" * 32, 4)
    assert known_receipts(home) == frozenset()
    with home.store.write() as conn:
        last = received(conn, home, "acknowledged", "a" * 32, 1, "n")[0]
        item = reviews.add(conn, NewReview("nothing_matched", "review", last), home.now)
    assert known_receipts(home) == frozenset()  # a person has not looked yet
    with home.store.write() as conn:
        reviews.decide(conn, item, "skipped", home.now, "anna")
    assert known_receipts(home) == {"a" * 32}
    switch(home, on=False)
    assert known_receipts(home) == frozenset()
    switch(home, on=True)
    with home.store.write() as conn:
        received(conn, home, "refused", "a" * 32, 1)
    assert known_receipts(home) == frozenset()


def test_it_can_be_asked_for_by_program(home: House) -> None:
    removals(home, 12, 30.5)
    learn(home)
    with home.store.read() as conn:
        plain = learning.plain(conn, register.find(conn, "host"))
    assert json.loads(json.dumps(plain, default=str))["removal"] == {
        "happened": 12,
        "waiting": 0,
        "median_hours": 31,
        "p80_hours": 31,
    }
