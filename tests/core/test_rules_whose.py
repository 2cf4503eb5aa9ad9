"""Whose an address is: the sender's own page, somebody else's, or one that nobody is referred to by."""

from __future__ import annotations

import pytest

from daemon.rulefile.load import load
from daemon.rules.judge import judge
from daemon.rules.mail import MailFacts
from daemon.rules.ruleset import RuleSet
from daemon.rules.ruleset import compile as compiled
from daemon.rules.specimen import sentence
from daemon.rules.verdict import Meaning

TARGET = "https://files.site.test/1"
FACTS = MailFacts(sender="abuse@host.example", familiar=frozenset({"hotline.example", "host-group.example"}))
RULES = """
version: 1
rules:
  form: {means: wrong_channel, says: {en: [use <page>]}}
  referral: {means: not_hosted, says: {en: [write to <outside>]}}
  letter: {means: contact_change, says: {en: [write to <email>]}}
  gone: {means: removed, says: {en: [removed <url>]}}
"""


def rules() -> RuleSet:
    file = load(RULES).file
    assert file is not None
    return compiled(file)


def found(text: str) -> set[Meaning]:
    verdict = judge(rules(), [sentence(text, 0, (TARGET,))], (TARGET,), FACTS)
    return {hit.meaning for hit in verdict.hits}


@pytest.mark.parametrize(
    ("text", "meanings"),
    [
        ("use https://www.host.example/abuse", {Meaning.WRONG_CHANNEL}),
        ("use https://other.example/abuse", set()),
        (f"use {TARGET}", set()),
        ("write to abuse@other.example", {Meaning.NOT_HOSTED, Meaning.CONTACT_CHANGE}),
        ("write to https://other.example/contact", {Meaning.NOT_HOSTED}),
        ("write to abuse@desk.host.example", {Meaning.CONTACT_CHANGE}),
        ("write to abuse@host-group.example", {Meaning.CONTACT_CHANGE}),
        ("write to esp@hotline.example", {Meaning.CONTACT_CHANGE}),
        ("write to admin@site.test", {Meaning.CONTACT_CHANGE}),
        (f"removed {TARGET}", {Meaning.REMOVED}),
        ("removed https://other.example/2", {Meaning.REMOVED}),
    ],
)
def test_an_address_is_told_apart_by_whose_it_is(text: str, meanings: set[Meaning]) -> None:
    assert found(text) == meanings


def test_without_a_sender_no_address_is_somebody_elses() -> None:
    verdict = judge(rules(), [sentence("write to abuse@other.example")], (TARGET,), MailFacts())
    assert {hit.meaning for hit in verdict.hits} == {Meaning.CONTACT_CHANGE}
