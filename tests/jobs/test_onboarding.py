"""An introduction leaves once, reminders by the clock and within caps; only a proven answer with our token confirms."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from daemon.errors import PermanentError
from daemon.jobs import approval, esp_register, onboarding
from daemon.rulefile import blocks
from daemon.store import esps, onboardings, outbox, register, state
from tests.jobs.letterhouse import MONDAY
from tests.jobs.registerhouse import Register

US = "abuse@host.example"


@pytest.fixture
def home(tmp_path: Path) -> Register:
    found = Register(tmp_path)
    found.esp()
    return found


def start(home: Register, key: str = "host", *, approve: bool = True) -> onboarding.Begun:
    with home.store.write() as conn:
        begun = onboarding.start(conn, key, home.house.desk, home.now, "anna")
        if approve:
            approval.approve(conn, begun.letter, home.now, "anna")
    return begun


def introduced(home: Register) -> None:
    start(home)
    home.wait(minutes=1)
    home.wait(minutes=30)
    assert home.attempt().state == "introduced"


def test_an_introduction_waits_for_a_person_and_leaves_once(home: Register) -> None:
    begun = start(home, approve=False)
    home.wait(days=3)
    assert home.letters() == []
    assert home.waits() == ["letter_approval"]
    assert home.attempt().state == "started"
    with home.store.write() as conn:
        approval.approve(conn, begun.letter, home.now, "bert")
    home.wait(hours=1)
    home.wait(hours=1)
    assert home.letters() == [("intro", US)]
    assert home.token() in home.house.sent[0][2].body
    assert home.state() == ("introduced", [])


def test_reminders_follow_the_schedule_and_then_it_is_given_up(home: Register) -> None:
    introduced(home)
    for _ in range(30):
        home.wait(days=1)
    days = [((at - MONDAY).days, row.template) for at, row, _ in home.house.sent]
    assert days == [(0, "intro"), (4, "intro-reminder"), (10, "intro-reminder")] or days == [
        (0, "intro"),
        (4, "intro-reminder"),
        (11, "intro-reminder"),
    ]
    assert home.attempt().state == "no_contact"
    assert home.state() == ("no_contact", [])
    assert home.waits() == ["onboarding_stuck"]


def test_after_weeks_of_downtime_one_reminder_leaves_not_two(home: Register) -> None:
    introduced(home)
    home.wait(days=14)
    home.wait(hours=1)
    assert [template for template, _ in home.letters()] == ["intro", "intro-reminder"]
    assert home.attempt().steps == 2


def test_a_proven_answer_with_the_token_confirms_and_is_thanked_once(home: Register) -> None:
    introduced(home)
    ref = home.mail(f"Desk <{US}>", f"Yes, that is the right address.\r\n\r\n> {home.token()}")
    assert home.attempt().state == "contact_confirmed"
    assert home.attempt().confirmed_ref == ref
    assert home.state() == ("contact_confirmed", [])
    assert "onboarding_confirmed" in home.waits()
    with home.store.read() as conn:
        contact = esps.contacts_of(conn, [1])[1][0]
    assert contact.confirmed_at is not None
    for _ in range(30):
        home.wait(days=1)
    home.mail(f"Desk <{US}>", f"Thanks.\r\n\r\n> {home.token()}")
    home.wait(days=1)
    assert [template for template, _ in home.letters()] == ["intro", "intro-thanks"]


@pytest.mark.parametrize(
    ("sender", "text", "dmarc", "head"),
    [
        ("abuse@h0st.example", "Yes, that is right. {token}", "pass", ""),
        ("abuse@elsewhere.test", "Yes, that is right. {token}", "pass", ""),
        (US, "Yes, that is right. {token}", "none", ""),
        (US, "Yes, that is right. {token}", "fail", ""),
        (US, "Yes, that is right.", "pass", ""),
        (US, "Yes, that is right. onboard.1.aaaaaaaaaaaaaaaaaaaa", "pass", ""),
        (US, "We have received your message. {token}", "pass", "Auto-Submitted: auto-replied\r\n"),
        (US, "Our abuse address has changed. Please write to new@host.example. {token}", "pass", ""),
        (US, "No, this is not the right address. {token}", "pass", ""),
        (US, "This is the wrong address. {token}", "pass", ""),
        (US, "Is this about our server? {token}", "pass", ""),
    ],
    ids=[
        "look-alike",
        "stranger",
        "not proven",
        "forged",
        "no token",
        "false token",
        "machine",
        "another address",
        "no",
        "wrong",
        "question",
    ],
)
def test_nothing_less_confirms_a_contact(home: Register, sender: str, text: str, dmarc: str, head: str) -> None:
    introduced(home)
    home.mail(f"Desk <{sender}>", text.format(token=home.token()), dmarc=dmarc, head=head)
    assert home.attempt().state == "introduced"
    assert home.state() == ("introduced", [])
    with home.store.read() as conn:
        assert esps.contacts_of(conn, [1])[1][0].confirmed_at is None


@pytest.mark.parametrize(
    "text",
    [
        "Yes, that is the right address.",
        "Confirmed.",
        "Ja, die Adresse ist richtig.",
        "Oui, c'est la bonne adresse.",
        "Sí, es la dirección correcta.",
        "Да, адрес верен.",
        "是的，地址正确。",
        f"Yes, {US} is right.",
    ],
)
def test_a_yes_in_any_language_of_ours_confirms(home: Register, text: str) -> None:
    introduced(home)
    home.mail(f"Desk <{US}>", f"{text}\r\n\r\n> {home.token()}")
    assert home.attempt().state == "contact_confirmed"


def test_a_token_confirms_its_own_esp_only(home: Register) -> None:
    home.esp("other")
    introduced(home)
    home.mail("Desk <abuse@other.example>", f"Yes, that is the right address. {home.token()}")
    assert home.attempt().state == "introduced"
    assert home.state("other") == ("seen", [])
    assert "onboarding_claimed" in home.waits()


def test_an_answer_that_is_no_plain_yes_asks_a_person_who_may_confirm(home: Register) -> None:
    introduced(home)
    home.mail(US, f"Our abuse address has changed to new@host.example. {home.token()}")
    assert "onboarding_answer" in home.waits()
    with home.store.write() as conn:
        onboarding.confirm(conn, "host", home.now, "bert")
    assert home.state() == ("contact_confirmed", [])


def test_a_contact_that_bounces_is_reminded_no_more(home: Register) -> None:
    introduced(home)
    with home.store.write() as conn:
        conn.exec_driver_sql("UPDATE contacts SET health = 'hard'")
    home.wait(days=5)
    assert [template for template, _ in home.letters()] == ["intro"]
    assert home.attempt().state == "no_contact"


def test_an_introduction_that_a_person_drops_ends(home: Register) -> None:
    begun = start(home, approve=False)
    with home.store.write() as conn:
        approval.drop(conn, begun.letter, home.now, "bert")
    home.wait(hours=1)
    assert home.attempt().state == "stopped"
    start(home)
    home.wait(minutes=1)
    assert len(home.letters()) == 1


def test_a_stopped_introduction_sends_nothing_any_more(home: Register) -> None:
    start(home)
    with home.store.write() as conn:
        onboarding.stop(conn, "host", home.now, "anna")
    home.wait(days=30)
    assert home.letters() == []


def test_no_more_leave_on_one_day_than_the_cap_allows(home: Register) -> None:
    home.house.desk = replace(home.house.desk, onboarding=blocks.Onboarding(a_day=2))
    for number in range(5):
        home.esp(f"esp{number}")
        start(home, f"esp{number}")
    for _ in range(4):
        home.wait(hours=1)
        home.wait(hours=23)
    days = [(at - MONDAY).days for at, row, _ in home.house.sent if row.template == "intro"]
    assert [days.count(day) for day in range(3)] == [2, 2, 1]


def test_letters_leave_in_working_time_only(home: Register) -> None:
    home.house.now = MONDAY + timedelta(days=5)  # a Saturday
    begun = start(home)
    assert begun.due_at.weekday() == 0
    home.wait(hours=1)
    assert home.letters() == []


def test_a_known_esp_is_not_introduced_again_and_one_at_a_time(home: Register) -> None:
    start(home)
    with pytest.raises(PermanentError, match="being introduced already"):
        start(home)
    home.wait(minutes=1)
    home.wait(minutes=30)
    with pytest.raises(PermanentError, match="an ESP that is introduced cannot be introduced to us"):
        start(home)


def test_the_way_to_active_is_walked_step_by_step(home: Register) -> None:
    introduced(home)
    with home.store.write() as conn, pytest.raises(PermanentError, match="cannot agree on a channel"):
        esp_register.mark(conn, 1, "agree", home.now, "anna")
    home.mail(f"Desk <{US}>", f"Yes, that is the right address.\r\n\r\n> {home.token()}")
    with home.store.write() as conn:
        esp_register.mark(conn, 1, "agree", home.now, "anna")
        esp_register.mark(conn, 1, "activate", home.now, "anna")
        assert onboardings.funnel(conn)["active"] == 1
    assert home.state() == ("active", [])
    assert home.attempt().ended_at is not None


def test_nothing_leaves_while_sending_is_paused_or_observing(home: Register) -> None:
    introduced(home)
    with home.store.write() as conn:
        state.pause(conn, "sending", "test", home.now, "anna")
    home.wait(days=5)
    with home.store.read() as conn:
        assert len(outbox.in_state(conn, "queued")) == 0


@pytest.mark.parametrize("language", ["de", "zh"])
def test_it_is_written_in_the_language_of_its_reader(home: Register, language: str) -> None:
    with home.store.write() as conn:
        register.set_value(conn, 1, "language", language, home.now, "anna")
    start(home)
    home.wait(minutes=1)
    assert {"de": "die richtige Adresse", "zh": "通知应发往哪个地址"}[language] in home.house.sent[0][2].subject


def test_two_robots_end_after_a_handful_of_letters(home: Register) -> None:
    """A helpdesk that answers everything at once, quotes it all, and never says that it is a machine."""
    start(home)
    answered = 0
    for _ in range(45):
        home.wait(hours=12)
        while answered < len(home.house.sent):
            _, row, letter = home.house.sent[answered]
            answered += 1
            quote = "".join(f"> {line}\r\n" for line in letter.body.splitlines())
            home.mail(f"Desk <{US}>", f"Hello.\r\n\r\n{quote}", head=f"In-Reply-To: {row.message_id}\r\n")
    assert [template for template, _ in home.letters()] == ["intro", "intro-thanks"]
