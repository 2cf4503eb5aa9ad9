"""Whether a mail says something about a URL that no rule knows: then its closings are not the whole story."""

from __future__ import annotations

import re

from daemon.decide.reading import Reading
from daemon.message.message import Mark, Sentence
from daemon.rules.verdict import CLOSING

_LETTERS = re.compile(r"[^\W\d_]{2,}")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_FEWEST_WORDS = 4  # fewer are a column, a file name or a greeting
_FEWEST_SIGNS = 8  # of Chinese or Japanese
_NAMING = frozenset({Mark.URL, Mark.ITEM})


def has_unread(reading: Reading) -> bool:
    """Tell whether a sentence names a URL that would close and matched no rule at all, cancelled or not."""
    closing = {url for url, one in reading.verdict.urls.items() if one.meaning in CLOSING}
    judged = {hit.sentence for hit in reading.verdict.hits}
    return any(
        sentence.number not in judged
        and not judged & set(sentence.under)
        and closing & set(sentence.names)
        and _says_something(sentence)
        for sentence in reading.sentences
    )


def _says_something(sentence: Sentence) -> bool:
    """Tell whether a sentence names its URLs itself and has enough words to say something about them."""
    if sentence.subject or not any(mark in _NAMING for mark, _ in sentence.marks):
        return False
    if len(_UNSPACED.findall(sentence.text)) >= _FEWEST_SIGNS:
        return True
    return len(_LETTERS.findall(sentence.text)) >= _FEWEST_WORDS
