"""A mail without any known phrase is likened to the examples of the rules; that proposes, and never closes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daemon.rulefile.load import load
from daemon.rules.judge import judge
from daemon.rules.likeness import words
from daemon.rules.mail import MailFacts
from daemon.rules.ruleset import RuleSet
from daemon.rules.ruleset import compile as compiled
from daemon.rules.specimen import sentence
from daemon.rules.verdict import Meaning

RULES = """
version: 1
rules:
  removed:
    means: removed
    says: {en: [removed the file]}
    examples: [We removed the file from the server., The server lost the file since we removed the file.]
  moved:
    means: not_hosted
    says: {en: [another hoster, rents]}
    examples: [The domain sits at another hoster., Our hosting customer rents the server and its network., 网站在别人的服务器上 rents]
  waits:
    means: pending
    says: {en: [tomorrow]}
    examples: [The engineer deletes it tomorrow., Deletion tomorrow evening by our engineers.]
"""
A = "https://a.example/1"


@pytest.fixture
def rules() -> RuleSet:
    file = load(RULES).file
    assert file is not None
    return compiled(file)


def like(rules: RuleSet, text: str) -> Meaning | None:
    return judge(rules, [sentence(text)], (A,), MailFacts()).like


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Some hoster has that domain in its network.", Meaning.NOT_HOSTED),
        ("An engineering evening for the deletion.", Meaning.PENDING),
        ("别人的服务器", Meaning.NOT_HOSTED),
        ("The file, from the server, removed.", Meaning.REMOVED),
        ("Nothing of the kind.", None),
        ("Grüße!", None),
    ],
)
def test_the_meaning_whose_examples_share_most_words_is_told(
    rules: RuleSet, text: str, meaning: Meaning | None
) -> None:
    assert like(rules, text) is meaning


def test_where_a_phrase_was_found_nothing_is_likened(rules: RuleSet) -> None:
    assert like(rules, "The domain and the network: tomorrow.") is None


def test_the_subject_is_not_likened(rules: RuleSet) -> None:
    subject = replace(sentence("Some hoster has that domain in its network."), subject=True)
    assert judge(rules, [subject], (A,), MailFacts()).like is None


def test_words_are_told_with_their_stems_and_unspaced_scripts_by_pairs() -> None:
    assert list(words(" hosted ? 服务器 ")) == ["hosted", "hoste-", "?", "服务", "务器"]
