"""URLs that are stored elsewhere are passed on by a person: the first clock stays, no letter leaves to nobody, no rings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from daemon.decide.decision import Party
from daemon.decide.effects import Action, Change, Referral
from daemon.errors import PermanentError
from daemon.jobs import referral, review
from daemon.jobs.referral import Choice
from daemon.notices.status import Evidence, Outcome
from daemon.notices.takedown import Event
from daemon.store import chains, changes, clocks, esps, journal, notices, outbox, register, reviews, tables
from daemon.store.moves import Because, carry_out
from tests.counts import count
from tests.jobs.letterhouse import House, house
from tests.postgres import server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    url = None if request.param == "sqlite" else server().url()
    found = house(tmp_path if url is None else url)
    yield found
    found.store.close()
    if url is not None:
        server().drop(url)


def says_elsewhere(home: House, number: str, *parties: Party, positions: tuple[int, ...] = (1,)) -> int:
    """The ESP of a notice says that somebody else stores its items; return the item that a person gets."""
    with home.store.write() as conn:
        row = notices.get(conn, number)
        assert row is not None
        items = {one.position: one for one in notices.items_of(conn, row.id)}
        moved = [
            Change(Action.STATUS, number, items[at].id, at, items[at].status, "not_hosted", Outcome.NOT_HOSTED)
            for at in positions
            if items[at].status != "not_hosted"
        ]
        named = Referral(tuple((number, at) for at in positions), parties)
        task = Change(Action.TASK, number, new="new_target", referral=named)
        carry_out(conn, [*moved, task], [row.id], Because(home.now, "rules"))
        return reviews.listed(conn, limit=10_000)[-1].id


def accept(home: House, item: int, target: str = "") -> tuple[str, ...]:
    with home.store.write() as conn:
        return review.accept(conn, item, home.now, "anna", choice=Choice(target)).children


def notice_row(home: House, number: str) -> Any:
    with home.store.read() as conn:
        return notices.get(conn, number)


def letters(home: House) -> list[str]:
    """Who got a letter in a tick of the referrals."""
    before = len(home.sent)
    referral.tick(home.store, home.desk, home.now)
    with home.store.write() as conn:  # as the outbox job does for a first notice
        for row in outbox.due(conn, home.now):
            outbox.mark(conn, row.id, "sent", home.now, was="queued")
            if row.kind == "notice":
                notices.advance(conn, row.context["notices"], Event.SENT, home.now, "daemon")
            home.sent.append((home.now, row, None))
    return [row.to_address for _, row, _ in home.sent[before:]]


def close(home: House, number: str, outcome: Outcome = Outcome.REMOVED) -> None:
    with home.store.write() as conn:
        row = notices.get(conn, number)
        changes = [
            Change(
                *(Action.STATUS, number, one.id, one.position, one.status, outcome.value, outcome),
                evidence=Evidence.AUTHENTICATED,
                closes=True,
            )
            for one in notices.items_of(conn, row.id)
            if one.is_open
        ]
        carry_out(conn, changes, [row.id], Because(home.now, "rules"))


OTHER, THIRD = Party("other"), Party(domain="third.example")


def test_a_person_passes_items_on_and_the_child_keeps_the_first_clock(home: House) -> None:
    home.esp("other", ("abuse@other.example", "primary"))
    home.notice(1, age=50, urls=3, linked=True)
    item = says_elsewhere(home, "HL-1", OTHER, positions=(1, 3))
    assert letters(home) == []  # nothing leaves before a person said so
    assert accept(home, item) == ("HL-1-R1",)
    child, parent = notice_row(home, "HL-1-R1"), notice_row(home, "HL-1")
    assert (child.parent_id, child.clock_from, child.esp_key) == (parent.id, parent.sent_at, "other")
    assert (child.status, child.sent_at, child.survivor_linked) == ("draft", None, True)
    with home.store.read() as conn:
        assert [one.url for one in notices.items_of(conn, child.id)] == [
            "https://host.example/1/1",
            "https://host.example/1/3",
        ]
        assert journal.verify(conn) is None
    assert letters(home) == ["abuse@other.example"]
    assert letters(home) == []
    assert notice_row(home, "HL-1-R1").sent_at == home.now


def test_each_party_is_charged_with_its_own_time(home: House) -> None:
    home.esp("other", ("abuse@other.example", "primary"))
    home.notice(1, age=50)
    said = home.now
    item = says_elsewhere(home, "HL-1", OTHER)
    home.now += timedelta(hours=3)
    accept(home, item)
    home.now += timedelta(hours=1)
    letters(home)
    with home.store.read() as conn:
        theirs = notices.items_of(conn, notice_row(home, "HL-1").id)[0]
        others = notices.items_of(conn, notice_row(home, "HL-1-R1").id)[0]
        ladder = clocks.standings(conn, [notice_row(home, "HL-1-R1").id])[0]
    assert (theirs.referred_at, others.sent_at, others.referred_at) == (said, home.now, None)
    assert ladder.started_at == home.now  # a ladder of its own: it is not days late on its first day


def test_a_host_that_nobody_knows_gets_no_letter_before_a_contact_is_known(home: House) -> None:
    home.notice(1, age=50)
    assert accept(home, says_elsewhere(home, "HL-1", THIRD)) == ("HL-1-R1",)
    with home.store.read() as conn:
        stub = conn.execute(select(tables.esps).where(tables.esps.c.key == "thirdexample")).one()
        assert (stub.line, stub.name) == ("researching", "third.example")
        domains = esps.register(conn).by_id[stub.id].domains
        waiting = [(one.kind, one.new, one.state) for one in changes.listed(conn, stub.id)]
        assert register.find(conn, "third.example").id == stub.id  # a table or a notice that names it means it
    assert not domains  # that somebody named it lets nobody speak for it
    assert waiting == [("domain", "third.example", "proposed")]
    for _ in range(3):
        assert letters(home) == []
        home.now += timedelta(days=1)
    with home.store.write() as conn:
        esps.add_contacts(conn, [(stub.id, "abuse@third.example", "primary", "person")], home.now)
    assert letters(home) == ["abuse@third.example"]
    with home.store.read() as conn:
        assert not reviews.with_reason(conn, "referral_waits")


def test_a_domain_is_not_the_esp_whose_name_only_sounds_like_it(home: House) -> None:
    home.esp("thirdexample", ("abuse@another.example", "primary"))
    home.notice(1, age=50)
    item = says_elsewhere(home, "HL-1", THIRD)
    assert accept(home, item, "third.example") == ("HL-1-R1",)
    assert letters(home) == []  # nothing goes to the other company
    with home.store.read() as conn:
        stub = notice_row(home, "HL-1-R1").esp_id
        assert (esps.named(conn, "third.example"), register.find(conn, "third.example").id) == (stub, stub)


@pytest.mark.parametrize("parties", [(), (OTHER, THIRD), (Party(name="Third GmbH"),)])
def test_a_person_must_say_to_whom_where_the_mail_does_not(home: House, parties: tuple[Party, ...]) -> None:
    home.esp("other", ("abuse@other.example", "primary"))
    home.notice(1, age=50)
    item = says_elsewhere(home, "HL-1", *parties)
    with pytest.raises(PermanentError, match="--target"):
        accept(home, item)
    assert accept(home, item, "third.example") == ("HL-1-R1",)


def test_a_domain_of_a_known_esp_leads_to_that_esp(home: House) -> None:
    home.esp("other", ("abuse@other.example", "primary"))
    home.notice(1, age=50)
    accept(home, says_elsewhere(home, "HL-1", Party(domain="cdn.other.example")))
    assert notice_row(home, "HL-1-R1").esp_key == "other"


def test_a_ring_goes_to_a_person_and_makes_no_letter(home: House) -> None:
    home.esp("other", ("abuse@other.example", "primary"))
    home.notice(1, age=50)
    accept(home, says_elsewhere(home, "HL-1", OTHER))
    letters(home)
    item = says_elsewhere(home, "HL-1-R1", Party("host"))
    with home.store.read() as conn:
        alert = reviews.get(conn, item)
        assert (alert.kind, alert.reason) == ("alert", "referral_loop")
    for target in ("", "host"):
        with pytest.raises(PermanentError, match="ring"):
            accept(home, item, target)
    assert letters(home) == []
    with home.store.write() as conn:
        assert review.skip(conn, item, home.now, "anna").state == "skipped"


def test_a_long_chain_goes_on_only_where_a_person_names_the_next_one(home: House) -> None:
    number = "HL-1"
    home.notice(1, age=50)
    for at in range(chains.MAX_DEPTH):
        (number,) = accept(home, says_elsewhere(home, number, Party(domain=f"step{at}.example")))
    item = says_elsewhere(home, number, THIRD)
    with home.store.read() as conn:
        assert reviews.get(conn, item).reason == "referral_depth"
    with pytest.raises(PermanentError, match="passed on 3 times"):
        accept(home, item)
    assert accept(home, item, "third.example") == ("HL-1-R1-R1-R1-R1",)


def test_what_was_passed_on_before_is_not_passed_on_again(home: House) -> None:
    home.notice(1, age=50, urls=2)
    accept(home, says_elsewhere(home, "HL-1", THIRD))
    again = says_elsewhere(home, "HL-1", THIRD)
    with pytest.raises(PermanentError, match="already"):
        accept(home, again)
    assert accept(home, says_elsewhere(home, "HL-1", THIRD, positions=(1, 2))) == ("HL-1-R2",)
    with home.store.read() as conn:
        assert len(notices.items_of(conn, notice_row(home, "HL-1-R2").id)) == 1


def test_a_url_that_is_noticed_there_already_gets_no_second_letter(home: House) -> None:
    home.esp("other", ("abuse@other.example", "primary"))
    home.notice(1, age=50)
    with home.store.write() as conn:
        here = notices.items_of(conn, notice_row(home, "HL-1").id)[0]
        theirs = {"url": here.url, "url_key": here.url_key, "esp_id": esps.ids_of(conn, ["other"])["other"]}
        times = {"opened_at": home.now, "sent_at": home.now, "updated_at": home.now}
        conn.execute(tables.takedowns.insert().values(**theirs, **times, status="sent"))
    accept(home, says_elsewhere(home, "HL-1", OTHER))
    assert letters(home) == []


def test_what_is_gone_at_the_child_is_asked_about_the_parent_and_closes_nothing_by_itself(home: House) -> None:
    home.notice(1, age=50, urls=2)
    accept(home, says_elsewhere(home, "HL-1", THIRD, positions=(1, 2)))
    close(home, "HL-1-R1")
    assert notice_row(home, "HL-1").status == "open"
    with home.store.read() as conn:
        asked = reviews.with_reason(conn, "child_closed")
    assert [(one["position"], one["outcome"]) for one in asked[0].proposal] == [
        (1, "already_gone"),
        (2, "already_gone"),
    ]
    with home.store.write() as conn:
        review.accept(conn, asked[0].id, home.now, "anna")
    assert notice_row(home, "HL-1").status == "resolved"


@pytest.mark.parametrize("seed", range(count(3, 60)))
def test_in_any_order_no_childs_clock_is_later_and_no_ring_is_made(tmp_path: Path, seed: int) -> None:
    home, chance = house(tmp_path), Random(seed)
    for name in ("a", "b", "c", "d"):
        home.esp(name, *([(f"abuse@{name}.example", "primary")] if name != "d" else []))
    numbers = []
    for number in range(3):
        home.notice(number, esp="a", age=chance.randrange(1, 200), urls=2)
        numbers.append(f"HL-{number}")
    waiting: list[int] = []
    for _ in range(count(30, 120)):
        home.now += timedelta(minutes=chance.randrange(600))
        act = chance.choice(["says", "says", "accept", "accept", "letters", "close"])
        number = chance.choice(numbers)
        if act == "says":
            parties = [Party(chance.choice("abcd")) for _ in range(chance.choice([1, 1, 1, 2]))]
            with home.store.read() as conn:
                still = [one.position for one in notices.items_of(conn, notice_row(home, number).id) if one.is_open]
            if still:
                waiting.append(says_elsewhere(home, number, *parties, positions=tuple(still)))
        elif act == "accept" and waiting:
            try:
                numbers += accept(home, waiting.pop(chance.randrange(len(waiting))))
            except PermanentError:
                continue
        elif act == "letters":
            letters(home)
        elif act == "close" and chance.random() < 0.3:
            close(home, number)
    with home.store.read() as conn:
        for number in numbers:
            chain = chains.ancestry(conn, notices.get(conn, number).id)
            assert all(low.clock_from <= high.clock_from for high, low in pairwise(chain))
            assert len({link.esp_id for link in chain}) == len(chain) <= chains.MAX_DEPTH + 1
        first = [row.context["notices"][0] for _, row, _ in home.sent if row.kind == "notice"]
        assert len(first) == len(set(first))
        assert {row.to_address for _, row, _ in home.sent} <= {f"abuse@{name}.example" for name in "abc"}
        assert journal.verify(conn) is None
    home.store.close()
