"""A receipt that was learned is recognised word for word; it closes nothing, whatever was learned."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daemon.decide.decide import decide
from daemon.decide.decision import Decision
from daemon.decide.effects import Action, effects
from daemon.message import own_text, tickets
from daemon.message.parse import parse
from daemon.message.wording import wording
from daemon.notices.status import Category, Outcome
from tests.core import test_decide_decide as plain
from tests.core.test_decide_decide import HOST, POLICY, RULESET, known

TEXT = "Kiitos ilmoituksesta. Numero on {number}.\nhttps://desk.host.example/{number}"


def raw(text: str, subject: str = "Re: [N-0001] notice", sender: str = "abuse@host.example") -> bytes:
    return (
        f"Received: from x by mx.hotline.example; Tue, 13 Oct 2026 09:00:00 +0000\n"
        f"Authentication-Results: mx.hotline.example; dmarc=pass header.from=host.example\n"
        f"From: {sender}\nTo: esp@hotline.example\nDate: Tue, 13 Oct 2026 09:00:00 +0000\n"
        f"Subject: {subject}\nMessage-ID: <1@host.example>\n\n{text}\n"
    ).encode()


def wording_of(mail: bytes) -> str:
    message = parse(mail)
    return wording(message, own_text.label(message.lines))


LEARNED = wording_of(raw(TEXT.format(number="12345")))


def judged(mail: bytes, *receipts: str, forms: tuple[str, ...] = ()) -> Decision:
    base = known(plain.SINGLE, plain.DOUBLE)
    host = replace(HOST, receipts=frozenset(receipts), ticket_forms=forms)
    return decide(parse(mail), replace(base, esps=(host, *base.esps[1:])), RULESET, POLICY)


def test_numbers_and_addresses_make_no_difference_to_a_wording() -> None:
    assert wording_of(raw(TEXT.format(number="99-8"), "Re: [N-0002] notice")) == LEARNED
    assert wording_of(raw("Kiitos. Numero on 1.")) != LEARNED
    assert wording_of(raw(TEXT.format(number="1"), sender="x@other.example")) != LEARNED
    assert wording_of(raw("1 2 3")) == ""


def test_a_learned_receipt_needs_no_person_and_an_unknown_mail_does() -> None:
    mail = raw(TEXT.format(number="777"))
    assert judged(mail).needs_human
    receipt = judged(mail, LEARNED)
    assert (receipt.category, receipt.needs_human, receipt.first_response) == (Category.ACKNOWLEDGED, False, True)
    assert set(receipt.outcomes.values()) == {Outcome.NO_CHANGE}
    assert receipt.wording == LEARNED


@pytest.mark.parametrize(
    "more", ["The page has been removed.", "We will not act.", "The matter is settled.", "The page is back."]
)
def test_what_a_rule_knows_goes_before_what_was_learned(more: str) -> None:
    mail = raw(f"{TEXT.format(number='1')}\n{more}")
    assert judged(mail, wording_of(mail)) == replace(judged(mail), wording=wording_of(mail))


def test_nothing_closes_by_what_was_learned() -> None:
    for text in (TEXT, "https://a.host.example/1 pois {number}", "Valmis nyt. {number}"):
        mail = raw(text.format(number="1"))
        receipt = judged(mail, wording_of(mail))
        assert not any(item.closes for item in receipt.items)
        assert {change.new for change in effects(receipt, plain.Current()) if change.action is Action.STATUS} == set()


def test_a_ticket_of_the_learned_form_is_found_in_the_subject() -> None:
    mail = raw("Kiitos ilmoituksesta kaikille.", "Re: [N-0001] QZ 7788-XY")
    assert judged(mail).ticket is None
    assert judged(mail, forms=("9999-AA",)).ticket == "7788-XY"


def test_two_numbers_of_the_form_are_none() -> None:
    ours = POLICY.pattern
    assert tickets.of_form("7788-XY", ("9999-AA",), ours) == "7788-XY"
    assert tickets.of_form("7788-XY 7789-XY", ("9999-AA",), ours) is None
    assert tickets.of_form("77881-XY", ("9999-AA",), ours) is None
    assert tickets.of_form("N-0001", ("A-9999",), ours) is None
