"""What an ESP's settings say about the headers of letters to it, and that an answer to a token's address is known by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import Message as Mail
from typing import Any

import pytest
from sqlalchemy import update

from daemon.followups.ladder import Target
from daemon.jobs.desk import Sender
from daemon.jobs.letters import compose
from daemon.message.parse import parse
from daemon.notices import keys
from daemon.notices.esp import LetterMarks
from daemon.notices.keys import number_pattern
from daemon.store import ledger, outbox, tables
from tests import databases
from tests.jobs.letterhouse import DESK, House, house


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def home(request: pytest.FixtureRequest) -> Iterator[House]:
    with databases.fresh(request.param) as url:
        made = house(url)
        made.esp("host", ("abuse@host.example", "abuse"))
        yield made
        made.store.close()


def says(home: House, **settings: object) -> None:
    with home.store.write() as conn:
        conn.execute(update(tables.esps).values(settings=settings))


def letter(home: House, *ages: float) -> Mail:
    """The one letter about notices of these ages in hours."""
    for number, age in enumerate(ages or (25.0,), 1):
        home.notice(number, age=age)
    home.tick()
    [(_, _, composed)] = home.sent
    return message_from_bytes(composed.raw)


def answered(home: House, address: str, key: bytes = DESK.key) -> dict[str, tuple[str, ...]]:
    """The notices that an answer to ``address`` is proven by a token to belong to."""
    message = parse(f"From: desk@elsewhere.example\r\nTo: {address}\r\nSubject: Re\r\n\r\nDone.\r\n".encode())
    found = keys.keys(message, number_pattern(r"HL-\d+"), key=key)
    with home.store.read() as conn:
        return dict(ledger.look_up(conn, [found]).known(found).by_token)


def test_a_letter_to_an_esp_says_nothing_of_a_machine_and_is_answered_to_our_address(home: House) -> None:
    mail = letter(home)
    assert [mail[name] for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "Reply-To")] == [None, None, None]


def test_an_esp_may_be_told_that_a_machine_writes(home: House) -> None:
    says(home, auto_submitted=True)
    mail = letter(home)
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "OOF, AutoReply")
    assert mail["Reply-To"] is None


def test_an_answer_to_a_reply_address_is_known_by_its_token_alone(home: House) -> None:
    says(home, reply_token=True)
    mail = letter(home, 25, 30)
    assert mail["Auto-Submitted"] is None
    assert re.fullmatch(r"notices\+r\.\d+-[0-9a-f]{8}\.[a-z2-7]{20}@hotline\.example", mail["Reply-To"])
    [numbers] = answered(home, mail["Reply-To"].upper()).values()
    assert sorted(numbers) == ["HL-1", "HL-2"]


def test_a_token_of_another_key_or_letter_proves_nothing(home: House) -> None:
    says(home, reply_token=True)
    to = letter(home)["Reply-To"]
    assert answered(home, to, key=b"x" * 32) == {}
    assert answered(home, to.replace("r.1-", "r.2-")) == {}
    with home.store.write() as conn:  # as after an old backup, whose next letter got this row
        conn.execute(update(tables.outbox).values(key="another"))
    assert answered(home, to) == {}


def test_an_address_too_long_for_the_token_stays_as_it_is(home: House) -> None:
    says(home, reply_token=True)
    home.desk = replace(DESK, senders={"esp": Sender("n" * 40 + "@hotline.example")})
    assert letter(home)["Reply-To"] is None


def test_what_others_than_the_esp_get_is_not_marked(home: House) -> None:
    says(home, reply_token=True, auto_submitted=True)
    mail = marked(home, kind="followup", to=Target.AUTHORITY.value)
    assert [mail[name] for name in ("Auto-Submitted", "Reply-To")] == [None, None]


def test_an_answer_says_that_it_is_one(home: House) -> None:
    mail = marked(home, kind="answer")
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-replied", "OOF, AutoReply")


def marked(home: House, kind: str, **context: Any) -> Mail:
    """A letter of this kind as it would be composed now."""
    notice = home.notice(1)
    context = {"notices": [notice], **context}
    with home.store.write() as conn:
        new = outbox.NewLetter(
            kind, "k", DESK.message_id("k", "esp"), "abuse@host.example", "reminder-1", "esp", 1, context=context
        )
        row = outbox.get(conn, outbox.queue(conn, new, home.now) or 0)
        return message_from_bytes(compose(conn, row, DESK, home.now).raw)  # type: ignore[union-attr]


@pytest.mark.parametrize("settings", [None, {}, {"auto_submitted": "yes", "reply_token": 1}, {"other": True}])
def test_only_true_turns_a_mark_on(settings: dict[str, Any] | None) -> None:
    assert LetterMarks.of(settings) == LetterMarks()
