"""Whether a closing is said to be older than our notice: our analysts saw the URL then, so a person looks first."""

from __future__ import annotations

import re
from datetime import UTC

from daemon.decide import dates
from daemon.decide.reading import Reading
from daemon.message.message import Mark, Sentence
from daemon.rules.verdict import CLOSING

_DATED = frozenset({Mark.DATE, Mark.NUMBER})


_CAME = re.compile(r"\b(?:uploaded|posted|published|created|registered|joined|signed up)\b", re.IGNORECASE)
_WENT = re.compile(r"\b(?:until|till|before|remov|delet|gone|down|offline|wiped|purged|closed|ended)", re.IGNORECASE)


def gone_before(reading: Reading) -> bool:
    """Tell whether the own words name a day before the notice was sent, or a day-word for one.

    Any sentence counts: "It was the uploader.  That was on 9 October." is the same statement in two.
    """
    written = reading.message.date
    sent = min((notice.sent_at for notice in reading.notices if notice.sent_at is not None), default=None)
    stated = {hit.sentence for hit in reading.verdict.hits if hit.meaning in CLOSING and not hit.cancelled}
    for sentence in reading.sentences:
        if sentence.number not in stated and _CAME.search(sentence.text) and not _WENT.search(sentence.text):
            continue  # the day it came tells nothing of when it went
        text = spelled_out(sentence)
        if dates.says_before_ours(text):
            return True
        days = dates.stated_days(text, written.astimezone(UTC).date()) if written and sent else ()
        if sent and any(day < sent.astimezone(UTC).date() for day in days):
            return True
    return False


def spelled_out(sentence: Sentence) -> str:
    """Return a sentence with its dates and numbers written out again; addresses and items stay away."""
    text = sentence.text
    for mark, value in sentence.marks:
        text = text.replace(mark.value, value if mark in _DATED else " ", 1)
    return text
