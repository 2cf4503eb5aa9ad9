"""Named persons are told of mail of others: at once, once for each mail, survivors' at night too, many in one letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import insert

from daemon.followups.reasons import NotSent
from daemon.jobs import alerts, review
from daemon.rulefile.blocks import Member
from daemon.rulefile.meanings import Meaning
from daemon.store import outbox, reviews, state
from daemon.store.reviews import NewReview
from daemon.store.tables import messages
from daemon.team import roster
from tests.counts import count
from tests.jobs.letterhouse import House, house
from tests.postgres import server

NOON = datetime(2026, 11, 18, 11, tzinfo=UTC)
NIGHT = datetime(2026, 11, 18, 23, tzinfo=UTC)
SURVIVOR, PRESS = Meaning.SURVIVOR, Meaning.PRESS
TELL = {SURVIVOR: ("anna@hotline.example", "bert@hotline.example"), PRESS: ("carla@hotline.example",)}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    url = None if request.param == "sqlite" else server().url()
    found = house(tmp_path if url is None else url)
    found.now = NOON
    yield found
    found.store.close()
    if url is not None:
        server().drop(url)


def arrive(home: House, *kinds: Meaning) -> list[int]:
    with home.store.write() as conn:
        return [reviews.add(conn, NewReview(one.value), home.now) for one in kinds]


def look(home: House, tell: alerts.Tell = TELL, **later: float) -> Counter[str]:
    """Let time pass, tell, post; return how many alerts left by addressee."""
    home.now += timedelta(**later)
    before = len(home.sent)
    alerts.tick(home.store, home.desk, tell, home.now)
    home.post()
    return Counter(row.to_address for _, row, _ in home.sent[before:])


def words(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_each_named_person_is_told_once(home: House) -> None:
    arrive(home, SURVIVOR)
    assert look(home) == {"anna@hotline.example": 1, "bert@hotline.example": 1}
    assert look(home) == {}
    assert look(home, hours=30) == {}
    with home.store.read() as conn:
        assert {row.kind for row in outbox.in_state(conn, outbox.SENT)} == {"alert"}


def test_a_mail_that_is_judged_again_is_not_told_again(home: House) -> None:
    with home.store.write() as conn:
        values = {"message_id": "m", "fingerprint": "f", "mailbox": "esp", "received_at": home.now, "state": "decided"}
        mail = conn.execute(
            insert(messages).values(recorded_at=home.now, **values).returning(messages.c.id)
        ).scalar_one()
        first = reviews.add(conn, NewReview("survivor", message_ref=mail), home.now)
    look(home)
    with home.store.write() as conn:
        reviews.decide(conn, first, reviews.OBSOLETE, home.now, "mailbox")
        reviews.add(conn, NewReview("survivor", message_ref=mail), home.now)
    assert look(home, hours=2) == {}


def test_an_alert_says_the_kind_and_the_number_and_that_a_machine_wrote_it(home: House) -> None:
    number = arrive(home, SURVIVOR)[0]
    look(home)
    letter = message_from_bytes(home.sent[0][2].raw, policy=policy.default)
    assert letter["Subject"] == "Urgent: 1 mail waits for you: survivor or family 1"
    assert f"Review {number}: survivor or family" in words(letter)
    assert letter["Auto-Submitted"] == "auto-generated"


def test_an_alert_holds_nothing_of_the_mail(home: House) -> None:
    with home.store.write() as conn:
        values = {"message_id": "canary", "fingerprint": "f", "mailbox": "esp", "from_domain": "canary.test"}
        times = {"received_at": home.now, "recorded_at": home.now, "state": "decided"}
        mail = conn.execute(insert(messages).values(**values, **times).returning(messages.c.id)).scalar_one()
        new = NewReview("survivor", message_ref=mail, reasons=("survivor", "name:canary"))
        reviews.add(conn, new, home.now)
    look(home)
    assert all(b"canary" not in letter.raw for _, _, letter in home.sent)


def test_survivors_mail_is_told_at_night_and_the_rest_in_the_morning(home: House) -> None:
    home.now = NIGHT
    arrive(home, SURVIVOR, PRESS)
    assert look(home) == {"anna@hotline.example": 1, "bert@hotline.example": 1}
    assert look(home, hours=8) == {"carla@hotline.example": 1}


def test_without_names_the_leads_are_told(home: House) -> None:
    arrive(home, PRESS)
    assert look(home, {}) == {"lead@hotline.example": 1}


def test_many_at_once_are_one_letter_that_counts_them(home: House) -> None:
    arrive(home, *[SURVIVOR] * 30)
    assert look(home) == {"anna@hotline.example": 1, "bert@hotline.example": 1}
    body = words(message_from_bytes(home.sent[0][2].raw, policy=policy.default))
    assert (body.count("Review "), "and 10 more" in body) == (alerts.MOST, True)


def test_after_many_letters_the_rest_is_gathered_hour_by_hour(home: House) -> None:
    told = 0
    for _ in range(40):
        arrive(home, SURVIVOR)
        told += look(home, minutes=6)["anna@hotline.example"]
    assert told == alerts.AT_ONCE[True] + 3  # in the first of four hours ten, then one in each
    assert look(home, hours=1) == {}  # and it told of all that had come


def test_what_was_decided_meanwhile_is_not_told(home: House) -> None:
    number = arrive(home, PRESS)[0]
    alerts.tick(home.store, home.desk, TELL, home.now)
    with home.store.write() as conn:
        review.accept(conn, number, home.now, "anna")
    home.post()
    assert (home.sent, [one.why for one in home.withdrawn]) == ([], [NotSent.CLOSED_SINCE])


def test_while_observing_nobody_is_told(home: House) -> None:
    arrive(home, SURVIVOR)
    with home.store.write() as conn:
        state.set_mode(conn, "observe", home.now, "anna")
    assert look(home) == {}


def test_a_name_of_the_team_stands_for_its_address() -> None:
    team = {"anna": Member("anna", "anna@hotline.example"), "bert": Member("bert")}
    assert roster.told(team, ["anna", "x@y.example", "bert", "anna"]) == ("anna@hotline.example", "x@y.example")


@pytest.mark.parametrize("seed", range(count(2, 40)))
def test_nobody_is_told_twice_nor_forgotten_nor_flooded(tmp_path: Path, seed: int) -> None:
    home, chance = house(tmp_path), Random(seed)
    home.now = NOON
    wanted: set[int] = set()
    for _ in range(count(60, 400)):
        wanted.update(arrive(home, *chance.choices([SURVIVOR, PRESS], k=chance.randrange(3))))
        look(home, minutes=chance.choice([1, 10, 60, 400]))
    for _ in range(72):
        look(home, hours=1)
    home.store.close()
    told = [(row.to_address, one) for _, row, _ in home.sent for one in row.context["reviews"]]
    assert len(told) == len(set(told))
    assert {one for _, one in told} == wanted
    for address in {address for address, _ in told}:
        times = [at for at, row, _ in home.sent if row.to_address == address]
        assert all(sum(at <= other < at + timedelta(days=1) for other in times) <= 35 for at in times)
