"""The gate: every single condition holds a mail back, and nothing but all of them lets it close."""

from dataclasses import replace
from itertools import product

import pytest

from daemon.decide.gate import CLOSING, Claim, Facts, gate
from daemon.decide.reasons import Reason
from daemon.notices.status import Evidence, Outcome

SURE = Claim(Outcome.REMOVED, named=True, esp="host")
PASSES = Facts((SURE, SURE), strong_match=True, evidence=Evidence.AUTHENTICATED)


def test_a_clear_proven_strong_removal_of_every_url_closes() -> None:
    assert gate(PASSES) == ()
    assert gate(replace(PASSES, claims=(SURE, replace(SURE, outcome=Outcome.ALREADY_GONE)))) == ()


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (replace(PASSES, strong_match=False), Reason.WEAK_MATCH),
        (replace(PASSES, evidence=Evidence.NONE), Reason.NOT_AUTHENTICATED),
        (replace(PASSES, evidence=Evidence.CLAIMED), Reason.NOT_AUTHENTICATED),
        (replace(PASSES, notices=2), Reason.SEVERAL_NOTICES),
        (replace(PASSES, notices=0), Reason.SEVERAL_NOTICES),
        (replace(PASSES, partial_read=True), Reason.PARTIAL_READ),
        (replace(PASSES, gone_before_notice=True), Reason.GONE_BEFORE_NOTICE),
        (replace(PASSES, unread_sentence=True), Reason.UNREAD_SENTENCE),
        (replace(PASSES, claims=(SURE, replace(SURE, named=False))), Reason.ITEM_NOT_NAMED),
        (replace(PASSES, claims=(SURE, replace(SURE, clear=False))), Reason.UNCLEAR_CLAIM),
        (replace(PASSES, claims=(SURE, replace(SURE, contradiction=True))), Reason.CONTRADICTION),
        (replace(PASSES, require_person_for=("all",)), Reason.CLOSING_BLOCK),
        (replace(PASSES, require_person_for=("host",)), Reason.CLOSING_BLOCK),
        (replace(PASSES, max_per_mail=1), Reason.TOO_MANY),
    ],
)
def test_one_missing_condition_is_enough_to_wait(facts: Facts, reason: Reason) -> None:
    assert gate(facts) == (reason,)


def test_survivor_linked_waits_only_where_the_settings_ask_for_it() -> None:
    linked = replace(PASSES, claims=(SURE, replace(SURE, survivor_linked=True)))
    assert gate(linked) == ()
    assert gate(replace(linked, require_person_for=("survivor-linked",))) == (Reason.CLOSING_BLOCK,)
    assert gate(replace(PASSES, require_person_for=("survivor-linked", "other-host"))) == ()


@pytest.mark.parametrize("other", [outcome for outcome in Outcome if outcome not in CLOSING])
def test_an_answer_that_leaves_one_url_otherwise_or_unsaid_is_mixed(other: Outcome) -> None:
    assert gate(replace(PASSES, claims=(SURE, Claim(other)))) == (Reason.MIXED,)


def test_the_settings_can_never_loosen_the_gate() -> None:
    """Every combination of conditions passes exactly when all hold, whatever the settings say beside that."""
    for strong, proven, named, clear, whole in product([True, False], repeat=5):
        claim = replace(SURE, named=named, clear=clear)
        facts = Facts((claim,), strong, Evidence.AUTHENTICATED if proven else Evidence.CLAIMED, partial_read=not whole)
        lax = replace(facts, require_person_for=(), max_per_mail=10**9)
        assert (gate(facts) == ()) == (strong and proven and named and clear and whole)
        assert gate(lax) == gate(facts)
        assert set(gate(facts)) <= set(gate(replace(facts, require_person_for=("all",), max_per_mail=0)))


def test_a_mail_that_closes_nothing_needs_no_gate() -> None:
    for outcome in set(Outcome) - CLOSING:
        assert gate(Facts((Claim(outcome),), strong_match=False, evidence=Evidence.NONE)) == ()
