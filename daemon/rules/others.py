"""Which words of a mail are somebody else's: what stands in quotation marks, and what follows "he writes:"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from daemon.message.message import Sentence
from daemon.message.number_words import FOLLOWING
from daemon.rules.fold import CJK, fold
from daemon.rules.lexicon import Span

_CLOSES = {'"': '"', "“": "”“", "”": "”", "„": '“”"', "«": "»", "»": "«", "「": "」", "『": "』"}
_OPENS = re.compile(f"[{''.join(_CLOSES)}]")
_LEADS_IN = re.compile(r"(?:^|[\s(:：,—–-])$")
_FARTHEST = 8  # sentences: a mark that is not closed by then opened nothing
_SPEECH = 4  # words: less is a name or a status
_WORD = re.compile(rf"[^\W_{CJK}]+|[{CJK}]{{2}}")


@dataclass(slots=True)
class _Open:
    """A quotation that has begun: its mark, and the stretches of sentences that it holds so far."""

    mark: str
    stretches: list[tuple[int, int, int]] = field(default_factory=list)  # place of the sentence, start, end


def quoted(sentences: Sequence[Sentence]) -> dict[int, list[Span]]:
    """Return, by the number of a sentence, the stretches of its folded text that stand in quotation marks.

    A name or a status in quotation marks ("deleted") is nobody's speech: a quotation has at least four words.
    """
    found: dict[int, list[Span]] = {}
    begun: _Open | None = None
    for place, sentence in enumerate(sentences):
        if sentence.subject:
            continue
        begun, ended = _walk(sentence.text, place, begun)
        for one in ended:
            if sum(len(_WORD.findall(sentences[each].text[start:end])) for each, start, end in one) >= _SPEECH:
                for each, start, end in one:
                    span = _folded(sentences[each].text, start, end)
                    found.setdefault(sentences[each].number, []).append(span)
        if begun is not None and place - begun.stretches[0][0] >= _FARTHEST:
            begun = None
    return found


def _walk(text: str, place: int, begun: _Open | None) -> tuple[_Open | None, list[list[tuple[int, int, int]]]]:
    """Follow the marks of one sentence; return what is still open behind it, and the quotations that end in it."""
    if begun is None and _OPENS.search(text) is None:
        return None, []
    ended: list[list[tuple[int, int, int]]] = []
    start = 0
    for at, sign in enumerate(text):
        if begun is None:
            if sign in _CLOSES and (sign not in '"”»' or _LEADS_IN.search(text[:at])):
                begun, start = _Open(sign), at + 1
        elif sign in _CLOSES[begun.mark]:
            ended.append([*begun.stretches, (place, start, at)])
            begun = None
    if begun is not None:
        begun.stretches.append((place, start, len(text)))
    return begun, ended


def _folded(text: str, start: int, end: int) -> Span:
    """Return where a stretch of ``text`` stands in its folded form."""
    whole = len(fold(text))
    first = len(fold(text[:start]).rstrip()) if start else 0
    return first, whole - len(fold(text[end:]).lstrip()) if end < len(text) else whole


def hands_over(sentence: Sentence, introduces: Iterable[object]) -> bool:
    """Tell whether what follows a sentence is said by another: it names him ("our customer's answer") and leads on."""
    text = sentence.text.rstrip(" *_")
    if sentence.subject:
        return False
    low = text.casefold()
    return (text.endswith((":", "：")) or any(word in low for word in FOLLOWING)) and any(introduces)
