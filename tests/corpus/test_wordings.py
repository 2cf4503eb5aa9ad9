"""Answers by language and meaning: whatever is not understood yet, nothing closes that is not said to be gone."""

from __future__ import annotations

import pytest

from tests.corpus.wordings import CLOSING, languages, wordings
from tests.corpus.wordings.judge import judged


@pytest.mark.parametrize("name", languages())
def test_no_answer_closes_that_says_something_else(name: str) -> None:
    wrong = [one.text for one in wordings(name) if one.says not in CLOSING and judged(one.text).closes]
    assert wrong == []
