"""A phrase is only said to add nothing if another one catches whatever it catches; taking it out changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from daemon.rulefile.blocks import Phrase
from daemon.rulefile.load import load
from daemon.rulefile.problem import apply_edits
from daemon.rules.covers import covers, road, sample
from daemon.rules.fold import fold
from daemon.rules.ready import made_ready
from daemon.rules.redundant import redundant
from tests.core.test_rules_wordwise import GROUPS, PHRASES, TEXTS
from tests.counts import count

FILE = """version: 1
hedges:
  en:
    - will/would
    - may/will/might
rules:
  away:
    means: refused
    says:
      en:
        - not (be) removed
        - will/shall not be removed by us
        - stays up
    but_not:
      - once/when
      - when
    examples:
      - It will not be removed by us.
      - It stays up.
"""


def of(text: str) -> Phrase:
    return Phrase(text, groups=GROUPS)


@pytest.mark.parametrize(
    ("wide", "narrow", "is_covered"),
    [
        ("removed", "has been removed", True),
        ("removed/gone", "removed", True),
        ("removed", "removed/gone", False),
        ("(has) removed", "removed", True),
        ("has removed", "(has) removed", False),
        ("rem*", "removed", True),
        ("removed", "rem*", False),
        ("is ... down", "is all taken down", True),
        ("is ... down", "is ... (all) down", False),  # nine words between
        ("is (quite) down", "is ... down", False),
        ("<gone>", "taken down", True),
        ("<number> days", "404 days", True),
        ("404 days", "<number> days", False),
    ],
)
def test_one_phrase_covers_another(wide: str, narrow: str, is_covered: bool) -> None:
    one, other = road(of(wide)), road(of(narrow))
    assert one is not None
    assert other is not None
    assert covers(one, other) is is_covered


@settings(max_examples=count(test=1_500, prove=100_000), deadline=None)
@given(PHRASES, PHRASES, st.lists(TEXTS.map(fold), min_size=1, max_size=4), st.integers(0, 5))
def test_what_is_covered_stands_nowhere_alone(wide: str, narrow: str, texts: list[str], number: int) -> None:
    pair = made_ready((of(wide), of(narrow)))
    roads = [road(each.phrase) for each in pair]
    assume(len(pair) == 2)
    one, other = roads
    assume(one is not None and other is not None)
    assert one is not None
    assert other is not None
    texts = [*texts, sample(other, number)]
    assert pair[1].search(texts[-1]) is not None
    for whole in (False, True):
        if covers(one, other, whole):
            for text in texts:
                found, wider = pair[1].search(text), pair[0].search(text)
                assert found is None or (wider is not None and (whole or wider.start <= found.end))


def test_what_adds_nothing_is_told_with_the_line_that_has_it_and_taken_out() -> None:
    loaded = load(FILE)
    assert loaded.file is not None
    found = redundant(loaded.file, FILE)
    assert [(one.code, one.line) for one in found] == [("R310", 5), ("R310", 12), ("R310", 16)]
    assert '"will" adds nothing: line 4' in found[0].message
    assert "line 11" in found[1].message
    mended = apply_edits(FILE, tuple(found))
    assert "- may/might\n" in mended
    assert "by us\n    but_not" not in mended
    again = load(mended)
    assert again.file is not None
    assert redundant(again.file, mended) == []
