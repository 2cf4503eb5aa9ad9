"""Contacts and speaking domains change by two persons and a letter to the old address; never by a mail."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from daemon.errors import PermanentError
from daemon.jobs import esp_changes
from daemon.rulefile import blocks
from daemon.store import journal, outbox, register, reviews
from tests.counts import count
from tests.jobs.registerhouse import Register

OLD, NEW = "abuse@host.example", "abuse@newhost.example"


@pytest.fixture
def home(tmp_path: Path) -> Register:
    found = Register(tmp_path)
    found.esp()
    return found


def propose(home: Register, new: str = NEW, old: str = OLD, by: str = "anna") -> int:
    with home.store.write() as conn:
        return esp_changes.propose_contact(conn, "host", new, home.now, by, old=old)


def confirm(home: Register, number: int = 1, by: str = "bert") -> esp_changes.Confirmed:
    with home.store.write() as conn:
        return esp_changes.confirm(conn, number, home.house.desk, home.now, by)


def test_two_persons_and_five_days_after_the_letter_a_contact_changes(home: Register) -> None:
    propose(home)
    assert home.state() == ("seen", ["contact_change_pending"])
    done = confirm(home)
    assert len(done.letters) == 1
    assert home.waits() == []  # the second person has spoken
    home.wait(hours=1)
    assert home.letters() == [("contact-change", OLD)]
    assert NEW in home.house.sent[0][2].body
    home.wait(days=4, hours=22)
    assert home.knows()[0] == {OLD}
    home.wait(days=1)
    assert home.knows() == ({NEW}, {"newhost.example"})
    assert home.state() == ("seen", [])
    assert home.waits() == []


def test_the_same_person_never_confirms(home: Register) -> None:
    propose(home)
    with pytest.raises(PermanentError, match="proposed by you"):
        confirm(home, by="Anna")
    home.wait(days=30)
    assert home.knows()[0] == {OLD}


def test_what_nobody_confirms_never_holds(home: Register) -> None:
    propose(home)
    home.wait(days=90)
    assert home.knows()[0] == {OLD}
    assert home.letters() == []


def test_the_time_to_object_runs_from_the_moment_at_which_the_letter_left(home: Register) -> None:
    propose(home)
    confirm(home)
    with home.store.write() as conn:
        conn.exec_driver_sql("UPDATE outbox SET state = 'held'")
    home.wait(days=21)
    assert home.change().state == "waiting"
    with home.store.write() as conn:
        outbox.approve(conn, 1, home.now, "anna")
    home.wait(hours=2)
    home.wait(days=4, hours=20)
    assert home.change().state == "waiting"
    home.wait(hours=5)
    assert home.change().state == "applied"


@pytest.mark.parametrize("text", ["No, this is not right.", "Yes, that is right.", "What is this?"])
@pytest.mark.parametrize("folder", ["INBOX", "Junk"])
def test_any_answer_to_the_letter_stops_it_until_a_person_has_read_it(home: Register, text: str, folder: str) -> None:
    home.house.notice(1)
    propose(home)
    confirm(home)
    home.wait(hours=1)
    home.mail(OLD, text, head=f"In-Reply-To: {home.message_id('contact-change')}\r\n", folder=folder)
    home.wait(days=30)
    assert home.change().state == "objected"
    assert "change_objected" in home.waits()
    assert OLD in home.knows()[0]
    assert NEW not in home.knows()[0]


def test_a_machine_that_answers_stops_nothing(home: Register) -> None:
    propose(home)
    confirm(home)
    home.wait(hours=1)
    reply = f"In-Reply-To: {home.message_id('contact-change')}\r\nAuto-Submitted: auto-replied\r\n"
    home.mail(OLD, "We have received your message.", head=reply)
    assert home.change().state == "waiting"


def test_after_an_objection_that_was_none_a_second_person_confirms_anew(home: Register) -> None:
    propose(home)
    confirm(home)
    home.wait(hours=1)
    home.mail(OLD, "Yes, that is right.", head=f"In-Reply-To: {home.message_id('contact-change')}\r\n")
    with pytest.raises(PermanentError, match="proposed by you"):
        confirm(home, by="anna")
    confirm(home)
    home.wait(days=6)
    assert home.change().state == "applied"
    assert len(home.letters()) == 1


def test_a_stopped_change_never_holds_and_its_letter_never_leaves(home: Register) -> None:
    propose(home)
    confirm(home)
    with home.store.write() as conn:
        esp_changes.stop(conn, 1, home.now, "carl")
    home.wait(days=30)
    assert home.letters() == []
    assert home.knows()[0] == {OLD}
    with pytest.raises(PermanentError, match="stopped already"):
        confirm(home)
    assert home.state() == ("seen", [])


def test_open_notices_follow_to_the_new_address_and_what_came_back_goes_on(home: Register) -> None:
    home.house.desk = replace(home.house.desk, register=blocks.Register(timedelta(hours=2)))
    first, second = home.house.notice(1, age=1), home.house.notice(2, age=1)
    with home.store.write() as conn:
        conn.exec_driver_sql(f"UPDATE notices SET hold_reason = 'undeliverable', next_due_at = NULL WHERE id = {first}")
        conn.exec_driver_sql("UPDATE takedowns SET status = 'undeliverable' WHERE id = 1")
        conn.exec_driver_sql("UPDATE contacts SET health = 'hard'")
    propose(home)
    assert confirm(home).letters == ()  # nobody can be told
    home.wait(hours=3)
    assert [home.house.row(one).contact_address for one in (first, second)] == [NEW, NEW]
    assert home.house.row(first).hold_reason is None
    with home.store.read() as conn:
        assert conn.exec_driver_sql("SELECT status FROM takedowns ORDER BY id").scalars().all() == ["sent", "sent"]
    home.house.tick(hours=24)
    assert home.letters() == [("reminder-1", NEW)]


def test_a_contact_that_works_again_lets_its_notices_go_on(home: Register) -> None:
    one = home.house.notice(1)
    with home.store.write() as conn:
        conn.exec_driver_sql("UPDATE notices SET hold_reason = 'undeliverable', next_due_at = NULL")
        conn.exec_driver_sql("UPDATE takedowns SET status = 'undeliverable'")
        conn.exec_driver_sql("UPDATE contacts SET health = 'hard', soft_bounces = 3")
    home.wait(hours=1)
    assert home.state() == ("seen", ["contact_suspended"])
    with home.store.write() as conn:
        assert esp_changes.repaired(conn, "host", OLD, home.now, "anna") == 1
    home.wait(hours=1)
    assert home.state() == ("seen", [])
    home.house.tick(hours=1)
    assert home.house.row(one).rung > 0


def test_a_domain_is_added_by_the_same_act(home: Register) -> None:
    with home.store.write() as conn:
        number = esp_changes.propose_domain(conn, "host", "host-mail.example", home.now, "anna")
    confirm(home, number)
    home.wait(hours=1)
    assert home.letters() == [("contact-change", OLD)]
    assert "host-mail[.]example" in home.house.sent[0][2].body
    home.wait(days=6)
    assert home.knows()[1] == {"host.example", "host-mail.example"}


@pytest.mark.parametrize(
    ("new", "old", "says"),
    [
        (OLD, OLD, "has this contact already"),
        (NEW, "other@host.example", "no contact with the address to be replaced"),
        ("nobody", OLD, "not one e-mail address"),
    ],
)
def test_what_cannot_be_proposed_is_told(home: Register, new: str, old: str, says: str) -> None:
    with pytest.raises(PermanentError, match=says):
        propose(home, new, old)


def test_a_change_is_proposed_once(home: Register) -> None:
    propose(home)
    with pytest.raises(PermanentError, match="waits already as change 1"):
        propose(home, by="bert")


# the attacks


def asked(where: str) -> str:
    return f"Our abuse address has changed. Please send all notices to {where} from now on."


ATTACKS = {
    "an authenticated domain": ("abuse@host.example", "pass", ""),
    "a look-alike domain": ("abuse@h0st.example", "pass", ""),
    "a hijacked thread": ("abuse@host.example", "pass", "In-Reply-To: <hl-1@hotline.example>\r\n"),
    "a forged domain": ("abuse@host.example", "fail", ""),
    "a stranger in a thread": ("me@elsewhere.test", "pass", "In-Reply-To: <hl-1@hotline.example>\r\n"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_mail_alone_changes_neither_contact_nor_domains(home: Register, name: str) -> None:
    sender, dmarc, head = ATTACKS[name]
    home.house.notice(1)
    before, row = home.knows(), home.house.row(1)
    subject = "Re: [HL-1] Takedown notice" if head else "New abuse contact"
    ref = home.mail(f"Abuse desk <{sender}>", asked(NEW), subject=subject, dmarc=dmarc, head=head)
    home.wait(days=60)
    assert home.knows() == before
    assert home.house.row(1).contact_address == row.contact_address
    assert home.change() is None
    with home.store.read() as conn:
        assert [one.state for one in reviews.of_message(conn, ref)], "a person must see it"
        assert "esp_change" not in {entry["action"] for entry in journal.rows_of(conn)}
    assert all(address == OLD for _, address in home.letters()), "not a letter goes where a mail wanted it"


def test_whoever_answers_from_the_new_address_is_not_heard_before_the_change_holds(home: Register) -> None:
    home.house.notice(1)
    home.mail(OLD, asked(NEW), head="In-Reply-To: <hl-1@hotline.example>\r\n", subject="Re: [HL-1] Takedown notice")
    propose(home)
    confirm(home)
    home.wait(hours=1)
    home.mail(NEW, "The file was removed.", head="In-Reply-To: <hl-1@hotline.example>\r\n", subject="Re: [HL-1]")
    with home.store.read() as conn:
        assert conn.exec_driver_sql("SELECT status FROM takedowns").scalar_one() == "sent"


def test_a_mail_of_the_esp_that_asks_for_a_change_reaches_a_person_with_its_esp(home: Register) -> None:
    ref = home.mail(OLD, asked(NEW), subject="New abuse contact")
    with home.store.read() as conn:
        (item,) = [one for one in reviews.of_message(conn, ref) if one.kind == "review"]
        assert item.reason == "contact_change"
        assert register.get(conn, item.esp_id).key == "host"
    with home.store.write() as conn:
        number = esp_changes.propose_contact(conn, "host", NEW, home.now, "anna", old=OLD, message_ref=ref)
    assert home.change(number).message_ref == ref


@pytest.mark.parametrize("role", ["upstream", "registrar", "partner", "authority"])
def test_a_third_party_that_is_told_of_an_esp_never_speaks_for_it(home: Register, role: str) -> None:
    home.esp("host", ("noc@transit.example", role))
    home.house.notice(1)
    home.mail("Noc <noc@transit.example>", "The file was removed.", subject="Re: [HL-1] Takedown notice")
    with home.store.read() as conn:
        assert conn.exec_driver_sql("SELECT status FROM takedowns").scalar_one() == "sent"
        assert conn.exec_driver_sql("SELECT evidence, needs_human FROM decisions").one() == ("claimed", 1)
    assert home.knows() == ({OLD}, {"host.example"})


def test_the_journal_holds_no_address(home: Register) -> None:
    propose(home)
    confirm(home)
    home.wait(days=6)
    with home.store.read() as conn:
        assert "@" not in str(
            [dict(row) for row in journal.rows_of(conn) if row["action"].startswith(("esp", "contact"))]
        )
        assert journal.verify(conn) is None


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("propose"), st.sampled_from(["anna", "bert"])),
        st.tuples(st.just("confirm"), st.sampled_from(["anna", "bert", "carl"])),
        st.tuples(st.just("stop"), st.just("carl")),
        st.tuples(st.just("answer"), st.sampled_from([OLD, NEW, "me@elsewhere.test"])),
        st.tuples(st.just("wait"), st.integers(1, 100)),
    ),
    max_size=12,
)


@settings(max_examples=count(test=8, prove=300), deadline=None)
@given(ACTS)
@example([("propose", "anna"), ("confirm", "bert"), ("wait", 3), ("wait", 100), ("wait", 100)])
@example([("propose", "anna"), ("confirm", "bert"), ("wait", 3), ("answer", OLD), ("wait", 100), ("wait", 100)])
@example([("propose", "anna"), ("confirm", "anna"), ("wait", 3), ("wait", 100), ("wait", 100)])
def test_in_any_order_a_contact_changes_only_by_two_persons_a_letter_and_an_unbroken_wait(acts: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Register(Path(folder))
        home.esp()
        answered: dict[int, datetime] = {}
        number = 0
        for act, what in acts:
            try:
                if act == "propose":
                    number = propose(home, by=what)
                elif act == "confirm" and number:
                    confirm(home, number, by=what)
                    answered.pop(number, None)
                elif act == "stop" and number:
                    with home.store.write() as conn:
                        esp_changes.stop(conn, number, home.now, what)
                elif act == "answer" and home.letters():
                    home.mail(what, "No.", head=f"In-Reply-To: {home.message_id('contact-change')}\r\n")
                    answered[number] = home.now
                elif act == "wait":
                    home.wait(hours=what)
            except PermanentError:
                continue
            _holds(home, number, answered)
        home.store.close()


def _holds(home: Register, number: int, answered: dict[int, datetime]) -> None:
    changed = NEW in home.knows()[0]
    assert changed == (OLD not in home.knows()[0])
    if not changed:
        return
    change = next(one for one in (home.change(n) for n in range(number, 0, -1)) if one.state == "applied")
    assert change.confirmed_by not in (None, change.proposed_by)
    with home.store.read() as conn:
        letter = outbox.get(conn, change.outbox_id)
    assert letter is not None
    assert change.ended_at - letter.sent_at >= timedelta(days=5)
    assert not (change.id in answered and answered[change.id] < change.ended_at)
