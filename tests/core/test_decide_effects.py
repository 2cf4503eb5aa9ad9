"""What recording a decision changes: nothing closes without the gate, nothing moves while a person is asked."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from daemon.decide.decision import Decision, ItemDecision, Matched, Proof, Standing
from daemon.decide.effects import Action, ContactNow, Current, TakedownNow, effects
from daemon.decide.reasons import SENTENCES, STANDS, TASKS, Reason, Task, blocks, sentence
from daemon.message.message import BounceClass, BouncedRecipient, Kind
from daemon.notices.status import Category, Evidence, Outcome, Status

N = "N-1"
URL = "https://a.example.com/1"
STRONG = (Matched(N, "esp", (Proof.IN_REPLY_TO,)),)
WEAK = (Matched(N, "esp", (Proof.SENDER_DOMAIN,)),)


def decision(
    outcome: Outcome, *, closes: bool = False, category: Category = Category.OTHER, **more: object
) -> Decision:
    plain = Decision(
        category=category,
        matched=STRONG,
        items=(ItemDecision(N, 1, URL, outcome, closes),),
        standing=Standing.AUTHENTICATED,
        evidence=Evidence.AUTHENTICATED,
        needs_human=False,
        automatic=False,
        kind=Kind.REPLY,
    )
    return replace(plain, **more)


def now(status: Status, **more: object) -> Current:
    return Current(takedowns=(replace(TakedownNow(N, 1, 7, status), **more),))


def moved(changes: tuple) -> list[tuple[str, str]]:
    return [(change.old, change.new) for change in changes if change.action is Action.STATUS]


@pytest.mark.parametrize(("status", "outcome", "closes"), list(product(Status, Outcome, [True, False])))
def test_only_what_passed_the_gate_closes_and_closed_stays_closed(
    status: Status, outcome: Outcome, closes: bool
) -> None:
    for old, new in moved(effects(decision(outcome, closes=closes), now(status))):
        assert not Status(old).is_closed
        assert Status(new).is_closed <= closes


@pytest.mark.parametrize(("outcome", "reason"), list(product(Outcome, Reason)))
def test_a_review_holds_back_every_status_unless_it_only_asks_for_the_next_step(
    outcome: Outcome, reason: Reason
) -> None:
    asked = decision(outcome, closes=True, needs_human=True, reasons=(reason.value,))
    changes = effects(asked, now(Status.SENT))
    assert any(change.action is Action.REVIEW for change in changes)
    assert not moved(changes) or reason in STANDS
    assert not any(change.closes for change in changes)


def test_a_guessed_notice_moves_nothing_and_no_clock() -> None:
    guess = decision(Outcome.PENDING, matched=WEAK, first_response=True, ticket="T-1")
    assert effects(guess, now(Status.SENT)) == ()


def test_a_spoofed_mail_changes_nothing_but_the_queue() -> None:
    forged = decision(Outcome.REMOVED, closes=True, standing=Standing.SPOOFED, needs_human=True, reasons=("spoofed",))
    assert [change.action for change in effects(forged, now(Status.SENT))] == [Action.REVIEW]


def test_a_survivor_linked_url_closes_and_stays_to_be_verified() -> None:
    (change,) = effects(decision(Outcome.REMOVED, closes=True), now(Status.SENT, survivor_linked=True))
    assert (change.new, change.awaiting_verification) == ("removed", True)


def test_a_receipt_stops_only_the_first_response_clock() -> None:
    receipt = decision(Outcome.NO_CHANGE, category=Category.ACKNOWLEDGED, first_response=True, ticket="77")
    changes = effects(receipt, now(Status.SENT))
    assert [change.action for change in changes] == [Action.STATUS, Action.FIRST_RESPONSE, Action.TICKET]
    again = effects(receipt, replace(now(Status.ACKNOWLEDGED), answered=frozenset({N})))
    assert [change.action for change in again] == [Action.TICKET]


def test_a_refusal_by_a_proven_sender_holds_the_ladder_and_a_claimed_one_does_not() -> None:
    refused = decision(Outcome.REFUSED, needs_human=True, reasons=("refused",))
    assert Action.HOLD in {change.action for change in effects(refused, now(Status.SENT))}
    claimed = replace(refused, standing=Standing.CLAIMED, reasons=("refused", "not_authenticated"))
    assert {change.action for change in effects(claimed, now(Status.SENT))} == {Action.REVIEW}


def test_a_pause_asked_for_reaches_the_notice() -> None:
    changes = effects(decision(Outcome.PENDING, pause=timedelta(days=2)), now(Status.SENT))
    assert [change.new for change in changes if change.action is Action.PAUSE] == ["172800"]


def bounce(klass: BounceClass, category: Category) -> Decision:
    failed = (BouncedRecipient("desk@a.example", klass),)
    return decision(Outcome.NO_CHANGE, category=category, kind=Kind.BOUNCE, bounced=failed, evidence=Evidence.NONE)


def letter(status: Status, soft: int = 0) -> Current:
    contact = ContactNow("desk@a.example", soft_bounces=soft)
    return replace(now(status), contacts=(contact,), contact_of=((N, "Desk@a.example"),))


def test_a_hard_bounce_of_this_notices_letter_makes_it_undeliverable() -> None:
    hard = bounce(BounceClass.HARD, Category.BOUNCE_HARD)
    assert moved(effects(hard, letter(Status.SENT))) == [("sent", "undeliverable")]
    elsewhere = replace(letter(Status.SENT), contact_of=((N, "other@a.example"),))
    assert moved(effects(hard, elsewhere)) == []


def test_the_third_soft_bounce_makes_it_undeliverable_and_not_the_second() -> None:
    soft = bounce(BounceClass.SOFT, Category.BOUNCE_SOFT)
    assert moved(effects(soft, letter(Status.SENT, soft=1))) == []
    assert moved(effects(soft, letter(Status.SENT, soft=2))) == [("sent", "undeliverable")]


def test_a_letter_refused_by_a_filter_loses_nobody() -> None:
    changes = effects(bounce(BounceClass.POLICY, Category.BOUNCE_HARD), letter(Status.SENT, soft=2))
    assert moved(changes) == []
    assert [change.new for change in changes if change.action is Action.CONTACT] == ["policy"]


def test_a_bounced_reminder_does_not_erase_the_stand_they_took() -> None:
    assert moved(effects(bounce(BounceClass.HARD, Category.BOUNCE_HARD), letter(Status.REFUSED))) == []


def test_every_reason_and_task_has_a_sentence_for_people() -> None:
    assert set(SENTENCES) == set(Reason)
    assert set(TASKS) == set(Task)
    assert all(sentence(word.value).endswith(".") for word in (*Reason, *Task))
    assert sentence("a_word_of_later") == "a_word_of_later"
    assert not blocks(["refused"])
    assert blocks(["refused", "mixed"])
