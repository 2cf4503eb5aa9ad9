"""A negated, hedged, questioned, hypothetical or reported removal never closes, in any shipped language."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.paraphrases import LANGUAGES
from tests.core.rulebook import closes
from tests.counts import count

KINDS = ("negated", "hedged", "questioned", "hypothetical", "reported")
CASES = [
    (language, kind, template.format(n=noun))
    for language, table in LANGUAGES.items()
    for kind in KINDS
    for template in table[kind]
    for noun in table["n"]
]
STATED = [
    (language, template.format(n=noun))
    for language, table in LANGUAGES.items()
    for template in table["stated"]
    for noun in table["n"]
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_only_seems_to_be_a_removal_never_closes(language: str) -> None:
    wrong = [text for name, _, text in CASES if name == language and closes(text)]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plain_removal_closes(language: str) -> None:
    missed = [text for name, text in STATED if name == language and not closes(text)]
    assert missed == []


def _disguised(text: str, how: int) -> str:
    """The same words as another program would send them."""
    if how & 1:
        text = unicodedata.normalize("NFD", text)
    if how & 2:
        text = text.replace(" ", "\u00a0")
    if how & 4:
        text = text.upper() if text.isascii() else text
    if how & 8:
        text = text.replace("'", "’")
    if how & 16:
        text = text.replace(" ", "  ")
    return text


@settings(max_examples=count(test=300, prove=6000), deadline=None)
@given(case=st.sampled_from(CASES), how=st.integers(0, 31), lead=st.sampled_from(["", "Hello, ", "FYI: ", "> ", "1) "]))
def test_no_disguise_makes_it_close(case: tuple[str, str, str], how: int, lead: str) -> None:
    assert not closes(lead + _disguised(case[2], how))


@settings(max_examples=count(test=200, prove=4000), deadline=None)
@given(case=st.sampled_from(STATED), how=st.integers(0, 31))
def test_spelling_by_machine_makes_no_difference(case: tuple[str, str], how: int) -> None:
    assert closes(_disguised(case[1], how))
